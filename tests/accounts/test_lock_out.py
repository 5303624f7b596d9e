from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PROBES, Clock, give_code, give_password
from tests.accounts.test_signing_in import _without_tokens

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(PROBES),
    pytest.mark.usefixtures("quick_hashing"),
]


@pytest.mark.parametrize("email", ["ash@riverside.example", "nobody@riverside.example"])
def test_locked_out_at_the_fifth_wrong_password(client: Client, ash: User, email: str) -> None:
    answers = [give_password(client, email, "wrong").status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_known_and_unknown_people_are_answered_alike(ash: User) -> None:
    known, unknown = Client(), Client()
    for _ in range(6):
        one = give_password(known, "ash@riverside.example", "wrong")
        other = give_password(unknown, "bay@riverside.example", "wrong")
        assert one.status_code == other.status_code
        assert _without_tokens(one.content) == _without_tokens(other.content)


def test_locked_out_page_says_what_to_do(client: Client, ash: User) -> None:
    for _ in range(5):
        answer = give_password(client, password="wrong")
    assert "Wait 15 minutes" in answer.content.decode()


def test_right_password_does_not_help_until_it_is_over(
    client: Client, ash: User, clock: Clock
) -> None:
    for _ in range(5):
        give_password(client, password="wrong")
    cache.clear()
    assert give_password(client).status_code == 429

    earlier = AccessAttempt.objects.get().attempt_time - timedelta(minutes=16)
    AccessAttempt.objects.update(attempt_time=earlier)
    assert give_password(client).status_code == 302
    assert give_code(client, clock.code()).status_code == 302


def test_another_network_is_not_locked_out(client: Client, ash: User) -> None:
    for _ in range(5):
        give_password(client, password="wrong")
    assert give_password(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_spelling_of_the_address_does_not_count_afresh(client: Client, ash: User) -> None:
    spellings = ["ash", "Ash", "ASH", "aSh", "asH"]
    answers = [give_password(client, f"{s}@Riverside.example", "wrong") for s in spellings]
    assert answers[-1].status_code == 429


def test_by_person_the_limit_is_twenty_from_anywhere(ash: User) -> None:
    for host in range(20):
        give_password(Client(REMOTE_ADDR=f"192.0.2.{host}"), password="wrong")
    refused = give_password(Client(REMOTE_ADDR="192.0.2.99"))
    assert refused.status_code == 200
    assert "Wait an hour" in refused.content.decode()


def test_cache_is_an_unlogged_table_of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'cache'")
        assert cursor.fetchone() == ("u",)
