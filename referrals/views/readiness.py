"""Getting ready for the Home Office's form: its sections, its draft, and the submission."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit import log
from audit.models import Action
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions import Happening
from referrals.catalogue import EventCode
from referrals.forms.base import act
from referrals.forms.written import DraftForm, ReferenceForm, SectionForm, SubmittedForm
from referrals.home_office import EDITION, HINTS, SECTIONS, needed
from referrals.models import Referral, WrittenPage
from referrals.pages.known_answers import known_answers
from referrals.pages.readiness import printed, readiness_of, says_no, whom_of
from referrals.pages.timeline import standing_of
from referrals.views.acting import (
    about,
    act_and_tell,
    form_about,
    referral_of,
    show,
    untrained_today,
)
from referrals.views.intake import show_page, tell_kept

Page = WrittenPage.Page


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def readiness(request: ActingRequest, referral: Referral) -> HttpResponse:
    """The checklist; by POST, that the draft was started or saved today."""
    page = readiness_of(referral, membership=request.membership, now=request.now)
    facts = about(request, referral) | {"cancel_url": ""}
    form = DraftForm(request.POST or None, exists=page.draft is not None, **facts)
    code = EventCode.DRAFT_LAST_SAVED if page.draft else EventCode.DRAFT_STARTED
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.record_wait_events(
            referral=referral,
            happenings=[Happening(code=code, happened_at=request.now)],
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        return redirect("readiness", reference=referral.reference)
    template = "referrals/readiness_none.html" if page.said_no else "referrals/readiness.html"
    return show(request, template, form, page=page, edition=EDITION)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def readiness_section(request: ActingRequest, referral: Referral, section: str) -> HttpResponse:
    """Which answers are at hand, and the working notes."""
    if section not in SECTIONS:
        raise Http404
    standing = standing_of(referral, membership=request.membership)
    asked = needed(section, whom_of(referral, standing, now=request.now))
    if not asked or says_no(referral, standing, now=request.now):
        return redirect("readiness", reference=referral.reference)
    pages = actions.pages_of(referral=referral)
    known = known_answers(referral, standing, pages, membership=request.membership, now=request.now)
    form = SectionForm(
        request.POST or None,
        page=section,
        stands=pages.get(section),
        needed=asked,
        known=known,
        **about(request, referral),
    )
    form.cancel_url = reverse("readiness", args=[referral.reference])
    if form.is_valid() and act(form, lambda: _keep(request, form)):
        return redirect("readiness", reference=referral.reference)
    title, hint = Page(section).label, HINTS.get(section, "")
    return show_page(request, "referrals/readiness_page.html", form, title=title, hint=hint)


@requires(Permission.RECORD_WAIT_EVENT)
def readiness_print(request: ActingRequest, reference: str) -> HttpResponse:
    """All of it in the form's order, to print or to copy. That it was opened is noted."""
    referral = referral_of(request, reference)
    standing = standing_of(referral, membership=request.membership)
    if says_no(referral, standing, now=request.now):
        return redirect("readiness", reference=reference)
    log.record(Action.FORM_PRINTED, by=request.membership, now=request.now, referral=referral.pk)
    sections = printed(referral, membership=request.membership, now=request.now)
    page = {"referral": referral, "sections": sections, "edition": EDITION}
    return render(request, "referrals/readiness_print.html", page)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def submitted(request: ActingRequest, referral: Referral) -> HttpResponse:
    """The NRM referral was submitted on the Home Office's service."""
    form = SubmittedForm(request.POST or None, **about(request, referral))
    form.cancel_url = reverse("readiness", args=[referral.reference])
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.record_submission(
            referral=referral,
            happenings=form.happenings(),
            home_office_reference=form.cleaned_data["home_office_reference"],
            all_the_same=form.because,
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect("readiness", reference=referral.reference)
    page = readiness_of(referral, membership=request.membership, now=request.now)
    return show(
        request, "referrals/submitted.html", form, page=page, untrained=untrained_today(request)
    )


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def reference(request: ActingRequest, referral: Referral) -> HttpResponse:
    """The reference of the Home Office, which often comes later."""
    stands = actions.newest_page(referral=referral, page=Page.REFERENCE)
    facts = about(request, referral)
    form = ReferenceForm(request.POST or None, page=Page.REFERENCE, stands=stands, **facts)
    form.cancel_url = reverse("readiness", args=[referral.reference])
    if form.is_valid() and act(form, lambda: _keep_reference(request, form)):
        return redirect("readiness", reference=referral.reference)
    return show_page(request, "referrals/readiness_page.html", form, title="Home Office reference")


def _keep(request: ActingRequest, form: SectionForm) -> None:
    said = form.cleaned_data
    kept = actions.write_page(
        referral=form.referral,
        page=form.page,
        answers={"notes": said["notes"]},
        state=said["state"] or WrittenPage.State.NOT_YET,
        have=said["have"],
        by=request.membership,
        now=request.now,
        **form.sent,
    )
    tell_kept(request, form, kept)


def _keep_reference(request: ActingRequest, form: ReferenceForm) -> None:
    kept = actions.keep_home_office_reference(
        referral=form.referral,
        words=form.cleaned_data["reference"],
        by=request.membership,
        now=request.now,
        **form.sent,
    )
    tell_kept(request, form, kept)
