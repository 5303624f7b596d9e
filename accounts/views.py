"""What a page asks by itself: until when one is signed in, and to keep what was typed."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts import drafts
from accounts.models import User
from accounts.sessions import ends_at, keep_words
from nrm_tracker.access import signed_in


@require_GET
@signed_in
def session_ends(request: HttpRequest) -> HttpResponse:
    """When the sign-in ends. Asking is no sign of life."""
    return JsonResponse({"ends": ends_at(request).isoformat()})


@require_POST
@signed_in
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is there."""
    return JsonResponse({"ends": ends_at(request).isoformat()})


@require_POST
@signed_in
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Keep the form that is sent to `path`; `left` in a hurry."""
    keep_words(request, path=_path(request), left="left" in request.GET)
    return HttpResponse(status=204)


@require_POST
@signed_in
def throw_draft_away(request: HttpRequest) -> HttpResponse:
    path = _path(request)
    drafts.throw_away(cast(User, request.user), path)
    messages.info(request, "Thrown away.")
    return redirect(path)


def _path(request: HttpRequest) -> str:
    path = request.GET.get("path", "")
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if own else "/"
