"""Whom an organisation takes, how it is reached, and what sources and the public say of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.ui.forms import GovukForm
from organisations import actions, pages
from organisations.access import ActingRequest, requires
from organisations.forms.base import act
from organisations.forms.register import (
    AliasForm,
    RouteForm,
    ScopeForm,
    SettleForm,
    SuccessorForm,
    scope_of,
)
from organisations.models import ContactRoute, ErrorReport, Organisation, PublishedFact
from organisations.roles import Permission


@requires(Permission.MANAGE_REGISTER)
def scope(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    form = ScopeForm(request.POST or None, initial=scope_of(row), cancel_url=_page_of(row))

    def save() -> None:
        said = dict(form.cleaned_data)
        version = said.pop("version")
        actions.edit_scope(
            organisation=row, scope=actions.Scope(**said), version=version, **_who(request)
        )

    if form.is_valid() and act(form, save):
        return _saved(request, row)
    return _form(request, form, row, "Whom it takes")


@requires(Permission.MANAGE_REGISTER)
def add_route(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    form = RouteForm(request.POST or None, cancel_url=_page_of(row))
    if form.is_valid() and act(
        form,
        lambda: actions.add_route(
            organisation=row, route=actions.Route(**form.cleaned_data), **_who(request)
        ),
    ):
        return _saved(request, row)
    return _form(request, form, row, "Add a way of reaching it")


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_route(request: ActingRequest, route: int) -> HttpResponse:
    found = get_object_or_404(ContactRoute.objects.select_related("organisation"), pk=route)
    do = {"check": actions.check_route, "withdraw": actions.withdraw_route}
    if action := do.get(request.POST.get("do", "")):
        action(route=found, **_who(request))
        messages.success(request, "Recorded.")
    return redirect("organisation", slug=found.organisation.slug)


@requires(Permission.MANAGE_REGISTER)
def add_alias(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    form = AliasForm(request.POST or None, cancel_url=_page_of(row))
    if form.is_valid():
        actions.name_otherwise(organisation=row, **form.cleaned_data, **_who(request))
        return _saved(request, row)
    return _form(request, form, row, "Add another name")


@requires(Permission.MANAGE_REGISTER)
def successor(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    initial = {"version": row.version, "successor": row.succeeded_by_id}
    form = SuccessorForm(
        request.POST or None, organisation=row, initial=initial, cancel_url=_page_of(row)
    )
    if form.is_valid() and act(
        form,
        lambda: actions.succeed(organisation=row, **form.cleaned_data, **_who(request)),
    ):
        return _saved(request, row)
    return _form(request, form, row, "Which organisation took over?")


@requires(Permission.MANAGE_REGISTER)
def settle_lists(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    initial = {"version": row.version}
    form = SettleForm(request.POST or None, initial=initial, cancel_url=_page_of(row))
    if form.is_valid() and act(
        form,
        lambda: actions.settle_lists(organisation=row, **form.cleaned_data, **_who(request)),
    ):
        return _saved(request, row)
    return _form(request, form, row, "Record that it is not designated", decides=True)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_fact(request: ActingRequest, fact: int) -> HttpResponse:
    found = get_object_or_404(PublishedFact.objects.select_related("organisation"), pk=fact)
    do = {"take": actions.take_fact, "keep": actions.keep_fact}
    if action := do.get(request.POST.get("do", "")):
        action(fact=found, **_who(request))
        messages.success(request, "Recorded.")
    return redirect("organisation", slug=found.organisation.slug)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_report(request: ActingRequest, report: int) -> HttpResponse:
    with pages.rights_of(request.membership):
        found = get_object_or_404(ErrorReport.objects.all(), pk=report)
    actions.answer_report(report=found, **_who(request))
    messages.success(request, "Recorded: the register was checked for this.")
    return redirect("register")


def _form(
    request: ActingRequest, form: GovukForm, row: Organisation, title: str, **more: object
) -> HttpResponse:
    page = {"form": form, "title": title, "organisation": row, **more}
    return render(request, "organisations/form.html", page)


def _saved(request: ActingRequest, row: Organisation) -> HttpResponse:
    messages.success(request, "Saved.")
    return redirect("organisation", slug=row.slug)


def _page_of(row: Organisation) -> str:
    return reverse("organisation", args=[row.slug])


def _who(request: ActingRequest) -> dict[str, Any]:
    return {"by": request.membership, "now": request.now}
