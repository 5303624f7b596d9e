"""What only a First Responder does: recorded by one who may act, where the organisation says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nrm_tracker.calendars import london_date
from organisations.actor import Actor
from organisations.trained import Untrained, untrained
from referrals.catalogue import EventCode
from referrals.errors import MayNotAct

if TYPE_CHECKING:
    from referrals.actions.recording import Happening

INTERVIEW = (EventCode.INTERVIEW_STARTED, EventCode.INTERVIEW_COMPLETED)


def is_responders_work(happening: "Happening", *, by: Actor) -> bool:
    """An interview, or an NRM referral that one's own organisation submitted."""
    if happening.code == EventCode.REFERRAL_SUBMITTED:
        submitter = happening.submitted_by
        return submitter is not None and submitter.pk == by.organisation_id
    return happening.code in INTERVIEW


def untrained_for(
    happenings: Sequence["Happening"], *, by: Actor, now: datetime
) -> Untrained | None:
    """Whether somebody records First Responders' work who may neither act today nor could on the
    days of it. A command at the shell is nobody, and tells of the past."""
    days = {london_date(h.happened_at) for h in happenings if is_responders_work(h, by=by)}
    if by.user_id is None or not days:
        return None
    return untrained(
        user=by.user_id, organisation=by.organisation_id, on=london_date(now), days=sorted(days)
    )


def check_may_act(happenings: Sequence["Happening"], *, by: Actor, now: datetime) -> None:
    """Raises MayNotAct where the organisation refuses it. The default is a warning on the page."""
    found = untrained_for(happenings, by=by, now=now)
    if found and found.refused:
        raise MayNotAct(
            f"{found.in_words} In your organisation this is recorded by somebody who may act. "
            "Nothing is recorded yet, and what you typed stands here."
        )
