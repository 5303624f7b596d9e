"""What other organisations were asked follows what is recorded of the person."""

from collections.abc import Sequence
from datetime import datetime

from nrm_tracker.calendars import london_date
from referrals.catalogue import TIGHTENING_RISKS
from referrals.consent import is_asked, may_share
from referrals.models import HandOver, Referral, WaitEvent

Reason = HandOver.Reason


def keep_hand_overs_true(
    referral: Referral, standing: Sequence[WaitEvent], *, now: datetime
) -> None:
    """Of a locked referral: those not yet answered are taken back when sharing is no longer agreed
    to or the referral is closed; else they say whether the person is at risk."""
    waiting = HandOver.objects.unanswered().filter(referral=referral, sender=referral.holder_id)
    if not (rows := list(waiting.select_for_update(of=("self",)))):
        return
    these = HandOver.objects.filter(pk__in=[row.pk for row in rows])
    if because := _over(referral, standing, now=now):
        these.update(state=HandOver.State.WITHDRAWN, reason=because, language="", ended_at=now)
    elif any(row.at_risk != is_at_risk(referral) for row in rows):
        these.update(at_risk=is_at_risk(referral))


def is_at_risk(referral: Referral) -> bool:
    """A risk stands that tightens the limits."""
    return not set(TIGHTENING_RISKS).isdisjoint(referral.risks)


def _over(referral: Referral, standing: Sequence[WaitEvent], *, now: datetime) -> str:
    if referral.closed_at:
        return Reason.CLOSED
    agreed = may_share(standing, asked=is_asked(referral, on=london_date(now)))
    return "" if agreed else Reason.CONSENT
