"""The risks that stand on a timeline, by the conventions of the rules."""

from collections.abc import Iterable

from referrals.catalogue import EventCode, Outcome, Risk
from referrals.models import WaitEvent

ENDED_BY_HOUSING = {Risk.DESTITUTE, Risk.STREET_HOMELESS}


def standing_risks(timeline: Iterable[WaitEvent]) -> list[str]:
    """Those added and not removed since, of standing events in their order; sorted by code.

    Emergency support that houses somebody safely ends being destitute and street homeless.
    """
    standing: set[str] = set()
    for event in timeline:
        if event.code == EventCode.RISK_FLAG_ADDED:
            standing.add(event.risk)
        elif event.code == EventCode.RISK_FLAG_REMOVED:
            standing.discard(event.risk)
        elif (event.code, event.outcome) == (EventCode.EMERGENCY_SUPPORT_STARTED, Outcome.HOUSED):
            standing -= ENDED_BY_HOUSING
    return sorted(standing)
