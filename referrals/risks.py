"""Which risks a person is at now, from the events that stand, and since when they are known."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from referrals.catalogue import EventCode, Outcome, Risk
from referrals.models import WaitEvent

UNCONFIRMED_AFTER = timedelta(days=28)
ENDED_BY_HOUSING = (Risk.DESTITUTE, Risk.STREET_HOMELESS)


def current_risks(standing: Iterable[WaitEvent]) -> dict[Risk, datetime]:
    """Each present risk with the instant at which it was last confirmed, in the catalogue's order.

    A safety screen answers every risk again. Being housed ends destitution.
    """
    present: dict[str, datetime] = {}
    for event in sorted(standing, key=lambda e: (e.happened_at, e.root_id or e.pk)):
        if event.code == EventCode.RISK_FLAG_ADDED:
            present[event.risk] = event.happened_at
        elif event.code == EventCode.RISK_FLAG_REMOVED:
            present.pop(event.risk, None)
        elif event.code == EventCode.IMMEDIATE_SAFETY_CHECKED:
            present = dict.fromkeys(present, event.happened_at)
        elif event.outcome == Outcome.HOUSED:
            for risk in ENDED_BY_HOUSING:
                present.pop(risk, None)
    return {risk: present[risk] for risk in Risk if risk in present}
