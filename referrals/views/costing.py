"""Time and expenses on a referral, logged with a tap and taken back; what an hour costs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.costing import EffortForm, RateForm, WithdrawEffortForm
from referrals.models import Effort, Referral
from referrals.pages.costing import rate_rows, spending
from referrals.views.acting import about, form_about, referral_of, tell_sent_before


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def effort(request: ActingRequest, referral: Referral) -> HttpResponse:
    """What is logged on a referral, and the form to log more."""
    form = EffortForm(request.POST or None, **about(request, referral))
    done: list[Effort | None] = []
    if form.is_valid() and act(form, lambda: done.append(_log(request, form))):
        if done[0]:
            messages.success(request, "Logged.")
        else:
            tell_sent_before(request, form)
        return redirect(f"{reverse('referral', args=[referral.reference])}#time")
    page = {
        "form": form,
        "referral": referral,
        "spending": spending(referral, membership=request.membership, now=request.now),
    }
    return render(request, "referrals/effort.html", page)


@requires(Permission.RECORD_WAIT_EVENT)
def withdraw(request: ActingRequest, reference: str, effort: UUID) -> HttpResponse:
    referral = referral_of(request, reference)
    found = get_object_or_404(
        Effort.objects.visible_to(request.membership).filter(referral=referral), pk=effort
    )
    back = reverse("effort", args=[reference])
    form = WithdrawEffortForm(request.POST or None, cancel_url=back)
    if form.is_valid() and act(form, lambda: _withdraw(request, found, form)):
        messages.success(request, "Taken back. It counts no more, and stays on the list.")
        return redirect(back)
    page = {"form": form, "referral": referral, "effort": found}
    return render(request, "referrals/effort_withdraw.html", page)


@requires(Permission.KEEP_COST)
def rates(request: ActingRequest) -> HttpResponse:
    """What an hour costs the organisation, and what it cost before."""
    form = RateForm(request.POST or None, now=request.now, cancel_url=reverse("cost"))
    if form.is_valid():
        actions.set_rate(by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("rates")
    page = {"form": form, "rates": rate_rows(request.membership)}
    return render(request, "referrals/rates.html", page)


def _log(request: ActingRequest, form: EffortForm) -> Effort | None:
    return actions.log_effort(
        referral=form.referral,
        spent=form.spent(),
        by=request.membership,
        now=request.now,
        key=form.sent_key,
    )


def _withdraw(request: ActingRequest, effort: Effort, form: WithdrawEffortForm) -> None:
    actions.withdraw_effort(
        effort=effort,
        why=Effort.Why(form.cleaned_data["why"]),
        by=request.membership,
        now=request.now,
    )
