"""By what failed attempts to sign in are counted (django-axes)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The e-mail address typed, in lower case: `A@b` and `a@b` are one person."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(given).strip().lower()


def address(request: HttpRequest) -> str | None:
    """The client's address, past as many proxies as TRUSTED_PROXIES says; None if not known."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # the library's word for it
        return None
