"""The waits of a rule on a timeline: each from its start to the first of its end events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from nrm_tracker.calendars import midnight
from referrals.delays.facts import FOREVER, Run
from referrals.delays.starts import STARTS, Start, Starting
from referrals.delays.story import Closing, Story, instant
from referrals.delays.threshold import Threshold

Span = tuple[Start, datetime]  # a wait, before conditions: its start, and when it ended


class Ends(NamedTuple):
    """A rule's end events, those keys only that occur on the timeline."""

    ends: tuple[str, ...]
    dated_ends: tuple[str, ...]
    birthday_ends: tuple[str, ...]
    same_organisation: tuple[str, ...]
    until_next: tuple[str, ...]
    special: bool

    @classmethod
    def of(cls, threshold: Threshold, keys: frozenset[str]) -> "Ends":
        def present(group: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(key for key in group if key in keys)

        dated, birthday = present(threshold.dated_ends), present(threshold.birthday_ends)
        same = present(threshold.same_organisation)
        special = bool(dated or birthday or same)
        ends, later = present(threshold.ends), present(threshold.until_next)
        return cls(ends, dated, birthday, same, later, special)


def spans(
    threshold: Threshold, starts: Starting, ends: Ends, story: Story, runs: Sequence[Run]
) -> list[Span]:
    """The rule's waits. One that closing the referral ended starts anew when it is reopened."""
    closings = story.closings if threshold.closing else ()
    if starts.before_birthday:
        closings = [closing for closing in closings if not closing.by]
    found = STARTS[threshold.kind](starts, story, runs)
    unnamed = threshold.unnamed_ends_oldest and _unnamed(ends, story)
    if not closings and not unnamed:
        return [
            (start, end)
            for start in found
            if (end := _end(threshold, ends, story, start)) > start.at
        ]
    chains = [list(_chain(threshold, ends, story, start, closings)) for start in found]
    if unnamed:
        _end_oldest(unnamed, chains)
    return [
        (start, end)
        for chain in chains
        for start, end in chain
        if start.at < end and not any(c.at < start.at < c.reopened for c in closings)
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
    if ends.special:
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
