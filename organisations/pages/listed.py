"""The list of organisations, by what is asked for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from organisations.models import Alias, Organisation
from organisations.pages import STANDINGS, nations_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    organisation: Organisation
    standing: str
    nations: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the list is asked for; "" is anything. What is not known of one hides it from nobody."""

    q: str = ""
    status: str = ""
    kind: str = ""
    nation: str = ""
    age_group: str = ""
    gender: str = ""
    exploitation: str = ""


TAKING = {
    "nation": "nations",
    "age_group": "age_groups",
    "gender": "genders",
    "exploitation": "exploitation",
}


def listed(wanted: Wanted, *, today: date) -> list[Row]:
    rows = Organisation.objects.responders().with_standing(today).order_by("name")
    if wanted.q:
        rows = rows.filter(Q(name__icontains=wanted.q) | Q(pk__in=_called(wanted.q)))
    if wanted.status:
        rows = rows.standing_as(wanted.status, on=today)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    for asked, column in TAKING.items():
        if value := getattr(wanted, asked):
            rows = rows.taking(column, value)
    return [Row(row, STANDINGS[row.standing], nations_in_words(row.nations)) for row in rows]


def _called(words: str) -> QuerySet[Alias, int]:
    """Those that stand somewhere under such a name (ids)."""
    return Alias.objects.filter(name__icontains=words).values_list("organisation", flat=True)
