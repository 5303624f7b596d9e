from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.forms.base import act
from organisations.forms.members import RoleForm
from organisations.models import Membership
from organisations.roles import Permission, roles_at


@requires(Permission.MANAGE_MEMBERS)
def role(request: ActingRequest, member: int) -> HttpResponse:
    """Another role for a colleague; never for oneself."""
    own = request.membership.organisation
    colleagues = Membership.objects.visible_to(request.membership).active()
    found = get_object_or_404(colleagues.select_related("user"), pk=member)
    form = RoleForm(
        request.POST or None,
        roles=roles_at(oversight=own.is_oversight),
        initial={"role": found.role},
        cancel_url=reverse("our_members"),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_role(
            member=found, by=request.membership, now=request.now, **form.cleaned_data
        ),
    ):
        messages.success(request, f"The role of {found.user.name} is saved.")
        return redirect("our_members")
    return render(request, "organisations/member_role.html", {"form": form, "member": found})
