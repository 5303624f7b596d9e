"""The delay dashboard, and what came of referrals."""

from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.pages.capacity import reminder_for
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.heartbeat import sweep_status
from referrals.pages.harming import harm_counts
from referrals.pages.importing import recent_imports
from referrals.pages.restricted import number_hidden_from
from reporting.delays import dashboard
from reporting.forms import FilterForm, PeriodForm
from reporting.outcomes import outcomes


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
    since, until = form.months(now=request.now)
    page = {"form": form, "page": outcomes(request.membership, since=since, until=until)}
    return render(request, "reporting/outcomes.html", page)
