"""Close a referral with a reason; reopen it when the same request goes on."""

from datetime import datetime
from uuid import UUID

from organisations.actor import Actor
from referrals.actions.recording import Happening, record_wait_events
from referrals.actions.submitting import was_sent
from referrals.catalogue import EventCode, Outcome
from referrals.delays import waits
from referrals.errors import IsClosed, IsOpen, UnansweredDecision
from referrals.models import Referral, WaitEvent
from referrals.thresholds import rules
from referrals.timelines import case_of


def close_referral(
    *,
    referral: Referral,
    reason: Outcome,
    detail: str = "",
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[WaitEvent]:
    """Ends every wait but that for a reconsideration, which must have been answered.

    `reason` is one of CLOSE_REASONS. Raises IsClosed, UnansweredDecision, ChangedMeanwhile.
    """
    if was_sent(key):
        return []
    if referral.closed_at:
        raise IsClosed("This referral is closed already.")
    if _awaits_reconsideration(referral, now=now):
        raise UnansweredDecision(
            "There is a negative decision. Record whether reconsideration is requested before "
            "you close: the window is 30 days."
        )
    closed = Happening(code=EventCode.CLOSED, happened_at=now, outcome=reason, detail=detail)
    return record_wait_events(
        referral=referral, happenings=[closed], by=by, now=now, version=version, key=key
    )


def reopen_referral(
    *,
    referral: Referral,
    detail: str = "",
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[WaitEvent]:
    """The same request for help goes on: limits run anew from now, the closed time is shown apart.

    Another request is a new referral that follows this one (see `open_referral`).
    """
    if was_sent(key):
        return []
    if not referral.closed_at:
        raise IsOpen("This referral is open.")
    reopened = Happening(code=EventCode.REOPENED, happened_at=now, detail=detail)
    return record_wait_events(
        referral=referral, happenings=[reopened], by=by, now=now, version=version, key=key
    )


def _awaits_reconsideration(referral: Referral, *, now: datetime) -> bool:
    found = waits(case_of(referral).timeline, rules(), now=now)
    return any(w.rule == "reconsideration-window" and w.ended_at is None for w in found)
