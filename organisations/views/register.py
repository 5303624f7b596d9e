from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from nrm_tracker.calendars import london_date
from organisations import actions, pages
from organisations.access import ActingRequest, requires
from organisations.forms.base import act
from organisations.forms.designating import STEP_WORDS, ApplicationForm
from organisations.forms.facts import FactsForm, differences, facts_of
from organisations.forms.filters import FilterForm
from organisations.models import Organisation, RegisterQuestion
from organisations.pages.applying import newest_application
from organisations.pages.capacity import room_of, said_by
from organisations.pages.changes import changes
from organisations.pages.inviting import invitations_of
from organisations.pages.listed import listed
from organisations.pages.preparing import unread_by
from organisations.pages.sources import facts_of_sources, listings_of, routes_of
from organisations.pages.waiting import announced_for, evidence_for, waits
from organisations.roles import Permission


@requires(Permission.VIEW_REGISTER)
def organisations(request: ActingRequest) -> HttpResponse:
    form = FilterForm(request.GET or {})
    today, keeper = london_date(request.now), _keeps(request)
    with pages.rights_of(request.membership):
        shown = listed(form.wanted(), today=today)
        page = {"form": form, "rows": shown, "keeper": keeper}
        if keeper:
            page["questions"] = pages.questions()
            page["waits"] = waits(request.membership, today=today)
            page["unread"] = unread_by(request.membership)
        elif _could_apply(request, today=today):
            page["applies"] = request.membership.organisation
            page["unread"] = unread_by(request.membership)
    return render(request, "organisations/list.html", page)


@requires(Permission.VIEW_REGISTER)
def organisation(request: ActingRequest, slug: str) -> HttpResponse:
    today, keeper = london_date(request.now), _keeps(request)
    with pages.rights_of(request.membership):
        row = get_object_or_404(
            Organisation.objects.with_standing(today).select_related("succeeded_by"), slug=slug
        )
        said = said_by(row.pk)
        page: dict[str, Any] = {
            "organisation": row,
            "room": room_of(said, today=today) if said else None,
            "standing": pages.STANDINGS[row.standing],
            "facts": pages.facts_in_words(row, keeper=keeper, today=today),
            "routes": routes_of(row, today=today),
            "listings": listings_of(row),
            "disagree": Organisation.objects.lists_disagree().filter(pk=row.pk).exists(),
            "sources": facts_of_sources(row),
            "aliases": list(row.aliases.order_by("name")),
            "predecessors": list(row.predecessors.order_by("name")),
            "history": pages.history(row),
            "changes": changes(row),
            "keeper": keeper,
            "own": _runs(request, row),
            "own_training": row.pk == request.membership.organisation_id
            and request.membership.can(Permission.RECORD_WAIT_EVENT),
            "mine": row.pk == request.membership.organisation_id,
            "application": newest_application(row, request.membership) if keeper else None,
            "announced": announced_for(row),
            "evidence": evidence_for(request.membership, organisation=row) if keeper else [],
            "steps": [
                (step, STEP_WORDS[step][0]) for step in pages.steps_that_follow(row, today=today)
            ],
        }
        if keeper:
            page["has_manager"] = actions.has_manager(organisation=row)
            page["invitations"] = invitations_of(row, now=request.now)
    return render(request, "organisations/organisation.html", page)


@requires(Permission.MANAGE_REGISTER)
def add(request: ActingRequest) -> HttpResponse:
    form = FactsForm(request.POST or None, now=request.now, cancel_url="/organisations/")
    made: list[Organisation] = []
    if form.is_valid() and act(form, lambda: made.append(_add(request, form))):
        return redirect("organisation", slug=made[0].slug)
    return render(
        request, "organisations/form.html", {"form": form, "title": "Add an organisation"}
    )


@requires(Permission.MANAGE_REGISTER)
def edit(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation, slug=slug)
    form = FactsForm(request.POST or None, now=request.now, initial=facts_of(row))
    if form.is_valid() and act(form, lambda: _edit(request, row, form)):
        messages.success(request, f"The register's facts on {row} are saved.")
        return redirect("organisation", slug=slug)
    page = {"form": form, "title": "Change the facts", "organisation": row}
    if form.is_bound and form.cleaned_data.get("version") not in {None, row.version}:
        page["differences"] = differences(form, row)
    return render(request, "organisations/form.html", page)


@requires(Permission.MANAGE_REGISTER)
def record_application(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    form = ApplicationForm(request.POST or None, now=request.now, initial={"version": row.version})
    if form.is_valid() and act(
        form,
        lambda: actions.record_application(
            organisation=row, by=request.membership, now=request.now, **form.cleaned_data
        ),
    ):
        return redirect("organisation", slug=slug)
    page = {"form": form, "title": "Record an application", "organisation": row}
    return render(request, "organisations/form.html", page)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def confirm_facts(request: ActingRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Organisation, slug=slug)
    actions.confirm_facts(
        organisation=row, version=row.version, by=request.membership, now=request.now
    )
    messages.success(request, "Recorded: the facts were checked today.")
    return redirect("organisation", slug=slug)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_question(request: ActingRequest, question: int) -> HttpResponse:
    with pages.rights_of(request.membership):
        asked = get_object_or_404(RegisterQuestion, pk=question)
    actions.answer_question(question=asked, by=request.membership, now=request.now)
    messages.success(request, "Recorded: the register was checked for that day.")
    return redirect("organisations")


def _runs(request: ActingRequest, row: Organisation) -> bool:
    """Whether it is one's own organisation, which one may speak for."""
    mine = row.pk == request.membership.organisation_id
    return mine and request.membership.can(Permission.MANAGE_ORGANISATION)


def _keeps(request: ActingRequest) -> bool:
    return request.membership.can(Permission.MANAGE_REGISTER)


def _could_apply(request: ActingRequest, *, today: date) -> bool:
    """Whether one acts for an organisation that could apply, or has."""
    own = Organisation.objects.with_standing(today).get(pk=request.membership.organisation_id)
    return own.standing != "active"


def _add(request: ActingRequest, form: FactsForm) -> Organisation:
    facts = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    return actions.add_organisation(
        facts=actions.Facts(**facts), by=request.membership, now=request.now
    )


def _edit(request: ActingRequest, row: Organisation, form: FactsForm) -> Organisation:
    facts = dict(form.cleaned_data)
    version = facts.pop("version") or 0
    return actions.edit_organisation(
        organisation=row,
        facts=actions.Facts(**facts),
        version=version,
        by=request.membership,
        now=request.now,
    )
