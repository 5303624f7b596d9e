"""What moves a person from one state to another: a table, and the walk along it.

The state is never stored: it follows from the events that stand, in the order of what they say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date, midnight
from referrals.catalogue import CONSENT_CODES, EventCode, Outcome
from referrals.delays import Event
from referrals.life_cycle import states
from referrals.life_cycle.states import State

RECOVERY_DAYS = 30  # the least; statute and policy, 45 until 13 December 2022
WINDOW_DAYS = 30  # to ask for a reconsideration, from the date on the letter; guidance
C, S = EventCode, State

# Steps of the way in: each leads on, and none leads back.
ONWARD: Mapping[str, State] = {
    C.FRO_APPROACHED: S.IN_TOUCH,
    C.FRO_NO_RESPONSE: S.IN_TOUCH,
    C.FRO_DECLINED_CAPACITY: S.IN_TOUCH,
    C.FRO_DECLINED_SCOPE: S.IN_TOUCH,
    C.FRO_DECLINED_OTHER: S.IN_TOUCH,
    C.FRO_WAITLISTED: S.IN_TOUCH,
    C.SIGNPOSTED_STATUTORY: S.IN_TOUCH,
    C.FRO_ACCEPTED: S.ACCEPTED,
    C.HANDED_OVER: S.ACCEPTED,
    C.APPOINTMENT_ATTENDED: S.PREPARING,
    C.INTERVIEW_STARTED: S.PREPARING,
    C.INTERVIEW_COMPLETED: S.PREPARING,
    C.DRAFT_STARTED: S.PREPARING,
    C.DRAFT_LAST_SAVED: S.PREPARING,
    C.REVIEW_COMPLETED: S.PREPARING,
}


def _from(*groups: State | tuple[State, ...], to: State) -> dict[State, State]:
    flat = [s for group in groups for s in (group if isinstance(group, tuple) else (group,))]
    return dict.fromkeys(flat, to)


_ENDED = (S.RG_NEGATIVE, S.RG_FINAL, S.CG_POSITIVE, S.CG_NEGATIVE, S.CG_FINAL, *states.OUT)
_BEFORE_CG = (
    *states.BEFORE,
    *states.UNDECIDED,
    *states.AFTER_RG_YES,
    *states.AFTER_RG_NO,
    S.RG_UNSAID,
)
_RG_ASKED_AGAIN = (*states.AFTER_RG_NO, S.RG_UNSAID)
_CG_ASKED_AGAIN = (*states.AFTER_CG_NO, S.CG_UNSAID)
_ANY = tuple(s for s in State if s not in {S.WITHDRAWN, S.CLOSED})
_RECONSIDERED = {
    **_from(_RG_ASKED_AGAIN, to=S.RG_RECONSIDERED),
    **_from(_CG_ASKED_AGAIN, to=S.CG_RECONSIDERED),
}
_FINAL = {
    **_from(S.RG_NEGATIVE, S.RG_UNSAID, S.RG_RECONSIDERED, to=S.RG_FINAL),
    **_from(S.CG_NEGATIVE, S.CG_UNSAID, S.CG_RECONSIDERED, to=S.CG_FINAL),
}
_NOW_YES = {
    **_from(_RG_ASKED_AGAIN, to=S.RECOVERY),
    **_from(_CG_ASKED_AGAIN, to=S.CG_POSITIVE),
}

# An event, with its outcome where one decides, and what it makes of each state; of the others,
# nothing. Papers come in any order: what is further along stays there.
MOVES: Mapping[str, Mapping[State, State]] = {
    f"{C.CONSENT_REFUSED}:nrm": _from(states.ON_THE_WAY, to=S.DID_NOT_CONSENT),
    f"{C.CONSENT_WITHDRAWN}:nrm": _from(states.ON_THE_WAY, to=S.DID_NOT_CONSENT),
    f"{C.CONSENT_RECORDED}:nrm": _from(S.DID_NOT_CONSENT, to=S.ASKED),  # and as far as they were
    C.DTN_SUBMITTED: _from(states.ON_THE_WAY, S.DID_NOT_CONSENT, to=S.NOTIFIED),
    C.REFERRAL_SUBMITTED: _from(states.BEFORE, _ENDED, to=S.SUBMITTED),
    C.REFERRAL_ACKNOWLEDGED: _from(states.BEFORE, S.SUBMITTED, to=S.ACKNOWLEDGED),
    C.ALLOCATED: _from(states.BEFORE, S.SUBMITTED, S.ACKNOWLEDGED, to=S.ALLOCATED),
    f"{C.RG_DECISION}:positive": _from(_BEFORE_CG, to=S.RECOVERY),
    f"{C.RG_DECISION}:negative": _from(_BEFORE_CG, to=S.RG_NEGATIVE),
    f"{C.RG_DECISION}:": _from(_BEFORE_CG, to=S.RG_UNSAID),
    f"{C.CG_DECISION}:positive": _from(_BEFORE_CG, states.AFTER_CG, to=S.CG_POSITIVE),
    f"{C.CG_DECISION}:negative": _from(_BEFORE_CG, states.AFTER_CG, to=S.CG_NEGATIVE),
    f"{C.CG_DECISION}:": _from(_BEFORE_CG, states.AFTER_CG, to=S.CG_UNSAID),
    C.RECONSIDERATION_REQUESTED: _RECONSIDERED,
    C.RECONSIDERATION_NOT_REQUESTED: _FINAL,
    f"{C.RECONSIDERATION_DECIDED}:positive": _NOW_YES,
    f"{C.RECONSIDERATION_DECIDED}:negative": _FINAL,
    C.WITHDRAWN_FROM_NRM: _from(_ANY, to=S.WITHDRAWN),
    C.PUBLIC_ORDER_DISQUALIFICATION: _from(_ANY, to=S.DISQUALIFIED),
}
DATED = (C.RG_DECISION, C.CG_DECISION, C.RECONSIDERATION_DECIDED)
# What the days alone make of a state, and after how many.
OVER: Mapping[State, tuple[int, State]] = {
    S.RECOVERY: (RECOVERY_DAYS, S.CG_AWAITED),
    S.RG_NEGATIVE: (WINDOW_DAYS, S.RG_FINAL),
    S.CG_NEGATIVE: (WINDOW_DAYS, S.CG_FINAL),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A state, since which London day, and what is still known of the way to it."""

    state: State = S.ASKED
    since: date = date.min
    reached: State = S.ASKED  # how far on the way in, whatever was said about consent
    closed: bool = False
    devolved: bool = False  # a local authority's panel decides
    said_no: bool = False  # a decision was negative once

    def on(self, day: date) -> "Place":
        """The same, by what the days have made of it."""
        days, state = OVER.get(self.state, (0, self.state))
        over = state != self.state and day > self.since + timedelta(days=days)
        return replace(self, state=state) if over else self

    def after(self, event: Event, *, child: bool) -> "Place":
        place = self.on(day_of(event))
        if event.code in {C.CLOSED, C.REOPENED}:
            return replace(place, closed=event.code == C.CLOSED)
        if event.code in ONWARD:
            return _onward(place, ONWARD[event.code])
        if event.code == C.ALLOCATED:
            place = replace(place, devolved=event.outcome == Outcome.DEVOLVED)
        if event.code in DATED and event.outcome == Outcome.NEGATIVE:
            place = replace(place, said_no=True)
        key = key_of(event)
        to = MOVES.get(key, {}).get(place.state)
        if to is None or (child and event.code in CONSENT_CODES):
            return place  # a child is not asked
        return replace(place, state=place.reached if to == S.ASKED else to, since=day_of(event))


def place_of(events: Iterable[Event], *, on: date, child: bool) -> Place:
    """Where somebody stands on a London day, by the events that stand and happened by then."""
    place = Place()
    for event in in_order(events):
        if day_of(event) > on:
            break
        place = place.after(event, child=child)
    return place.on(on)


def state_of(events: Iterable[Event], *, on: date, child: bool) -> State:
    place = place_of(events, on=on, child=child)
    return S.CLOSED if place.closed else place.state


def places_around(events: Iterable[Event], new: Event, *, child: bool) -> Iterator[Place]:
    """The places in which a new event may find somebody: as it happens, and later that day.

    Of what happened on one day people know the day, and seldom which came first.
    """
    at, place, found = said_at(new), Place(), False
    for event in in_order(events):
        if said_at(event) > at and not found:
            found = True
            yield place.on(day_of(new))
        if day_of(event) > day_of(new):
            return
        place = place.after(event, child=child)
        if found:
            yield place.on(day_of(new))
    if not found:
        yield place.on(day_of(new))


def in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (said_at(event), event.id))


def said_at(event: Event) -> datetime:
    """When an event counts: a letter from the end of the day on it, where it came later."""
    arrived, dated = event.happened_at, event.dated_on
    if event.code not in DATED or dated is None or dated >= london_date(arrived):
        return arrived
    return midnight(dated + timedelta(days=1)) - timedelta(microseconds=1)


def day_of(event: Event) -> date:
    return london_date(said_at(event))


def key_of(event: Event) -> str:
    """The key of the table of moves: the code, with what decides."""
    if event.code in DATED:
        return f"{event.code}:{event.outcome}"
    if event.code in {C.CONSENT_REFUSED, C.CONSENT_WITHDRAWN, C.CONSENT_RECORDED}:
        return f"{event.code}:{event.consent_type or 'nrm'}"
    return event.code


def _onward(place: Place, to: State) -> Place:
    way = states.ON_THE_WAY
    reached = max(place.reached, to, key=way.index)
    if place.state not in way:
        return replace(place, reached=reached)
    return replace(place, state=reached, reached=reached)
