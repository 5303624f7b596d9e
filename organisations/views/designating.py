"""What the Home Office decided: recorded by one person, a designation confirmed by a second."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.calendars import london_date
from organisations import actions, pages
from organisations.access import ActingRequest, requires
from organisations.bulk import compare, fingerprint
from organisations.errors import RegisterRefused
from organisations.forms.base import act
from organisations.forms.designating import STEP_WORDS, DesignationForm
from organisations.forms.register import BulkForm
from organisations.models import Designation, Organisation, Proposal
from organisations.pages.waiting import evidence_for
from organisations.roles import Permission

ANSWERS: dict[str, Callable[..., object]] = {
    "confirm": actions.confirm_designation,
    "announce": actions.announce_designation,
    "withdraw": actions.withdraw_designation,
}
SAID = {
    "confirm": "Confirmed: the register has it as designated.",
    "announce": "It stands in 24 hours, unless somebody withdraws it.",
    "withdraw": "Withdrawn. The register stays as it is.",
}


@requires(Permission.MANAGE_REGISTER)
def record_step(request: ActingRequest, slug: str, status: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.responders(), slug=slug)
    title, button = STEP_WORDS[status]
    initial = {"version": row.version, "known_from": london_date(request.now)}
    form = DesignationForm(
        request.POST or None, now=request.now, initial=initial, submit_label=button
    )
    if form.is_valid() and act(form, lambda: _record(request, row, status, form.cleaned_data)):
        said = "Recorded. It counts once a second person has confirmed it."
        if status != Designation.Status.ACTIVE:
            said = f"Recorded. {row}: the history below shows it."
        messages.success(request, said)
        return redirect("organisation", slug=slug)
    second = status == Designation.Status.ACTIVE
    page = {"form": form, "title": title, "organisation": row, "decides": True, "second": second}
    return render(request, "organisations/form.html", page)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def answer_proposal(request: ActingRequest, proposal: int) -> HttpResponse:
    with pages.rights_of(request.membership):
        found = get_object_or_404(Proposal.objects.select_related("organisation"), pk=proposal)
    answer = request.POST.get("do", "")
    if answer in ANSWERS:
        _tell(request, answer, lambda: ANSWERS[answer](proposal=found, **_who(request)))
    return redirect("organisation", slug=found.organisation.slug)


@requires(Permission.MANAGE_REGISTER)
def bring_list(request: ActingRequest) -> HttpResponse:
    """A list of local authorities or forces: the differences first, then all of it."""
    initial = {"known_from": london_date(request.now)}
    form = BulkForm(
        request.POST or None,
        request.FILES or None,
        now=request.now,
        initial=initial,
        cancel_url=reverse("organisations"),
    )
    page: dict[str, Any] = {"form": form}
    if form.is_valid():
        if form.cleaned_data["seen"]:
            brought: list[actions.Brought] = []
            if act(form, lambda: brought.append(_bring(request, form))):
                return _brought(request, brought[0])
        found = compare(form.lines())
        page |= {
            "found": found,
            "seen": fingerprint(found),
            "text": form.cleaned_data["text"],
            "added": [each for each in found if each.there is None],
            "changed": [each for each in found if each.changes],
            "designated": [each for each in found if each.line.designated_from],
        }
    return render(request, "organisations/bulk.html", page)


@requires(Permission.MANAGE_REGISTER)
def bulk(request: ActingRequest, bulk: UUID) -> HttpResponse:
    """The designations that came with one list and wait for a second person."""
    answer = request.POST.get("do", "")
    if answer in ANSWERS:
        _tell(
            request,
            answer,
            lambda: actions.answer_bulk(
                bulk=bulk, answer=cast("actions.Answer", answer), **_who(request)
            ),
        )
        return redirect("organisations_bulk", bulk=bulk)
    with pages.rights_of(request.membership):
        waiting = evidence_for(request.membership, bulk=bulk)
    page = {"waiting": waiting, "bulk": bulk, "first": waiting[0] if waiting else None}
    return render(request, "organisations/bulk_confirm.html", page)


def _record(request: ActingRequest, row: Organisation, status: str, said: dict[str, Any]) -> object:
    facts = {name: value for name, value in said.items() if name != "version"}
    decided = actions.Decided(**facts)
    about = {"organisation": row, "decided": decided, "version": said["version"]}
    if status == Designation.Status.ACTIVE:
        return actions.propose_designation(**about, **_who(request))
    return actions.record_designation(status=status, **about, **_who(request))


def _bring(request: ActingRequest, form: BulkForm) -> actions.Brought:
    said = form.cleaned_data
    where = actions.From(
        source=said["source"], told_by=said["told_by"], known_from=said["known_from"]
    )
    return actions.bring_list(lines=form.lines(), seen=said["seen"], said=where, **_who(request))


def _brought(request: ActingRequest, brought: actions.Brought) -> HttpResponse:
    said = f"Saved: {brought.added} new, {brought.changed} changed."
    if brought.refused:
        messages.warning(request, f"Not recorded: {'; '.join(brought.refused[:10])}")
    if not brought.proposed:
        messages.success(request, said)
        return redirect("organisations")
    messages.success(request, f"{said} {brought.proposed} designations wait to be confirmed.")
    return redirect("organisations_bulk", bulk=brought.bulk)


def _tell(request: ActingRequest, answer: str, do: Callable[[], object]) -> None:
    try:
        do()
    except RegisterRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, SAID[answer])


def _who(request: ActingRequest) -> dict[str, Any]:
    return {"by": request.membership, "now": request.now}
