"""Who covers for whom."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from organisations.roles import Permission
from referrals.models import Cover


@dataclass(frozen=True, slots=True)
class CoverRow:
    id: int
    away: str
    covered_by: str
    first: str
    last: str
    may_end: bool


def covers_of(membership: Membership, *, now: datetime) -> list[CoverRow]:
    """Those that stand or will, the next to begin on top."""
    today = london_date(now)
    rows = (
        Cover.objects.visible_to(membership)
        .filter(last_on__gte=today, ended_at__isnull=True)
        .select_related("away", "covered_by")
        .order_by("first_on", "id")
    )
    manages = membership.can(Permission.ARRANGE_COVER)
    return [
        CoverRow(
            id=row.pk,
            away=row.away.name,
            covered_by=row.covered_by.name,
            first=day_in_words(row.first_on, today=today),
            last=day_in_words(row.last_on, today=today),
            may_end=manages or membership.user_id in {row.away_id, row.covered_by_id},
        )
        for row in rows
    ]
