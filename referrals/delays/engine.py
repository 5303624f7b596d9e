"""Which waits have outlasted their limits at an instant, and when that can next change.

Pure: a timeline, the versions of the rules and an instant in; breaches, waits and the next
deadline out. All instants are aware and in UTC. Most of the time of a sweep is spent here and in
`referrals.delays.waits`, so that both make few objects that nothing comes of.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from referrals.delays.breach import Breach, one_of_each
from referrals.delays.counting import Clock, Pause, again, due, merged, undisturbed
from referrals.delays.facts import FOREVER, Run, runs
from referrals.delays.plan import Prepared, plan
from referrals.delays.rules import Rules
from referrals.delays.starts import Start
from referrals.delays.story import Story
from referrals.delays.threshold import Limit, Threshold
from referrals.delays.timeline import Timeline
from referrals.delays.waits import spans

ENDED, NO_LONGER_APPLIES = "ended", "no_longer_applies"


class Case:
    """One timeline at one instant, as all versions of all rules see it."""

    __slots__ = ("_pauses", "own_time", "plan", "runs", "story")

    def __init__(self, timeline: Timeline, rules: Rules, now: datetime) -> None:
        self.story = story = Story(timeline, rules.epochs, now)
        self.plan = plan(rules, story.facts, frozenset(story.index))
        self.runs = [runs(where, story.steps) for where in self.plan.places]
        own = runs(self.plan.own_time, story.steps)
        self.own_time = tuple([Pause(run.start, run.end) for run in own])  # [a no, the next yes)
        self._pauses = story.pauses()

    def pauses(self, threshold: Threshold) -> tuple[Pause, ...]:
        """What does not count for a rule, where pauses stop it."""
        if not threshold.pause:
            return ()
        own = self.own_time if threshold.stops_without_consent else ()
        return merged([*self._pauses, *own]) if self._pauses or own else ()

    def clock(self, start: Start, prepared: Prepared) -> Clock:
        pauses, birthday = self.pauses(prepared.threshold), self.story.timeline.turns_18_on
        return Clock(start.at, prepared.calendar, pauses, birthday, start.declines)


class Judgement:
    """The delays of a case, and the next instant at which the answer can change."""

    __slots__ = ("ahead", "case", "found", "now")

    def __init__(self, case: Case) -> None:
        self.case, self.now = case, case.story.now
        self.found: list[Breach] = []
        self.ahead = FOREVER
        for prepared in case.plan.versions:
            self._rule(prepared)

    def _rule(self, prepared: Prepared) -> None:
        """Every limit, on those of the rule's waits that last long enough to pass one."""
        story, runs = self.case.story, self.case.runs
        pauses = self.case.pauses(prepared.threshold)
        for limits, where in prepared.groups:
            starting = () if where is None else runs[where]
            for start, end in spans(prepared, story, starting, longer_than=prepared.shortest):
                for limit, place in limits:
                    soonest = start.at + limit.shortest
                    if soonest < end:
                        for run in runs[place]:
                            if run.end > soonest and run.start < end:
                                self._limit(limit, prepared, start, end, run, pauses)

    def _limit(
        self,
        limit: Limit,
        prepared: Prepared,
        start: Start,
        end: datetime,
        run: Run,
        pauses: tuple[Pause, ...],
    ) -> None:
        """A limit on a wait that ends at `end`, while its condition holds without a break."""
        at, since, until, now = start.at, run.start, run.end, self.now
        if since > at and prepared.threshold.from_condition:
            start, at = start._replace(at=since, by=run.by or start.by), since
        if end < until:
            until = end
        soonest = at + limit.shortest
        if soonest >= until or (soonest > now and soonest >= self.ahead):
            return
        if pauses or not prepared.undisturbed:
            passed = due(limit, self.case.clock(start, prepared))
        else:
            passed = undisturbed(limit, at, prepared.calendar)
        if passed is None:
            return
        begins = max(passed, at, since, prepared.since)
        if begins < until and begins < prepared.until:
            self._stands(limit, prepared, start, end, run, begins, until, pauses)

    def _stands(
        self,
        limit: Limit,
        prepared: Prepared,
        start: Start,
        end: datetime,
        run: Run,
        begins: datetime,
        until: datetime,
        pauses: tuple[Pause, ...],
    ) -> None:
        """A delay, or one to come, [begins, until); in an adult's own time it does not stand."""
        now, second = self.now, None
        change, last = begins if begins > now else until, until
        if self.case.own_time and prepared.threshold.stops_without_consent:
            parts = _without(Pause(begins, until), self.case.own_time)
            if not parts or parts[0].start >= prepared.until:
                return
            begins, until, change, last = _seen_at(now, parts)
        if now < change < self.ahead:
            self.ahead = change
        if limit.again_before is not None:
            second = again(limit, start.at)
            if now < second < last and second < self.ahead:
                self.ahead = second
        if begins <= now:
            reason = "" if until > now else ENDED
            if reason and (until == start.until or until == run.end < end):
                reason = NO_LONGER_APPLIES
            self.found.append(
                Breach(
                    prepared.threshold.code,
                    limit.severity,
                    start.by,
                    start.at,
                    begins,
                    until if reason else None,
                    reason,
                    limit.told,
                    second,
                    pauses,
                )
            )


def _seen_at(
    now: datetime, parts: Sequence[Pause]
) -> tuple[datetime, datetime, datetime, datetime]:
    """Of the parts of a delay: when it began; when the latest that has begun ends; when the answer
    next changes; when the last one ends."""
    begun = [part for part in parts if part.start <= now]
    changes = (at for part in parts for at in part if at > now)
    until = begun[-1].end if begun else parts[0].end
    return parts[0].start, until, next(changes, FOREVER), parts[-1].end


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
    judgement = Judgement(Case(timeline, rules, now))
    ahead = judgement.ahead
    return one_of_each(judgement.found), None if ahead == FOREVER else ahead


def breaches(timeline: Timeline, rules: Rules, *, now: datetime) -> list[Breach]:
    """The breaches of `assess`."""
    return assess(timeline, rules, now=now)[0]


def next_deadline(timeline: Timeline, rules: Rules, *, now: datetime) -> datetime | None:
    """The next deadline of `assess`."""
    return assess(timeline, rules, now=now)[1]
