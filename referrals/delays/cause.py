"""What each open day of a wait waits for: an organisation, an interpreter, the survivor's own
choice, the local authority, legal advice, the Home Office, or us. From the events, and from who
was responsible when: what was nobody else's while another organisation was, is that one's.

A day belongs to what was waited for as it began (00:00 Europe/London). The day of the first
contact is day 0, as in every limit in days, so the days add up to the elapsed wait.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from nrm_tracker.calendars import london_date, midnight
from referrals.delays.facts import Facts, Step, steps
from referrals.delays.story import order
from referrals.delays.timeline import FIRST_INSTANT, Event, Timeline, sane


class Cause(StrEnum):
    FRO = "fro"
    INTERPRETER = "interpreter"
    SURVIVOR = "survivor"
    LOCAL_AUTHORITY = "local_authority"
    LEGAL_ADVICE = "legal_advice"
    HOME_OFFICE = "home_office"
    BEFORE = "before"  # whoever else was responsible
    US = "us"


class Stretch(NamedTuple):
    """Days in a row with one cause: those that begin after `since`, up to `until`. `whose`: the
    other organisation (id) that was responsible, where that is the cause."""

    row: "Row"
    since: datetime
    until: datetime
    days: int
    whose: int | None = None


@dataclass(slots=True)
class State:
    """Where a person stands, as one event after another has left it."""

    own: int
    holder: int | None  # the organisation that is responsible
    pause: str | None = None  # the kind of the pause that runs
    child: bool = False
    said_no: bool = False
    submitted: bool = False
    decided: bool = False
    closed: bool = False
    local_authority_asked: bool = False
    interpreter_needed: bool = False
    advice_asked: bool = False
    asked: set[int | None] = field(default_factory=set)  # approached, and not answered
    full: bool = False  # an organisation has no room, or has put the person on its list
    accepted_by: int | None = None  # the organisation that accepted and has offered no meeting

    @property
    def ours(self) -> bool:
        return self.holder == self.own

    @property
    def held(self) -> bool:
        return self.pause == "safeguarding_hold"


class Row(NamedTuple):
    """One line of the table: while this holds, and none above it does, the wait has this cause."""

    code: str
    cause: Cause
    holds: Callable[[State], bool]
    words: str
    reason: str


# The first row that holds says what a day waits for.
TABLE: tuple[Row, ...] = (
    Row(
        "decision",
        Cause.HOME_OFFICE,
        lambda s: s.submitted,
        "The Home Office's decision",
        "Once the NRM referral is submitted nobody here can end the wait.",
    ),
    Row(
        "hold",
        Cause.US,
        lambda s: s.held and s.ours,
        "A manager's hold, for safeguarding",
        "We decided to hold, so the time is ours, whatever else is awaited.",
    ),
    Row(
        "hold_before",
        Cause.BEFORE,
        lambda s: s.held,
        "A hold by the organisation that was responsible",
        "Whoever is responsible decides to hold, so the time is theirs.",
    ),
    Row(
        "asked_for_time",
        Cause.SURVIVOR,
        lambda s: s.pause is not None,
        "Time the survivor asked for",
        "Their own choice comes before anybody's slowness: no other day may hide in it.",
    ),
    Row(
        "said_no",
        Cause.SURVIVOR,
        lambda s: s.said_no and not s.child,
        "The survivor's choice: they did not consent",
        "An adult's no is theirs to give and to take back; a child is not asked.",
    ),
    Row(
        "local_authority",
        Cause.LOCAL_AUTHORITY,
        lambda s: s.child and s.local_authority_asked,
        "The local authority's answer about a child",
        "A child's protection comes first, before any organisation's meeting.",
    ),
    Row(
        "interpreter",
        Cause.INTERPRETER,
        lambda s: s.interpreter_needed,
        "An interpreter",
        "Without one no meeting is held, whichever organisation has room.",
    ),
    Row(
        "accepted",
        Cause.FRO,
        lambda s: s.accepted_by not in (None, s.holder),
        "A meeting at the organisation that accepted",
        "It took the referral and has not offered a meeting: its capacity decides.",
    ),
    Row(
        "answer",
        Cause.FRO,
        lambda s: bool(s.asked),
        "An organisation's answer",
        "Somebody was asked and has not answered.",
    ),
    Row(
        "capacity",
        Cause.FRO,
        lambda s: s.full,
        "An organisation's capacity",
        "Whoever was asked has no room, or has put the person on a list.",
    ),
    Row(
        "legal_advice",
        Cause.LEGAL_ADVICE,
        lambda s: s.advice_asked,
        "Legal advice",
        "It was asked for, and has neither come nor proved out of reach; nobody else is awaited.",
    ),
    Row(
        "before",
        Cause.BEFORE,
        lambda s: not s.ours,
        "The organisation that was responsible",
        "Nobody else was awaited: the next step was theirs, until the hand-over.",
    ),
    Row(
        "us",
        Cause.US,
        lambda _s: True,
        "Us",
        "Nobody else is awaited: the next step is ours.",
    ),
)


@dataclass(frozen=True, slots=True)
class Causes:
    """The days of a wait by what they waited for. `way_in` ends with the NRM referral, a Duty to
    Notify or the closing; `decision` begins with the NRM referral. Neither has closed days."""

    way_in: tuple[Stretch, ...]
    decision: tuple[Stretch, ...]

    @property
    def days(self) -> int:
        """The elapsed way in."""
        return sum(stretch.days for stretch in self.way_in)


def by_cause(stretches: Iterable[Stretch]) -> dict[Cause, int]:
    """Days by cause, every cause named."""
    found = dict.fromkeys(Cause, 0)
    for stretch in stretches:
        found[stretch.row.cause] += stretch.days
    return found


def causes(timeline: Timeline, *, own: int, now: datetime) -> Causes:
    """What each day up to `now` waited for. `own` is the organisation (id) that counts as us."""
    timeline = sane(timeline)
    events = sorted((e for e in timeline.events if e.happened_at <= now), key=order)
    contacts = [event.happened_at for event in events if event.code == "initial_contact"]
    first = min(contacts, default=events[0].happened_at if events else now)
    found: list[Stretch] = []
    spans = _spans(timeline, own)
    state, at = State(own, holder=spans[0][1]), first
    for instant, group, facts in _instants(timeline, events, spans, now=now):
        if instant > at:
            _spend(found, state, at, instant)
            at = instant
        _learn(state, group, facts, _holder(spans, instant))
    if now > at:
        _spend(found, state, at, now)
    return Causes(
        way_in=tuple(s for s in found if s.row.cause != Cause.HOME_OFFICE),
        decision=tuple(s for s in found if s.row.cause == Cause.HOME_OFFICE),
    )


def _spans(timeline: Timeline, own: int) -> list[tuple[datetime, int | None]]:
    """From when which organisation was responsible; the first one answers for the time before."""
    rows = sorted(timeline.responsible, key=lambda row: row.since)
    found = [(row.since, own if row.organisation is None else row.organisation) for row in rows]
    return [(FIRST_INSTANT, found[0][1]), *found[1:]] if found else [(FIRST_INSTANT, own)]


def _holder(spans: Sequence[tuple[datetime, int | None]], at: datetime) -> int | None:
    return [holder for since, holder in spans if since <= at][-1]


def _instants(
    timeline: Timeline,
    events: Sequence[Event],
    spans: Sequence[tuple[datetime, int | None]],
    *,
    now: datetime,
) -> Iterable[tuple[datetime, list[Event], Facts]]:
    """Each instant at which something may change, with its events and the facts from then on."""
    changes: Sequence[Step] = steps(timeline, events, ())
    groups: dict[datetime, list[Event]] = {}
    for event in events:
        groups.setdefault(event.happened_at, []).append(event)
    dates = [since for since, _ in spans[1:]]
    if timeline.turns_18_on:
        dates.append(midnight(timeline.turns_18_on))
    for date in dates:
        if date <= now:
            groups.setdefault(date, [])
    facts, number = changes[0].facts, 0
    for instant in sorted(groups):
        while number < len(changes) and changes[number].at <= instant:
            facts = changes[number].facts
            number += 1
        yield instant, groups[instant], facts


def _spend(found: list[Stretch], state: State, since: datetime, until: datetime) -> None:
    days = (london_date(until) - london_date(since)).days
    if state.closed or state.decided or not days:
        return
    row = next(row for row in TABLE if row.holds(state))
    whose = state.holder if row.cause == Cause.BEFORE else None
    last = found[-1] if found else None
    if last and (last.row, last.whose, last.until) == (row, whose, since):
        found[-1] = last._replace(until=until, days=last.days + days)
    else:
        found.append(Stretch(row, since, until, days, whose))


def _learn(state: State, events: Iterable[Event], facts: Facts, holder: int | None) -> None:
    state.child, state.said_no = facts.child, facts.said_no
    if holder != state.holder:
        state.holder, state.accepted_by = holder, None
    for event in events:
        effect = EFFECTS.get(event.code)
        if effect:
            effect(state, event)


Effect = Callable[[State, Event], None]


def _paused(state: State, event: Event) -> None:
    if state.pause is None:
        state.pause = event.outcome or "survivor_asked"


def _goes_on(state: State, _event: Event) -> None:
    state.pause = None


def _asked(state: State, event: Event) -> None:
    state.asked.add(event.organisation)


def _answered(state: State, event: Event) -> None:
    """An answer that names nobody answers for whoever was asked."""
    if event.organisation is None:
        state.asked.clear()
    state.asked.discard(event.organisation)


def _full(state: State, event: Event) -> None:
    _answered(state, event)
    state.full = True


def _accepted(state: State, event: Event) -> None:
    state.asked.clear()
    state.full = False
    state.accepted_by = event.organisation


def _meeting(state: State, _event: Event) -> None:
    state.asked.clear()
    state.full, state.interpreter_needed, state.accepted_by = False, False, None


def _cancelled(state: State, _event: Event) -> None:
    state.full = True


def _interpreter(state: State, _event: Event) -> None:
    state.interpreter_needed = True


def _interpreter_found(state: State, _event: Event) -> None:
    state.interpreter_needed = False


def _advice_asked(state: State, _event: Event) -> None:
    state.advice_asked = True


def _advice_over(state: State, _event: Event) -> None:
    state.advice_asked = False


def _told(state: State, _event: Event) -> None:
    state.local_authority_asked = True


def _acknowledged(state: State, _event: Event) -> None:
    state.local_authority_asked = False


def _submitted(state: State, _event: Event) -> None:
    state.submitted = True


def _notified(state: State, _event: Event) -> None:
    state.decided = True  # the way in is over, and no decision follows


def _decided(state: State, _event: Event) -> None:
    state.decided = state.decided or state.submitted


def _closed(state: State, _event: Event) -> None:
    state.closed = True


def _reopened(state: State, _event: Event) -> None:
    state.closed = False


EFFECTS: dict[str, Effect] = {
    "pause_started": _paused,
    "pause_ended": _goes_on,
    "fro_approached": _asked,
    "fro_declined_capacity": _full,
    "fro_waitlisted": _full,
    "fro_no_response": _full,  # no answer is how a full organisation often says no
    "fro_declined_scope": _answered,
    "fro_declined_other": _answered,
    "fro_accepted": _accepted,
    "appointment_offered": _meeting,
    "appointment_attended": _meeting,
    "interview_started": _meeting,
    "interview_completed": _meeting,
    "appointment_cancelled_by_fro": _cancelled,
    "interpreter_requested": _interpreter,
    "interpreter_unavailable": _interpreter,
    "interpreter_booked": _interpreter_found,
    "legal_advice_requested": _advice_asked,
    "legal_advice_received": _advice_over,
    "legal_advice_unobtainable": _advice_over,
    "la_safeguarding_referred": _told,
    "la_acknowledged": _acknowledged,
    "referral_submitted": _submitted,
    "dtn_submitted": _notified,
    "rg_decision": _decided,
    "withdrawn_from_nrm": _decided,
    "closed": _closed,
    "reopened": _reopened,
}
