import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, PROBES, Clock, give_code, give_password
from tests.accounts.test_signing_in import _without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.urls(PROBES)]
NEW = "mosaic tundra lantern gable"


@pytest.mark.parametrize(
    "password",
    [
        "thirteen char",
        "passwordpassword",
        "Password12345678",
        "aaaaaaaaaaaaaaaa",
        "12345678901234567890",
        "qwertyuiopasdfghjkl",
        "abcabcabcabcabcabc",
        "NRM-Tracker-2026!",
        "modern slavery 2026",
        "Caseworker-2026-Survivor",
        "ash riverside 2026!!",
        "ash@riverside.example",
    ],
)
def test_guessable_passwords_are_refused(newcomer: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, newcomer)


@pytest.mark.parametrize(
    "password",
    [NEW, PASSWORD, "correct horse battery staple", "zwei-gänse-im-nebel", "8f3kq0z7vb2m1x"],
)
def test_long_passwords_of_any_make_are_taken(newcomer: User, password: str) -> None:
    validate_password(password, newcomer)


def test_passwords_are_kept_by_argon2(newcomer: User) -> None:
    assert identify_hasher(newcomer.password).algorithm == "argon2"


def test_forgotten_password_is_set_through_the_mail(
    client: Client, ash: User, clock: Clock
) -> None:
    client.post("/accounts/password/reset/", {"email": "ash@riverside.example"})
    (message,) = mail.outbox
    assert message.subject == "NRM Tracker: set a new password"
    assert "Ash" not in message.body
    link = re.search(r"http://testserver(/\S+)", message.body)
    assert link

    form = client.get(link[1])
    assert "key" not in form["Location"].rsplit("/key/", 1)[1]
    short = client.post(form["Location"], {"password1": "short", "password2": "short"})
    assert short.status_code == 200
    done = client.post(form["Location"], {"password1": NEW, "password2": NEW})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert client.get("/probe/guarded/").status_code == 302

    assert give_password(client).status_code == 200
    assert "authenticate" in give_password(client, password=NEW)["Location"]
    assert give_code(client, clock.code()).status_code == 302
    assert "no longer works" in Client().get(link[1]).content.decode()


def test_forgotten_password_answers_known_and_unknown_alike(client: Client, ash: User) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ash@riverside.example", "nobody@riverside.example")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert _without_tokens(answers[0].content) == _without_tokens(answers[1].content)
    assert [len(m.to) for m in mail.outbox] == [1, 1]
    assert mail.outbox[1].subject == "NRM Tracker: no account with this address"


def test_one_account_for_an_address(newcomer: User) -> None:
    assert newcomer.email == "ash@riverside.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email="ASH@riverside.example", name="Another")


def test_address_is_never_stored_in_capitals(newcomer: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=newcomer.pk).update(email="Ash@riverside.example")
