"""The names that the frame leads to, and pages that show it; for the tests of the look alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from nrm_tracker.access import public
from nrm_tracker.ui.views import design
from tests.ui.people import NOW, member


@public
def blank(request):
    return HttpResponse("ok")


@public
def shown(request: HttpRequest) -> HttpResponse:
    request.now = NOW
    request.membership = member("Riverside Support")
    request.user = request.membership.user
    return design(request)


@public
def missing(request):
    return render(request, "404.html", status=404)


NAMES = "today referrals organisations delays thresholds roles notices act_for account_logout"
NAMES += " calendar public_calendar proof_check first_responders help mfa_index"
urlpatterns = [path(f"{name}/", blank, name=name) for name in NAMES.split()]
urlpatterns += [path("design/", shown), path("missing/", missing)]
