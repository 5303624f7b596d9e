"""Harm that came to somebody: recorded by caseworkers, read and decided by the lead."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions import OpenedHarm
from referrals.forms.base import act
from referrals.forms.harming import DecideHarmForm, HarmForm
from referrals.models import Harm, Referral
from referrals.pages.harming import harm_listed, versions_in_words
from referrals.views.acting import about, form_about, referral_of, show, url_of


@requires(Permission.READ_HARM)
def harms(request: ActingRequest) -> HttpResponse:
    return render(request, "referrals/harms.html", {"rows": harm_listed(request.membership)})


@requires(Permission.RECORD_HARM)
@form_about
def new_harm(request: ActingRequest, referral: Referral) -> HttpResponse:
    form = HarmForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.record_harm(
            referral=referral,
            said=form.said(),
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "Recorded. Tell your safeguarding lead now, in person.")
        return redirect(url_of(referral))
    return show(request, "referrals/harm_form.html", form, title="Record harm")


@requires(Permission.RECORD_HARM)
def harm(request: ActingRequest, reference: str, harm: UUID) -> HttpResponse:
    referral = referral_of(request, reference)
    opened = _opened(request, referral, harm)
    page = {
        "referral": referral,
        "incident": harm,
        "versions": versions_in_words(opened, membership=request.membership),
        "decides": request.membership.can(Permission.READ_HARM),
    }
    return render(request, "referrals/harm.html", page)


@requires(Permission.RECORD_HARM)
@form_about
def correct(request: ActingRequest, referral: Referral, harm: UUID) -> HttpResponse:
    last = _opened(request, referral, harm)[0]
    before = asdict(last.said) if last.said else {}
    form = HarmForm(
        request.POST or None,
        initial=before,
        submit_label="Save the correction",
        **about(request, referral),
    )
    if form.is_valid() and act(
        form,
        lambda: actions.correct_harm(
            referral=referral,
            incident=harm,
            said=form.said(),
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "Corrected. What stood before stays to be read.")
        return redirect(reverse("harm", args=[referral.reference, harm]))
    return show(request, "referrals/harm_form.html", form, title="Correct what is recorded")


@requires(Permission.READ_HARM)
@form_about
def decide(request: ActingRequest, referral: Referral, harm: UUID) -> HttpResponse:
    _versions(request, referral, harm)
    form = DecideHarmForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act(
        form,
        lambda: actions.decide_harm(
            referral=referral,
            incident=harm,
            decision=form.cleaned_data["decision"],
            why=form.cleaned_data["why"],
            by=request.membership,
            now=request.now,
            key=form.sent_key,
        ),
    ):
        messages.success(request, "The decision is recorded.")
        return redirect(reverse("harm", args=[referral.reference, harm]))
    return show(request, "referrals/harm_decide.html", form)


def _versions(request: ActingRequest, referral: Referral, incident: UUID) -> list[Harm]:
    rows = Harm.objects.visible_to(request.membership).filter(referral=referral, incident=incident)
    found = list(rows.select_related("by", "decided_by").order_by("-number"))
    if not found:
        raise Http404
    return found


def _opened(request: ActingRequest, referral: Referral, incident: UUID) -> list[OpenedHarm]:
    found = _versions(request, referral, incident)
    return actions.opened_harm(
        referral=referral, versions=found, by=request.membership, now=request.now
    )
