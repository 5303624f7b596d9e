import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.demonstration import code_at
from accounts.models import User
from accounts.sealing import unseal
from tests.accounts.conftest import PASSWORD, PROBES, SECRET, Clock, give_code, give_password

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(PROBES),
    pytest.mark.usefixtures("quick_hashing"),
]


def test_password_then_code_then_the_page_asked_for(
    client: Client, ash: User, clock: Clock
) -> None:
    sent_away = client.get("/probe/guarded/?page=2")
    assert sent_away["Location"] == "/accounts/login/?next=/probe/guarded/%3Fpage%3D2"

    after_password = give_password(client, next_="/probe/guarded/%3Fpage%3D2")
    assert after_password["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/probe/guarded/").status_code == 302

    after_code = give_code(client, clock.code())
    assert after_code["Location"] == "/probe/guarded/?page=2"
    assert client.get("/probe/guarded/").content.startswith(b"guarded")


def test_email_address_is_taken_however_it_is_typed(
    client: Client, ash: User, clock: Clock
) -> None:
    give_password(client, email=" ASH@riverside.Example ")
    assert give_code(client, clock.code()).status_code == 302
    assert client.get("/probe/guarded/").status_code == 200


def test_code_works_once_in_whichever_process(client: Client, ash: User, clock: Clock) -> None:
    give_password(client)
    assert give_code(client, clock.code()).status_code == 302

    elsewhere = Client()
    give_password(elsewhere)
    replayed = give_code(elsewhere, clock.code())
    assert replayed.status_code == 200
    assert "Each code works once" in replayed.content.decode()
    assert elsewhere.get("/probe/guarded/").status_code == 302

    clock.at += 30
    assert give_code(elsewhere, clock.code()).status_code == 302


@pytest.mark.parametrize("seconds", [-30, 30])
def test_neighbouring_codes_are_refused(
    client: Client, ash: User, clock: Clock, seconds: int
) -> None:
    give_password(client)
    neighbour = Clock(clock.at + seconds).code()
    assert give_code(client, neighbour).status_code == 200


def test_guessing_codes_ends_after_twenty(client: Client, ash: User, clock: Clock) -> None:
    give_password(client)
    wrong = "000000" if clock.code() != "000000" else "111111"
    for _ in range(20):
        give_code(client, wrong)
    assert "Wait an hour" in give_code(client, clock.code()).content.decode()


def test_recovery_code_signs_in_once(client: Client, newcomer: User, clock: Clock) -> None:
    give_password(client)
    page = client.get(_enrol(client, clock)).content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10

    for expected in (302, 200):
        other = Client()
        give_password(other)
        assert give_code(other, codes[0]).status_code == expected


def test_code_typed_when_setting_up_signs_nobody_in(
    client: Client, newcomer: User, clock: Clock
) -> None:
    give_password(client)
    client.get("/accounts/2fa/totp/activate/")
    code = _code(client.session["mfa.totp.secret"], clock)
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302

    elsewhere = Client()
    give_password(elsewhere)
    assert give_code(elsewhere, code).status_code == 200


def test_recovery_codes_ask_who_it_is_when_signing_in_is_long_ago(
    client: Client, newcomer: User, clock: Clock
) -> None:
    give_password(client)
    where = _enrol(client, clock)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    assert client.get(where)["Location"].startswith("/accounts/reauthenticate/?next=")
    client.post(f"/accounts/reauthenticate/?next={where}", {"password": PASSWORD})
    assert client.get(where).status_code == 200


def test_nothing_is_reached_before_the_second_factor_is_set_up(
    client: Client, newcomer: User, clock: Clock
) -> None:
    give_password(client)
    for path in ("/probe/guarded/", "/accounts/password/change/", "/accounts/2fa/"):
        assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/"

    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    _enrol(client, clock)
    assert client.get("/probe/guarded/").status_code == 200
    assert "mfa.totp.secret" not in client.session


def test_second_factor_cannot_be_replaced_by_enrolling_again(
    client: Client, ash: User, clock: Clock
) -> None:
    give_password(client)
    give_code(client, clock.code())
    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": clock.code()})
    assert unseal(Authenticator.objects.get(user=ash).data["secret"]) == SECRET


def test_secrets_lie_sealed_in_the_table(client: Client, newcomer: User, clock: Clock) -> None:
    give_password(client)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    _enrol(client, clock)
    rows = list(Authenticator.objects.filter(user=newcomer).values_list("data", flat=True))
    assert len(rows) == 2
    assert secret not in str(rows)
    assert all(str(row.get("secret") or row["seed"]).startswith("gAAAA") for row in rows)


def test_former_secret_key_still_opens_what_it_sealed(
    client: Client, ash: User, clock: Clock, settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    give_password(client)
    assert give_code(client, clock.code()).status_code == 302


def test_signing_out_ends_the_session(client: Client, ash: User, clock: Clock) -> None:
    give_password(client)
    give_code(client, clock.code())
    before = client.cookies["session"].value

    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/probe/guarded/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    client.cookies["session"] = before
    assert client.get("/probe/guarded/").status_code == 302


def test_closed_account_cannot_sign_in(client: Client, ash: User, clock: Clock) -> None:
    User.objects.filter(pk=ash.pk).update(is_active=False)
    assert give_password(client)["Location"] == "/accounts/inactive/"
    assert "This account is closed" in client.get("/accounts/inactive/").content.decode()
    give_code(client, clock.code())
    assert client.get("/probe/guarded/").status_code == 302


def test_sign_in_leads_to_no_other_site(client: Client, ash: User, clock: Clock) -> None:
    give_password(client, next_="https://evil.example/")
    assert give_code(client, clock.code())["Location"] == "/"


def test_changed_password_ends_other_sessions(client: Client, ash: User, clock: Clock) -> None:
    give_password(client)
    give_code(client, clock.code())
    clock.at += 30
    elsewhere = Client()
    give_password(elsewhere)
    give_code(elsewhere, clock.code())

    new = "mosaic tundra lantern gable"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/probe/guarded/").status_code == 200
    assert elsewhere.get("/probe/guarded/").status_code == 302


def _enrol(client: Client, clock: Clock) -> str:
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": _code(secret, clock)})
    assert answer.status_code == 302
    return answer["Location"]


def _code(secret: str, clock: Clock) -> str:
    return code_at(secret, unix_time=clock.at)


def _without_tokens(page: bytes) -> bytes:
    page = re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", page)
    return re.sub(rb"[\w.+-]+@riverside\.example", b"", page)
