import json
import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.demonstration import code_at, ensure_account
from accounts.models import User
from nrm_tracker.database import purpose
from organisations.models import Membership, Organisation
from organisations.roles import Role
from tests.factories import LONG_AGO, Acting

pytestmark = pytest.mark.django_db
EMAIL = "wren.manager@riverside.example"


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.NRM_DEMONSTRATION = True


@pytest.fixture
def wren(riverside: Acting) -> User:
    user = ensure_account(email=EMAIL, name="Wren Manager")
    with purpose("nrm_register"):
        Membership.objects.create(
            user=user, organisation=riverside.organisation, role=Role.MANAGER, started_at=LONG_AGO
        )
    return user


def listed() -> list[dict[str, str]]:
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    return list(json.loads(out.getvalue()))


def test_account_is_made_once(wren: User) -> None:
    assert ensure_account(email=EMAIL, name="Wren Manager") == wren
    assert Authenticator.objects.filter(user=wren).count() == 1


def test_listed_account_signs_in_the_whole_way(
    demonstration: None, wren: User, client: Client
) -> None:
    (account,) = (each for each in listed() if each["username"] == EMAIL)
    assert (account["organisation"], account["role"]) == ("riverside", "manager")

    asked = client.post(
        "/accounts/login/", {"login": account["username"], "password": account["password"]}
    )
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    answers = [_with_code(client, account["totp_secret"]) for _ in range(2)]
    assert 302 in answers  # the second look at the clock is for a code that ran out meanwhile


def test_people_outside_the_demonstration_are_never_listed(
    demonstration: None, wren: User, riverside: Acting
) -> None:
    real = User.objects.create_user(email="ash@charity.org.uk", name="Ash")
    with purpose("nrm_register"):
        Membership.objects.create(
            user=real, organisation=riverside.organisation, role=Role.MANAGER, started_at=LONG_AGO
        )
    assert "ash@charity.org.uk" not in {each["username"] for each in listed()}


def test_ended_membership_is_not_listed(demonstration: None, wren: User) -> None:
    with purpose("nrm_register"):
        Membership.objects.filter(user=wren).update(ended_at=LONG_AGO)
    assert EMAIL not in {each["username"] for each in listed()}


def test_page_shows_password_and_code(demonstration: None, wren: User, client: Client) -> None:
    reply = client.get("/demonstration/")
    page = reply.content.decode()
    (account,) = (each for each in listed() if each["username"] == EMAIL)
    assert account["password"] in page
    assert "<svg" in page
    assert "no-store" in reply["Cache-Control"]


def test_nothing_of_it_is_there_outside_the_demonstration(wren: User, client: Client) -> None:
    assert client.get("/demonstration/").status_code == 404
    with pytest.raises(CommandError):
        call_command("demo_accounts", "--json")


def test_every_organisation_may_be_listed_when_a_person_acts_for_two(
    demonstration: None, wren: User, northgate: Acting
) -> None:
    with purpose("nrm_register"):
        Membership.objects.create(
            user=wren,
            organisation=Organisation.objects.get(slug="northgate"),
            role=Role.CASEWORKER,
            started_at=LONG_AGO,
        )
    mine = [each["organisation"] for each in listed() if each["username"] == EMAIL]
    assert mine == ["northgate", "riverside"]


def _with_code(client: Client, secret: str) -> int:
    code = code_at(secret, unix_time=time.time())
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code
