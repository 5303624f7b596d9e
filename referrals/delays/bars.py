"""The waits of a person, as a page draws them: one bar each, days gone against the limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from nrm_tracker.calendars import Calendar, london_date
from referrals.delays.counting import Clock, Pause, clipped, due, elapsed
from referrals.delays.engine import Case
from referrals.delays.facts import Run
from referrals.delays.plan import Limits, Prepared
from referrals.delays.rules import Rules
from referrals.delays.threshold import Limit, Threshold
from referrals.delays.timeline import Timeline
from referrals.delays.waits import Span, spans

NO_TIME = timedelta()


class Mark(NamedTuple):
    """A limit on a bar. `due_at` None: held off by a pause that runs, or by what is not counted."""

    severity: str
    n: int
    unit: str
    told: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that runs, stands still or has ended: "3 of 5 working days".

    `elapsed` and `limit` are in `unit`, net of pauses, against the next limit ahead, or the last
    one when all are passed. Days are counted as day numbers: the start's own day is 0. `paused`
    are the stretches that did not count; `paused_now` says that the clock stands still. `due_at`
    is when the limit that the bar is drawn against is passed. `calendar` has the working days
    that count for it.
    """

    threshold: Threshold
    started_by: int
    started_at: datetime
    ended_at: datetime | None
    marks: tuple[Mark, ...]
    unit: str
    elapsed: int
    limit: int
    due_at: datetime | None
    paused: tuple[Pause, ...]
    paused_now: bool
    calendar: Calendar

    @property
    def rule(self) -> str:
        return self.threshold.code

    @property
    def running(self) -> bool:
        """The clock runs: not ended, and not standing still."""
        return self.ended_at is None and not self.paused_now


class Stretch(NamedTuple):
    """A limit of a rule, on one of its waits, while its condition holds without a break."""

    prepared: Prepared
    limit: Limit
    span: Span
    run: Run
    clock: Clock
    by: int

    @property
    def end(self) -> datetime:
        return min(self.span[1], self.run.end)


def waits(timeline: Timeline, rules: Rules, *, now: datetime) -> list[Wait]:
    """The waits of a person at an instant, by the versions then in force, in order of start.

    One for each rule and event that started it; ended ones too. A rule that has not applied to
    the person during a wait has none.
    """
    case = Case(timeline, rules, now)
    groups: dict[tuple[str, int, datetime], list[Stretch]] = {}
    for stretch in _stretches(case):
        version, start = stretch.prepared, stretch.clock.start
        if version.since <= now < version.until and max(start, stretch.run.start) <= now:
            key = (version.threshold.code, stretch.by, start)
            groups.setdefault(key, []).append(stretch)
    found = [_wait(same, case) for same in groups.values()]
    return sorted(found, key=lambda wait: (wait.started_at, wait.rule, wait.started_by))


def _stretches(case: Case) -> Iterator[Stretch]:
    """Every limit of every rule on every wait, while its condition holds without a break."""
    for prepared in case.plan.versions:
        for limits, where in prepared.groups:
            starting = () if where is None else case.runs[where]
            for span in spans(prepared, case.story, starting, longer_than=NO_TIME):
                yield from _on(span, prepared, limits, case)


def _on(span: Span, prepared: Prepared, limits: Limits, case: Case) -> Iterator[Stretch]:
    first, end = span
    clock = case.clock(first, prepared)
    for limit, where in limits:
        for run in case.runs[where]:
            if run.end <= first.at or run.start >= end:
                continue
            if prepared.threshold.from_condition and run.start > first.at:
                later, by = clock._replace(start=run.start), run.by or first.by
                yield Stretch(prepared, limit, span, run, later, by)
            else:
                yield Stretch(prepared, limit, span, run, clock, first.by)


def _wait(same: list[Stretch], case: Case) -> Wait:
    now = case.story.now
    end = max(stretch.end for stretch in same)
    at = min(now, end)
    current = [stretch for stretch in same if min(stretch.end, now) == at]
    dues = {stretch.limit: due(stretch.limit, stretch.clock) for stretch in current}
    ahead = (limit for limit, passed in dues.items() if passed is None or passed > at)
    drawn = next(ahead, current[-1].limit)
    clock, threshold = current[-1].clock, current[-1].prepared.threshold
    held = case.own_time if threshold.stops_without_consent else ()
    return Wait(
        threshold=threshold,
        started_by=current[-1].by,
        started_at=clock.start,
        ended_at=end if end <= now else None,
        marks=tuple(Mark(m.severity, m.n, m.unit, m.told, dues[m]) for m in dues),
        unit=drawn.unit,
        elapsed=elapsed(drawn, clock, at=at),
        limit=_length(drawn, clock),
        due_at=dues[drawn],
        paused=tuple(clipped(clock, at=at)),
        paused_now=any(p.start <= now < p.end for p in (*clock.pauses, *held)) and end > now,
        calendar=clock.calendar,
    )


def _length(limit: Limit, clock: Clock) -> int:
    if limit.to_birthday and clock.birthday:
        return (clock.birthday - london_date(clock.start)).days
    return limit.n
