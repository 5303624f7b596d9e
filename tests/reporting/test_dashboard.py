"""The numbers that managers act on: people, not flags; each the heading of the list behind it."""

import re
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from referrals.actions import take_up_delay
from referrals.models import Delay, Referral, TakenUp
from reporting.delays import Dashboard, dashboard
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DAY = timedelta(days=1)


def seen(acting: factories.Acting, **filters: str) -> Dashboard:
    with acting.context(acting.manager):
        return dashboard(acting.manager, filters=filters, now=NOW)


def numbers(shown: Dashboard) -> dict[str, str]:
    return {tile.label: tile.number for tile in shown.tiles}


@pytest.fixture
def world(riverside: factories.Acting, northgate: factories.Acting) -> factories.Acting:
    """At Riverside one in time, one 30 days late, a child; at Northgate somebody else's late."""
    screened = factories.happening("immediate_safety_checked", NOW - 30 * DAY)
    factories.referral(riverside, contact=NOW - 30 * DAY, events=[screened], now=NOW)
    fresh = factories.happening("immediate_safety_checked", NOW - DAY)
    factories.referral(riverside, contact=NOW - DAY, events=[fresh], pseudonym="Linden", now=NOW)
    told = factories.happening("la_safeguarding_referred", NOW - DAY)
    factories.referral(
        riverside,
        contact=NOW - DAY,
        events=[fresh, told],
        pseudonym="Wren",
        age_group="child",
        now=NOW,
    )
    factories.referral(northgate, contact=NOW - 90 * DAY, pseudonym="Stoat", now=NOW)
    return riverside


def test_the_five_numbers_count_people_of_ones_own(world: factories.Acting) -> None:
    assert numbers(seen(world)) == {
        "People waiting to enter": "3",
        "Longest wait so far": "30 days",
        "People with a new delay": "1",
        "Children waiting": "1",
        "Open, but no clock is running": "0",
    }


def test_a_delay_taken_up_is_watched_until_its_review(world: factories.Acting) -> None:
    with world.context(world.manager):
        delay = Delay.objects.visible_to(world.manager).ringing().get()
        take_up_delay(
            delay=delay,
            reason=TakenUp.Reason.FRO_CAPACITY,
            action="Asked two others",
            review_on=NOW.date() + DAY,
            by=world.manager,
            now=NOW,
        )
    shown = seen(world)
    assert (shown.new.people, shown.due.people, shown.watching.people) == (0, 0, 1)
    with world.context(world.manager):
        later = dashboard(world.manager, filters={}, now=NOW + 2 * DAY)
    assert later.due.people == 1


def test_the_filters_narrow_every_number(world: factories.Acting) -> None:
    shown = seen(world, age="child")
    assert numbers(shown)["People waiting to enter"] == "1"
    assert shown.new.people == 0
    assert all("age=child" in tile.url for tile in shown.tiles)


def test_months_count_those_who_still_wait(world: factories.Acting) -> None:
    shown = seen(world)
    assert len(shown.months) == 12
    assert [point.median for point in shown.months] == [None] * 12
    assert shown.still_waiting == 3


def test_every_number_is_the_heading_of_the_list_behind_it(world: factories.Acting) -> None:
    client = signed_in_client(world.manager.user)
    shown = seen(world)
    links = [(tile.url, tile.number) for tile in shown.tiles if tile.number.isdigit()]
    links += [
        (panel.url, str(panel.people))
        for panel in (shown.new, shown.due, shown.watching, shown.home_office, shown.falls_due)
    ]
    links += [(bar.url, str(bar.value)) for bar in shown.stages]
    for url, number in links:
        page = client.get(url)
        heading = re.search(r"<h1[^>]*>\s*([\d,]+|No)", page.text)
        assert heading, url
        assert heading[1].replace("No", "0") == number, url


def test_the_page_says_when_the_sweep_is_late(world: factories.Acting) -> None:
    client = signed_in_client(world.manager.user)
    assert "Delays are being checked late" in client.get("/delays/").text


@pytest.mark.django_db(transaction=True)
def test_a_dead_sweep_hides_nothing(riverside: factories.Acting) -> None:
    opened = NOW - 30 * DAY
    factories.referral(riverside, contact=opened, now=opened)
    with riverside.context(riverside.manager):
        assert not Delay.objects.exists()
    page = signed_in_client(riverside.manager.user).get("/delays/")
    assert "New (1 person, 2 delays)" in page.text


def test_why_people_wait_is_said_in_days_of_those_who_wait_now(
    world: factories.Acting, northgate: factories.Acting
) -> None:
    """Riverside's: 30 days of one, of which 20 on a list, a day of another, a day of a child."""
    with world.context():
        late = Referral.objects.get(pseudonym="Heron")
    listed = factories.happening(
        "fro_waitlisted", NOW - 20 * DAY, organisation=northgate.organisation
    )
    factories.record(world, late, listed, now=NOW)
    entered = factories.happening("referral_submitted", NOW - DAY, submitted_by=world.organisation)
    factories.referral(world, contact=NOW - 9 * DAY, events=[entered], pseudonym="Entered", now=NOW)
    shown = seen(world).why
    assert (shown.people, shown.days) == (3, 32)
    assert [(part.tone, part.value) for part in shown.parts] == [
        ("fro", 20),
        ("local_authority", 1),
        ("us", 11),
    ]
    page = signed_in_client(world.manager.user).get("/delays/").text
    assert "Why people wait" in page
    assert "62%" in page


def test_an_empty_organisation_is_told_what_will_stand_there(riverside: factories.Acting) -> None:
    assert "Nobody has waited for a whole day" in page_of(riverside)


def page_of(acting: factories.Acting) -> str:
    return signed_in_client(acting.manager.user).get("/delays/").text


def test_a_caseworker_has_no_dashboard(world: factories.Acting) -> None:
    assert signed_in_client(world.caseworker.user).get("/delays/").status_code == 403


@pytest.mark.parametrize("extra", [0, 2])
def test_the_dashboard_takes_the_same_queries_whatever_its_length(
    world: factories.Acting, extra: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(extra):
        factories.referral(world, contact=NOW - 40 * DAY, pseudonym=f"Extra {number}", now=NOW)
    client = signed_in_client(world.manager.user)
    client.get("/delays/")
    with django_assert_num_queries(37):
        client.get("/delays/")
