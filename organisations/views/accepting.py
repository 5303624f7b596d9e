"""Follow the link of an invitation. Whoever holds it has read the mail; nobody else learns anything
of it, nor whether an address has an account."""

from datetime import datetime
from http import HTTPStatus
from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from nrm_tracker.access import public, signed_in
from organisations import actions
from organisations.access import SESSION_KEY
from organisations.actions import Link
from organisations.errors import LinkRefused
from organisations.forms.members import AcceptForm
from organisations.invitations import hashed
from organisations.models import Invitation

KEPT = "invitation"  # the hash of the link, in the session: the link itself stands nowhere
GONE = {Link.UNKNOWN: HTTPStatus.NOT_FOUND}


@require_GET
@public
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Out of the address, where it would stay in the history of a shared computer."""
    request.session[KEPT] = hashed(token)
    return redirect("invitation")


@public
def invitation(request: HttpRequest) -> HttpResponse:
    """What one is invited to; for who has no password yet, the form to choose one."""
    if not ratelimit.consume(request, action="invitation"):  # of what is sent, not of looking
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    link, found = _followed(request)
    if found is None:
        status = GONE.get(link, HTTPStatus.GONE)
        return render(request, "organisations/invitation_over.html", {"link": link}, status=status)
    if request.user.is_authenticated:
        mine = request.user.email == found.email
        page = {"invitation": found, "mine": mine}
        return render(request, "organisations/invitation_accept.html", page)
    if actions.has_account(email=found.email):
        return render(request, "organisations/invitation_sign_in.html", {"invitation": found})
    return _first_password(request, found)


@require_POST
@signed_in
def accept(request: HttpRequest) -> HttpResponse:
    """By who has an account: signed in, with the second factor."""
    _, found = _followed(request)
    if found is None:
        return redirect("invitation")
    try:
        member = actions.accept_invitation(
            token_hash=found.token_hash, user=cast(User, request.user), now=_now(request)
        )
    except LinkRefused as refused:
        messages.error(request, str(refused))
        return redirect("invitation")
    del request.session[KEPT]
    request.session[SESSION_KEY] = member.organisation_id
    messages.success(request, f"You now act for {found.organisation}.")
    return redirect("home")


def _first_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    """For who has none yet."""
    named = {"name": found.name}
    form = AcceptForm(request.POST or None, email=found.email, initial=named, now=_now(request))
    if form.is_valid() and (response := _accepted_as_new(request, form, found)):
        return response
    page = {"form": form, "invitation": found}
    return render(request, "organisations/invitation.html", page)


def _accepted_as_new(
    request: HttpRequest, form: AcceptForm, found: Invitation
) -> HttpResponse | None:
    """Signed in with the new password; from there one sets up the second factor."""
    try:
        user, member = actions.accept_as_new(
            token_hash=found.token_hash,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password1"],
            now=_now(request),
        )
    except LinkRefused as refused:
        form.add_error(None, str(refused))
        return None
    del request.session[KEPT]
    record_authentication(request, user, method="password", email=user.email)
    response: HttpResponse = perform_login(request, user, email_verification="none")
    request.session[SESSION_KEY] = member.organisation_id
    return response


def _followed(request: HttpRequest) -> tuple[Link, Invitation | None]:
    return actions.follow_link(token_hash=request.session.get(KEPT, ""), now=_now(request))


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]  # set by the middleware
    return now
