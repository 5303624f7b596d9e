"""What happens to every request: the clock is read once, and access is denied by default."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from nrm_tracker.access import Access, declared

GetResponse = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)


class RequestNow:
    """`request.now`: the one instant at which everything in this request happens."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.now = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class OwnOrigin:
    """Lets our own forms post under `Referrer-Policy: no-referrer`.

    Under that policy a browser sends `Origin: null` with a form of ours, which Django's check of
    the origin refuses. Where `Sec-Fetch-Site` says that the form is another site's it stays
    refused; elsewhere the token decides, whose `__Host-` cookie no other host can set.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if own and request.headers.get("Origin") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


class DefaultDeny:
    """Only a view that says who uses it is used; all but the public ones need a second factor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        route = request.resolver_match
        access = declared(view, route.view_name if route else None)
        if access is None:
            logger.error("Refused a view that declares no access: %s", route and route.route)
            raise PermissionDenied
        if access is Access.PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
        if access is Access.ENROLLING or is_mfa_enabled(request.user):
            return None
        return redirect("mfa_activate_totp")


class NoStore:
    """What a signed-in person saw is kept by no browser or proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            add_never_cache_headers(response)
        return response
