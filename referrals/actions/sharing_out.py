"""Who is responsible for a referral here, and what is done with many at once: all or nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from organisations.models import Membership
from referrals.actions.locking import Chosen, lock_chosen
from referrals.actions.reassessing import reassess
from referrals.actions.recording import DERIVED, Happening, append, check, derive
from referrals.actions.submitting import sent_before
from referrals.catalogue import EventCode, Precision
from referrals.colleagues import check_caseworker
from referrals.errors import (
    ActionRefused,
    ChangedMeanwhile,
    NotACaseworker,
    SomeChanged,
)
from referrals.models import NamedStaff, Referral, Task, WaitEvent


@transaction.atomic
def change_caseworker(
    *,
    referral: Referral,
    caseworker: int,
    by: Actor,
    now: datetime,
    version: int,
    key: UUID | None = None,
) -> bool:
    """Make somebody (id) responsible for one referral; False when the form was sent before.
    Raises NotACaseworker, ChangedMeanwhile."""
    try:
        return share_out(
            chosen={referral.pk: version}, caseworker=caseworker, by=by, now=now, key=key
        )
    except SomeChanged as changed:
        raise ChangedMeanwhile(version) from changed


@transaction.atomic
def share_out(
    *, chosen: Chosen, caseworker: int | None, by: Actor, now: datetime, key: UUID | None = None
) -> bool:
    """Make somebody (id) responsible for all of these, or nobody. The open tasks of the former one
    go along to who is. Raises NotACaseworker, NotAllThere, SomeChanged."""
    if sent_before(key=key, by=by, now=now, referral=None):
        return False
    if caseworker is not None:
        check_caseworker(caseworker, organisation=by.organisation_id)
    for referral in lock_chosen(chosen):
        if referral.assigned_to_id == caseworker:
            continue
        if caseworker is not None:
            _check_is_named(caseworker, referral)
            tasks = Task.objects.open().filter(referral=referral)
            tasks.filter(assigned_to=referral.assigned_to_id).update(assigned_to=caseworker)
        referral.assigned_to_id = caseworker
        referral.is_new_to_caseworker = caseworker not in {None, by.user_id}
        referral.version += 1
        referral.save(update_fields=["assigned_to", "is_new_to_caseworker", "version"])
        log.record(
            Action.CASEWORKER_CHANGED,
            by=by,
            now=now,
            referral=referral.pk,
            subject=f"user {caseworker}" if caseworker else "nobody",
        )
    return True


def _check_is_named(caseworker: int, referral: Referral) -> None:
    """Nobody answers for what they may not see."""
    named = NamedStaff.objects.standing().filter(referral=referral, user=caseworker)
    if referral.restricted and not named.exists():
        raise NotACaseworker(
            f"Nothing is done yet. {referral.reference} is restricted to named staff: choose one "
            "of them, or name this person first.",
            of_many="Restricted to named staff, of whom this caseworker is not one.",
        )


def welcome_referral(*, referral: Referral, by: Membership) -> None:
    """Its new caseworker looks at it: from now on it is not new to them."""
    if referral.is_new_to_caseworker and referral.assigned_to_id == by.user_id:
        Referral.objects.filter(pk=referral.pk).update(is_new_to_caseworker=False)


@transaction.atomic
def record_contacts(
    *,
    chosen: Chosen,
    happened_at: datetime,
    precision: str = Precision.EXACT,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> bool:
    """Somebody spoke with each of these people; False when the form was sent before. Raises
    SomeChanged, and what recording an event raises."""
    if sent_before(key=key, by=by, now=now, referral=None):
        return False
    spoke = Happening(code=EventCode.CONTACT_MADE, happened_at=happened_at, precision=precision)
    referrals = lock_chosen(chosen)
    for referral in referrals:
        _check(spoke, referral, by=by, now=now)
        append(referral, [spoke], by=by, now=now)
        derive(referral, WaitEvent.objects.filter(referral=referral).standing())
        referral.save(update_fields=["version", *DERIVED])
    reassess([referral.pk for referral in referrals], now=now)
    for referral in referrals:
        log.record(
            Action.EVENTS_RECORDED, by=by, now=now, referral=referral.pk, fields=[spoke.code]
        )
    return True


def _check(happening: Happening, referral: Referral, *, by: Actor, now: datetime) -> None:
    try:
        check(happening, referral=referral, by=by, now=now)
    except ActionRefused as refused:
        refused.of_many = str(refused)
        refused.args = (f"Nothing is done yet. {referral.reference}: {refused}",)
        raise
