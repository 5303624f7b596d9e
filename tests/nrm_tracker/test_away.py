"""The database is away: the answer says so, and what was typed comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from tests.factories import Acting
from tests.referrals.casework import form_of, heron
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
WORDS = 'said: "ring & <wait>"\nuntil noon'


@pytest.fixture
def ash(riverside: Acting) -> Client:
    client = signed_in_client(riverside.caseworker.user)
    client.raise_request_exception = False
    return client


@contextmanager
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "cursor", refuse)
        yield


def test_what_was_sent_stands_on_the_page_to_be_sent_again(
    riverside: Acting, ash: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"/referrals/{heron(riverside).reference}/record/contact_lost/"
    sent = form_of(ash, url) | {"detail": WORDS}
    with no_database(monkeypatch):
        answer = ash.post(url, sent)
    assert answer.status_code == 503
    assert "not saved, and not lost" in answer.text
    assert WORDS in unescape(answer.text)
    assert f'name="key" value="{sent["key"]}"' in answer.text
    assert "<wait>" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert ash.post(url, sent).status_code == 302


def test_a_page_that_was_only_asked_for_says_to_try_again(
    ash: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_database(monkeypatch):
        answer = ash.get("/today/")
    assert answer.status_code == 503
    assert "Try again in a few minutes" in answer.text


def test_any_other_mistake_of_ours_is_not_called_so(
    ash: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referrals.views.today.today_of", lambda *_, **__: 1 / 0)
    assert ash.get("/today/").status_code == 500
