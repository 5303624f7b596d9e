"""What waits for the register, and every application."""

from django.http import HttpResponse
from django.shortcuts import render

from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.pages import rights_of
from organisations.pages.applying import rounds
from organisations.pages.waiting import waits
from organisations.roles import Permission
from reporting.forms import StageFilterForm
from reporting.pipeline import pipeline
from reporting.register import ended_designations, register_page


@requires(Permission.MANAGE_REGISTER)
def register(request: ActingRequest) -> HttpResponse:
    today = london_date(request.now)
    page = {
        "page": register_page(now=request.now),
        "ended": ended_designations(now=request.now),
    }
    with rights_of(request.membership):
        page["waits"] = waits(request.membership, today=today)
    return render(request, "reporting/register.html", page)


@requires(Permission.MANAGE_REGISTER)
def applications(request: ActingRequest) -> HttpResponse:
    """Every application, as a board or as a list."""
    form = StageFilterForm(request.GET or {})
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    with rights_of(request.membership):
        page = {
            "form": form,
            "page": pipeline(request.membership, stage=stage, now=request.now),
            "rounds": rounds(),
            "as_list": request.GET.get("view") == "list",
            "stage": stage,
        }
    return render(request, "reporting/applications.html", page)
