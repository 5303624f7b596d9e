"""Whether what somebody says can have happened, by the life cycle and the timeline as it stands."""

from collections.abc import Sequence

from nrm_tracker.calendars import london_date
from referrals import life_cycle
from referrals.actions.saying import NEW, Said
from referrals.catalogue import EventCode
from referrals.consent import is_asked
from referrals.delays import Event
from referrals.errors import AskedFirst, IsClosed, NoSuchRoute, NotPossible
from referrals.life_cycle import Answer, State, Verdict
from referrals.models import Referral, WaitEvent
from referrals.timelines import standing_events


def check_open(said: Said, *, referral: Referral) -> None:
    """Refuse what cannot be recorded of a closed referral."""
    if referral.closed_at is None:
        return
    found = life_cycle.verdict(said.code, State.CLOSED)
    if found.answer == Answer.NO:
        raise IsClosed(found.words)


def check_possible(
    said: Said, *, referral: Referral, earlier: Sequence[Said] = (), all_the_same: str = ""
) -> str:
    """What is to be added to the words of an event that was asked about; `earlier` are those said
    on the same form. Raises NotPossible, AskedFirst.
    """
    found = _judged(said, referral=referral, earlier=earlier)
    if found.answer == Answer.NO:
        raise NotPossible(found.words)
    if found.answer == Answer.YES:
        return ""
    if not all_the_same:
        raise AskedFirst(found.words)
    return f"Recorded all the same: {all_the_same}"


def check_corrected(event: WaitEvent, corrected: Said, *, referral: Referral) -> None:
    """The same of a correction, which has a reason already. What did not fit before may stay."""
    others = [each for each in standing_events(referral) if each.id != (event.root_id or event.pk)]
    child = _is_child(corrected, referral)
    was = life_cycle.judge(event_of(event), others, child=child)
    found = life_cycle.judge(event_of(corrected), others, child=child)
    if Answer.NO == found.answer != was.answer:
        raise NotPossible(found.words)


def event_of(said: Said) -> Event:
    """What is said, as the life cycle reads it."""
    return Event(
        id=NEW,
        code=said.code,
        happened_at=said.happened_at,
        outcome=said.outcome,
        consent_type=said.consent_type,
        dated_on=said.dated_on,
    )


def _judged(said: Said, *, referral: Referral, earlier: Sequence[Said]) -> Verdict:
    if said.code not in life_cycle.RULES:
        return life_cycle.POSSIBLE
    child = _is_child(said, referral)
    if child and said.code == EventCode.WITHDRAWN_FROM_NRM:
        raise NoSuchRoute(
            "Only an adult can leave the NRM. A child stays in it; from the 18th birthday on they "
            "are asked whether they consent to stay. If they are an adult, record that first."
        )
    events = [*standing_events(referral), *map(event_of, earlier)]
    closed = referral.closed_at is not None
    return life_cycle.judge(event_of(said), events, child=child, closed=closed)


def _is_child(said: Said, referral: Referral) -> bool:
    return not is_asked(referral, on=london_date(said.happened_at))
