"""When a limit is reached, and how much of it has gone.

Hours are elapsed. Days are London dates: the day of the start is day 0, and a limit of n days
ends with day n, so it is passed at 00:00 Europe/London of the day after.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nrm_tracker.calendars import Calendar, london_date, midnight
from referrals.delays.facts import FOREVER
from referrals.delays.threshold import Limit


class Pause(NamedTuple):
    """A stretch [start, end) that does not count; `end` is FOREVER while it runs."""

    start: datetime
    end: datetime


class Clock(NamedTuple):
    """What a limit is counted from."""

    start: datetime
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    birthday: date | None = None
    declines: tuple[datetime, ...] = ()


def due(limit: Limit, clock: Clock) -> datetime | None:
    """The instant at which a wait has passed the limit; None while a pause holds it off."""
    return DUE[limit.unit](limit, clock)


def _hours(limit: Limit, clock: Clock) -> datetime | None:
    at = clock.start + limit.length
    for pause in clock.pauses:
        start = max(pause.start, clock.start)
        if pause.end <= start:
            continue
        if start >= at:
            break
        if pause.end == FOREVER:
            return None
        at += pause.end - start
    return at


def _calendar_days(limit: Limit, clock: Clock) -> datetime | None:
    if limit.to_birthday:
        return midnight(clock.birthday - limit.length) if clock.birthday else None
    day = london_date(clock.start) + limit.length
    at = midnight(day)
    for pause in clock.pauses:
        start = max(pause.start, clock.start)
        if pause.end <= start:
            continue
        if start >= at:
            break
        if pause.end == FOREVER:
            return None
        day += london_date(pause.end) - london_date(start)
        at = midnight(day)
    return at


def _working_days(limit: Limit, clock: Clock) -> datetime | None:
    first, n = london_date(clock.start), limit.n
    at = midnight(clock.calendar.working_day(first, n) + limit.length)
    for pause in clock.pauses:
        start = max(pause.start, clock.start)
        if pause.end <= start:
            continue
        if start >= at:
            break
        if pause.end == FOREVER:
            return None
        n += clock.calendar.working_days_between(london_date(start), london_date(pause.end))
        at = midnight(clock.calendar.working_day(first, n) + limit.length)
    return at


def _declines(limit: Limit, clock: Clock) -> datetime | None:
    return clock.declines[limit.n - 1] if len(clock.declines) >= limit.n else None


DUE = {"h": _hours, "cd": _calendar_days, "wd": _working_days, "declines": _declines}


def undisturbed(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The same, of hours or days that nothing interrupts and no birthday ends."""
    if limit.unit == "h":
        return start + limit.length
    day = london_date(start)
    if limit.unit == "wd":
        day = calendar.working_day(day, limit.n)
    return midnight(day + limit.length)


def again(limit: Limit, start: datetime) -> datetime:
    """When a second notice of a limit counted back from its end is due."""
    days = timedelta(days=limit.n + 1 - (limit.again_before or 0))
    return midnight(london_date(start) + days)


def elapsed(limit: Limit, clock: Clock, *, at: datetime) -> int:
    """How many hours, days or declines have gone at an instant, in the limit's unit, net."""
    return ELAPSED[limit.unit](clock, at)


def _elapsed_hours(clock: Clock, at: datetime) -> int:
    return (at - clock.start - paused(clock, at=at)) // timedelta(hours=1)


def _elapsed_calendar_days(clock: Clock, at: datetime) -> int:
    first, last = london_date(clock.start), london_date(at)
    out = sum((london_date(b) - london_date(a)).days for a, b in clipped(clock, at=at))
    return max((last - first).days - out, 0)


def _elapsed_working_days(clock: Clock, at: datetime) -> int:
    spans = [
        (clock.start, at, 1),
        *((a, b, -1) for a, b in clipped(clock, at=at)),
    ]
    return sum(
        sign * clock.calendar.working_days_between(london_date(a), london_date(b))
        for a, b, sign in spans
    )


def _elapsed_declines(clock: Clock, at: datetime) -> int:
    return sum(decline <= at for decline in clock.declines)


ELAPSED = {
    "h": _elapsed_hours,
    "cd": _elapsed_calendar_days,
    "wd": _elapsed_working_days,
    "declines": _elapsed_declines,
}


def clipped(clock: Clock, *, at: datetime) -> list[Pause]:
    """The parts of the pauses that lie between the start and an instant."""
    return within(clock.pauses, clock.start, at)


def within(pauses: Iterable[Pause], start: datetime, end: datetime) -> list[Pause]:
    """The parts of the pauses that lie in [start, end)."""
    parts = (Pause(max(pause.start, start), min(pause.end, end)) for pause in pauses)
    return [part for part in parts if part.start < part.end]


def paused(clock: Clock, *, at: datetime) -> timedelta:
    """How long pauses lasted between the start and an instant."""
    return sum(
        (part.end - part.start for part in clipped(clock, at=at)),
        timedelta(),
    )


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same time, as pauses that neither overlap nor touch, in order."""
    result: list[Pause] = []
    for pause in sorted(pauses):
        if result and pause.start <= result[-1].end:
            result[-1] = Pause(result[-1].start, max(result[-1].end, pause.end))
        else:
            result.append(pause)
    return tuple(result)
