"""The calendar of working days, for everybody; the days on which one's own office is closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.access import public
from nrm_tracker.calendars import london_date
from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.forms.calendar import FIRST_YEAR, LAST_YEAR, ClosureForm, CountForm, YearForm
from organisations.models import Closure, Nation
from organisations.roles import Permission
from organisations.working_days import counted, days_of


@requires(Permission.VIEW_REGISTER)
def calendar(request: ActingRequest) -> HttpResponse:
    return _calendar(request, keeper=request.membership.can(Permission.KEEP_CALENDAR))


@public
def public_calendar(request: ActingRequest) -> HttpResponse:
    """The same without an account."""
    return _calendar(request, keeper=False)


def _calendar(request: ActingRequest, *, keeper: bool) -> HttpResponse:
    today, asked = london_date(request.now), request.GET
    question = CountForm(
        asked if "n" in asked else None,
        now=request.now,
        initial={"n": 5, "start": today, "where": asked.get("nation", Nation.ENGLAND.value)},
    )
    counts = question.cleaned_data if question.is_valid() else None
    near = {"nation": counts["where"], "year": counts["start"].year} if counts else {}
    years = YearForm(
        asked if "year" in asked else None,
        initial={"nation": Nation.ENGLAND.value, "year": today.year} | near,
    )
    chosen = years.cleaned_data if years.is_valid() else years.initial
    nation, year = chosen["nation"], chosen["year"]
    page = {
        "years": years,
        "question": question,
        "answer": counted(**counts) if counts else None,
        "nation": Nation(nation).label,
        "year": year,
        "days": days_of(nation, year),
        "turns": _turns(nation=nation, year=year),
        "keeper": keeper,
        "form": question if question.errors else years,  # for the title and the summary of errors
    }
    return render(request, "organisations/calendar.html", page)


def _turns(*, nation: str, year: int) -> dict[str, str]:
    """The years before and after, where they are known."""
    near = {"previous": year - 1, "next": year + 1}
    return {
        name: f"?nation={nation}&year={each}" if FIRST_YEAR <= each <= LAST_YEAR else ""
        for name, each in near.items()
    }


@requires(Permission.MANAGE_ORGANISATION)
def close_office(request: ActingRequest) -> HttpResponse:
    form = ClosureForm(
        request.POST or None, now=request.now, cancel_url=reverse("own_organisation")
    )
    if form.is_valid():
        actions.close_office(by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, "Saved. It moves no deadline.")
        return redirect("own_organisation")
    return render(request, "organisations/closure.html", {"form": form})


@require_POST
@requires(Permission.MANAGE_ORGANISATION)
def withdraw_closure(request: ActingRequest, closure: int) -> HttpResponse:
    own = request.membership.organisation_id
    found = get_object_or_404(Closure.objects.filter(organisation=own), pk=closure)
    actions.withdraw_closure(closure=found, by=request.membership, now=request.now)
    messages.success(request, "Withdrawn: the office is open on those days as usual.")
    return redirect("own_organisation")
