"""Delays that were taken back, and why: what we came to know later, or what was corrected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.catalogue import EventCode
from referrals.models import DelayFlag, Referral, WaitEvent
from referrals.pages.timeline import title_of
from referrals.thresholds import all_thresholds


@dataclass(frozen=True, slots=True)
class Retracted:
    """`recorded_late`: what it waited for had happened in time, and was recorded afterwards."""

    title: str
    severity: str
    breached_at: datetime
    retracted_at: datetime
    why: str
    recorded_late: bool


def retracted_of(
    referral: Referral, events: Iterable[WaitEvent], *, membership: Membership
) -> list[Retracted]:
    """Of one referral, the latest first; `events` are all that were ever recorded of it."""
    flags = list(
        DelayFlag.objects.visible_to(membership)
        .filter(referral=referral, retracted_at__isnull=False)
        .order_by("-retracted_at", "-id")
    )
    if not flags:
        return []
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    recorded = list(events)
    return [_retracted(flag, titles.get(flag.rule, flag.rule), recorded) for flag in flags]


def _retracted(flag: DelayFlag, title: str, events: list[WaitEvent]) -> Retracted:
    at = flag.retracted_at or flag.raised_at
    then = [event for event in events if event.recorded_at == at]
    late = [e for e in then if e.supersedes_id is None and e.happened_at <= flag.breached_at]
    return Retracted(
        title=title,
        severity=flag.severity,
        breached_at=flag.breached_at,
        retracted_at=at,
        why=_why(then, late),
        recorded_late=bool(late),
    )


def _why(then: list[WaitEvent], late: list[WaitEvent]) -> str:
    if late:
        said = "; ".join(f"{title_of(e)}, on {exact(e.happened_at)}" for e in late)
        return f"{said}, recorded late"
    corrected = [event for event in then if event.supersedes_id]
    if corrected:
        return "; ".join(f"{_corrected(event)}: {event.correction_reason}" for event in corrected)
    if then:
        return "; ".join(title_of(event) for event in then)
    return "A limit, the calendar or who is responsible changed"


def _corrected(event: WaitEvent) -> str:
    if event.code == EventCode.RECORDED_IN_ERROR:
        return "An entry was recorded in error"
    return f"{title_of(event)}, corrected to {exact(event.happened_at)}"
