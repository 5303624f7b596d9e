from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals import actions
from referrals.models import Notice
from referrals.pages.notices import inbox


@requires(Permission.VIEW_NOTICES)
def notices(request: ActingRequest) -> HttpResponse:
    return render(request, "referrals/notices.html", {"notices": inbox(request.membership)})


@require_POST
@requires(Permission.VIEW_NOTICES)
def read(request: ActingRequest, notice: int) -> HttpResponse:
    """Opens the referral that the notice is about."""
    found = get_object_or_404(
        Notice.objects.visible_to(request.membership).select_related("referral"), pk=notice
    )
    actions.read_notice(notice=found, now=request.now)
    return redirect("referral", reference=found.referral.reference)


@require_POST
@requires(Permission.VIEW_NOTICES)
def read_all(request: ActingRequest) -> HttpResponse:
    actions.read_notices(by=request.membership, now=request.now)
    return redirect("notices")
