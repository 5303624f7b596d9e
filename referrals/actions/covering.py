"""Cover for somebody who is away."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions.submitting import sent_before
from referrals.colleagues import check_caseworker
from referrals.errors import CoverEndsFirst, CoverForOneself, CoverIsOthers
from referrals.models import Cover


@transaction.atomic
def arrange_cover(
    *,
    away: int,
    covered_by: int,
    first_on: date,
    last_on: date,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
) -> Cover | None:
    """Let a colleague (id) do somebody's work from the first London day to the last; None when
    the form was sent before. Raises an ActionRefused."""
    if sent_before(key=key, by=by, now=now, referral=None):
        return None
    if away == covered_by:
        raise CoverForOneself("Choose somebody else to cover.")
    if last_on < first_on:
        raise CoverEndsFirst("Enter a last day that is not before the first.")
    if last_on < london_date(now):
        raise CoverEndsFirst("Enter a last day that has not passed.")
    _check_mine({away, covered_by}, by)
    for user in (away, covered_by):
        check_caseworker(user, organisation=by.organisation_id)
    cover = Cover.objects.create(
        organisation_id=by.organisation_id,
        away_id=away,
        covered_by_id=covered_by,
        first_on=first_on,
        last_on=last_on,
        made_by_id=by.user_id,
        made_at=now,
    )
    log.record(Action.COVER_CHANGED, by=by, now=now, subject=f"cover {cover.pk}")
    return cover


@transaction.atomic
def end_cover(*, cover: Cover, by: Membership, now: datetime) -> None:
    """It ends now, or does not begin. Raises CoverIsOthers."""
    _check_mine({cover.away_id, cover.covered_by_id}, by)
    if Cover.objects.filter(pk=cover.pk, ended_at__isnull=True).update(ended_at=now):
        log.record(
            Action.COVER_CHANGED, by=by, now=now, subject=f"cover {cover.pk}", reason="ended"
        )


def _check_mine(people: set[int], by: Membership) -> None:
    if by.user_id not in people and not by.can(Permission.ARRANGE_COVER):
        raise CoverIsOthers("Choose yourself as one of the two, or ask your manager to do this.")
