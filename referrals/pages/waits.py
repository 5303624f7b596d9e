"""Waits in words and as bars: how much has gone, of what, due when, and who is there then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from nrm_tracker.calendars import LONDON, london_date, midnight
from nrm_tracker.ui.words import count, day_in_words, distance
from organisations.hours import is_open
from organisations.models import Organisation
from referrals.catalogue import SEVERITY_RANK
from referrals.delays import Mark, Wait
from referrals.delays.counting import Clock
from referrals.delays.counting import elapsed as gone_of

UNIT_WORDS = {"h": "hour", "cd": "day", "wd": "working day", "declines": "answer"}
NOBODY = "Nobody is on call here: nobody has to look until the office opens."
HOME_OFFICE = ("home_office",)
LATER_WORDS = {
    "draft-deletion": "The draft has probably been deleted.",
    "reconsideration-window": (
        "The window has ended: an extension is given only in exceptional circumstances."
    ),
}
IN_DAYS = 72  # hours: from here on nobody thinks in hours
LIMIT_WORDS = {"turning-18": "to the 18th birthday"}


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One wait as a bar: worst first by `order`."""

    rule: str
    started_by: int
    title: str
    state: str  # the worst limit passed, or "" while in time
    gone: int
    limit: int
    unit: str
    paused: int
    started_at: datetime
    ended_at: datetime | None
    standing_still: bool
    words: str
    whole: str  # where some of it did not count: "12 days in all; 3 days did not count"
    due: str
    bar: bool  # what only the Home Office can end is shown in words, without red
    order: tuple[int, float, float]


def row_of(wait: Wait, *, now: datetime) -> WaitRow:
    at = min(wait.ended_at or now, now)
    state = "" if wait.threshold.who_can_end == HOME_OFFICE else worst_passed(wait, at=at)
    gone, limit, unit = _drawn(wait, state, now=now)
    paused = _paused(wait, unit, at=at)
    return WaitRow(
        rule=wait.rule,
        started_by=wait.started_by,
        title=wait.threshold.title,
        state=state,
        gone=gone,
        limit=limit,
        unit=f"{UNIT_WORDS[unit]}s",
        paused=paused,
        started_at=wait.started_at,
        ended_at=wait.ended_at,
        standing_still=wait.paused_now,
        words=progress(wait),
        whole=_whole(gone, paused, unit) if paused else "",
        due=_due(wait, beyond=bool(state) and gone >= limit, now=now),
        bar=wait.threshold.who_can_end != HOME_OFFICE,
        order=(SEVERITY_RANK.get(state, -1), gone / max(limit, 1), -_until(wait)),
    )


def _drawn(wait: Wait, state: str, *, now: datetime) -> tuple[int, int, str]:
    """What the bar is drawn against, the worst limit passed or else the next: gone, limit, unit."""
    mark = next((m for m in wait.marks if m.severity == state), None)
    if mark is None or mark.unit == "declines" or wait.rule in LIMIT_WORDS:
        return wait.elapsed, wait.limit, wait.unit
    return _gone(wait, mark, now=now), mark.n, mark.unit


def _until(wait: Wait) -> float:
    """Of waits that are equally far gone the one whose limit comes first stands first."""
    return wait.due_at.timestamp() if wait.due_at else float("inf")


def _whole(gone: int, paused: int, unit: str) -> str:
    """The gross wait beside the net one, which the bar shows."""
    return f"{length(gone + paused, unit)} in all; {length(paused, unit)} did not count"


def worst_passed(wait: Wait, *, at: datetime) -> str:
    passed = [mark.severity for mark in wait.marks if mark.due_at and mark.due_at <= at]
    return max(passed, key=SEVERITY_RANK.__getitem__, default="")


def progress(wait: Wait) -> str:
    """How far a wait has come: "7 of 10 working days"; hours beyond three days in days."""
    if wait.unit == "h" and wait.elapsed >= IN_DAYS:
        return f"{count(wait.elapsed // 24, 'day')}, limit {length(wait.limit, wait.unit)}"
    return f"{wait.elapsed} of {length(wait.limit, wait.unit)}"


def length(number: int, unit: str) -> str:
    return count(number, UNIT_WORDS[unit])


def gone_against(wait: Wait, severity: str, *, now: datetime) -> str:
    """How far beyond the limit of one severity a wait is: "61 of 56 days", "5 of 4 hours"."""
    mark = next((m for m in wait.marks if m.severity == severity), None)
    if mark is None or mark.unit == wait.unit == "declines" or wait.rule in LIMIT_WORDS:
        return progress(wait)
    gone = _gone(wait, mark, now=now)
    if mark.unit == "h" and gone >= IN_DAYS:
        return f"{count(gone // 24, 'day')}, limit {length(mark.n, mark.unit)}"
    return f"{gone} of {length(mark.n, mark.unit)}"


def _gone(wait: Wait, mark: Mark, *, now: datetime) -> int:
    if mark.unit == wait.unit:
        return wait.elapsed
    clock = Clock(wait.started_at, wait.calendar, wait.paused)
    limit = next(each for each in wait.threshold.limits if each.severity == mark.severity)
    return gone_of(limit, clock, at=min(wait.ended_at or now, now))


def _paused(wait: Wait, unit: str, *, at: datetime) -> int:
    """How much of a wait did not count, in the unit of its bar."""
    total = 0
    for pause in wait.paused:
        start, end = pause.start, min(pause.end, at)
        if unit == "h":
            total += (end - start) // timedelta(hours=1)
        elif unit == "wd":
            total += wait.calendar.working_days_between(london_date(start), london_date(end))
        else:
            total += (london_date(end) - london_date(start)).days
    return total


def _due(wait: Wait, *, beyond: bool, now: datetime) -> str:
    if wait.ended_at:
        return ""
    if wait.paused_now:
        return "stands still"
    end = deadline(wait)
    if end is None:
        return ""
    when = due_in_words(end, unit=wait.unit, now=now)
    if end <= now:
        return f"was due {when}"
    return f"the next limit is due {when}" if beyond else f"due {when}"


def deadline(wait: Wait) -> datetime | None:
    """When the limit of the bar itself is passed, where its alert comes days before that."""
    if wait.due_at is None:
        return None
    last = london_date(wait.started_at) + timedelta(days=wait.limit)
    if any(limit.to_birthday for limit in wait.threshold.limits):
        return midnight(last)
    if any(limit.before for limit in wait.threshold.limits):
        return midnight(last + timedelta(days=1))
    return wait.due_at


def due_in_words(due_at: datetime, *, unit: str, now: datetime) -> str:
    """When a limit ends: the last day that is in time, or for hours the instant."""
    today = london_date(now)
    if unit != "h":
        return day_in_words(london_date(due_at - timedelta(seconds=1)), today=today)
    local = due_at.astimezone(LONDON)
    day = local.date()
    near = abs((day - today).days) <= 1
    named = distance(day, today=today) if near else day_in_words(day, today=today)
    return f"{named} at {local:%H:%M}"


def out_of_hours(organisation: Organisation, at: datetime) -> str:
    """Who acts at an instant when the organisation is closed; "" while it is open."""
    if is_open(organisation, at):
        return ""
    return f"On call: {organisation.on_call}." if organisation.on_call else NOBODY
