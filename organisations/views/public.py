"""The register for everybody, without an account: who can refer somebody, and whom they take."""

from http import HTTPStatus

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from nrm_tracker.access import public
from nrm_tracker.calendars import london_date
from organisations import actions
from organisations.access import ActingRequest
from organisations.forms.filters import TakesForm
from organisations.forms.register import MistakeForm
from organisations.models import Organisation
from organisations.pages.public import public_list, public_page


@public
def first_responders(request: ActingRequest) -> HttpResponse:
    form = TakesForm(request.GET or {})
    rows = public_list(form.wanted(), today=london_date(request.now))
    return render(request, "organisations/public_list.html", {"form": form, "groups": rows})


@public
def first_responder(request: ActingRequest, slug: str) -> HttpResponse:
    today = london_date(request.now)
    row = get_object_or_404(
        Organisation.objects.shown_in_public(today).select_related("succeeded_by"),
        slug=slug,
    )
    page = {
        "page": public_page(row, today=today),
        "disagree": Organisation.objects.lists_disagree().filter(pk=row.pk).exists(),
        "successor": Organisation.objects.shown_in_public(today).filter(predecessors=row).first(),
        "sent": "sent" in request.GET,
    }
    return render(request, "organisations/public_page.html", page)


@public
def report_mistake(request: ActingRequest, slug: str) -> HttpResponse:
    today = london_date(request.now)
    row = get_object_or_404(Organisation.objects.shown_in_public(today), slug=slug)
    address = reverse("first_responder", args=[slug])
    form = MistakeForm(request.POST or None, cancel_url=address)
    if form.is_valid():
        if not ratelimit.consume(request, action="report_mistake"):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        actions.report_mistake(organisation=row, now=request.now, **form.cleaned_data)
        return redirect(f"{address}?sent")
    return render(request, "organisations/report_mistake.html", {"form": form, "organisation": row})
