"""The fork: a child is not asked, an adult is, and who does not consent is not pressed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.access import ActingRequest, requires
from organisations.lawful_basis import in_words
from organisations.roles import Permission
from referrals import actions, notification
from referrals.consent import is_asked
from referrals.forms.base import act
from referrals.forms.consent import BasisForm, ChildSharingForm, ConsentForm
from referrals.forms.events import RecordForm
from referrals.models import Referral
from referrals.pages.consent import (
    NoPage,
    agreed_to_cooperate,
    consent_page,
    facts_of_notification,
    no_page,
)
from referrals.views.acting import (
    about,
    after,
    form_about,
    record_and_tell,
    referral_of,
    show,
    url_of,
)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def consent(request: ActingRequest, referral: Referral) -> HttpResponse:
    """What the person said to each layer; of a child, that the question is not theirs."""
    page = consent_page(referral, membership=request.membership, now=request.now)
    asked = is_asked(referral, on=london_date(request.now))
    kind: type[RecordForm] = ConsentForm if asked else ChildSharingForm
    form = kind(request.POST or None, **about(request, referral))
    if form.is_valid() and record_and_tell(request, form):
        return after(referral, form.happenings())
    template = "referrals/consent.html" if asked else "referrals/consent_child.html"
    return show(request, template, form, page=page)


@requires(Permission.RECORD_WAIT_EVENT)
def did_not_consent(request: ActingRequest, reference: str) -> HttpResponse:
    """The way in ends here, without pressure: what still stands open."""
    referral = referral_of(request, reference)
    page = no_page(referral, membership=request.membership, now=request.now)
    if page is None:
        return redirect("consent", reference=reference)
    facts = {"referral": referral, "page": page, "organisation": request.membership.organisation}
    return render(request, "referrals/did_not_consent.html", facts)


@requires(Permission.RECORD_WAIT_EVENT)
def duty_to_notify(request: ActingRequest, reference: str) -> HttpResponse:
    """What may be said, on a page or, with `?text`, as a text. Neither says who it is."""
    referral = referral_of(request, reference)
    page = no_page(referral, membership=request.membership, now=request.now)
    if page is None or not page.may_notify:
        return redirect("consent", reference=reference)
    log.record(
        Action.NOTIFICATION_PREPARED, by=request.membership, now=request.now, referral=referral.pk
    )
    return _notification(request, referral, page)


def _notification(request: ActingRequest, referral: Referral, page: NoPage) -> HttpResponse:
    facts = facts_of_notification(referral, page.said_no, membership=request.membership)
    if "text" in request.GET:
        headers = {"Content-Disposition": 'attachment; filename="duty-to-notify.txt"'}
        return HttpResponse(
            notification.text(facts), content_type="text/plain; charset=utf-8", headers=headers
        )
    shown = {
        "referral": referral,
        "page": page,
        "lines": notification.lines(facts),
        "may_name": agreed_to_cooperate(referral, membership=request.membership),
    }
    return render(request, "referrals/duty_to_notify.html", shown)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def basis(request: ActingRequest, referral: Referral) -> HttpResponse:
    """On what this record is kept, where that is not the organisation's usual basis."""
    form = BasisForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.decide_basis(
            referral=referral,
            lawful_basis=form.cleaned_data["lawful_basis"],
            special_condition=form.cleaned_data["special_condition"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "Saved.")
        return redirect(url_of(referral))
    usual = request.membership.organisation
    words = in_words(usual.lawful_basis, usual.special_condition)
    return show(request, "referrals/basis.html", form, usual=usual, words=words)
