"""What adding or withdrawing a bank holiday would do: figures of everybody, and no face."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from nrm_tracker.ui.parts import Line
from organisations.actions import assessed_again
from organisations.models import Nation
from organisations.rest_days import rest_days
from referrals.models import Referral
from referrals.pages.moved import moved
from referrals.thresholds import rules
from referrals.timelines import cases

SATURDAY = 5
FEW = 5  # fewer than this are not counted out
MOST_TRIED = 2_000  # people whose deadlines are worked out for a page


@dataclass(frozen=True, slots=True)
class Effect:
    """Before it is done: `lines` are the people who are still waiting, by nation. `everybody`:
    it is the calendar of those who decide about people in every nation."""

    lines: list[Line]
    everybody: bool
    moves: str
    warnings: list[str]


def effect_of(*, day: date, nations: Sequence[str], added: bool, now: datetime) -> Effect:
    """What a day does that is added to the calendar of these nations, or withdrawn from it."""
    concerned = assessed_again(nations=nations)
    scope = concerned or list(Nation.values)
    return Effect(
        everybody=not concerned,
        lines=[Line(Nation(n).label, _people(number)) for n, number in _waiting(scope).items()],
        moves=_moves(scope, _changed(day, nations, added=added), now=now),
        warnings=_warnings(day, today=london_date(now)),
    )


def _waiting(nations: Sequence[str]) -> dict[str, int]:
    """How many referrals are open in each nation."""
    with purpose("nrm_figures"):
        rows = Referral.objects.filter(closed_at__isnull=True, nation__in=nations)
        found = dict(rows.values("nation").annotate(n=Count("id")).values_list("nation", "n"))
    return {nation: found.get(nation, 0) for nation in nations}


def _changed(day: date, nations: Sequence[str], *, added: bool) -> Mapping[str, frozenset[date]]:
    return {
        nation: (days | {day} if added else days - {day}) if nation in nations else days
        for nation, days in rest_days().items()
    }


def _moves(nations: Sequence[str], changed: Mapping[str, frozenset[date]], *, now: datetime) -> str:
    with purpose("nrm_sweep"):
        rows = Referral.objects.filter(closed_at__isnull=True, nation__in=nations).order_by("id")
        ids = list(rows.values_list("id", flat=True)[: MOST_TRIED + 1])
        if len(ids) > MOST_TRIED:
            return "Too many people are waiting to say here whose deadlines move."
        old, new = rules(), rules(days=changed)
        people = sum(any(moved(c.timeline, old=old, new=new, at=now)) for c in cases(ids))
    if not people:
        return "No deadline that runs now moves."
    return f"Deadlines of {_people(people)} move."


def _people(number: int) -> str:
    if number >= FEW:
        return f"{number:,} people"
    return f"fewer than {FEW} people" if number else "nobody"


def _warnings(day: date, *, today: date) -> list[str]:
    said = []
    if day < today:
        said.append(
            "This day is past. Waits that ran over it are judged again: a delay may turn out to "
            "be none, or to have begun on another day."
        )
    if day.weekday() >= SATURDAY:
        said.append("This day is a Saturday or a Sunday, which does not count in any case.")
    return said
