"""What an organisation says of itself: hours, who is on call, on what it keeps records."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from organisations.hours import hours_in_words, is_open
from organisations.models import Organisation
from tests.factories import Acting
from tests.referrals.casework import caseworker, send
from tests.support import signed_in_client

OURS = "/our-organisation/"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Monday to Friday, 09:00 to 17:00, not on bank holidays"),
        ({"open_days": [6, 7]}, "Saturday, Sunday, 09:00 to 17:00, not on bank holidays"),
        ({"open_days": [1, 3, 5]}, "Monday, Wednesday, Friday, 09:00 to 17:00, "),
        ({"open_days": []}, "Not known"),
        ({"always_open": True}, "Day and night"),
    ],
)
def test_hours_in_words(facts: dict[str, object], words: str) -> None:
    assert hours_in_words(organisation(**facts)).startswith(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "facts", "answer"),
    [
        (datetime(2026, 11, 23, 10, tzinfo=UTC), {}, True),  # a Monday
        (datetime(2026, 11, 23, 18, tzinfo=UTC), {}, False),
        (datetime(2026, 11, 21, 10, tzinfo=UTC), {}, False),  # a Saturday
        (datetime(2026, 11, 21, 10, tzinfo=UTC), {"open_days": [6]}, True),
        (datetime(2026, 12, 25, 10, tzinfo=UTC), {}, False),
        (datetime(2026, 12, 25, 3, tzinfo=UTC), {"always_open": True}, True),
        (datetime(2026, 7, 6, 8, 30, tzinfo=UTC), {}, True),  # 09:30 in London
        (datetime(2026, 11, 30, 10, tzinfo=UTC), {"nations": ["scotland"]}, False),
    ],
)
def test_whether_it_is_open(at: datetime, facts: dict[str, object], answer: bool) -> None:
    assert is_open(organisation(**facts), at) is answer


def organisation(**facts: object) -> Organisation:
    return Organisation(
        **({"nations": ["england"], "opens_at": time(9), "closes_at": time(17)} | facts)
    )


@pytest.mark.django_db
def test_the_manager_says_who_is_on_call(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    answer = send(
        client,
        OURS,
        on_call="Duty lead, ext. 4",
        open_days=["1", "6"],
        opens_at="08:00",
        closes_at="20:00",
        lawful_basis="public_task",
    )
    page = client.get(answer.url).text
    assert "Duty lead, ext. 4" in page
    assert "Monday, Saturday, 08:00 to 20:00" in page
    own = Organisation.objects.get(pk=riverside.organisation.pk)
    assert (own.lawful_basis, own.open_days) == ("public_task", [1, 6])


@pytest.mark.django_db
def test_a_caseworker_reads_it_and_does_not_change_it(riverside: Acting) -> None:
    client = caseworker(riverside)
    assert client.get(OURS).status_code == 403
    page = client.get(reverse("organisation", args=["riverside"])).text
    assert "On call out of hours" in page
    assert f'"{OURS}"' not in page


@pytest.mark.django_db
def test_another_organisation_is_not_changed(riverside: Acting, northgate: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    assert OURS not in client.get(reverse("organisation", args=["northgate"])).text
    send(client, OURS, on_call="ours")
    on_call = Organisation.objects.order_by("slug").values_list("slug", "on_call")
    assert list(on_call) == [("northgate", ""), ("riverside", "ours")]


@pytest.mark.django_db
def test_two_managers_at_once_are_shown_both(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    send(client, OURS, on_call="first")
    answer = send(client, OURS, on_call="second", version=1)
    assert "first" in answer.text
    assert answer.context["form"]["on_call"].value() == "second"
