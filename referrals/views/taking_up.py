from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions.responding import INTERVIEW
from referrals.catalogue import EventCode
from referrals.forms.base import act
from referrals.forms.taking_up import AlreadyHappenedForm, TakeUpForm
from referrals.models import Delay, DelayFlag, Referral
from referrals.pages.referral import card_of
from referrals.thresholds import threshold_of
from referrals.views.acting import (
    about,
    act_and_tell,
    form_about,
    show,
    tell_sent_before,
    untrained_today,
    url_of,
)


@requires(Permission.TAKE_UP_DELAY)
@form_about
def take_up(request: ActingRequest, referral: Referral, delay: int) -> HttpResponse:
    flag = _flag(request, referral, delay)
    shown = Delay.objects.visible_to(request.membership).filter(pk=flag.pk).first()
    if shown is None:
        messages.info(request, "This delay has ended meanwhile.")
        return redirect(url_of(referral))
    form = TakeUpForm(request.POST or None, **about(request, referral))
    done: list[object] = []
    if form.is_valid() and act(form, lambda: done.append(_take_up(request, form, shown))):
        if done[0]:
            messages.success(request, "Taken up.")
        else:
            tell_sent_before(request, form)
        return redirect(url_of(referral))
    card = card_of(referral, shown.pk, membership=request.membership, now=request.now)
    return show(request, "referrals/take_up.html", form, card=card)


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def already_happened(request: ActingRequest, referral: Referral, delay: int) -> HttpResponse:
    flag = _flag(request, referral, delay)
    threshold = threshold_of(flag.rule)
    form = AlreadyHappenedForm(
        request.POST or None,
        threshold=threshold,
        started_by=flag.started_by,
        own=request.membership.organisation,
        **about(request, referral),
    )
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.record_wait_events(
            referral=referral,
            happenings=[form.said()],
            all_the_same=form.because,
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    theirs = {EventCode.REFERRAL_SUBMITTED, *INTERVIEW} & set(form.keys)
    return show(
        request,
        "referrals/already_happened.html",
        form,
        threshold=threshold,
        untrained=untrained_today(request) if theirs else None,
    )


def _flag(request: ActingRequest, referral: Referral, delay: int) -> DelayFlag:
    """The flag that a delay is known by; it stays when the delay has ended."""
    return get_object_or_404(
        DelayFlag.objects.visible_to(request.membership)
        .filter(referral=referral)
        .select_related("started_by__organisation"),
        pk=delay,
    )


def _take_up(request: ActingRequest, form: TakeUpForm, delay: Delay) -> object:
    return actions.take_up_delay(
        delay=delay,
        reason=form.cleaned_data["reason"],
        action=form.cleaned_data["doing"],
        review_on=form.cleaned_data["review_on"],
        by=request.membership,
        now=request.now,
        **form.sent,
    )
