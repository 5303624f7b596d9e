"""Whose work stands on somebody's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import near_day
from organisations.models import Membership
from referrals.colleagues import caseworkers_of
from referrals.models import Cover


@dataclass(frozen=True, slots=True)
class Desk:
    """One's own work, nobody's (of those who have left, too), and that of those one covers for.

    `covered`: in words, by who is away. `others`: who looks after their own work today.
    """

    covered: Mapping[int, str]
    others: frozenset[int]

    def has(self, responsible: int | None) -> bool:
        return responsible not in self.others

    def covers(self, responsible: int | None) -> bool:
        return responsible in self.covered

    def remark(self, responsible: int | None) -> str:
        """ "for Ash (away until Friday)"; "" where it is not somebody else's work."""
        return self.covered.get(responsible or 0, "")


def desk_of(membership: Membership, *, now: datetime) -> Desk:
    today = london_date(now)
    covers = (
        Cover.objects.visible_to(membership)
        .standing_on(today)
        .filter(covered_by=membership.user_id)
        .select_related("away")
    )
    covered = {
        cover.away_id: f"for {cover.away.name} (away until {_until(cover, now=now)})"
        for cover in covers
    }
    colleagues = caseworkers_of(membership.organisation_id)
    return Desk(covered, frozenset(colleagues.keys() - covered.keys() - {membership.user_id}))


def _until(cover: Cover, *, now: datetime) -> str:
    today = london_date(now)
    return "tonight" if cover.last_on == today else near_day(cover.last_on, today=today)
