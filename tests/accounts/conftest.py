"""A person who can sign in, and the ways of doing so."""

from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from accounts.models import User

PASSWORD = "lantern orbit velvet plinth"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = 1_795_435_200  # 2026-11-23 12:00 UTC, the start of a period
PROBES = "tests.accounts.probes"


@dataclass
class Clock:
    """The clock by which codes are judged."""

    at: float = NOON

    def time(self) -> float:
        return self.at

    def code(self) -> str:
        return format_hotp_value(hotp_value(SECRET, int(self.at) // 30))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(auth, "time", clock)
    return clock


@pytest.fixture
def newcomer(db: None) -> User:
    """Has a password and no second factor yet."""
    return User.objects.create_user(email="Ash@Riverside.example", name="Ash", password=PASSWORD)


@pytest.fixture
def ash(newcomer: User) -> User:
    TOTP.activate(newcomer, SECRET)
    return newcomer


@pytest.fixture
def quick_hashing(settings: Any) -> None:
    """For tests of many attempts: the real hash takes its time on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def give_password(
    client: Client, email: str = "ash@riverside.example", password: str = PASSWORD, next_: str = ""
) -> HttpResponse:
    where = f"/accounts/login/{'?next=' + next_ if next_ else ''}"
    return client.post(where, {"login": email, "password": password})


def give_code(client: Client, code: str) -> HttpResponse:
    return client.post("/accounts/2fa/authenticate/", {"code": code})
