"""Those ticked in the list, which stand in the address, and what is done with all of them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from nrm_tracker.ui.words import count
from organisations.access import ActingRequest, requires
from organisations.models import Membership
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.chosen import (
    CONTACT,
    MOST_CHOSEN,
    TAKE_UP,
    ChosenForm,
    ManyForm,
    TakeUpChosenForm,
    read_chosen,
)
from referrals.models import Referral
from referrals.pages.chosen import chosen_people, preview_of, rules_to_take_up
from referrals.views.acting import key_of, with_a_key


@requires(Permission.PLAN_WORK)
def chosen(request: ActingRequest) -> HttpResponse:
    if elsewhere := _elsewhere(request):
        return elsewhere
    people = _people(request)
    form = ChosenForm(request.POST or None, membership=request.membership, **_about(request))
    if form.is_valid() and "again" not in request.POST:
        if form.cleaned_data["do"] == TAKE_UP:
            ticked = urlencode({"chosen": request.GET.getlist("chosen")}, doseq=True)
            return redirect(f"{reverse('take_up_chosen')}?{ticked}")
        return _answered(
            request, form, people, _doing(form, by=request.membership, now=request.now)
        )
    return render(request, "referrals/chosen.html", {"form": form, "people": people})


@requires(Permission.TAKE_UP_DELAY)
def take_up_chosen(request: ActingRequest) -> HttpResponse:
    if elsewhere := _elsewhere(request):
        return elsewhere
    people = _people(request)
    rules = rules_to_take_up(request.membership, people=people, now=request.now)
    form = TakeUpChosenForm(request.POST or None, rules=rules, **_about(request))
    if form.is_valid() and "again" not in request.POST:
        do = partial(
            actions.take_up_delays,
            rule=form.cleaned_data["rule"],
            reason=form.cleaned_data["reason"],
            action=form.cleaned_data["doing"],
            review_on=form.cleaned_data["review_on"],
            by=request.membership,
            now=request.now,
        )
        return _answered(request, form, people, do)
    page = {"form": form, "people": people, "rules": rules}
    return render(request, "referrals/chosen_take_up.html", page)


def _elsewhere(request: ActingRequest) -> HttpResponse | None:
    """Where to go first: to tick somebody, or to this form with a key in its address."""
    given = dict(read_chosen(request.GET.getlist("chosen")))
    if not given or len(given) > MOST_CHOSEN:
        messages.warning(request, f"Tick the people in the list first, {MOST_CHOSEN} at most.")
        return redirect("referrals")
    if request.method != "POST" and key_of(request) is None:
        return with_a_key(request)
    return None


def _people(request: ActingRequest) -> list[Referral]:
    given = dict(read_chosen(request.GET.getlist("chosen")))
    return chosen_people(request.membership, references=list(given))


def _about(request: ActingRequest) -> dict[str, Any]:
    """What each form on many is made with; it is opened on what was ticked, as it was seen."""
    initial = {"key": key_of(request), "versions": ",".join(request.GET.getlist("chosen"))}
    return {"chosen": _people(request), "now": request.now, "initial": initial}


def _doing(form: ChosenForm, *, by: Membership, now: datetime) -> partial[bool]:
    said = form.cleaned_data
    if said["do"] == CONTACT:
        at, precision = form.moment()
        return partial(actions.record_contacts, happened_at=at, precision=precision, by=by, now=now)
    return partial(actions.share_out, caseworker=said["caseworker"], by=by, now=now)


def _answered(
    request: ActingRequest, form: ManyForm, people: Sequence[Referral], do: partial[bool]
) -> HttpResponse:
    """First for whom it can be done and why not for others; once that is confirmed, done."""
    seen = form.cleaned_data["versions"]
    about = [each for each in people if each.pk in seen]
    done: list[bool] = []
    if form.cleaned_data["confirmed"] and act(
        form, lambda: done.append(do(chosen=seen, key=form.sent_key))
    ):
        _tell(request, about, done=done[0])
        return redirect("referrals")
    now_versions = {each.pk: each.version for each in about}
    refused = actions.refusals(do=lambda each: do(chosen=each), chosen=now_versions)
    preview = preview_of(about, seen=seen, refused=refused)
    page = {
        "form": form,
        "preview": preview,
        "sent": form.sent_again(preview.able),
        "again": form.sent_again(about),
    }
    return render(request, "referrals/chosen_preview.html", page)


def _tell(request: ActingRequest, about: Sequence[Referral], *, done: bool) -> None:
    if not done:
        messages.info(request, "This was sent before, and is recorded once.")
        return
    named = ", ".join(each.reference for each in about)
    messages.success(request, f"Recorded for {count(len(about), 'referral')}: {named}.")
