"""The demonstration's people. Their password and secrets follow from SECRET_KEY, so every start
of the same demonstration has the same ones, and no two demonstrations share them."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.db import models, transaction

from accounts.models import User

DOMAIN = ".example"  # reserved for examples: no address of a real person ends so
PERIOD = 30  # seconds that a code lasts


@dataclass(frozen=True)
class DemoAccount:
    """What a visitor needs to sign in, once for each organisation that the person acts for."""

    username: str
    name: str
    password: str
    totp_secret: str
    organisation: str  # slug
    organisation_name: str
    role: str


def demo_password() -> str:
    return f"demo-{_derived('password')[:8].hex('-', 2)}"


def totp_secret_for(email: str) -> str:
    """Base32, as authenticator apps want it."""
    return base64.b32encode(_derived(f"totp {email.lower()}")[:20]).decode()


def demonstration_users() -> models.QuerySet[User]:
    return User.objects.filter(email__endswith=DOMAIN, is_active=True)


def code_at(secret: str, *, unix_time: float) -> str:
    return str(format_hotp_value(hotp_value(secret, int(unix_time) // PERIOD)))


@transaction.atomic
def ensure_account(*, email: str, name: str) -> User:
    """The account with its password and second factor; repeated calls change nothing."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email=email, name=name, password=demo_password())
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, totp_secret_for(email))
    return user


def _derived(purpose: str) -> bytes:
    message = f"nrm-tracker demonstration {purpose}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()
