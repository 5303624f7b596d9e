"""Restrict a referral to named staff, change who they are, open one in an emergency."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.models import Membership
from referrals.actions.locking import check_version, lock
from referrals.actions.reading_on import end_with_restriction
from referrals.actions.submitting import sent_before
from referrals.actions.telling import write_emergency_message
from referrals.colleagues import caseworkers_of
from referrals.errors import NobodyLeft, NotOfThisOrganisation
from referrals.models import NamedStaff, Referral, Restriction


@transaction.atomic
def restrict_referral(
    *,
    referral: Referral,
    why: str,
    named: Collection[int],
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> bool:
    """Only `named` (users) see it from now on; again, where it is restricted already, with others
    named. False when the form was sent before.

    Whoever is responsible and not named hands it to whoever restricts it. Raises NobodyLeft,
    NotOfThisOrganisation, ChangedMeanwhile.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    check_version(locked, version)
    _check(named, by=by)
    if not locked.restricted:
        Restriction.objects.create(
            referral=locked,
            reference=locked.reference,
            organisation=by.organisation,
            why=why,
            since=now,
            by_id=by.user_id,
        )
        end_with_restriction(locked, now=now)
    if locked.assigned_to_id not in named:
        locked.assigned_to_id = by.user_id if by.user_id in named else next(iter(named))
    locked.restricted, locked.version = True, locked.version + 1
    _name(locked, named, by=by, now=now)
    log.record(Action.REFERRAL_RESTRICTED, by=by, now=now, referral=locked.pk, reason=why)
    return True


@transaction.atomic
def lift_restriction(
    *,
    referral: Referral,
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> bool:
    """Everybody of the organisation whose role allows it sees it again. Raises ChangedMeanwhile."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    check_version(locked, version)
    locked.restricted, locked.version = False, locked.version + 1
    locked.save(update_fields=["restricted", "version"])
    of_it = {"referral": locked, "organisation": by.organisation_id}
    Restriction.objects.filter(**of_it).standing().update(lifted_at=now, lifted_by=by.user_id)
    NamedStaff.objects.filter(**of_it).standing().update(ended_at=now, ended_by=by.user_id)
    log.record(Action.RESTRICTION_LIFTED, by=by, now=now, referral=locked.pk)
    return True


@transaction.atomic
def open_in_emergency(
    *, restriction: Restriction, reason: str, by: Membership, now: datetime
) -> None:
    """See a restricted referral without having been named; the safeguarding lead is told."""
    named, opened = NamedStaff.objects.get_or_create(
        referral_id=restriction.referral_id,
        user_id=by.user_id,
        ended_at=None,
        defaults={
            "organisation": by.organisation,
            "since": now,
            "by_id": by.user_id,
            "reason": reason,
        },
    )
    if opened:
        write_emergency_message(named, now=now)
        log.record(Action.OPENED_IN_EMERGENCY, by=by, now=now, referral=restriction.referral_id)


@transaction.atomic
def end_emergency(*, named: NamedStaff, by: Membership, now: datetime) -> None:
    """Whoever opened it in an emergency sees it no longer."""
    NamedStaff.objects.filter(pk=named.pk).standing().update(ended_at=now, ended_by=by.user_id)
    log.record(Action.EMERGENCY_ENDED, by=by, now=now, referral=named.referral_id)


def _name(referral: Referral, named: Collection[int], *, by: Membership, now: datetime) -> None:
    """Those not named before are added first: else who restricts it could not save it. One who
    takes oneself off sees it no longer when this ends."""
    standing = NamedStaff.objects.filter(referral=referral).standing()
    before = set(standing.values_list("user_id", flat=True))
    NamedStaff.objects.bulk_create(
        NamedStaff(
            referral=referral,
            organisation=by.organisation,
            user_id=user,
            since=now,
            by_id=by.user_id,
        )
        for user in sorted({*named, by.user_id} - before)
    )
    referral.save(update_fields=["restricted", "assigned_to", "version"])
    standing.exclude(user__in=named).update(ended_at=now, ended_by=by.user_id)


def _check(named: Collection[int], *, by: Membership) -> None:
    if not named:
        raise NobodyLeft("Choose at least one person who may see it.")
    if not set(named) <= caseworkers_of(by.organisation_id).keys():
        raise NotOfThisOrganisation("Somebody you chose does no casework here. Choose again.")
