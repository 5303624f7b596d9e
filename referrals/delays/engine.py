"""Which waits have outlasted their limits at an instant, and when that can next change.

Pure: a timeline, the versions of the rules and an instant in; breaches, waits and the next
deadline out. All instants are aware and in UTC.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from referrals.delays.counting import DUE, Clock, Pause, again, merged, within
from referrals.delays.facts import FOREVER, Held, Run, held, runs
from referrals.delays.plan import Limits, Prepared, plan
from referrals.delays.rules import Rules
from referrals.delays.starts import Start
from referrals.delays.story import Story
from referrals.delays.threshold import Limit, Threshold
from referrals.delays.timeline import Timeline
from referrals.delays.waits import Span, spans

ENDED, NO_LONGER_APPLIES = "ended", "no_longer_applies"
NO_TIME = timedelta()


class Breach(NamedTuple):
    """A wait that passed a limit. One for each (rule, severity, started_by).

    `breached_at` is the limit's own instant, never that of the look. `ended_at` None: it stands.
    `end_reason` is "", "ended" or "no_longer_applies". `again_at` is when a second notice is due.
    """

    rule: str
    severity: str
    started_by: int
    started_at: datetime
    breached_at: datetime
    ended_at: datetime | None
    end_reason: str
    told: str
    again_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    def gross(self, at: datetime) -> timedelta:
        """How long the wait had lasted at an instant, or at its end where that came first."""
        return max(self._until(at) - self.started_at, timedelta())

    def net(self, at: datetime) -> timedelta:
        """The gross wait without the pauses that stop this rule (the survivor's own time too)."""
        parts = within(self.pauses, self.started_at, self._until(at))
        return self.gross(at) - sum((part.end - part.start for part in parts), timedelta())

    def _until(self, at: datetime) -> datetime:
        return at if self.ended_at is None else min(at, self.ended_at)


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


class Case:
    """One timeline at one instant, judged by all versions of all rules."""

    __slots__ = ("_own_time", "_pauses", "_runs", "rules", "story")

    def __init__(self, timeline: Timeline, rules: Rules, now: datetime) -> None:
        self.rules, self.story = rules, Story(timeline, rules.epochs, now)
        self._pauses = self.story.pauses()
        self._runs: dict[Held, list[Run]] = {}
        self._own_time: tuple[Pause, ...] | None = None

    @property
    def own_time(self) -> tuple[Pause, ...]:
        """While an adult's latest answer to the NRM is no: [no, the next yes)."""
        if self._own_time is None:
            where = held([f.said_no and not f.child for f in self.story.facts])
            self._own_time = tuple(Pause(run.start, run.end) for run in self._when(where))
        return self._own_time

    def pauses(self, threshold: Threshold) -> tuple[Pause, ...]:
        """What does not count for a rule that pauses stop."""
        own = self.own_time if threshold.stops_without_consent else ()
        return merged([*self._pauses, *own]) if self._pauses or own else ()

    def stretches(self, *, long_enough: bool = False) -> Iterator[Stretch]:
        """Every limit of every rule on every wait, where its condition holds.

        With `long_enough` those are left out that end before the limit can be passed.
        """
        story = self.story
        for prepared in plan(self.rules, story.facts, frozenset(story.index)):
            threshold, starts, ends = prepared.threshold, prepared.starts, prepared.ends
            shortest = prepared.shortest if long_enough else NO_TIME
            for limits, where in prepared.groups:
                for span in spans(threshold, starts, ends, story, self._when(where)):
                    if span[0].at + shortest < span[1]:
                        yield from self._on(span, prepared, limits, long_enough=long_enough)

    def _when(self, where: Held) -> list[Run]:
        """The times of some steps, worked out once."""
        found = self._runs.get(where)
        if found is None:
            found = self._runs[where] = runs(where, self.story.steps)
        return found

    def _on(
        self, span: Span, prepared: Prepared, limits: Limits, *, long_enough: bool
    ) -> Iterator[Stretch]:
        threshold, (first, end), clock = prepared.threshold, span, None
        start = first.at
        for limit, where in limits:
            for run in self._when(where):
                since, until, by = run
                if until <= start or since >= end:
                    continue
                late = threshold.from_condition and since > start
                counted = since if late else start
                if long_enough and counted + limit.shortest >= (until if until < end else end):
                    continue
                if clock is None:
                    clock = self._clock(first, prepared)
                if late:
                    later = clock._replace(start=since)
                    yield Stretch(prepared, limit, span, run, later, by or first.by)
                else:
                    yield Stretch(prepared, limit, span, run, clock, first.by)

    def _clock(self, start: Start, prepared: Prepared) -> Clock:
        pauses = self.pauses(prepared.threshold) if prepared.threshold.pause else ()
        birthday = self.story.timeline.turns_18_on
        return Clock(start.at, prepared.calendar, pauses, birthday, start.declines)

    def standing(self, stretch: Stretch) -> Sequence[Pause]:
        """When the delay stands: from its limit to its end, without an adult's own time."""
        prepared, limit, span, run, clock, _ = stretch
        start = DUE[limit.unit](limit, clock)
        if start is None:
            return ()
        end = run.end if run.end < span[1] else span[1]
        start = max(start, run.start, clock.start, prepared.since)
        if start >= end or start >= prepared.until:
            return ()
        whole = Pause(start, end)
        if not prepared.threshold.stops_without_consent or not self.own_time:
            return (whole,)
        parts = _without(whole, self.own_time)
        return parts if parts and parts[0].start < prepared.until else ()


def _without(whole: Pause, holes: Iterable[Pause]) -> list[Pause]:
    parts, start = [], whole.start
    for hole in holes:
        if hole.start > start:
            parts.append(Pause(start, min(hole.start, whole.end)))
        start = max(start, hole.end)
        if start >= whole.end:
            return parts
    return [*parts, Pause(start, whole.end)]


def assess(
    timeline: Timeline, rules: Rules, *, now: datetime
) -> tuple[list[Breach], datetime | None]:
    """Breaches at `now`, and the next instant after it at which the answer can change.

    Standing breaches and ended ones, one for each (rule, severity, started_by), in the order of
    their limits. Events after `now` are not known yet. None: only another event can change it.
    """
    case = Case(timeline, rules, now)
    found: dict[tuple[str, str, int], list[Breach]] = {}
    ahead = FOREVER
    for stretch in case.stretches(long_enough=True):
        soonest = stretch.clock.start + stretch.limit.shortest
        if soonest > now and soonest >= ahead:
            continue
        parts = case.standing(stretch)
        if not parts:
            continue
        second = FOREVER
        if stretch.limit.again_before is not None:
            second = again(stretch.limit, stretch.clock)
            ahead = min(ahead, second) if now < second < parts[-1].end else ahead
        for part in parts:
            if part.end > now:
                ahead = min(ahead, part.start if part.start > now else part.end)
                break
        if parts[0].start <= now:
            breach = _breach(stretch, parts, now, second)
            found.setdefault((breach.rule, breach.severity, breach.started_by), []).append(breach)
    breaches = [_one(same) if len(same) > 1 else same[0] for same in found.values()]
    breaches.sort(key=lambda b: (b.breached_at, b.rule, b.severity, b.started_by))
    return breaches, None if ahead == FOREVER else ahead


def _breach(stretch: Stretch, parts: Sequence[Pause], now: datetime, second: datetime) -> Breach:
    last = parts[-1]
    if last.start > now:
        last = [part for part in parts if part.start <= now][-1]
    start, end = stretch.span
    ceased = last.end == start.until or last.end == stretch.run.end < end
    reason = NO_LONGER_APPLIES if ceased else ENDED
    ended = last.end <= now
    return Breach(
        rule=stretch.prepared.threshold.code,
        severity=stretch.limit.severity,
        started_by=stretch.by,
        started_at=stretch.clock.start,
        breached_at=parts[0].start,
        ended_at=last.end if ended else None,
        end_reason=reason if ended else "",
        told=stretch.limit.told,
        again_at=None if second == FOREVER else second,
        pauses=stretch.clock.pauses,
    )


def _one(same: list[Breach]) -> Breach:
    """One breach of several with one key: what overlaps is joined, else the latest counts."""
    same.sort(key=lambda breach: breach.breached_at)
    result = same[0]
    for breach in same[1:]:
        if result.ended_at is not None and breach.breached_at > result.ended_at:
            result = breach
        elif (breach.ended_at or FOREVER) > (result.ended_at or FOREVER):
            result = result._replace(ended_at=breach.ended_at, end_reason=breach.end_reason)
    return result


def breaches(timeline: Timeline, rules: Rules, *, now: datetime) -> list[Breach]:
    """The breaches of `assess`."""
    return assess(timeline, rules, now=now)[0]


def next_deadline(timeline: Timeline, rules: Rules, *, now: datetime) -> datetime | None:
    """The next deadline of `assess`."""
    return assess(timeline, rules, now=now)[1]
