"""The wait until the NRM referral, or until now, by who was responsible."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.words import count
from referrals.models import Custody, Referral
from referrals.shares import Held, shares


@dataclass(frozen=True, slots=True)
class Share:
    organisation: str
    words: str


def shares_of(referral: Referral, *, now: datetime) -> list[Share]:
    """In the order in which they were responsible; none while it was one alone."""
    rows = list(
        Custody.objects.filter(referral=referral).select_related("organisation").order_by("since")
    )
    names = {row.organisation_id: str(row.organisation) for row in rows}
    if len(names) < 2:
        return []
    end = referral.submitted_at or referral.closed_at or now
    held = [Held(row.organisation_id, row.since, row.until) for row in rows]
    found = shares(held, start=referral.first_contact_at, end=end)
    return [Share(names[pk], _words(days)) for pk, days in found.items()]


def _words(days: int) -> str:
    return count(days, "day") if days else "part of a day"
