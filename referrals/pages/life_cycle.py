"""At which stage a person stands, and what can come next: in words, from the life cycle."""

from collections.abc import Sequence
from datetime import datetime

from nrm_tracker.calendars import london_date
from referrals import life_cycle
from referrals.catalogue import EventCode
from referrals.consent import is_asked
from referrals.delays import Event
from referrals.life_cycle import Answer, Place, State
from referrals.models import Referral
from referrals.timelines import standing_events


def place_now(referral: Referral, events: Sequence[Event], *, now: datetime) -> Place:
    today = london_date(now)
    return life_cycle.place_of(events, on=today, child=not is_asked(referral, on=today))


def stage_of(referral: Referral, events: Sequence[Event], *, now: datetime) -> str:
    """Such as "Reasonable Grounds positive: recovery period, day 12 of 30"."""
    place = place_now(referral, events, now=now)
    words = life_cycle.WORDS[place.state]
    if place.state == State.RECOVERY:
        gone = (london_date(now) - place.since).days
        words = f"{words}, day {gone} of {life_cycle.RECOVERY_DAYS}"
    return f"{life_cycle.WORDS[State.CLOSED]}. {words}" if place.closed else words


def not_possible(referral: Referral, *, now: datetime) -> dict[str, str]:
    """By code: why an event is not possible as things stand now. An earlier one may be."""
    events, closed = standing_events(referral), referral.closed_at is not None
    child = not is_asked(referral, on=london_date(now))
    found = {
        code: life_cycle.judge(_at(code, now), events, child=child, closed=closed)
        for code in life_cycle.RULES
    }
    return {code: each.words for code, each in found.items() if each.answer == Answer.NO}


def can_come(state: State) -> list[EventCode]:
    """What leads on from a state without being asked about, in the order of the way."""
    codes = dict.fromkeys(
        EventCode(key.partition(":")[0])
        for key, moves in life_cycle.MOVES.items()
        if moves.get(state, state) != state
    )
    return [c for c in codes if life_cycle.verdict(c, state).answer == Answer.YES]


def does_not_fit(events: Sequence[Event], *, child: bool) -> list[Event]:
    """Events that stand and could not be recorded as they are: imported, or overtaken since."""
    return [
        each
        for each in life_cycle.in_order(events)
        if each.code in TOLD_OF
        and life_cycle.judge(
            each, [other for other in events if other.id != each.id], child=child
        ).answer
        == Answer.NO
    ]


TOLD_OF = set(life_cycle.RULES) - {
    EventCode.INITIAL_CONTACT,
    EventCode.RECORDED_IN_ERROR,
    EventCode.REOPENED,
}


def _at(code: str, now: datetime) -> Event:
    return Event(id=2**63, code=code, happened_at=now)
