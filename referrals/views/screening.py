from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.forms.screening import ScreeningForm
from referrals.models import Referral
from referrals.pages import risks as page
from referrals.pages.timeline import standing_of
from referrals.risks import current_risks
from referrals.views.acting import about, form_about, record_and_tell, show, url_of

URGENT = "An urgent risk stands. Make sure now that they are safe: whom to call stands below."


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def risks(request: ActingRequest, referral: Referral) -> HttpResponse:
    """The risks that stand, and a short form that asks about each of them again."""
    present = current_risks(standing_of(referral, membership=request.membership))
    form = ScreeningForm(
        request.POST or None,
        present=page.confirmed_in_words(present, now=request.now),
        **about(request, referral),
    )
    if form.is_valid() and record_and_tell(request, form):
        if form.says_urgent:
            messages.warning(request, URGENT)
        return redirect(url_of(referral))
    organisation = request.membership.organisation
    return show(
        request,
        "referrals/risks.html",
        form,
        rows=page.rows(present, now=request.now),
        danger=page.danger(organisation, nation=referral.nation, now=request.now),
    )
