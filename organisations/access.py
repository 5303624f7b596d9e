"""`requires(permission)`: the third way in which a view declares who uses it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from audit import log
from audit.models import Action
from nrm_tracker.database import context
from organisations.models import Membership
from organisations.roles import Permission

P = ParamSpec("P")
SESSION_KEY = "organisation"


class ActingRequest(HttpRequest):
    """A request inside `requires`: who acts, for which organisation."""

    now: datetime
    membership: Membership
    memberships: tuple[Membership, ...]
    looked_at: int | None  # the referral (id) that the page is about


View = Callable[Concatenate[ActingRequest, P], HttpResponse]


def requires(permission: Permission) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let in members whose role has the permission.

    Opens the transaction and the context of row-level security, and renders inside them: a view
    that raises leaves nothing behind. That a page about a referral was shown is noted there too.
    Another organisation's row is then simply not there (404); one's own without the right is
    refused (403).
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inside(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return _answered(request, permission, lambda: view(request, *args, **kwargs))
            except (PermissionDenied, Http404):
                note_refusal(request)
                raise

        inside.access = permission  # type: ignore[attr-defined]
        return inside

    return decorate


def _answered(
    request: Any, permission: Permission, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """The view's answer, for the organisation of the session, else for the person's first."""
    user, organisation = request.user.pk, request.session.get(SESSION_KEY)
    request.looked_at = None
    with context(user=user, organisation=organisation):
        request.memberships = memberships_of(request)
        _check_still_acts(request, organisation)
        request.membership = chosen(request.memberships, organisation)
        if not request.membership.can(permission):
            raise PermissionDenied
        acting_for = request.membership.organisation_id
        if acting_for == organisation:
            return _noted(request, rendered(answer()))
        request.session[SESSION_KEY] = acting_for
        with context(user=user, organisation=acting_for):
            return _noted(request, rendered(answer()))


def _noted(request: Any, response: HttpResponse) -> HttpResponse:
    """The page, once it stands in the audit trail that it was shown."""
    if request.looked_at and request.method == "GET" and response.status_code == HTTPStatus.OK:
        log.record(
            Action.REFERRAL_VIEWED,
            by=request.membership,
            now=request.now,
            referral=request.looked_at,
            subject=request.resolver_match.view_name,
        )
    return response


def note_refusal(request: Any) -> None:
    """Who asked in vain for which page stands in the audit trail, though the rest is undone."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return
    route = request.resolver_match
    with context(user=membership.user_id, organisation=membership.organisation_id):
        log.record(
            Action.PAGE_REFUSED,
            by=membership,
            now=request.now,
            subject=route.kwargs.get("reference", ""),
            fields=[route.view_name],
            refused=True,
        )


def memberships_of(request: HttpRequest) -> tuple[Membership, ...]:
    """The organisations that the person may act for, by name; inside a context of the user."""
    return tuple(
        Membership.objects.active()
        .filter(user=request.user.pk)
        .select_related("organisation")
        .order_by("organisation__name")
    )


def _check_still_acts(request: Any, organisation: int | None) -> None:
    """What was opened for an organisation that one has left is not done for another one instead."""
    if organisation is None or any(
        each.organisation_id == organisation for each in request.memberships
    ):
        return
    del request.session[SESSION_KEY]
    raise PermissionDenied(
        "You do not act any more for the organisation that this page was opened for."
    )


def chosen(memberships: tuple[Membership, ...], organisation: int | None) -> Membership:
    """The membership of the session's organisation, else the first."""
    if not memberships:
        raise PermissionDenied("You do not act for any organisation. Ask your manager to add you.")
    return next((m for m in memberships if m.organisation_id == organisation), memberships[0])


def rendered(response: HttpResponse) -> HttpResponse:
    if response.streaming:
        raise TypeError("A streaming response would be read outside its transaction.")
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return response
