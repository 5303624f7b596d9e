"""Invite a colleague; for who keeps the register, the first manager of an organisation."""

from http import HTTPStatus
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.ui.words import exact
from organisations import actions, pages
from organisations.access import ActingRequest, requires
from organisations.errors import NotTheirDomain, RegisterRefused
from organisations.forms.members import InviteForm
from organisations.models import Invitation, Organisation
from organisations.roles import Permission, Role, roles_at

DO = {"send": actions.send_invitation_again, "revoke": actions.revoke_invitation}
SAID = {"send": "Sent again. The link of before leads nowhere now.", "revoke": "Revoked."}


@requires(Permission.MANAGE_MEMBERS)
def invite(request: ActingRequest) -> HttpResponse:
    own = request.membership.organisation
    form = InviteForm(
        request.POST or None,
        roles=roles_at(oversight=own.is_oversight),
        cancel_url=reverse("our_members"),
    )
    return _invite(request, own, form, back=reverse("our_members"))


@requires(Permission.MANAGE_REGISTER)
def invite_first_manager(request: ActingRequest, slug: str) -> HttpResponse:
    """Of an organisation that has none: from then on its own managers invite."""
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    address = reverse("organisation", args=[slug])
    form = InviteForm(
        request.POST or None,
        roles=[Role.MANAGER],
        initial={"role": Role.MANAGER},
        cancel_url=address,
    )
    return _invite(request, row, form, back=address)


@require_POST
@requires(Permission.MANAGE_MEMBERS)
def answer_invitation(request: ActingRequest, invitation: UUID) -> HttpResponse:
    """Send it again, or revoke it."""
    found = get_object_or_404(
        Invitation.objects.visible_to(request.membership).waiting(), pk=invitation
    )
    _answer(request, found)
    return redirect("our_members")


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_first_manager(request: ActingRequest, slug: str, invitation: UUID) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    with pages.rights_of(request.membership):
        found = get_object_or_404(row.invitations.waiting(), pk=invitation)
    _answer(request, found)
    return redirect("organisation", slug=slug)


def _invite(
    request: ActingRequest, row: Organisation, form: InviteForm, *, back: str
) -> HttpResponse:
    other_domain = False
    if form.is_valid():
        if not ratelimit.consume(request, action="invite", user=request.user):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        try:
            made = actions.invite(
                organisation=row, by=request.membership, now=request.now, **form.cleaned_data
            )
        except RegisterRefused as refused:
            form.add_error(refused.field, str(refused))
            other_domain = isinstance(refused, NotTheirDomain)
        else:
            messages.success(request, f"Invited. The link works until {exact(made.expires_at)}.")
            _tell_of_no_mail(request)
            return redirect(back)
    page = {"form": form, "organisation": row, "other_domain": other_domain, "back": back}
    return render(request, "organisations/invite.html", page)


def _answer(request: ActingRequest, invitation: Invitation) -> None:
    asked = request.POST.get("do", "")
    if asked not in DO:
        return
    try:
        DO[asked](invitation=invitation, by=request.membership, now=request.now)
    except RegisterRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, SAID[asked])
        if asked == "send":
            _tell_of_no_mail(request)


def _tell_of_no_mail(request: ActingRequest) -> None:
    if not settings.EMAIL_IS_SENT:
        messages.warning(
            request,
            "No e-mail is sent: no mail server is set up here. Ask whoever runs NRM Tracker to set "
            "one up, then send the invitation again.",
        )
