"""Applications as whoever keeps the register records them, and as the public sees them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nrm_tracker.access import public
from nrm_tracker.calendars import london_date
from nrm_tracker.ui.forms import GovukForm
from organisations import actions
from organisations.access import ActingRequest, requires
from organisations.forms.applications import (
    STAGE_WORDS,
    CorrectStageForm,
    CorrespondenceForm,
    CriterionForm,
    MessageForm,
    NamingForm,
    RoundForm,
    StageForm,
)
from organisations.forms.base import act
from organisations.models import Application, Correspondence, Criterion, StageEntry
from organisations.pages import rights_of
from organisations.pages.applying import stands
from organisations.pages.awaiting import awaiting
from organisations.pages.preparing import checklist, messages_of
from organisations.roles import Permission
from organisations.stages import FOLLOWS, Stage
from organisations.views.applying import entry_as_typed

SAID_OF_APPROVAL = "Recorded. Now record the designation: only then is it designated here."


@public
def applications_awaiting(request: ActingRequest) -> HttpResponse:
    """How many wait for a decision and for how long; who, where they agreed to be named."""
    page = {"page": awaiting(today=london_date(request.now))}
    return render(request, "organisations/public_applications.html", page)


@requires(Permission.MANAGE_REGISTER)
def application(request: ActingRequest, application: int) -> HttpResponse:
    with rights_of(request.membership):
        found = _found(request, application)
        own, membership = found.organisation, request.membership
        page = {
            "organisation": own,
            "application": found,
            "stands": (shown := stands(own, membership, today=london_date(request.now))),
            "is_newest": shown.application == found,
            "offered": [(stage, STAGE_WORDS[stage]) for stage in shown.offered],
            "other": [(stage, STAGE_WORDS[stage]) for stage in shown.other],
            "checklist": checklist(own, membership),
            "messages_": messages_of(own, membership),
            "writes": True,
            "keeper": True,
        }
    return render(request, "organisations/application.html", page)


@requires(Permission.MANAGE_REGISTER)
def record_stage(request: ActingRequest, application: int, stage: str) -> HttpResponse:
    found = _read(request, application)
    form = _form(StageForm, request, found, initial={"known_on": london_date(request.now)})
    if form.is_valid() and act(
        form,
        lambda: actions.record_stage(
            organisation=found.organisation,
            happened=actions.Happened(stage=stage, **form.cleaned_data),
            **_who(request),
        ),
    ):
        said = SAID_OF_APPROVAL if stage == Stage.APPROVED else "Recorded."
        messages.success(request, said)
        return redirect("application", application=application)
    return _asked(request, form, STAGE_WORDS[stage], found, decides=True)


@requires(Permission.MANAGE_REGISTER)
def correct_stage(request: ActingRequest, entry: int) -> HttpResponse:
    with rights_of(request.membership):
        found = get_object_or_404(
            StageEntry.objects.visible_to(request.membership).select_related(
                "application__organisation", "organisation"
            ),
            pk=entry,
        )
    form = _form(
        CorrectStageForm, request, found.application, initial=entry_as_typed(found), only=FOLLOWS
    )
    if form.is_valid() and act(
        form,
        lambda: actions.correct_stage(
            entry=found, happened=actions.Happened(**form.cleaned_data), **_who(request)
        ),
    ):
        messages.success(request, "Corrected. What was recorded before stays in sight.")
        return redirect("application", application=found.application_id)
    return _asked(request, form, "Correct what was recorded", found.application)


@requires(Permission.MANAGE_REGISTER)
def log_correspondence(request: ActingRequest, application: int) -> HttpResponse:
    found = _read(request, application)
    form = _form(CorrespondenceForm, request, found)
    if form.is_valid():
        word = actions.Word(**form.cleaned_data)
        actions.log_correspondence(application=found, word=word, **_who(request))
        messages.success(request, "Added to the log.")
        return redirect("application", application=application)
    return _asked(request, form, "Something said with the Home Office", found)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def strike_correspondence(request: ActingRequest, letter: int) -> HttpResponse:
    with rights_of(request.membership):
        found = get_object_or_404(
            Correspondence.objects.visible_to(request.membership).select_related("application"),
            pk=letter,
        )
    actions.strike_correspondence(letter=found, **_who(request))
    messages.success(request, "Struck out. It stays in sight, and counts no more.")
    return redirect("application", application=found.application_id)


@requires(Permission.MANAGE_REGISTER)
def say_naming(request: ActingRequest, application: int) -> HttpResponse:
    found = _read(request, application)
    form = _form(NamingForm, request, found, initial={"on": london_date(request.now)})
    if form.is_valid():
        actions.say_naming(application=found, **form.cleaned_data, **_who(request))
        messages.success(request, "Saved. It counts at once.")
        return redirect("application", application=application)
    return _asked(request, form, "Named in public", found)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def check_application(request: ActingRequest, application: int) -> HttpResponse:
    actions.check_application(application=_read(request, application), **_who(request))
    messages.success(request, "Recorded: the evidence was looked at. It is counted in public.")
    return redirect("application", application=application)


@requires(Permission.MANAGE_REGISTER)
def write_message(request: ActingRequest, application: int) -> HttpResponse:
    found = _read(request, application)
    form = _form(MessageForm, request, found)
    if form.is_valid():
        about = found.organisation
        actions.send_message(organisation=about, **form.cleaned_data, **_who(request))
        messages.success(request, "Sent.")
        return redirect("application", application=application)
    return _asked(request, form, "Write to the applicant", found)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def read_messages(request: ActingRequest, application: int) -> HttpResponse:
    found = _read(request, application)
    actions.read_messages(organisation=found.organisation, **_who(request))
    return redirect("application", application=application)


@requires(Permission.MANAGE_REGISTER)
def criteria(request: ActingRequest) -> HttpResponse:
    """The checklist that applicants are shown: add a line, take one off."""
    form = CriterionForm(request.POST or None, cancel_url=reverse("applications"))
    if form.is_valid():
        actions.add_criterion(**form.cleaned_data, **_who(request))
        messages.success(request, "Added. Applicants see it at the end of the checklist.")
        return redirect("criteria")
    page = {"form": form, "criteria": list(Criterion.objects.standing())}
    return render(request, "organisations/criteria.html", page)


@require_POST
@requires(Permission.MANAGE_REGISTER)
def retire_criterion(request: ActingRequest, criterion: int) -> HttpResponse:
    found = get_object_or_404(Criterion.objects.standing(), pk=criterion)
    actions.retire_criterion(criterion=found, **_who(request))
    messages.success(request, "Taken off. What applicants wrote on it stays.")
    return redirect("criteria")


@requires(Permission.MANAGE_REGISTER)
def record_round(request: ActingRequest) -> HttpResponse:
    initial = {"known_on": london_date(request.now)}
    form = RoundForm(
        request.POST or None,
        now=request.now,
        initial=initial,
        cancel_url=reverse("applications"),
    )
    if form.is_valid():
        actions.record_round(said=actions.Round(**form.cleaned_data), **_who(request))
        messages.success(request, "Recorded. Applicants see it.")
        return redirect("applications")
    page = {"form": form, "title": "Record a recruitment round", "back": reverse("applications")}
    return render(request, "organisations/application_form.html", page)


def _read(request: ActingRequest, application: int) -> Application:
    with rights_of(request.membership):
        return _found(request, application)


def _found(request: ActingRequest, application: int) -> Application:
    return get_object_or_404(
        Application.objects.visible_to(request.membership).select_related("organisation"),
        pk=application,
    )


def _form(
    kind: type[GovukForm], request: ActingRequest, about: Application, **more: Any
) -> GovukForm:
    address = reverse("application", args=[about.pk])
    return kind(request.POST or None, now=request.now, cancel_url=address, **more)


def _asked(
    request: ActingRequest, form: GovukForm, title: str, about: Application, **more: Any
) -> HttpResponse:
    page = {
        "form": form,
        "title": title,
        "back": reverse("application", args=[about.pk]),
        "organisation": about.organisation,
        **more,
    }
    return render(request, "organisations/application_form.html", page)


def _who(request: ActingRequest) -> dict[str, Any]:
    return {"by": request.membership, "now": request.now}
