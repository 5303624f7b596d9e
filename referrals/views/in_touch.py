from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.forms.in_touch import ELSEWHERE, InTouchForm
from referrals.models import Referral
from referrals.pages.in_touch import in_touch_page
from referrals.views.acting import about, form_about, record_and_tell, show, url_of


@requires(Permission.RECORD_WAIT_EVENT)
@form_about
def in_touch(request: ActingRequest, referral: Referral) -> HttpResponse:
    """Whether they are still reachable, and what came of looking. It asks nobody to ring."""
    page = in_touch_page(referral, membership=request.membership, now=request.now)
    form = InTouchForm(request.POST or None, is_lost=page.is_lost, **about(request, referral))
    if form.is_valid() and record_and_tell(request, form):
        if form.cleaned_data["came"] == ELSEWHERE:
            messages.info(
                request,
                "If they are with another organisation, or have moved away, close the referral "
                "with that as the reason: it is counted.",
            )
        return redirect(url_of(referral))
    return show(request, "referrals/in_touch.html", form, page=page)
