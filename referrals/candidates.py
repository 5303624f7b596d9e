"""Which organisations can be asked to take somebody, and why the others cannot, by the register."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from nrm_tracker.calendars import london_date
from organisations.models import Organisation
from referrals.models import Referral

NOT_DESIGNATED = {
    "suspended": "Its designation is suspended",
    "withdrawn": "Its designation was withdrawn",
    "disputed": "Lists disagree on whether it is designated, and nothing was recorded",
    "listed": "A published list names it, and nobody has recorded its designation",
    "applicant": "It has applied to be designated, and is not",
    "none": "It is not designated",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """`why_not` is "" of one that can be asked here."""

    organisation: Organisation
    why_not: str


def candidates(
    referral: Referral, *, own: int, waiting: Collection[int], now: datetime
) -> list[Candidate]:
    """All but one's `own` (id), those that can be asked first, by name; `waiting` have yet to
    answer."""
    register = Organisation.objects.responders().with_standing(london_date(now))
    rows, here = register.exclude(pk=own).order_by("name"), _here()
    found = [Candidate(row, _why_not(row, referral, waiting=waiting, here=here)) for row in rows]
    return sorted(found, key=lambda each: bool(each.why_not))


def _why_not(
    row: Organisation, referral: Referral, *, waiting: Collection[int], here: Collection[int]
) -> str:
    if row.standing != "active":
        return NOT_DESIGNATED[row.standing]
    if referral.nation not in row.nations:
        return f"It takes nobody in {referral.get_nation_display()}"
    if row.pk in waiting:
        return "It was asked, and has not answered yet"
    if row.pk not in here:
        return "Nobody there uses this product: ring them"
    return ""


def _here() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nrm_organisations_here()")
        return {pk for (pk,) in cursor.fetchall()}
