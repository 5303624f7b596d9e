from django.http import HttpResponse
from django.shortcuts import render

from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.pages import rights_of
from organisations.pages.applying import rounds
from organisations.pages.waiting import waits
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.heartbeat import sweep_status
from referrals.pages.harming import harm_counts
from referrals.pages.importing import recent_imports
from referrals.pages.restricted import number_hidden_from
from reporting.delays import dashboard
from reporting.forms import FilterForm, PeriodForm, StageFilterForm
from reporting.members import members_of
from reporting.outcomes import outcomes, usual_period
from reporting.pipeline import pipeline
from reporting.register import ended_designations, register_page


@requires(Permission.VIEW_DELAYS)
def delays(request: ActingRequest) -> HttpResponse:
    reassess_due_of(request.membership, now=request.now)
    form = FilterForm(request.GET or {}, membership=request.membership)
    filters = form.cleaned_data if form.is_valid() else {}
    page = {
        "form": form,
        "dashboard": dashboard(request.membership, filters=filters, now=request.now),
        "status": sweep_status(now=request.now),
        "imports": recent_imports(request.membership, now=request.now),
        "harm": harm_counts(request.membership),
        "hidden": number_hidden_from(request.membership),
    }
    return render(request, "reporting/delays.html", page)


@requires(Permission.VIEW_DELAYS)
def what_came(request: ActingRequest) -> HttpResponse:
    """What came of referrals: open, and closed by reason, in a period."""
    form = PeriodForm(request.GET or {})
    said = form.cleaned_data if form.is_valid() else {}
    since, until = usual_period(now=request.now)
    until = said.get("until") or max(until, said.get("since") or until)
    since = said.get("since") or min(since, until)
    page = {"form": form, "page": outcomes(request.membership, since=since, until=until)}
    return render(request, "reporting/outcomes.html", page)


@requires(Permission.KEEP_TRAINING)
def members(request: ActingRequest) -> HttpResponse:
    page = {"members": members_of(request.membership, now=request.now)}
    return render(request, "reporting/members.html", page)


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
