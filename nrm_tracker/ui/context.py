"""The context processor of `base.html`: the frame around a page."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from nrm_tracker.ui.navigation import Item, navigation


@dataclass(frozen=True)
class Other:
    """Another organisation that this person may act for."""

    id: int
    name: str


@dataclass(frozen=True)
class Draft:
    """What this person had typed into the form of this page. `shown`: it stands in the form again;
    else where to ask for it. `throw`: where to throw it away."""

    at: datetime
    shown: bool
    show: str
    throw: str


@dataclass(frozen=True)
class Frame:
    person: str = ""  # empty: nobody is signed in
    organisation: str = ""
    role: str = ""
    others: tuple[Other, ...] = ()
    navigation: tuple[Item, ...] = ()
    shows_notices: bool = False
    operates: bool = False
    notices: int = 0
    changes_waiting: int = 0  # of thresholds, to be decided by somebody like this person
    sweep_late: bool = False
    last_checked: datetime | None = None
    oldest_unchecked: datetime | None = None
    session_ends_at: datetime | None = None  # unless something is done
    draft: Draft | None = None


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame` for every template. Lazy: error pages do not use it and must not need a session."""
    return {"frame": SimpleLazyObject(partial(build, request))}


def build(request: HttpRequest) -> Frame:
    """The frame from what earlier steps put on the request; it asks the database nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Frame()
    membership = getattr(request, "membership", None)
    sweep = getattr(request, "sweep_status", None)
    return Frame(
        person=getattr(user, "name", "") or str(user),
        organisation=membership.organisation.name if membership else "",
        role=membership.get_role_display() if membership else "",
        others=_others(membership, getattr(request, "memberships", ())),
        navigation=navigation(membership, path=request.path),
        shows_notices=membership is not None and membership.can("view_notices"),
        operates=membership is not None and membership.can("view_operation"),
        notices=getattr(request, "unread_notices", 0),
        changes_waiting=getattr(request, "changes_waiting", 0),
        sweep_late=bool(sweep and sweep.late),
        last_checked=sweep.last_checked if sweep else None,
        oldest_unchecked=sweep.oldest_unchecked if sweep else None,
        session_ends_at=getattr(request, "session_ends_at", None),
        draft=_draft(request),
    )


def _draft(request: HttpRequest) -> Draft | None:
    kept = getattr(request, "draft", None)
    if kept is None or request.method != "GET":
        return None
    return Draft(
        at=kept.at,
        shown=kept.shown,
        show=f"?{urlencode(request.GET.dict() | {'draft': 'show'})}",
        throw=f"{reverse('throw_draft_away')}?{urlencode({'path': request.path})}",
    )


def _others(membership: Any, memberships: tuple[Any, ...]) -> tuple[Other, ...]:
    present = membership.organisation_id if membership else None
    return tuple(
        Other(id=each.organisation_id, name=each.organisation.name)
        for each in memberships
        if each.organisation_id != present
    )
