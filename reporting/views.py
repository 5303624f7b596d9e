from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.second_factor import ask_again
from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.pages import rights_of
from organisations.pages.waiting import waits
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.forms.exporting import ExportForm
from referrals.heartbeat import sweep_status
from referrals.pages.harming import harm_counts
from referrals.pages.importing import recent_imports
from referrals.pages.restricted import number_hidden_from
from referrals.views.exporting import listed_as_file
from reporting.cost import CostPage, cost, table
from reporting.delays import dashboard
from reporting.forms import FilterForm, PeriodForm
from reporting.members import members_of
from reporting.outcomes import outcomes, usual_period
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
    since, until = _period(form, now=request.now)
    page = {"form": form, "page": outcomes(request.membership, since=since, until=until)}
    return render(request, "reporting/outcomes.html", page)


@requires(Permission.KEEP_COST)
def the_cost(request: ActingRequest) -> HttpResponse:
    """What the role costs one's organisation, by its own entries and rates."""
    form, page = _cost_of(request)
    return render(request, "reporting/cost.html", {"form": form, "page": page})


@requires(Permission.KEEP_COST)
def cost_export(request: ActingRequest) -> HttpResponse:
    """The same as a table: asked for with the second factor, marked and noted."""
    if elsewhere := ask_again(request):
        return elsewhere
    page = _cost_of(request)[1]
    said = f"The cost of the role, {page.since:%B %Y} to {page.until:%B %Y}"
    form = ExportForm(request.POST or None, cancel_url=reverse("cost"))
    if not form.is_valid():
        return render(request, "reporting/cost_export.html", {"form": form, "said": said})
    return listed_as_file(
        request, name="cost", kind=form.cleaned_data["kind"], said=said, rows=table(page)
    )


def _cost_of(request: ActingRequest) -> tuple[PeriodForm, CostPage]:
    form = PeriodForm(request.GET or {})
    since, until = _period(form, now=request.now)
    return form, cost(request.membership, since=since, until=until)


def _period(form: PeriodForm, *, now: datetime) -> tuple[str, str]:
    """The months (YYYY-MM) that were asked for, else the usual ones."""
    said = form.cleaned_data if form.is_valid() else {}
    since, until = usual_period(now=now)
    until = said.get("until") or max(until, said.get("since") or until)
    return said.get("since") or min(since, until), until


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
