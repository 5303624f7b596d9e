"""Where a rule's waits start: one entry of STARTS for each kind of start."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from nrm_tracker.calendars import london_date
from referrals.delays.facts import FOREVER, Run
from referrals.delays.story import Closing, Story, instant
from referrals.delays.threshold import Threshold
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


PLAIN = ("first", "each")  # kinds of start that can do with an event alone


@dataclass(frozen=True, slots=True)
class Starting:
    """What a rule says of its start, with only those of its event keys that occur.

    `plain`: a wait starts at each event, or at the first, and nothing else is asked.
    """

    keys: tuple[str, ...]
    since: tuple[str, ...]
    not_before: tuple[str, ...]
    again: tuple[str, ...]
    after: tuple[str, ...]
    risks: frozenset[str]
    need: int
    dated: bool
    before_birthday: bool
    plain: bool

    @classmethod
    def of(cls, threshold: Threshold, keys: frozenset[str]) -> "Starting":
        spec = threshold.starts

        def present(name: str) -> tuple[str, ...]:
            value = spec.get(name)
            return tuple(k for k in value if k in keys) if isinstance(value, tuple) else ()

        return cls(
            keys=present(threshold.kind) or present("else"),
            since=present("since"),
            not_before=present("not_before"),
            again=present("again"),
            after=present("after"),
            risks=frozenset(cast("tuple[str, ...]", spec.get("risk_set", ()))),
            need=cast(int, spec.get("need", 0)),
            dated="dated" in spec,
            plain=threshold.kind in PLAIN and spec.keys() <= {*PLAIN, "else"},
            before_birthday="before_birthday" in spec,
        )


Starts = Callable[[Starting, Story, Sequence[Run]], Iterable[Start]]


def _from(event: Event, spec: Starting, story: Story) -> Start:
    """At the event, or at the first `not_before` one where that comes later."""
    at = event.happened_at
    floor = story.first(spec.not_before) if spec.not_before else None
    if floor and floor.happened_at > at:
        return Start(floor.happened_at, floor.id, event, at)
    return Start(at, event.id, event, at)


def _first(spec: Starting, story: Story, _runs: Sequence[Run]) -> list[Start]:
    event = story.first(spec.keys)
    if event and not (spec.before_birthday and _born_too_early(story, event)):
        return [_from(event, spec, story)]
    return []


def _born_too_early(story: Story, event: Event) -> bool:
    birthday = story.timeline.turns_18_on
    return birthday is None or birthday <= london_date(event.happened_at)


def _each(spec: Starting, story: Story, _runs: Sequence[Run]) -> list[Start]:
    return [
        Start(at, event.id, event, at)
        for event in story.of(spec.keys)
        for at in [instant(event, dated=True) if spec.dated else event.happened_at]
    ]


def _first_since(spec: Starting, story: Story, _runs: Sequence[Run]) -> list[Start]:
    resets, starts = spec.since, []
    found = story.of(spec.keys + resets)
    events = (
        sorted(found, key=lambda event: (event.happened_at, event.code in resets))
        if resets
        else found
    )
    waiting = False
    for event in events:
        if event.code not in resets and not waiting:
            starts.append(_from(event, spec, story))
        waiting = event.code not in resets
    return starts


def _risk_set(spec: Starting, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    standing: frozenset[str] = frozenset()
    by_id = {event.id: event for event in story.index.get("risk_flag_added", ())}
    seen: set[datetime] = set()
    for step in story.steps:
        added = (step.facts.risks - standing) & spec.risks
        standing = step.facts.risks
        if added and step.by is not None:
            start = _from(by_id[step.by], spec, story)
            if start.at not in seen:
                seen.add(start.at)
                yield start


def _condition(spec: Starting, story: Story, runs: Sequence[Run]) -> Iterator[Start]:
    by_id = {event.id: event for event in story.events}
    ended = story.of(spec.after)
    for run in runs:
        events = [e for e in story.events if e.happened_at <= run.start]
        event = by_id.get(run.by or 0, events[-1] if events else None)
        since = run.start
        if event:
            yield Start(since, event.id, event, since, run.end)
        for event in story.of(spec.again):
            at = event.happened_at
            if at < run.end and any(since <= end.happened_at <= at for end in ended):
                yield Start(at, event.id, event, at, run.end)
                since = at


def _distinct(spec: Starting, story: Story, _runs: Sequence[Run]) -> Iterator[Start]:
    counts = {event.happened_at: event for event in story.of(spec.since)}
    starts, declines = [*counts], story.of(spec.keys)
    need = spec.need
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


def needed(threshold: Threshold) -> frozenset[str] | None:
    """The event keys without any of which nothing starts; None when a condition may do it."""
    if threshold.kind == "condition":
        return None
    if threshold.kind == "risk_set":
        return frozenset({"risk_flag_added"})
    spec = cast("Mapping[str, tuple[str, ...]]", threshold.starts)
    return frozenset(spec[threshold.kind] + spec.get("else", ()))
