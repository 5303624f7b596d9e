from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.actions.pausing import pause_running
from referrals.forms.pausing import GoOnForm, PauseForm
from referrals.models import Referral, WaitEvent
from referrals.pages.pauses import effect_of, paused_now
from referrals.pages.timeline import standing_of
from referrals.views.acting import about, act_and_tell, form_about, record_and_tell, show, url_of

NOT_OVER = "Looked at again: the pause goes on"


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def pause(request: ActingRequest, referral: Referral) -> HttpResponse:
    """The waits stand still, at the survivor's wish or a manager's decision."""
    may_hold = request.membership.can(Permission.HOLD_REFERRAL)
    form = PauseForm(request.POST or None, may_hold=may_hold, **about(request, referral))
    if form.is_valid() and record_and_tell(request, form):
        return redirect(url_of(referral))
    standing = standing_of(referral, membership=request.membership)
    return show(
        request,
        "referrals/pause.html",
        form,
        effect=effect_of(referral, now=request.now),
        paused=paused_now(standing, now=request.now),
    )


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def go_on(request: ActingRequest, referral: Referral) -> HttpResponse:
    """A pause is over, or is looked at again and goes on."""
    standing = standing_of(referral, membership=request.membership)
    begun = pause_running(standing, at=request.now)
    if begun is None and request.method == "GET":
        messages.info(request, "No pause runs: the clocks run.")
        return redirect(url_of(referral))
    form = GoOnForm(request.POST or None, **about(request, referral))
    if form.is_valid() and act_and_tell(
        request, form, lambda: _save(request, form, referral, begun)
    ):
        return redirect(url_of(referral))
    paused = paused_now(standing, now=request.now)
    may_hold = request.membership.can(Permission.HOLD_REFERRAL)
    return show(request, "referrals/go_on.html", form, paused=paused, may_hold=may_hold)


def _save(
    request: ActingRequest, form: GoOnForm, referral: Referral, begun: WaitEvent | None
) -> object:
    if form.is_over or begun is None:
        return actions.record_wait_events(
            referral=referral,
            happenings=[form.ended()],
            by=request.membership,
            now=request.now,
            **form.sent,
        )
    return actions.correct_wait_event(
        event=begun,
        corrected=replace(actions.said_by(begun), look_again_on=form.cleaned_data["look_again_on"]),
        reason=NOT_OVER,
        by=request.membership,
        now=request.now,
        **form.sent,
    )
