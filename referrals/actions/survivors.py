"""The sealed record of who is behind a referral, and the key that opens it."""

from datetime import datetime

from referrals import identity as sealed
from referrals.errors import ErasedAlready
from referrals.models import Referral, Survivor, SurvivorKey


def survivor_of(referral: Referral, *, now: datetime) -> tuple[Survivor, bytes]:
    """The record of who is behind a locked referral, made where there is none, and its key."""
    survivor = Survivor.objects.filter(referral=referral).first()
    if survivor:
        return survivor, key_of(survivor)
    survivor = Survivor.objects.create(referral=referral, recorded_at=now)
    row, key = sealed.key_for(survivor)
    row.save(force_insert=True)
    return survivor, key


def key_of(survivor: Survivor) -> bytes:
    """Raises ErasedAlready."""
    key = sealed.opened(SurvivorKey.objects.select_related("survivor").get(survivor=survivor))
    if key is None:
        raise ErasedAlready("Who this person is was erased, and cannot be read or recorded again.")
    return key
