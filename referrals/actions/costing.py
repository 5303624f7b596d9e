"""What was spent on a referral, and what an hour costs: appended, and never about anybody."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.models import Membership
from referrals.actions.submitting import sent_before
from referrals.errors import TakenBackAlready
from referrals.models import Effort, Rate, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Minutes, and expenses in pence, of a kind on a London date."""

    kind: str
    day: date
    minutes: int = 0
    pence: int = 0


@transaction.atomic
def log_effort(
    *, referral: Referral, spent: Spent, by: Membership, now: datetime, key: UUID | None = None
) -> Effort | None:
    """Note it, of a closed referral too; None when the form was sent before. It changes nothing
    of the referral, so no version is asked."""
    if sent_before(key=key, by=by, now=now, referral=referral):
        return None
    made = Effort.objects.create(
        referral=referral,
        organisation_id=by.organisation_id,
        kind=spent.kind,
        minutes=spent.minutes,
        pence=spent.pence,
        day=spent.day,
        by_id=by.user_id,
        at=now,
    )
    subject = f"effort {made.pk}"
    log.record(Action.EFFORT_LOGGED, by=by, now=now, referral=referral.pk, subject=subject)
    return made


@transaction.atomic
def withdraw_effort(*, effort: Effort, why: Effort.Why, by: Membership, now: datetime) -> None:
    """It counts no more, and stays to be seen. Raises TakenBackAlready."""
    changed = (
        Effort.objects.filter(pk=effort.pk)
        .standing()
        .update(withdrawn_at=now, withdrawn_by=by.user_id, withdrawn_why=why)
    )
    if not changed:
        raise TakenBackAlready("This entry is taken back already.")
    log.record(
        Action.EFFORT_WITHDRAWN,
        by=by,
        now=now,
        referral=effort.referral_id,
        subject=f"effort {effort.pk}",
        reason=why,
    )


@transaction.atomic
def set_rate(
    *, kind: str, pence_an_hour: int, valid_from: date, by: Membership, now: datetime
) -> Rate:
    """What an hour of a kind ("": of every other) costs one's organisation from a day on."""
    made = Rate.objects.create(
        organisation_id=by.organisation_id,
        kind=kind,
        pence_an_hour=pence_an_hour,
        valid_from=valid_from,
        by_id=by.user_id,
        at=now,
    )
    log.record(Action.RATE_CHANGED, by=by, now=now, subject=f"rate {made.pk}", fields=["rate"])
    return made
