"""Whom an organisation is responsible for though it is designated no more: they must be handed
over to one that is."""

from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from organisations.designations import ended_on
from organisations.models import Membership
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class MustHandOver:
    """Since which London date; those who have not entered yet first, those at risk first of
    these."""

    since: date
    before: tuple[Referral, ...]
    after: tuple[Referral, ...]

    @property
    def number(self) -> int:
        return len(self.before) + len(self.after)


def designation_ended(membership: Membership, *, now: datetime) -> date | None:
    """Since when one's own organisation is designated no more."""
    return ended_on(membership.organisation_id, today=london_date(now))


def must_hand_over(membership: Membership, *, now: datetime) -> MustHandOver | None:
    since = designation_ended(membership, now=now)
    if since is None:
        return None
    rows = Referral.objects.visible_to(membership).open().select_related("assigned_to")
    at_risk = set(rows.at_risk().values_list("pk", flat=True))
    ordered = sorted(rows, key=lambda row: (row.pk not in at_risk, row.pk))
    return MustHandOver(
        since=since,
        before=tuple(row for row in ordered if row.submitted_at is None),
        after=tuple(row for row in ordered if row.submitted_at is not None),
    )
