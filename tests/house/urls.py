"""Views that misbehave, to see what is left of what they did."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from nrm_tracker import urls
from organisations.access import ActingRequest, requires
from organisations.roles import Permission
from referrals.models import Referral


def write(request: ActingRequest) -> None:
    Referral.objects.visible_to(request.membership).update(own_reference="half done")


@requires(Permission.RECORD_WAIT_EVENT)
def completes(request: ActingRequest) -> HttpResponse:
    write(request)
    return HttpResponse("done")


@requires(Permission.RECORD_WAIT_EVENT)
def raises(request: ActingRequest) -> HttpResponse:
    write(request)
    raise RuntimeError("half way")


@requires(Permission.RECORD_WAIT_EVENT)
def raises_while_rendering(request: ActingRequest) -> HttpResponse:
    write(request)
    return TemplateResponse(request, "no_such_template.html")


@requires(Permission.RECORD_WAIT_EVENT)
def streams(request: ActingRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        yield from Referral.objects.values_list("pseudonym", flat=True)

    write(request)
    return StreamingHttpResponse(rows())


urlpatterns = [
    *urls.urlpatterns,
    path("probe/completes/", completes),
    path("probe/raises/", raises),
    path("probe/raises-while-rendering/", raises_while_rendering),
    path("probe/streams/", streams),
]
