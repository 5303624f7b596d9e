"""The calendar of working days as a page shows it, and the count of working days in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nrm_tracker.ui.words import DAYS, count
from organisations.calendars import calendars
from organisations.models import Nation, RestDay

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FROM_THE_BEGINNING = "From the beginning"


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of rest of a year. `withdrawn` says why it no longer stands, "" while it does."""

    id: int
    day: date
    weekday: str
    name: str
    weekend: bool
    source: str
    known: str  # since when
    by_hand: bool  # added by an administrator
    withdrawn: str


def days_of(nation: str, year: int) -> list[DayRow]:
    """Every day of rest that a nation has, or was thought to have, in a year."""
    rows = (
        RestDay.objects.of_year(year)
        .filter(nations__contains=[nation], withdraws__isnull=True)
        .select_related("withdrawn_by")
        .order_by("day", "id")
    )
    return [_row(row) for row in rows]


def _row(row: RestDay) -> DayRow:
    return DayRow(
        id=row.pk,
        day=row.day,
        weekday=DAYS[row.day.weekday()],
        name=row.name,
        weekend=row.day.weekday() >= SATURDAY,
        source=row.source if row.recorded_by_id else f"Public list ({row.source})",
        known=_in_full(row.known_from) if row.known_from else FROM_THE_BEGINNING,
        by_hand=row.recorded_by_id is not None,
        withdrawn=_withdrawn(row),
    )


def _withdrawn(row: RestDay) -> str:
    withdrawal = getattr(row, "withdrawn_by", None)
    if withdrawal is None:
        return ""
    return f"Withdrawn, known since {_in_full(withdrawal.known_from)}: {withdrawal.source}"


@dataclass(frozen=True, slots=True)
class NotCounted:
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Day n of a count of working days, and the days on the way that did not count."""

    answer: str
    ends: str
    start: str
    not_counted: tuple[NotCounted, ...]


def counted(*, where: str, start: date, n: int) -> Counted:
    """When is n working days from a day? That day itself is day 0 and does not count."""
    calendar = calendars()[where]
    last = calendar.working_day(start, n)
    span = [start + ONE_DAY * number for number in range(1, (last - start).days + 1)]
    names = dict(
        RestDay.objects.standing()
        .filter(nations__contains=[where], day__range=(start, last))
        .values_list("day", "name")
    )
    named = Nation(where).label
    return Counted(
        answer=f"{count(n, 'working day')} from {_in_full(start)}, in {named}: {_in_full(last)}",
        ends=f"A limit of {count(n, 'working day')} ends with that day. The wait is delayed from "
        f"00:00 on {_in_full(last + ONE_DAY)}.",
        start=f"{_in_full(start)} itself is day 0 and does not count.",
        not_counted=tuple(
            NotCounted(day, names.get(day, DAYS[day.weekday()]))
            for day in span
            if not calendar.is_working_day(day)
        ),
    )


def _in_full(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day.day} {day:%B %Y}"


def day_and_nations(day: date, nations: Sequence[str]) -> str:
    """Such as "Friday 3 April 2026, in England and Wales"."""
    *others, last = [Nation(nation).label for nation in nations]
    before = f"{', '.join(others)} and " if others else ""
    return f"{_in_full(day)}, in {before}{last}"
