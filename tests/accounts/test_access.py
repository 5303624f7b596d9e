import logging
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import PROBES, Clock, give_code, give_password
from tests.support import signed_in_client

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(PROBES),
    pytest.mark.usefixtures("quick_hashing"),
]

REFUSED = [
    "account_signup",
    "account_email",
    "account_set_password",
    "account_email_verification_sent",
    "mfa_deactivate_totp",
]


def test_view_that_declares_nothing_is_refused_to_everybody(
    client: Client, ash: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="nrm_tracker.middleware")
    assert client.get("/probe/undeclared/").status_code == 403
    assert signed_in_client(ash).get("/probe/undeclared/").status_code == 403
    assert caplog.messages[0] == "Refused a view that declares no access: probe/undeclared/"


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_library_offers_beyond_our_list_is_refused(ash: User, name: str) -> None:
    for client in (Client(), signed_in_client(ash)):
        assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(name)).status_code == 403


def test_public_view_is_open_and_guarded_view_asks_to_sign_in(client: Client, ash: User) -> None:
    assert client.get("/probe/open/").content == b"open"
    assert client.get("/probe/guarded/")["Location"] == "/accounts/login/?next=/probe/guarded/"
    assert signed_in_client(ash).get("/probe/guarded/").status_code == 200


def test_request_carries_one_instant(ash: User) -> None:
    said = signed_in_client(ash).get("/probe/guarded/").content.decode().removeprefix("guarded ")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(said)).total_seconds()) < 5


def test_closing_an_account_ends_its_session(ash: User) -> None:
    client = signed_in_client(ash)
    User.objects.filter(pk=ash.pk).update(is_active=False)
    assert client.get("/probe/guarded/").status_code == 302


@pytest.mark.parametrize("path", ["/probe/guarded/", "/probe/open/"])
def test_what_signed_in_people_see_is_kept_nowhere(ash: User, path: str) -> None:
    assert "no-store" in signed_in_client(ash).get(path)["Cache-Control"]


def test_headers_of_every_reply(client: Client) -> None:
    reply = client.get("/probe/open/")
    assert reply["Referrer-Policy"] == "no-referrer"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["X-Frame-Options"] == "DENY"
    policy = reply["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Client, ash: User, clock: Clock
) -> None:
    give_password(client)
    give_code(client, clock.code())
    cookie = client.cookies["session"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "null"}, 302),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://testserver"}, 302),
    ],
)
def test_forms_post_from_our_own_pages_only(
    ash: User, headers: dict[str, str], status: int
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    form = {
        "login": "ash@riverside.example",
        "password": "lantern orbit velvet plinth",
        "csrfmiddlewaretoken": client.cookies["csrf"].value,
    }
    assert client.post("/accounts/login/", form, headers=headers).status_code == status


def test_form_without_its_token_is_refused(ash: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/accounts/login/", {"login": "x"}, headers=headers).status_code == 403
