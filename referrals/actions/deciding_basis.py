"""On what the record of one person is kept, where that is not the organisation's usual basis."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals.actions.locking import check_version, lock
from referrals.actions.submitting import sent_before
from referrals.models import Referral


@transaction.atomic
def decide_basis(
    *,
    referral: Referral,
    lawful_basis: str,
    special_condition: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> bool:
    """Empty means as usual in the organisation. False when the form was sent before.

    Raises ChangedMeanwhile.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    check_version(locked, version)
    locked.lawful_basis, locked.special_condition = lawful_basis, special_condition
    locked.version += 1
    locked.save(update_fields=["lawful_basis", "special_condition", "version"])
    log.record(Action.BASIS_DECIDED, by=by, now=now, referral=locked.pk)
    return True
