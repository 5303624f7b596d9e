from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import log
from audit.models import Action
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.models import WaitEvent
from referrals.pages.why import why_page
from referrals.views.acting import referral_of, url_of


@requires(Permission.VIEW_REFERRALS)
def why(request: ActingRequest, reference: str, event: int, rule: str) -> HttpResponse:
    """Why this date: of the wait of this rule that this event started."""
    referral = referral_of(request, reference)
    started_by = get_object_or_404(
        WaitEvent.objects.visible_to(request.membership).filter(referral=referral), pk=event
    )
    member = request.membership
    page = why_page(referral, started_by, rule, membership=member, now=request.now)
    if page is None:
        messages.info(request, "Nothing is measured there any more: what started it has changed.")
        return redirect(url_of(referral))
    log.record(Action.REFERRAL_VIEWED, by=member, now=request.now, referral=referral.pk)
    return render(request, "referrals/why.html", {"referral": referral, "page": page})
