"""What the frame of every page says of delays: unread notices, and whether they are checked."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisations.models import Membership
from organisations.roles import Permission
from referrals.heartbeat import sweep_status
from referrals.models import Notice, ThresholdDraft


def frame(request: HttpRequest) -> dict[str, Any]:
    """Puts both on the request, where `nrm_tracker.ui.context` reads them.

    Lazy: an error page must not ask the database, and a page without a frame need not.
    """
    membership = getattr(request, "membership", None)
    if isinstance(membership, Membership):
        now = request.now  # type: ignore[attr-defined]  # set by the middleware
        request.unread_notices = SimpleLazyObject(  # type: ignore[attr-defined]
            Notice.objects.visible_to(membership).unread().count
        )
        request.sweep_status = SimpleLazyObject(  # type: ignore[attr-defined]
            partial(sweep_status, now=now)
        )
        if membership.can(Permission.CHANGE_THRESHOLDS):
            drafts = ThresholdDraft.objects.visible_to(membership).undecided()
            request.changes_waiting = SimpleLazyObject(drafts.count)  # type: ignore[attr-defined]
    return {}
