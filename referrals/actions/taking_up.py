"""Somebody answers for a delay."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.actions.escalating import look_again_at
from referrals.actions.locking import Chosen, check_version, lock, lock_chosen
from referrals.actions.submitting import sent_before
from referrals.errors import NothingToTakeUp, ReviewDateNotAhead
from referrals.models import Attention, Delay, ImportRun, Referral, TakenUp, Told
from referrals.models.delay import DelayQuerySet


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


def to_take_up(*, by: Membership, today: date) -> DelayQuerySet:
    """The delays that somebody is to answer for: nobody has, or what was said is due for review."""
    delays = Delay.objects.visible_to(by).exclude(told=Told.MEASURED)
    return delays.with_attention_in((Attention.NEW, Attention.DUE), today)


@transaction.atomic
def take_up_delays(
    *,
    chosen: Chosen,
    rule: str,
    reason: TakenUp.Reason,
    action: str,
    review_on: date,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
) -> bool:
    """Say the same of one kind of delay of many people; False when the form was sent before.
    Raises NothingToTakeUp, ReviewDateNotAhead, NotAllThere, SomeChanged."""
    if sent_before(key=key, by=by, now=now, referral=None):
        return False
    waiting = to_take_up(by=by, today=london_date(now)).filter(rule=rule)
    for referral in lock_chosen(chosen):
        delays = list(waiting.filter(referral=referral).order_by("id"))
        if not delays:
            raise NothingToTakeUp(
                f"Nothing is done yet. {referral.reference} has no such delay to take up.",
                of_many="No such delay waits for somebody: it is taken up, over, or never was.",
            )
        for delay in delays:
            take_up_delay(
                delay=delay, reason=reason, action=action, review_on=review_on, by=by, now=now
            )
    return True


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
