"""The page that shows every component; routed in debug only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nrm_tracker.ui import specimens


def design(request: HttpRequest) -> HttpResponse:
    return render(request, "design.html", specimens.everything(request.GET or None))
