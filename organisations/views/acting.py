"""Which organisation one acts for, and who may do what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.access import signed_in
from nrm_tracker.database import context
from organisations import actions, pages
from organisations.access import SESSION_KEY, ActingRequest, memberships_of, requires
from organisations.forms.base import act
from organisations.forms.facts import OwnOrganisationForm, differences, own_facts_of
from organisations.models import Organisation
from organisations.operating import items
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


@requires(Permission.MANAGE_ORGANISATION)
def own_organisation(request: ActingRequest) -> HttpResponse:
    own = request.membership.organisation
    form = OwnOrganisationForm(
        request.POST or None,
        initial=own_facts_of(own),
        cancel_url=reverse("organisation", args=[own.slug]),
    )
    if form.is_valid() and act(form, lambda: _save_own(request, form)):
        messages.success(request, "Saved.")
        return redirect("organisation", slug=own.slug)
    page = {"form": form, "organisation": own, "closures": pages.closures(own, now=request.now)}
    if form.is_bound and form.cleaned_data.get("version") not in {None, own.version}:
        page["differences"] = differences(form, own)
    return render(request, "organisations/own.html", page)


def _save_own(request: ActingRequest, form: OwnOrganisationForm) -> Organisation:
    facts = dict(form.cleaned_data)
    return actions.edit_own_organisation(
        version=facts.pop("version"),
        facts=actions.OwnFacts(**facts),
        by=request.membership,
        now=request.now,
    )


@requires(Permission.VIEW_OPERATION)
def before_real_use(request: ActingRequest) -> HttpResponse:
    return render(request, "organisations/operating.html", {"items": items(now=request.now)})


@requires(Permission.VIEW_REGISTER)
def roles(request: ActingRequest) -> HttpResponse:
    page = {"roles": [role.label for role in Role], "matrix": pages.matrix()}
    return render(request, "organisations/roles.html", page)
