"""A timeline as known at an instant: its events in order and by key, its steps of facts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from nrm_tracker.calendars import noon
from referrals.delays.counting import Pause
from referrals.delays.facts import FOREVER, Facts, Step, steps
from referrals.delays.timeline import Event, Timeline, sane

order: Callable[[Event], tuple[datetime, int]] = attrgetter("happened_at", "id")
by_time, by_id = attrgetter("happened_at"), attrgetter("id")
CONSENT = frozenset(
    {f"consent_{state}" for state in ("recorded", "refused", "withdrawn", "undecided")}
)


class Closing(NamedTuple):
    """A `closed`, and the `reopened` after it: FOREVER and 0 when there is none."""

    at: datetime
    reopened: datetime
    by: int


class Story:
    """A timeline as known at an instant: sorted, indexed by event key, with its steps of facts."""

    __slots__ = ("_of", "closings", "events", "index", "now", "steps", "timeline")

    def __init__(self, timeline: Timeline, epochs: tuple[datetime, ...], now: datetime) -> None:
        self.now, self.timeline = now, sane(timeline)
        self.events = [event for event in self.timeline.events if event.happened_at <= now]
        self.events.sort(key=by_id)
        self.events.sort(key=by_time)
        self.index = _index(self.events)
        self._of: dict[tuple[str, ...], list[Event]] = {}
        self.steps: Sequence[Step] = steps(self.timeline, self.events, epochs)
        if "reconsideration_decided:positive" in self.index:
            self._note_reconsidered()
        self.closings = self._closings() if "closed" in self.index else []

    @property
    def facts(self) -> tuple[Facts, ...]:
        return tuple([step.facts for step in self.steps])

    def of(self, keys: tuple[str, ...]) -> Sequence[Event]:
        """Events with any of these keys, in order."""
        if len(keys) == 1:
            return self.index.get(keys[0], ())
        found = self._of.get(keys)
        if found is None:
            found = [event for key in keys for event in self.index.get(key, ())]
            found.sort(key=order)
            self._of[keys] = found
        return found

    def firsts(self, keys: tuple[str, ...]) -> Sequence[Event]:
        """The first event with any of these keys, if there is one."""
        if len(keys) == 1:
            return self.index.get(keys[0], ())[:1]
        event = self.first(keys)
        return [event] if event else ()

    def first(self, keys: tuple[str, ...]) -> Event | None:
        heads = [self.index[key][0] for key in keys if key in self.index]
        return min(heads, key=order) if heads else None

    def _between(self, opening: str, ending: str) -> Iterator[tuple[Event, Event | None]]:
        """From each opening event to the next ending one; an opening between them opens nothing."""
        opened: Event | None = None
        for event in self.of((opening, ending)):
            if opened is None:
                opened = event if event.code == opening else None
            elif event.code == ending:
                yield opened, event
                opened = None
        if opened is not None:
            yield opened, None

    def _note_reconsidered(self) -> None:
        """The reconsiderations that made Reasonable Grounds positive have a key of their own."""
        made = {step.by for step in self.steps if step.facts.reasonable_grounds == "positive"}
        found = [e for e in self.index["reconsideration_decided:positive"] if e.id in made]
        if found:
            self.index["rg_reconsidered:positive"] = found

    def pauses(self) -> list[Pause]:
        if "pause_started" not in self.index:
            return []
        between = self._between("pause_started", "pause_ended")
        return [Pause(a.happened_at, b.happened_at if b else FOREVER) for a, b in between]

    def _closings(self) -> list[Closing]:
        return [
            Closing(a.happened_at, b.happened_at, b.id) if b else Closing(a.happened_at, FOREVER, 0)
            for a, b in self._between("closed", "reopened")
        ]


def _index(events: Sequence[Event]) -> dict[str, list[Event]]:
    """By code, and by code and detail where there is one."""
    index: dict[str, list[Event]] = {}
    for event in events:
        code = event.code
        if code in index:
            index[code].append(event)
        else:
            index[code] = [event]
        if event.outcome or code in CONSENT:
            detail = event.outcome or event.consent_type or "nrm"
            index.setdefault(f"{code}:{detail}", []).append(event)
    return index


def instant(event: Event, *, dated: bool) -> datetime:
    return noon(event.dated_on) if dated and event.dated_on else event.happened_at
