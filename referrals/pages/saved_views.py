"""Saved views: filters of the worklist that somebody named."""

from dataclasses import dataclass

from django.db.models.functions import Upper

from organisations.models import Membership
from referrals.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewRow:
    id: int
    name: str
    address: str  # what follows /referrals/
    whose: str  # "" for one's own
    shared: bool
    chosen: bool  # the list that is shown is this one


def views_of(membership: Membership, *, filters: str = "") -> list[ViewRow]:
    """One's own first, then what colleagues share, by name."""
    rows = SavedView.objects.visible_to(membership).select_related("user").order_by(Upper("name"))
    shown = [
        ViewRow(
            id=row.pk,
            name=row.name,
            address=f"?{row.filters}",
            whose="" if row.user_id == membership.user_id else row.user.name,
            shared=row.shared,
            chosen=bool(filters) and row.filters == filters,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda row: bool(row.whose))
