"""An organisation says for itself who is told of a delay."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.models import Membership, Reassessment
from referrals.delays import Threshold
from referrals.errors import TooQuiet
from referrals.models import ToldChoice
from referrals.told import chosen_levels, levels_to_choose, usual_levels


@transaction.atomic
def choose_told(
    *, threshold: Threshold, levels: Mapping[str, str], by: Membership, now: datetime
) -> bool:
    """Tell of a rule's delays at these levels, by severity; "" is what the threshold says. False
    where nothing changes. Raises TooQuiet."""
    usual = usual_levels(threshold)
    for severity, told in levels.items():
        allowed = ("", *levels_to_choose(severity=severity, usual=usual[severity]))
        if told not in allowed:
            raise TooQuiet("This one stands on the Today list at least.")
    before = chosen_levels([by.organisation_id])
    changed = {
        severity: told
        for severity, told in levels.items()
        if before.get((by.organisation_id, threshold.code, severity), "") != told
    }
    if not changed:
        return False
    ToldChoice.objects.bulk_create(
        ToldChoice(
            organisation_id=by.organisation_id,
            rule=threshold.code,
            severity=severity,
            told=told,
            by_id=by.user_id,
            at=now,
        )
        for severity, told in changed.items()
    )
    with purpose("nrm_register"):
        Reassessment.objects.create(
            organisation_id=by.organisation_id,
            rule=threshold.code,
            reason=f"Who is told of {threshold.code} changed",
            created_at=now,
        )
    log.record(
        Action.TOLD_CHANGED, by=by, now=now, subject=f"threshold {threshold.code}", fields=changed
    )
    return True
