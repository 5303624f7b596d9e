from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.pages.must_hand_over import must_hand_over as page_of


@requires(Permission.VIEW_DELAYS)
def must_hand_over(request: ActingRequest) -> HttpResponse:
    page = page_of(request.membership, now=request.now)
    return render(request, "referrals/must_hand_over.html", {"page": page})
