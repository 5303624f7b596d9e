"""Why a deadline is the one it is: what began the wait, what did not count, each time it moved.

Pure, on top of `waits()`: what moved a deadline is found by asking the same rules again, at each
instant at which something was recorded, with what was known by then.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nrm_tracker.calendars import SATURDAY, london_date
from referrals.delays.bars import Wait, waits
from referrals.delays.facts import FOREVER, Step, steps
from referrals.delays.rules import Rules
from referrals.delays.story import order
from referrals.delays.threshold import Threshold
from referrals.delays.timeline import Event, Timeline, sane

ONE_DAY = timedelta(days=1)
INTERVAL = ("contact_interval_agreed", "contact_interval_withdrawn")
WEEKEND, REST, SAID_NO = "weekend", "rest", "said_no"


class Known(NamedTuple):
    """A version of an event, and when it was what we knew: from `recorded_at` until a correction
    was recorded. `entry` is the id of this version; the event's own id is its chain's."""

    entry: int
    event: Event
    recorded_at: datetime
    until: datetime | None = None


class Still(NamedTuple):
    """A stretch in which time may stand still: a pause of some kind, or an adult's no. `by` is the
    event that began it; `end` is FOREVER while it runs."""

    start: datetime
    end: datetime
    kind: str
    by: int | None


class Skipped(NamedTuple):
    """Days in a row, [first, last], that did not count: a weekend, a day of rest, or a pause by
    its kind."""

    first: date
    last: date
    reason: str


class Tightened(NamedTuple):
    """A risk by which this rule applies, or one of its limits does, and since when."""

    risk: str
    since: datetime
    by: int | None


class Agreed(NamedTuple):
    """How often the person agreed to be in touch, and since when."""

    every_days: int
    since: datetime
    by: int


class Standing(NamedTuple):
    """What was known of a wait at an instant: the rule that measured it and when each limit is
    passed; None while a pause holds it off."""

    rule: str
    title: str
    marks: tuple[tuple[str, int, str, datetime | None], ...]  # severity, n, unit, due_at
    ended_at: datetime | None


class Move(NamedTuple):
    """At an instant the answer changed. `entries` are the versions of events that were recorded
    then; none where a version of the rule, or the calendar, took effect."""

    at: datetime
    before: Standing | None
    after: Standing | None
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that made a deadline."""

    wait: Wait
    tightened: tuple[Tightened, ...]
    agreed: Agreed | None
    skipped: tuple[Skipped, ...]
    still: tuple[Still, ...]
    moves: tuple[Move, ...]


def known_by(known: Iterable[Known], at: datetime) -> tuple[Event, ...]:
    """The events that stood, as far as was known at an instant."""
    return tuple(
        each.event
        for each in known
        if each.recorded_at <= at and (each.until is None or each.until > at)
    )


def why(
    timeline: Timeline,
    known: Sequence[Known],
    *,
    rule: str,
    started_by: int,
    rules_at: Callable[[datetime], Rules],
    changed: Iterable[datetime] = (),
    now: datetime,
) -> Why | None:
    """Of a wait: the one of this rule that this event started, the running one where it was begun
    anew. None when there is none.

    `timeline` holds the dated facts; its events are those of `known`. `rules_at` are the rules and
    calendars as they were at an instant, `changed` when those changed.
    """
    present = replace(timeline, events=known_by(known, now))
    found = waits(present, rules_at(now), now=now)
    wait = _chosen([w for w in found if w.rule == rule and w.started_by == started_by])
    if wait is None:
        return None
    standing_still = _that_matter(stills(present, now=now), wait)
    replay = _Replay(timeline, known, wait, rules_at)
    return Why(
        wait=wait,
        tightened=tuple(_tightened(wait.threshold, present, now=now)),
        agreed=_agreed(wait, present, now=now),
        skipped=tuple(_skipped(wait, standing_still, now=now)),
        still=standing_still,
        moves=tuple(replay.moves([*changed, *_effective(wait, rules_at(now))], now=now)),
    )


def _chosen(found: Sequence[Wait]) -> Wait | None:
    """The one that runs, else the latest."""
    return max(found, key=lambda w: (w.ended_at is None, w.started_at), default=None)


def stills(timeline: Timeline, *, now: datetime) -> tuple[Still, ...]:
    """Every pause, and every stretch in which an adult's latest answer to the NRM is no."""
    timeline = sane(timeline)
    events = sorted((e for e in timeline.events if e.happened_at <= now), key=order)
    found: list[Still] = []
    opened: Event | None = None
    for event in events:
        if event.code == "pause_started" and opened is None:
            opened = event
        elif event.code == "pause_ended" and opened is not None:
            found.append(Still(opened.happened_at, event.happened_at, opened.outcome, opened.id))
            opened = None
    if opened is not None:
        found.append(Still(opened.happened_at, FOREVER, opened.outcome, opened.id))
    found += _said_no(timeline, events)
    return tuple(sorted(found, key=lambda still: (still.start, still.kind)))


def _said_no(timeline: Timeline, events: Sequence[Event]) -> Iterable[Still]:
    """While an adult's latest answer is no: a birthday may begin it, which is no event."""
    since: Step | None = None
    for step in steps(timeline, events, ()):
        holds = step.facts.said_no and not step.facts.child
        if holds and since is None:
            since = step
        elif not holds and since is not None:
            yield Still(since.at, step.at, SAID_NO, since.by)
            since = None
    if since is not None:
        yield Still(since.at, FOREVER, SAID_NO, since.by)


def _that_matter(found: Iterable[Still], wait: Wait) -> tuple[Still, ...]:
    """Those by which this rule stands still, as far as they lie in the wait."""
    threshold, end = wait.threshold, wait.ended_at or FOREVER
    return tuple(
        still
        for still in found
        if (threshold.stops_without_consent if still.kind == SAID_NO else threshold.pause)
        and still.end > wait.started_at
        and still.start < end
    )


def _skipped(wait: Wait, found: Sequence[Still], *, now: datetime) -> Iterable[Skipped]:
    """The days between the start and the deadline that did not count, in order."""
    if any(limit.before or limit.to_birthday for limit in wait.threshold.limits):
        return
    first = london_date(wait.started_at) + ONE_DAY
    working = _last_day([m.due_at for m in wait.marks if m.unit == "wd"], now=now)
    drawn = _last_day([wait.due_at] if wait.unit in ("cd", "wd") else [], now=now)
    last: Skipped | None = None
    for offset in range((max(working, drawn) - first).days + 1):
        day = first + timedelta(days=offset)
        reason = _why_not(day, wait, found, working=day <= working)
        if last and (reason != last.reason or reason == REST):
            yield last
            last = None
        if reason is not None:
            last = last._replace(last=day) if last else Skipped(day, day, reason)
    if last:
        yield last


def _last_day(dues: Sequence[datetime | None], *, now: datetime) -> date:
    """The last day that is in time of limits in days; today of one that is held off."""
    return max(
        (london_date(at) - ONE_DAY if at else london_date(now) for at in dues), default=date.min
    )


def _why_not(day: date, wait: Wait, found: Sequence[Still], *, working: bool) -> str | None:
    """`working`: a limit in working days runs on that day."""
    if working and day.weekday() >= SATURDAY:
        return WEEKEND
    if working and not wait.calendar.is_working_day(day):
        return REST
    for still in found:
        start = max(still.start, wait.started_at)
        if london_date(start) < day and (still.end == FOREVER or day <= london_date(still.end)):
            return still.kind or "survivor_asked"
    return None


def _tightened(threshold: Threshold, timeline: Timeline, *, now: datetime) -> Iterable[Tightened]:
    """The risks without which, and with one of which, the rule or a limit of it would apply."""
    timeline = sane(timeline)
    events = sorted((e for e in timeline.events if e.happened_at <= now), key=order)
    since: dict[str, Tightened] = {}
    for step in steps(timeline, events, ()):
        conditions = (threshold.applies, *(limit.when for limit in threshold.limits))
        bare = step.facts._replace(risks=frozenset())
        matter = {
            risk
            for risk in step.facts.risks
            if any(
                condition.holds(bare._replace(risks=frozenset({risk})))
                and not condition.holds(bare)
                for condition in conditions
            )
        }
        since = {risk: one for risk, one in since.items() if risk in step.facts.risks}
        for risk in matter:
            since.setdefault(risk, Tightened(risk, step.at, step.by))
    return sorted(since.values(), key=lambda each: (each.since, each.risk))


def _agreed(wait: Wait, timeline: Timeline, *, now: datetime) -> Agreed | None:
    """The interval that stood at the end of the wait, or now, where the rule heeds one."""
    if not any(limit.agreed for limit in wait.threshold.limits):
        return None
    until = min(wait.ended_at or now, now)
    said = [e for e in timeline.events if e.code in INTERVAL and e.happened_at <= until]
    last = max(said, key=order, default=None)
    if last is None or not last.every_days:
        return None
    return Agreed(last.every_days, last.happened_at, last.id)


def _effective(wait: Wait, rules: Rules) -> list[datetime]:
    """When versions of the rule, or of one of its family, took effect during the wait."""
    own = wait.threshold
    return [
        version.since
        for version in rules.versions
        if version.since > wait.started_at
        and (version.threshold.code == own.code or _related(version.threshold, own))
    ]


def _related(one: Threshold, other: Threshold) -> bool:
    return bool(one.family) and one.family == other.family


class _Replay:
    """The same wait, as it was known at one instant after another."""

    def __init__(
        self,
        timeline: Timeline,
        known: Sequence[Known],
        wait: Wait,
        rules_at: Callable[[datetime], Rules],
    ) -> None:
        self.timeline, self.known, self.wait, self.rules_at = timeline, known, wait, rules_at

    def moves(self, changed: Iterable[datetime], *, now: datetime) -> Iterable[Move]:
        before: Standing | None = None
        for at in self._instants(changed, now=now):
            after = self._at(at)
            if after != before:
                yield Move(at, before, after, self._entries(at))
            before = after

    def _instants(self, changed: Iterable[datetime], *, now: datetime) -> list[datetime]:
        recorded = {each.recorded_at for each in self.known}
        superseded = {each.until for each in self.known if each.until}
        return sorted(at for at in recorded | superseded | set(changed) if at <= now)

    def _entries(self, at: datetime) -> tuple[int, ...]:
        return tuple(each.entry for each in self.known if at in (each.recorded_at, each.until))

    def _at(self, at: datetime) -> Standing | None:
        """By the rule itself, or by the one of its family that measured the wait then."""
        timeline = replace(self.timeline, events=known_by(self.known, at))
        own = self.wait.threshold
        same = [
            wait
            for wait in waits(timeline, self.rules_at(at), now=at)
            if wait.started_by == self.wait.started_by
            and (wait.rule == own.code or _related(wait.threshold, own))
        ]
        found = _chosen(same)
        if found is None:
            return None
        marks = tuple((m.severity, m.n, m.unit, m.due_at) for m in found.marks)
        return Standing(found.rule, found.threshold.title, marks, found.ended_at)
