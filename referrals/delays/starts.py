"""Where a rule's waits start: one entry of STARTS for each kind of start."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from nrm_tracker.calendars import london_date
from referrals.delays.facts import FOREVER, Run
from referrals.delays.story import Closing, Story, instant
from referrals.delays.threshold import StartSpec
from referrals.delays.timeline import Event


class Start(NamedTuple):
    """A wait of an `event` starts `at`, by the event with the id `by`: mostly the same event.

    End events count from `origin`, where that is earlier; `until` is when it ends without one.
    """

    at: datetime
    by: int
    event: Event
    origin: datetime
    until: datetime = FOREVER
    declines: tuple[datetime, ...] = ()

    def anew(self, closing: Closing) -> "Start":
        """The same wait, as reopening the referral starts it."""
        return self._replace(at=closing.reopened, by=closing.by, origin=closing.reopened)


Starts = Callable[[StartSpec, Story, Sequence[Run]], Iterable[Start]]


def _keys(spec: StartSpec, name: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", spec.get(name, ()))


def _from(event: Event, spec: StartSpec, story: Story) -> Start:
    """At the event, or at the first `not_before` one where that comes later."""
    at = event.happened_at
    floor = story.first(_keys(spec, "not_before"))
    if floor and floor.happened_at > at:
        return Start(floor.happened_at, floor.id, event, at)
    return Start(at, event.id, event, at)


def _first(spec: StartSpec, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    event = story.first(_keys(spec, "first")) or story.first(_keys(spec, "else"))
    if event and not (spec.get("before_birthday") and _born_too_early(story, event)):
        yield _from(event, spec, story)


def _born_too_early(story: Story, event: Event) -> bool:
    birthday = story.timeline.turns_18_on
    return birthday is None or birthday <= london_date(event.happened_at)


def _each(spec: StartSpec, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    dated = "dated" in spec
    for event in story.of(_keys(spec, "each")):
        at = instant(event, dated=dated)
        yield Start(at, event.id, event, at)


def _first_since(spec: StartSpec, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    resets = frozenset(_keys(spec, "since"))
    found = story.of(_keys(spec, "first_since") + _keys(spec, "since"))
    events = sorted(found, key=lambda event: (event.happened_at, event.code in resets))
    waiting = False
    for event in events:
        if event.code not in resets and not waiting:
            yield _from(event, spec, story)
        waiting = event.code not in resets


def _risk_set(spec: StartSpec, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    risks = frozenset(_keys(spec, "risk_set"))
    standing: frozenset[str] = frozenset()
    by_id = {event.id: event for event in story.index.get("risk_flag_added", ())}
    seen: set[datetime] = set()
    for step in story.steps:
        added = (step.facts.risks - standing) & risks
        standing = step.facts.risks
        if added and step.by is not None:
            start = _from(by_id[step.by], spec, story)
            if start.at not in seen:
                seen.add(start.at)
                yield start


def _condition(spec: StartSpec, story: Story, runs: Sequence[Run]) -> Iterator[Start]:
    by_id = {event.id: event for event in story.events}
    ended = story.of(_keys(spec, "after"))
    for run in runs:
        events = [e for e in story.events if e.happened_at <= run.start]
        event = by_id.get(run.by or 0, events[-1] if events else None)
        since = run.start
        if event:
            yield Start(since, event.id, event, since, run.end)
        for event in story.of(_keys(spec, "again")):
            at = event.happened_at
            if at < run.end and any(since <= end.happened_at <= at for end in ended):
                yield Start(at, event.id, event, at, run.end)
                since = at


def _distinct(spec: StartSpec, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    counts = {event.happened_at: event for event in story.of(_keys(spec, "since"))}
    starts, declines = [*counts], story.of(_keys(spec, "distinct"))
    need = cast(int, spec["need"])
    for number, start in enumerate(starts):
        until = starts[number + 1] if number + 1 < len(starts) else FOREVER
        seen: dict[int, datetime] = {}
        for event in declines:
            if start <= event.happened_at < until:
                key = -event.id if event.organisation is None else event.organisation
                seen.setdefault(key, event.happened_at)
        if len(seen) >= need or number + 1 == len(starts):
            times = tuple(seen.values())
            origin = times[need - 1] if len(times) >= need else start
            yield Start(start, counts[start].id, counts[start], origin, declines=times)


STARTS: dict[str, Starts] = {
    "first": _first,  # the earliest of these events, `else` the earliest of those; `not_before`
    "each": _each,  # each of these events
    "first_since": _first_since,  # the first of these since the latest `since`, `not_before` one
    "risk_set": _risk_set,  # each instant at which one of these risks comes to be set
    "condition": _condition,  # each instant at which it comes true, `again` at these `after` those
    "distinct": _distinct,  # these events count once an organisation, `since` the latest of those
}


def needed(kind: str, spec: StartSpec) -> frozenset[str] | None:
    """The event keys without any of which nothing starts; None when a condition may do it."""
    fixed = {"condition": None, "risk_set": frozenset({"risk_flag_added"})}
    if kind in fixed:
        return fixed[kind]
    values = cast(Sequence[Sequence[str] | str], spec[kind])
    keys = [[value] if isinstance(value, str) else value for value in values]
    return frozenset(key for group in keys for key in group) | frozenset(_keys(spec, "else"))


def present(spec: StartSpec, keys: frozenset[str]) -> StartSpec:
    """The same start, with only those of its event keys that occur."""
    found = {name: tuple(key for key in _keys(spec, name) if key in keys) for name in EVENT_KEYS}
    return {**spec, **{name: found[name] for name in spec if name in found}}


EVENT_KEYS = (
    *("first", "else", "each", "first_since", "since", "not_before"),
    *("again", "after", "distinct"),
)
