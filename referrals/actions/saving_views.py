"""Filters of the worklist under a name: one's own, or for everybody here."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions.submitting import sent_before
from referrals.errors import TooManyViews, ViewIsOthers, ViewNamedAlready
from referrals.models import SavedView

MOST_VIEWS = 20


@transaction.atomic
def save_view(
    *,
    name: str,
    filters: str,
    shared: bool,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
) -> SavedView | None:
    """Keep filters, as the address has them; None when the form was sent before. Raises
    TooManyViews, ViewNamedAlready."""
    if sent_before(key=key, by=by, now=now, referral=None):
        return None
    own = SavedView.objects.visible_to(by).filter(user=by.user_id)
    if own.count() >= MOST_VIEWS:
        raise TooManyViews(f"You have {MOST_VIEWS} saved views. Delete one of them first.")
    view = SavedView(organisation_id=by.organisation_id, user_id=by.user_id, filters=filters)
    _keep(view, name=name, shared=shared, now=now)
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, shared: bool, by: Membership, now: datetime) -> None:
    """Raises ViewIsOthers, ViewNamedAlready."""
    if view.user_id != by.user_id:
        raise ViewIsOthers("Only who saved this view can change it.")
    _keep(view, name=name, shared=shared, now=now)


@transaction.atomic
def end_view(*, view: SavedView, by: Membership) -> None:
    """Raises ViewIsOthers."""
    if not may_end(view=view, by=by):
        raise ViewIsOthers("Only who saved this view, or a manager, can delete it.")
    view.delete()


def may_end(*, view: SavedView, by: Membership) -> bool:
    """A manager may take away what somebody shared who has left."""
    return view.user_id == by.user_id or by.can(Permission.MANAGE_ORGANISATION)


def _keep(view: SavedView, *, name: str, shared: bool, now: datetime) -> None:
    view.name, view.shared, view.saved_at = name, shared, now
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared", "saved_at"] if view.pk else None)
    except IntegrityError as taken:
        raise ViewNamedAlready("You have a view of this name. Choose another name.") from taken
