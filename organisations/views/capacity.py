"""How much room one's own organisation has: said by whoever manages it, once a week."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nrm_tracker.calendars import london_date
from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.errors import RegisterRefused
from organisations.forms.base import act
from organisations.forms.capacity import CapacityForm
from organisations.pages.capacity import room_of, said_by
from organisations.roles import Permission

SAVED = "Saved. Other organisations see it at once."


@requires(Permission.MANAGE_ORGANISATION)
def capacity(request: ActingRequest) -> HttpResponse:
    today, stands = london_date(request.now), said_by(request.membership.organisation_id)
    form = CapacityForm(request.POST or None, now=request.now, stands=stands)
    if form.is_valid() and act(
        form,
        lambda: actions.say_capacity(
            said=form.said(),
            version=form.cleaned_data["version"],
            by=request.membership,
            now=request.now,
        ),
    ):
        messages.success(request, SAVED)
        return redirect("capacity")
    stands = said_by(request.membership.organisation_id)  # where a colleague was faster
    page = {
        "form": form,
        "stands": stands,
        "room": room_of(stands, today=today) if stands else None,
        "passed": stands is not None and stands.has_passed(today),
    }
    return render(request, "organisations/capacity.html", page)


@require_POST
@requires(Permission.MANAGE_ORGANISATION)
def capacity_again(request: ActingRequest) -> HttpResponse:
    """One press: nothing has changed."""
    version = request.POST.get("version", "")
    try:
        actions.say_capacity_again(
            version=int(version) if version.isdecimal() else 0,
            by=request.membership,
            now=request.now,
        )
    except RegisterRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, SAVED)
    return redirect("capacity")
