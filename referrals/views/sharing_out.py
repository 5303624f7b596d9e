from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.forms.base import act
from referrals.forms.sharing_out import CaseworkerForm
from referrals.models import Referral
from referrals.views.acting import about, form_about, show, url_of


@requires(Permission.PLAN_WORK)
@form_about
def caseworker(request: ActingRequest, referral: Referral) -> HttpResponse:
    form = CaseworkerForm(
        request.POST or None, membership=request.membership, **about(request, referral)
    )
    if form.is_valid() and act(
        form,
        lambda: actions.change_caseworker(
            referral=referral,
            caseworker=form.cleaned_data["caseworker"],
            by=request.membership,
            now=request.now,
            **form.sent,
        ),
    ):
        messages.success(request, "The caseworker is changed.")
        return redirect(url_of(referral))
    return show(request, "referrals/caseworker.html", form)
