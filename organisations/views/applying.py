"""An applicant's own pages: where its application stands, and what it does itself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import GovukForm
from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.errors import RegisterRefused
from organisations.forms.applications import (
    STAGE_WORDS,
    ChecklistForm,
    CorrectStageForm,
    CorrespondenceForm,
    MessageForm,
    NamingForm,
    StageForm,
)
from organisations.forms.base import act
from organisations.models import Application, Correspondence, Criterion, StageEntry
from organisations.pages.applying import newest_application, rounds, stands
from organisations.pages.preparing import checklist, messages_of, newest_entry
from organisations.roles import Permission
from organisations.stages import APPLICANTS

HOME = "own_application"


@requires(Permission.VIEW_APPLICATION)
def own_application(request: ActingRequest) -> HttpResponse:
    own, membership = request.membership.organisation, request.membership
    page = {
        "organisation": own,
        "stands": (found := stands(own, membership, today=london_date(request.now))),
        "offered": [(stage, STAGE_WORDS[stage]) for stage in found.offered],
        "other": [(stage, STAGE_WORDS[stage]) for stage in found.other],
        "checklist": checklist(own, membership),
        "messages_": messages_of(own, membership),
        "rounds": rounds(),
        "writes": membership.can(Permission.KEEP_APPLICATION),
    }
    return render(request, "organisations/own_application.html", page)


@requires(Permission.KEEP_APPLICATION)
def record_stage(request: ActingRequest, stage: str) -> HttpResponse:
    form = _form(StageForm, request, initial={"known_on": london_date(request.now)})
    if form.is_valid() and act(
        form,
        lambda: actions.record_stage(
            organisation=request.membership.organisation,
            happened=actions.Happened(stage=stage, **form.cleaned_data),
            **_who(request),
        ),
    ):
        messages.success(request, "Recorded. Whoever keeps the register sees it too.")
        return redirect(HOME)
    return _asked(request, form, STAGE_WORDS[stage])


@requires(Permission.KEEP_APPLICATION)
def correct_stage(request: ActingRequest, entry: int) -> HttpResponse:
    found = get_object_or_404(
        StageEntry.objects.visible_to(request.membership).select_related(
            "application", "organisation"
        ),
        pk=entry,
    )
    form = _form(CorrectStageForm, request, initial=entry_as_typed(found), only=APPLICANTS)
    if form.is_valid() and act(
        form,
        lambda: actions.correct_stage(
            entry=found, happened=actions.Happened(**form.cleaned_data), **_who(request)
        ),
    ):
        messages.success(request, "Corrected. What was recorded before stays in sight.")
        return redirect(HOME)
    return _asked(request, form, "Correct what was recorded")


@requires(Permission.KEEP_APPLICATION)
def log_correspondence(request: ActingRequest) -> HttpResponse:
    application = get_object_or_404(
        Application.objects.visible_to(request.membership), closed_on__isnull=True
    )
    form = _form(CorrespondenceForm, request)
    if form.is_valid():
        word = actions.Word(**form.cleaned_data)
        actions.log_correspondence(application=application, word=word, **_who(request))
        messages.success(request, "Added to the log.")
        return redirect(HOME)
    return _asked(request, form, "Something said with the Home Office")


@require_POST
@requires(Permission.KEEP_APPLICATION)
def strike_correspondence(request: ActingRequest, letter: int) -> HttpResponse:
    found = get_object_or_404(
        Correspondence.objects.visible_to(request.membership).select_related("application"),
        pk=letter,
    )
    try:
        actions.strike_correspondence(letter=found, **_who(request))
    except RegisterRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Struck out. It stays in sight, and counts no more.")
    return redirect(HOME)


@requires(Permission.KEEP_APPLICATION)
def say_naming(request: ActingRequest) -> HttpResponse:
    application = get_object_or_404(
        Application.objects.visible_to(request.membership), closed_on__isnull=True
    )
    form = _form(NamingForm, request, initial={"on": london_date(request.now)})
    if form.is_valid():
        actions.say_naming(application=application, **form.cleaned_data, **_who(request))
        messages.success(request, "Saved. It counts at once.")
        return redirect(HOME)
    return _asked(request, form, "Named in public")


@requires(Permission.KEEP_APPLICATION)
def checklist_line(request: ActingRequest, criterion: int) -> HttpResponse:
    line = get_object_or_404(Criterion.objects.standing(), pk=criterion)
    newest = newest_entry(line, request.membership)
    names = ("state", "words", "evidence")
    initial = {name: getattr(newest, name) for name in names} if newest else {}
    form = _form(
        ChecklistForm, request, initial={"version": newest.number if newest else 0, **initial}
    )
    if form.is_valid() and act(form, lambda: _write(request, line, dict(form.cleaned_data))):
        messages.success(request, "Saved.")
        return redirect(f"{reverse(HOME)}#checklist")
    return _asked(request, form, line.title, line=line, newest=newest if form.errors else None)


@requires(Permission.KEEP_APPLICATION)
def own_messages(request: ActingRequest) -> HttpResponse:
    own = request.membership.organisation
    if newest_application(own, request.membership) is None:
        raise Http404  # the register reads messages beside an application
    form = _form(MessageForm, request)
    if form.is_valid():
        actions.send_message(organisation=own, **form.cleaned_data, **_who(request))
        messages.success(request, "Sent.")
        return redirect(f"{reverse(HOME)}#messages")
    return _asked(request, form, "Write to whoever keeps the register")


@require_POST
@requires(Permission.KEEP_APPLICATION)
def read_messages(request: ActingRequest) -> HttpResponse:
    actions.read_messages(organisation=request.membership.organisation, **_who(request))
    return redirect(f"{reverse(HOME)}#messages")


def entry_as_typed(entry: StageEntry) -> dict[str, Any]:
    names = ("stage", "happened_on", "known_on", "words", "source")
    return {name: getattr(entry, name) for name in names}


def _write(request: ActingRequest, line: Criterion, said: dict[str, Any]) -> None:
    version = said.pop("version")
    actions.write_checklist(
        criterion=line, how_far=actions.HowFar(**said), version=version, **_who(request)
    )


def _form(kind: type[GovukForm], request: ActingRequest, **more: Any) -> GovukForm:
    return kind(request.POST or None, now=request.now, cancel_url=reverse(HOME), **more)


def _asked(request: ActingRequest, form: GovukForm, title: str, **more: Any) -> HttpResponse:
    page = {
        "form": form,
        "title": title,
        "back": reverse(HOME),
        "organisation": request.membership.organisation,
        **more,
    }
    return render(request, "organisations/application_form.html", page)


def _who(request: ActingRequest) -> dict[str, Any]:
    return {"by": request.membership, "now": request.now}
