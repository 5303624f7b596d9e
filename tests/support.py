"""What tests of every app need to act as somebody."""

from datetime import timedelta
from types import SimpleNamespace

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import User


def signed_in_client(user: User) -> Client:
    """A browser in which this person has signed in with their second factor."""
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def gave_a_code(client: Client, user: User, *, ago: timedelta) -> None:
    session = client.session
    session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
    record_authentication(SimpleNamespace(session=session), user, "mfa")
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= ago.total_seconds()
    session.save()
