"""Who may use a view. A view that declares nothing is refused (`middleware.DefaultDeny`).

The third way of declaring it, `requires(permission)`, is in `organisations.access`: it knows roles.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed in"  # with a second factor
    ENROLLING = "enrolling"  # signed in, the second factor still to be set up


# The sign-in library's views carry no declaration, so its routes are listed by name. What is not
# listed does not exist for us: signing up, changing the address, removing the second factor.
LIBRARY_ROUTES: dict[str, Access] = {
    "account_login": Access.PUBLIC,
    "account_logout": Access.PUBLIC,
    "account_inactive": Access.PUBLIC,
    "account_reset_password": Access.PUBLIC,
    "account_reset_password_done": Access.PUBLIC,
    "account_reset_password_from_key": Access.PUBLIC,
    "account_reset_password_from_key_done": Access.PUBLIC,
    "mfa_authenticate": Access.PUBLIC,  # between the password and the code nobody is signed in
    "mfa_activate_totp": Access.ENROLLING,
    "account_reauthenticate": Access.SIGNED_IN,
    "account_change_password": Access.SIGNED_IN,
    "mfa_index": Access.SIGNED_IN,
    "mfa_reauthenticate": Access.SIGNED_IN,
    "mfa_view_recovery_codes": Access.SIGNED_IN,
    "mfa_generate_recovery_codes": Access.SIGNED_IN,
    "mfa_download_recovery_codes": Access.SIGNED_IN,
}


def public(view: View) -> View:
    """Anybody, without an account."""
    view.access = Access.PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who is signed in with a second factor, whatever their role."""
    view.access = Access.SIGNED_IN  # type: ignore[attr-defined]
    return view


def declared(view: Callable[..., Any], name: str | None) -> object | None:
    """What a view (of the route `name`) says about who uses it; None when it says nothing.

    Beside `Access` it may be an app's own permission, which implies being signed in.
    """
    return getattr(view, "access", None) or LIBRARY_ROUTES.get(name or "")
