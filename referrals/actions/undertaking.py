"""Who acts on a limit in hours that is passed while the office is closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.models import Membership
from referrals.actions.locking import check_version, lock
from referrals.actions.submitting import sent_before
from referrals.colleagues import check_caseworker
from referrals.delays import Wait
from referrals.models import Referral, Undertaking


@transaction.atomic
def say_who_acts(
    *,
    referral: Referral,
    waits: Sequence[Wait],
    person: int | None,
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> bool:
    """A colleague (id) acts on these limits, or, where none is named, whoever is on call. False
    when the form was sent before. Raises NotACaseworker."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    check_version(locked, version)
    if person is not None:
        check_caseworker(person, organisation=by.organisation_id)
    locked.version += 1
    locked.save(update_fields=["version"])
    Undertaking.objects.bulk_create(
        Undertaking(
            referral=locked,
            rule=wait.rule,
            started_by_id=wait.started_by,
            due_at=wait.due_at,
            who=Undertaking.Who.PERSON if person else Undertaking.Who.ON_CALL,
            person_id=person,
            by_id=by.user_id,
            at=now,
            version=locked.version,
        )
        for wait in waits
        if wait.due_at
    )
    log.record(Action.WHO_ACTS_SAID, by=by, now=now, referral=locked.pk, fields=["who", "person"])
    return True
