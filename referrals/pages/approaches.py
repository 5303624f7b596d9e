"""Which organisations were asked and have not answered."""

from collections.abc import Iterable

from referrals.catalogue import EventCode
from referrals.doors import OF_DOORS, RANG
from referrals.models import WaitEvent

ANSWERS = set(OF_DOORS[RANG]) - {EventCode.FRO_APPROACHED}


def open_approaches(standing: Iterable[WaitEvent]) -> list[WaitEvent]:
    """The latest unanswered approach to each organisation, newest first."""
    waiting: dict[int | None, WaitEvent] = {}
    for event in sorted(standing, key=lambda e: (e.happened_at, e.root_id or e.pk)):
        if event.code == EventCode.FRO_APPROACHED and event.organisation_id:
            waiting[event.organisation_id] = event
        elif event.code in ANSWERS:
            waiting.pop(event.organisation_id, None)
    return sorted(waiting.values(), key=lambda e: e.happened_at, reverse=True)
