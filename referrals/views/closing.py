from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.errors import UnansweredDecision
from referrals.forms.closing import CloseForm, ReopenForm
from referrals.models import Referral
from referrals.views.acting import about, act_and_tell, form_about, show, url_of


@requires(Permission.CLOSE_REFERRAL)
@form_about
def close(request: ActingRequest, referral: Referral) -> HttpResponse:
    form = CloseForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.close_referral(
            referral=referral,
            reason=form.cleaned_data["reason"],
            detail=form.cleaned_data["detail"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    unanswered = isinstance(form.refused, UnansweredDecision)
    return show(request, "referrals/close.html", form, unanswered=unanswered)


@requires(Permission.CLOSE_REFERRAL)
@form_about
def reopen(request: ActingRequest, referral: Referral) -> HttpResponse:
    form = ReopenForm(request.POST or None, **about(request, referral))
    if form.is_valid() and form.cleaned_data["same_request"] == "no":
        return redirect(f"{reverse('referral_new')}?{urlencode({'follows': referral.reference})}")
    if form.is_valid() and act_and_tell(
        request,
        form,
        lambda: actions.reopen_referral(
            referral=referral,
            detail=form.cleaned_data["detail"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        return redirect(url_of(referral))
    return show(request, "referrals/reopen.html", form)
