"""Somebody answers for a delay."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.actions.escalating import look_again_at
from referrals.actions.locking import check_version, lock
from referrals.actions.submitting import sent_before
from referrals.errors import ReviewDateNotAhead
from referrals.models import Delay, ImportRun, Referral, TakenUp


@transaction.atomic
def take_up_delay(
    *,
    delay: Delay,
    reason: TakenUp.Reason,
    action: str,
    review_on: date,
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> TakenUp | None:
    """Say why it is delayed, what is being done and when to look again (a London date ahead)."""
    referral = lock(delay.referral)
    if sent_before(key=key, by=by, now=now, referral=referral):
        return None
    check_version(referral, version)
    if review_on <= london_date(now):
        raise ReviewDateNotAhead("Enter a date after today on which to look at this again.")
    referral.version += 1
    referral.save(update_fields=["version"])
    taken_up = TakenUp.objects.create(
        referral=referral,
        rule=delay.rule,
        started_by_id=delay.started_by_id,
        severity=delay.severity,
        reason=reason,
        action=action,
        review_on=review_on,
        by_id=by.user_id,
        at=now,
        version=referral.version,
    )
    look_again_at([delay], now=now)
    log.record(
        Action.DELAY_TAKEN_UP, by=by, now=now, referral=referral.pk, subject=f"delay {delay.pk}"
    )
    return taken_up


@transaction.atomic
def take_up_imported(
    *,
    run: ImportRun,
    reason: TakenUp.Reason,
    action: str,
    review_on: date,
    by: Membership,
    now: datetime,
) -> int:
    """Take up, in one go, all that a list brought late and nobody answers for; how many delays.

    Raises ReviewDateNotAhead.
    """
    if review_on <= london_date(now):
        raise ReviewDateNotAhead("Enter a date after today on which to look at these again.")
    ids = Referral.objects.visible_to(by).filter(imported_by=run).values_list("pk", flat=True)
    locked = Referral.objects.select_for_update(of=("self",)).filter(pk__in=list(ids))
    referrals = {referral.pk: referral for referral in locked.order_by("pk")}
    needing = Delay.objects.visible_to(by).needing_attention(london_date(now))
    delays = list(needing.filter(referral__in=referrals))
    for pk in {delay.referral_id for delay in delays}:
        referrals[pk].version += 1
    Referral.objects.bulk_update(
        [referrals[pk] for pk in {delay.referral_id for delay in delays}], ["version"], 500
    )
    TakenUp.objects.bulk_create(
        TakenUp(
            referral_id=delay.referral_id,
            rule=delay.rule,
            started_by_id=delay.started_by_id,
            severity=delay.severity,
            reason=reason,
            action=action,
            review_on=review_on,
            by_id=by.user_id,
            at=now,
            version=referrals[delay.referral_id].version,
        )
        for delay in delays
    )
    look_again_at(delays, now=now)
    log.record(Action.DELAY_TAKEN_UP, by=by, now=now, subject=f"{len(delays)} of import {run.pk}")
    return len(delays)
