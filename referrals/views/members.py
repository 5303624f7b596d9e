"""Who acts for one's organisation, who has what, and the end of a membership."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.errors import RegisterRefused
from organisations.models import Membership
from organisations.pages.inviting import invitations_for
from organisations.roles import Permission
from referrals import actions
from referrals.colleagues import caseworkers_of
from referrals.errors import ActionRefused
from referrals.forms.members import LeavingForm, MembersForm
from referrals.holding import successors
from referrals.pages.leaving import handed_on, holds
from referrals.pages.member_changes import changes_of_members
from referrals.pages.members import invitations_in_trouble, members_page, without_caseworker


@requires(Permission.VIEW_MEMBERS)
def our_members(request: ActingRequest) -> HttpResponse:
    """Names and roles; for who manages members, who has what."""
    member = request.membership
    form = MembersForm(request.GET or {}, membership=member)
    page = {
        "form": form,
        "rows": members_page(member, now=request.now, **form.wanted()),
        "manages": member.can(Permission.MANAGE_MEMBERS),
        "trains": member.can(Permission.KEEP_TRAINING),
    }
    if page["manages"]:
        page["invitations"] = invitations_for(member, now=request.now)
        page["in_trouble"] = invitations_in_trouble(member)
        page["changes"] = changes_of_members(member)
        page["nobodys"] = without_caseworker(member)
    return render(request, "referrals/members.html", page)


@requires(Permission.MANAGE_MEMBERS)
def end_member(request: ActingRequest, member: int) -> HttpResponse:
    """What they hold, who takes it over, and the end; or the end at once."""
    colleagues = Membership.objects.visible_to(request.membership).active()
    found = get_object_or_404(colleagues.select_related("user"), pk=member)
    held = holds(found, seen_by=request.membership, now=request.now)
    form = LeavingForm(
        request.POST or None,
        membership=request.membership,
        leaver=found,
        colleagues=caseworkers_of(request.membership.organisation_id),
        successors=successors(found, by=request.membership),
        restricted=bool(held.restricted),
        at_once="at_once" in request.POST,
        cancel_url=reverse("our_members"),
    )
    if form.is_valid() and _ended(request, found, form):
        messages.success(
            request,
            f"{found.user.name} does not act for {request.membership.organisation} any more. "
            f"{handed_on(held)}",
        )
        return redirect("our_members")
    page = {"form": form, "member": found, "holds": held}
    return render(request, "referrals/member_end.html", page)


def _ended(request: ActingRequest, member: Membership, form: LeavingForm) -> bool:
    try:
        actions.end_membership(
            member=member, takes_over=form.takes_over(), by=request.membership, now=request.now
        )
    except ActionRefused as refused:
        form.refuse(refused)
    except RegisterRefused as refused:
        form.add_error(None, str(refused))
    else:
        return True
    return False
