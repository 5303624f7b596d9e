"""What the rules may know of one referral: its events and dated facts. Nothing else."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

Designated = tuple[tuple[date, date | None], ...]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)


class Event(NamedTuple):
    """An event that stands: corrected ones, and those recorded in error, are left out.

    `id` is the root of the event's chain of corrections, so that a wait keeps its identity when
    the event that started it is corrected. `happened_at` is aware, in UTC. `consent_type` empty
    means consent to the NRM. `dated_on` is the date on a decision's letter. `every_days` is how
    often the person agreed to be in touch.
    """

    id: int
    code: str
    happened_at: datetime
    organisation: int | None = None
    outcome: str = ""
    consent_type: str = ""
    dated_on: date | None = None
    risk: str = ""
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """An organisation's time as the one responsible, [since, until), and what was true of it.

    `designated` holds the London dates [from, until) of its active designation. The earliest one
    answers for the time before its `since` too: first contact is often recorded afterwards.
    """

    since: datetime
    until: datetime | None
    designated: Designated
    duty_to_notify: bool
    organisation: int | None = None  # which one: no rule asks, only whose the days were


@dataclass(frozen=True, slots=True)
class Timeline:
    """One referral. `age_group` is the one it was opened with; later ones are events."""

    age_group: str
    nation: str
    turns_18_on: date | None
    events: tuple[Event, ...]
    responsible: tuple[Responsible, ...]


def sane(timeline: Timeline) -> Timeline:
    """The same, with dates that nobody can have meant (the year 1, or 9999) moved to 1900 or 2200.

    Beyond those, adding days to a date fails.
    """
    for event in timeline.events:
        if event.happened_at < FIRST_INSTANT or event.dated_on is not None:
            events = tuple(_sane(event) for event in timeline.events)
            timeline = replace(timeline, events=events)
            break
    if timeline.turns_18_on and not FIRST_DAY <= timeline.turns_18_on <= LAST_DAY:
        timeline = replace(timeline, turns_18_on=_clamped(timeline.turns_18_on))
    return timeline


def _sane(event: Event) -> Event:
    day = event.dated_on
    if event.happened_at >= FIRST_INSTANT and (day is None or FIRST_DAY <= day <= LAST_DAY):
        return event
    return event._replace(
        happened_at=max(event.happened_at, FIRST_INSTANT),
        dated_on=event.dated_on and _clamped(event.dated_on),
    )


def _clamped(day: date) -> date:
    return min(max(day, FIRST_DAY), LAST_DAY)
