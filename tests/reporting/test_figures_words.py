"""How figures are said, narrowed and refused, and how much they ask of the database."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.tables import UNSAID
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.reporting.people import crowd
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DAY = timedelta(days=1)


@pytest.fixture
def few(riverside: Acting) -> Acting:
    """Two who asked in March: one entered after 34 days, one waits; one of April, who left."""
    march = datetime(2026, 3, 2, 10, tzinfo=NOW.tzinfo)
    sent = happening("referral_submitted", march + 34 * DAY, submitted_by=riverside.organisation)
    factories.referral(riverside, contact=march, events=[sent], now=NOW)
    factories.referral(riverside, contact=march, now=NOW, pseudonym="Linden")
    left = happening("closed", march + 60 * DAY, outcome="out_of_contact")
    factories.referral(riverside, contact=march + 40 * DAY, events=[left], now=NOW, pseudonym="Elm")
    return riverside


def sentences(acting: Acting, **asked: str) -> list[str]:
    waits = signed_in_client(acting.manager.user).get("/figures/", asked).context["waits"]
    return [waits.said, *waits.sentences]


def test_the_wait_is_said_in_words(few: Acting) -> None:
    assert sentences(few, asked_since="2026-03", asked_until="2026-05") == [
        "Half of the 3 people who asked for help from March 2026 to May 2026 had waited at least "
        "34 days; 1 is still waiting.",
        "Half of the 2 people who asked for help in March 2026 had waited at least 34 days; "
        "1 is still waiting.",
        "How long half of the 1 person who asked for help in April 2026 waited cannot be said yet; "
        "0 are still waiting.",
        "Nobody asked for help in May 2026.",
    ]


def test_who_left_is_counted_until_then_and_their_share_stands_beside(few: Acting) -> None:
    asked = {"asked_since": "2026-03", "asked_until": "2026-05"}
    waits = signed_in_client(few.manager.user).get("/figures/", asked).context["waits"]
    assert [line.figures[0].text for line in waits.compared.lines] == [
        *("3", "1", "1", "1", "0", "34", UNSAID, "33%", "0%"),
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"asked_since": "2026-05", "asked_until": "2026-04"}, "a month that is not before"),
        ({"asked_since": "2019-01", "asked_until": "2026-04"}, "Choose 60 months or fewer"),
        ({"asked_since": "May"}, "Enter the month like 2026-04"),
        ({"nation": "atlantis"}, "Choose one of the answers shown"),
    ],
)
@pytest.mark.parametrize("page", ["/figures/", "/figures/why/"])
def test_what_cannot_be_asked_is_an_error(
    few: Acting, page: str, asked: dict[str, str], said: str
) -> None:
    answer = signed_in_client(few.manager.user).get(page, asked)
    assert said in answer.text
    assert "waits" not in answer.context


def test_an_empty_organisation_is_told_what_will_stand_there(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    assert (
        "Nobody asked for help from December 2025 to November 2026" in client.get("/figures/").text
    )
    assert "by what they waited for" in client.get("/figures/why/").text


@pytest.mark.parametrize("page", ["/figures/", "/figures/why/", "/figures/export/"])
def test_caseworkers_do_not_see_it(few: Acting, page: str) -> None:
    assert signed_in_client(few.caseworker.user).get(page).status_code == 403


def test_the_dashboard_leads_there(few: Acting) -> None:
    assert 'href="/figures/"' in signed_in_client(few.manager.user).get("/delays/").text


def test_a_saved_view_is_of_the_list_and_of_the_figures(few: Acting) -> None:
    client = signed_in_client(few.manager.user)
    assert "/referrals/views/new/?nation=wales" in client.get("/figures/?nation=wales").text
    for name, kept in (("Wales", "nation=wales"), ("Late now", "attention=new")):
        save_a_view(client, name, kept)
    views = client.get("/figures/?nation=wales").context["views"]
    assert [(view.name, view.chosen) for view in views] == [("Wales", True)]


def save_a_view(client: Client, name: str, kept: str) -> None:
    address = f"/referrals/views/new/?{kept}"
    key = client.get(address).context["form"]["key"].value()
    client.post(address, {"name": name, "key": key})


@pytest.mark.parametrize("more", [0, 12])
@pytest.mark.parametrize(("page", "queries"), [("/figures/", 20), ("/figures/why/", 24)])
def test_it_takes_the_same_queries_however_many_there_are(
    riverside: Acting,
    northgate: Acting,
    more: int,
    page: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowd(riverside, [northgate], number=3 + more)
    client = signed_in_client(riverside.manager.user)
    client.get(page)
    with django_assert_num_queries(queries):
        client.get(page)
