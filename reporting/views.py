from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.second_factor import ask_again
from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.pages import rights_of
from organisations.pages.applying import rounds
from organisations.pages.capacity import reminder_for
from organisations.pages.waiting import waits
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.forms.exporting import ExportForm
from referrals.heartbeat import sweep_status
from referrals.pages.harming import harm_counts
from referrals.pages.importing import recent_imports
from referrals.pages.restricted import number_hidden_from
from referrals.views.exporting import listed_as_file
from reporting.answering import answer, asked
from reporting.asking import ask_what_if, cancel_what_if
from reporting.capacity import capacity_history
from reporting.cost import CostPage, cost, table
from reporting.delays import dashboard
from reporting.forms import FilterForm, PeriodForm, StageFilterForm, WhatIfForm
from reporting.lines import history_of
from reporting.members import members_of
from reporting.models import WhatIf
from reporting.outcomes import outcomes, usual_period
from reporting.pipeline import pipeline
from reporting.queue import TooLittleToSay
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
        "reminder": reminder_for(request.membership, now=request.now),
    }
    return render(request, "reporting/delays.html", page)


@requires(Permission.VIEW_DELAYS)
def what_came(request: ActingRequest) -> HttpResponse:
    """What came of referrals: open, and closed by reason, in a period."""
    form = PeriodForm(request.GET or {})
    since, until = _period(form, now=request.now)
    page = {"form": form, "page": outcomes(request.membership, since=since, until=until)}
    return render(request, "reporting/outcomes.html", page)


SECONDS = 3  # until a page looks again how far it is


@requires(Permission.VIEW_DELAYS)
def what_ifs(request: ActingRequest) -> HttpResponse:
    """Ask what would come of more or fewer people seen, and what was asked before."""
    form, lacking = WhatIfForm(request.POST or None), ""
    try:
        history_of(request.membership, now=request.now).check()
        if form.is_valid():
            what_if = ask_what_if(
                more=form.more(),
                begins=form.cleaned_data["begins"],
                lasts=form.cleaned_data["lasts"],
                by=request.membership,
                now=request.now,
            )
            return redirect("what_if", what_if=what_if.pk)
    except TooLittleToSay as too_little:
        lacking = str(too_little)
    before = WhatIf.objects.visible_to(request.membership).order_by("-asked_at")
    page = {"form": form, "lacking": lacking, "before": [asked(each) for each in before]}
    return render(request, "reporting/what_ifs.html", page)


@requires(Permission.VIEW_DELAYS)
def what_if(request: ActingRequest, what_if: UUID) -> HttpResponse:
    """How far it is, and what it found."""
    found = get_object_or_404(WhatIf.objects.visible_to(request.membership), pk=what_if)
    if request.method == "POST":
        if cancel_what_if(what_if=found, by=request.membership, now=request.now):
            messages.info(request, "Cancelled.")
        else:
            messages.info(request, "It was finished already.")
        return redirect("what_ifs")
    running = not (found.finished_at or found.cancelled_at)
    page = {
        "asked": asked(found),
        "running": running,
        "answer": answer(found) if found.finished_at else None,
    }
    shown = render(request, "reporting/what_if.html", page)
    if running:  # no sign of life: see accounts.sessions
        shown.headers["Refresh"] = f"{SECONDS}; url=?refresh"
    return shown


@requires(Permission.MANAGE_ORGANISATION)
def capacity(request: ActingRequest) -> HttpResponse:
    page = {"page": capacity_history(request.membership, now=request.now)}
    return render(request, "reporting/capacity.html", page)


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
