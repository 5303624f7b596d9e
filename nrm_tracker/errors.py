"""What is answered when something breaks: where the database is away, what was typed comes back."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler for whatever a view did not expect."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return away(request)
    return server_error(request)


def away(request: HttpRequest) -> HttpResponse:
    """The database is away. The page holds what was sent, and sends it again; the key in a form
    sees to it that it acts once."""
    sent = request.method == "POST"
    words = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    page = loader.get_template("503.html").render(
        {"sent": sent, "words": words, "files": bool(request.FILES)}
    )
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = "60"
    answer.headers["Cache-Control"] = "no-store"
    return answer
