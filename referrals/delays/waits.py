"""The waits of a rule on a timeline: each from its start to the first of its end events."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from nrm_tracker.calendars import midnight
from referrals.delays.ends import Ends
from referrals.delays.facts import FOREVER, Run
from referrals.delays.plan import Prepared
from referrals.delays.starts import Start
from referrals.delays.story import Closing, Story, instant, order
from referrals.delays.threshold import Threshold
from referrals.delays.timeline import Event

Span = tuple[Start, datetime]  # a wait, before conditions: its start, and when it ended


def spans(
    prepared: Prepared, story: Story, runs: Sequence[Run], *, longer_than: timedelta
) -> list[Span]:
    """The rule's waits, those that last longer than this.

    One that closing the referral ended starts anew when it is reopened.
    """
    threshold, starts, ends = prepared.threshold, prepared.starts, prepared.ends
    unnamed = threshold.unnamed_ends_oldest and _unnamed(ends, story)
    if unnamed or (story.closings and threshold.closing):
        found = _cut(prepared, story, runs, unnamed or [])
    elif prepared.plain:
        return _plain(prepared, story, longer_than)
    else:
        each = prepared.find(starts, story, runs)
        found = [(start, _end(threshold, ends, story, start)) for start in each]
    return [span for span in found if span[0].at + longer_than < span[1]]


def _plain(prepared: Prepared, story: Story, longer_than: timedelta) -> list[Span]:
    """The same, of a rule that events start and end, and that asks no more of them."""
    keys, ends, index = prepared.starts.keys, prepared.ends, story.index
    events: Sequence[Event] = story.of(keys) if prepared.each else story.firsts(keys)
    following = _in_order(story.of(ends.until_next)) if ends.until_next else ()
    found: list[Span] = []
    for event in events:
        at, end = event.happened_at, FOREVER
        for key in ends.ends:
            for other in index[key]:
                if other.happened_at >= at:
                    end = min(end, other.happened_at)
                    break
        if following:
            end = min(end, following[bisect_right(following, order(event))][0])
        if ends.same_organisation:
            end = min(end, _answer(event, story.of(ends.same_organisation)))
        if at + longer_than < end:
            found.append((Start(at, event.id, event, at), end))
    return found


def _in_order(events: Iterable[Event]) -> list[tuple[datetime, int]]:
    """Their places in the order of all events, and one that no event reaches."""
    return [*map(order, events), (FOREVER, sys.maxsize)]


def _answer(asked: Event, answers: Sequence[Event]) -> datetime:
    """When the organisation that was asked answered."""
    for event in answers:
        if event.happened_at >= asked.happened_at and event.organisation == asked.organisation:
            return event.happened_at
    return FOREVER


def _cut(
    prepared: Prepared, story: Story, runs: Sequence[Run], unnamed: Sequence[datetime]
) -> list[Span]:
    """The rule's waits, where closings or answers of an unnamed organisation end some."""
    threshold, starts, ends = prepared.threshold, prepared.starts, prepared.ends
    closings = story.closings if threshold.closing else ()
    if starts.before_birthday:
        closings = [closing for closing in closings if not closing.by]
    found = prepared.find(starts, story, runs)
    chains = [list(_chain(threshold, ends, story, start, closings)) for start in found]
    if unnamed:
        _end_oldest(unnamed, chains)
    return [
        span
        for chain in chains
        for span in chain
        if not any(c.at < span[0].at < c.reopened for c in closings)
    ]


def _chain(
    threshold: Threshold, ends: Ends, story: Story, start: Start, closings: Sequence[Closing]
) -> Iterator[Span]:
    """The wait, cut where the referral is closed, and begun anew where it is reopened.

    One that began while it was closed has a part before the reopening, which no limit judges.
    """
    end = _end(threshold, ends, story, start)
    for closing in closings:
        if closing.reopened <= start.at:
            continue
        cut = closing.at if start.at <= closing.at else closing.reopened
        yield start, min(end, cut)
        if end <= cut or not closing.by or start.declines:
            return
        start = start.anew(closing)
        end = _end(threshold, ends, story, start)
    yield start, end


def _end(threshold: Threshold, ends: Ends, story: Story, start: Start) -> datetime:
    """The first instant at or after the start at which an end event ends the wait."""
    if not ends.any:
        return start.until
    found, index, origin = FOREVER, story.index, start.origin
    for key in ends.ends:
        for event in index[key]:
            if event.happened_at >= origin:
                if event.happened_at < found:
                    found = event.happened_at
                break
    end = start.until if found is FOREVER else found
    if ends.until_next:
        end = min(end, _next(ends, story, start))
    if ends.special or ends.same_organisation:
        return min([end, *_special(threshold, ends, story, start)])
    return end


def _next(ends: Ends, story: Story, start: Start) -> datetime:
    """When the event came that follows the one which started the wait."""
    found, since, pk = FOREVER, start.event.happened_at, start.event.id
    for key in ends.until_next:
        for event in story.index[key]:
            at = event.happened_at
            if at > since or (at == since and event.id > pk):
                if at < found:
                    found = at
                break
    return found if found > start.at else start.at


def _special(threshold: Threshold, ends: Ends, story: Story, start: Start) -> Iterator[datetime]:
    index, origin = story.index, start.origin
    for key in ends.dated_ends:
        dated = (instant(event, dated=True) for event in index[key])
        yield from (at for at in dated if at >= origin)
    if ends.same_organisation:
        for event in story.of(ends.same_organisation):
            if event.happened_at >= origin and _answers(threshold, event.organisation, start):
                yield event.happened_at
                break
    if ends.birthday_ends and story.timeline.turns_18_on:
        floor = max(origin, midnight(story.timeline.turns_18_on))
        instants = (event.happened_at for key in ends.birthday_ends for event in index[key])
        yield from (at for at in instants if at >= floor)


def _answers(threshold: Threshold, organisation: int | None, start: Start) -> bool:
    if organisation is None and threshold.unnamed_ends_oldest:
        return False
    return organisation == start.event.organisation


def _unnamed(ends: Ends, story: Story) -> list[datetime]:
    """When somebody answered, and nobody noted for which organisation."""
    answers = story.of(ends.same_organisation)
    return [event.happened_at for event in answers if event.organisation is None]


def _end_oldest(unnamed: Iterable[datetime], chains: list[list[Span]]) -> None:
    """An answer that names no organisation ends the oldest wait that is open when it comes."""
    chains.sort(key=lambda chain: (chain[0][0].at, chain[0][0].event.id))
    for at in unnamed:
        for chain in chains:
            number = next((n for n, (s, end) in enumerate(chain) if s.at <= at < end), None)
            if number is not None:
                chain[number:] = [(chain[number][0], at)]
                break
