"""What the role costs, on a page and as a table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.second_factor import ask_again
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.forms.exporting import ExportForm
from referrals.views.exporting import listed_as_file
from reporting.cost import CostPage, cost, table
from reporting.forms import PeriodForm


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
    since, until = form.months(now=request.now)
    return form, cost(request.membership, since=since, until=until)
