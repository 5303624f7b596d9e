"""The product's routes and a few more that declare their access, or do not."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from nrm_tracker import urls
from nrm_tracker.access import public, signed_in


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("undeclared")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"guarded {request.now.isoformat()}")


urlpatterns = [
    *urls.urlpatterns,
    path("probe/undeclared/", undeclared),
    path("probe/open/", open_to_all),
    path("probe/guarded/", guarded),
]
