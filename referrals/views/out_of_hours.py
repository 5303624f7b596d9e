from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.out_of_hours import WhoActsForm
from referrals.models import Referral
from referrals.pages.out_of_hours import asked_about, out_of_hours_of
from referrals.views.acting import about, form_about, show, tell_sent_before, url_of


@requires(Permission.TAKE_UP_DELAY)
@form_about
def who_acts(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Say who acts on what falls due while the office is closed."""
    member = request.membership
    waits = asked_about(referral, membership=member, now=request.now)
    if not waits:
        messages.info(request, "Nothing falls due outside office hours.")
        return redirect(url_of(referral))
    form = WhoActsForm(request.POST or None, membership=member, **about(request, referral))
    done: list[bool] = []
    if form.is_valid() and act(
        form,
        lambda: done.append(
            actions.say_who_acts(
                referral=referral,
                waits=waits,
                person=form.person,
                by=member,
                now=request.now,
                **form.sent,
            )
        ),
    ):
        if done[0]:
            messages.success(request, "Saved. Your colleagues see it on this page.")
        else:
            tell_sent_before(request, form)
        return redirect(url_of(referral))
    limits = out_of_hours_of(referral, waits, membership=member, now=request.now)
    return show(request, "referrals/who_acts.html", form, limits=limits)
