"""Which waits have outlasted their limits at an instant, and when that can next change.

Pure: a timeline, the versions of the rules and an instant in; breaches, waits and the next
deadline out. All instants are aware and in UTC.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from referrals.delays.counting import DUE, Clock, Pause, again, merged, within
from referrals.delays.facts import FOREVER, Run, runs
from referrals.delays.plan import Limits, Prepared, plan
from referrals.delays.rules import Rules
from referrals.delays.starts import Start
from referrals.delays.story import Story
from referrals.delays.threshold import Limit, Threshold
from referrals.delays.timeline import Timeline
from referrals.delays.waits import Span, spans

ENDED, NO_LONGER_APPLIES = "ended", "no_longer_applies"
NO_TIME = timedelta()
in_order = attrgetter("breached_at", "rule", "severity", "started_by")


Key = tuple[str, str, int]  # rule, severity, event that started the wait
Said = tuple[datetime, datetime, datetime | None, str, str]


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

    @property
    def key(self) -> Key:
        return self[:3]

    @property
    def said(self) -> Said:
        """What a flag keeps of it, and what is compared to see whether that changed."""
        return self[3:8]

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

    __slots__ = ("_pauses", "own_time", "plan", "runs", "story")

    def __init__(self, timeline: Timeline, rules: Rules, now: datetime) -> None:
        self.story = story = Story(timeline, rules.epochs, now)
        self.plan = plan(rules, story.facts, frozenset(story.index))
        self.runs = [runs(where, story.steps) for where in self.plan.places]
        own = runs(self.plan.own_time, story.steps)
        self.own_time = tuple([Pause(run.start, run.end) for run in own])  # [a no, the next yes)
        self._pauses = story.pauses()

    def pauses(self, threshold: Threshold) -> tuple[Pause, ...]:
        """What does not count for a rule that pauses stop."""
        own = self.own_time if threshold.stops_without_consent else ()
        return merged([*self._pauses, *own]) if self._pauses or own else ()

    def stretches(self, *, long_enough: bool = False) -> list[Stretch]:
        """Every limit of every rule on every wait, where its condition holds.

        With `long_enough` those are left out that end before the limit can be passed.
        """
        found: list[Stretch] = []
        for prepared in self.plan.versions:
            shortest = prepared.shortest if long_enough else NO_TIME
            for limits, where in prepared.groups:
                starting = () if where is None else self.runs[where]
                for span in spans(prepared, self.story, starting, longer_than=shortest):
                    found += self._on(span, prepared, limits, long_enough=long_enough)
        return found

    def _on(
        self, span: Span, prepared: Prepared, limits: Limits, *, long_enough: bool
    ) -> list[Stretch]:
        threshold, (first, end), clock = prepared.threshold, span, None
        start, found = first.at, []
        for limit, where in limits:
            for run in self.runs[where]:
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
                    found.append(Stretch(prepared, limit, span, run, later, by or first.by))
                else:
                    found.append(Stretch(prepared, limit, span, run, clock, first.by))
        return found

    def _clock(self, start: Start, prepared: Prepared) -> Clock:
        pauses = self.pauses(prepared.threshold) if prepared.threshold.pause else ()
        birthday = self.story.timeline.turns_18_on
        return Clock(start.at, prepared.calendar, pauses, birthday, start.declines)

    def standing(self, stretch: Stretch) -> Sequence[Pause]:
        """When the delay stands: from its limit to its end, without an adult's own time."""
        prepared, limit, (_, end), run, clock, _ = stretch
        start = DUE[limit.unit](limit, clock)
        if start is None:
            return ()
        end = run.end if run.end < end else end
        start = max(start, run.start, clock.start, prepared.since)
        if start >= end or start >= prepared.until:
            return ()
        whole = Pause(start, end)
        if not self.own_time or not prepared.threshold.stops_without_consent:
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
    found: list[Breach] = []
    ahead = FOREVER
    for stretch in case.stretches(long_enough=True):
        limit, clock = stretch.limit, stretch.clock
        soonest = clock.start + limit.shortest
        if soonest > now and soonest >= ahead:
            continue
        parts = case.standing(stretch)
        if not parts:
            continue
        second = FOREVER
        if limit.again_before is not None:
            second = again(limit, clock)
            ahead = min(ahead, second) if now < second < parts[-1].end else ahead
        for start, end in parts:
            if end > now:
                change = start if start > now else end
                ahead = change if change < ahead else ahead
                break
        if parts[0].start <= now:
            found.append(_breach(stretch, parts, now, second))
    return _one_of_each(found), None if ahead == FOREVER else ahead


def _breach(stretch: Stretch, parts: Sequence[Pause], now: datetime, second: datetime) -> Breach:
    prepared, limit, (start, end), run, clock, by = stretch
    last = parts[-1]
    if last.start > now:
        last = [part for part in parts if part.start <= now][-1]
    ended_at, reason = None, ""
    if last.end <= now:
        ceased = last.end == start.until or last.end == run.end < end
        ended_at, reason = last.end, NO_LONGER_APPLIES if ceased else ENDED
    return Breach(
        prepared.threshold.code,
        limit.severity,
        by,
        clock.start,
        parts[0].start,
        ended_at,
        reason,
        limit.told,
        None if second is FOREVER else second,
        clock.pauses,
    )


def _one_of_each(found: list[Breach]) -> list[Breach]:
    """One for each (rule, severity, started_by), in the order of their limits."""
    if len({breach.key for breach in found}) < len(found):
        same: dict[Key, list[Breach]] = {}
        for breach in found:
            same.setdefault(breach.key, []).append(breach)
        found = [_one(several) for several in same.values()]
    found.sort(key=in_order)
    return found


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
