from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.actions import reassess_due_of
from referrals.pages.today import today_of


@requires(Permission.RECORD_WAIT_EVENT)
def today(request: ActingRequest) -> HttpResponse:
    reassess_due_of(request.membership, now=request.now)
    page = today_of(request.membership, now=request.now)
    return render(request, "referrals/today.html", {"page": page})
