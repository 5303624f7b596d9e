from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.pages.capacity import reminder_for
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.pages.must_hand_over import designation_ended
from referrals.pages.today import today_of


@requires(Permission.RECORD_WAIT_EVENT)
def today(request: ActingRequest) -> HttpResponse:
    reassess_due_of(request.membership, now=request.now)
    page = today_of(request.membership, now=request.now)
    ended = designation_ended(request.membership, now=request.now)
    reminder = reminder_for(request.membership, now=request.now)
    leads = request.membership.can(Permission.VIEW_DELAYS)
    shown = {"page": page, "ended": ended, "leads": leads, "reminder": reminder}
    return render(request, "referrals/today.html", shown)
