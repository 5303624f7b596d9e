"""Which risks a person is at now, from the events that stand: who said so, and when it was last
confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from referrals.catalogue import URGENT_RISKS, EventCode, Outcome, Risk
from referrals.models import WaitEvent

UNCONFIRMED_AFTER = timedelta(days=28)
ENDED_BY_HOUSING = (Risk.DESTITUTE, Risk.STREET_HOMELESS)


@dataclass(frozen=True, slots=True)
class Standing:
    """A risk that stands: the event that set it, and the last instant at which somebody asked."""

    set_by: WaitEvent
    confirmed_at: datetime

    def is_old(self, now: datetime) -> bool:
        """Nobody has confirmed it for 28 days. It never ends by itself."""
        return now - self.confirmed_at > UNCONFIRMED_AFTER


def current_risks(standing: Iterable[WaitEvent]) -> dict[Risk, Standing]:
    """Each present risk, in the catalogue's order.

    A safety screen asks about the urgent ones; another is confirmed by being recorded again.
    Being housed ends destitution.
    """
    present: dict[str, Standing] = {}
    for event in sorted(standing, key=lambda e: (e.happened_at, e.root_id or e.pk)):
        at = event.happened_at
        if event.code == EventCode.RISK_FLAG_ADDED:
            before = present.get(event.risk)
            present[event.risk] = Standing(before.set_by if before else event, at)
        elif event.code == EventCode.RISK_FLAG_REMOVED:
            present.pop(event.risk, None)
        elif event.code == EventCode.IMMEDIATE_SAFETY_CHECKED:
            present |= {
                r: replace(present[r], confirmed_at=at) for r in URGENT_RISKS if r in present
            }
        elif event.outcome == Outcome.HOUSED:
            for risk in ENDED_BY_HOUSING:
                present.pop(risk, None)
    return {risk: present[risk] for risk in Risk if risk in present}
