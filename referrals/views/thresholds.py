from django.http import HttpResponse
from django.shortcuts import render

from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.pages.limits import groups


@requires(Permission.VIEW_REGISTER)
def thresholds(request: ActingRequest) -> HttpResponse:
    return render(request, "referrals/thresholds.html", {"groups": groups()})
