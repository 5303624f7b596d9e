"""Which organisation one acts for, and who may do what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nrm_tracker.access import signed_in
from nrm_tracker.database import context
from organisations import pages
from organisations.access import SESSION_KEY, ActingRequest, memberships_of, requires
from organisations.roles import Permission, Role


@require_POST
@signed_in
def act_for(request: HttpRequest) -> HttpResponse:
    """Switch to another of one's own organisations."""
    with context(user=request.user.pk):
        mine = {str(m.organisation_id): m.organisation for m in memberships_of(request)}
    chosen = mine.get(request.POST.get("organisation", ""))
    if chosen is None:
        raise PermissionDenied
    request.session[SESSION_KEY] = chosen.pk
    messages.success(request, f"You now act for {chosen}.")
    return redirect("home")


@requires(Permission.VIEW_REGISTER)
def roles(request: ActingRequest) -> HttpResponse:
    page = {"roles": [role.label for role in Role], "matrix": pages.matrix()}
    return render(request, "organisations/roles.html", page)
