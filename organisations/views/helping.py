"""How the product is used, told to whoever is signed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from nrm_tracker.ui.guides import FIRST
from nrm_tracker.ui.guides import guide as read
from organisations.access import ActingRequest, requires
from organisations.roles import Permission


@requires(Permission.VIEW_REGISTER)
def guide(request: ActingRequest, guide: str = FIRST) -> HttpResponse:
    """One guide, or the list of them."""
    found = read(guide)
    if found is None:
        raise Http404
    page = {"guide": found, "is_list": guide == FIRST}
    return render(request, "organisations/guide.html", page)
