"""What came of referrals: each number is the list behind it, of one's own organisation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from referrals.catalogue import CLOSE_REASONS, LEFT, Outcome
from referrals.models import Referral
from reporting.outcomes import Figure, Outcomes, outcomes, usual_period
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DAY = timedelta(days=1)


def closed(
    acting: Acting, word: str, reason: str, *, days_ago: int = 10, entered: bool = False
) -> Referral:
    at = NOW - days_ago * DAY
    sent = happening("referral_submitted", at - DAY, submitted_by=acting.organisation)
    events = [sent] if entered else []
    end = happening("closed", at, outcome=reason)
    return factories.referral(
        acting, contact=at - 20 * DAY, now=NOW, pseudonym=word, events=[*events, end]
    )


@pytest.fixture
def here(riverside: Acting, northgate: Acting) -> Acting:
    """One who left, one out of contact before and one after entry, one of last year, one of whom
    words alone say why, one reopened, one out of contact and one open; and all that elsewhere."""
    for acting in (northgate, riverside):
        closed(acting, "Larch", "left_before_entry")
        closed(acting, "Slate", "out_of_contact")
        closed(acting, "Tweed", "out_of_contact", entered=True)
        closed(acting, "Quartz", "out_of_contact", days_ago=400)
        closed(acting, "Elm", "")
        again = closed(acting, "Puffin", "moved_away")
        factories.record(acting, again, happening("reopened", NOW - DAY), now=NOW)
        lost = factories.referral(acting, contact=NOW - 9 * DAY, now=NOW, pseudonym="Ash")
        factories.record(acting, lost, happening("contact_lost", NOW - 2 * DAY), now=NOW)
        back = factories.referral(acting, contact=NOW - 9 * DAY, now=NOW, pseudonym="Bay")
        for code, days in (("contact_lost", 3), ("contact_regained", 1)):
            factories.record(acting, back, happening(code, NOW - days * DAY), now=NOW)
    return riverside


def page(acting: Acting, **period: str) -> Outcomes:
    client = signed_in_client(acting.manager.user)
    found: Outcomes = client.get("/outcomes/", period).context["page"]
    return found


def figures(found: Outcomes) -> Iterator[Figure]:
    yield from (found.open, found.out_of_contact, found.closed, found.left)
    for row in found.rows:
        yield from (row.before, row.after, row.all)


def test_it_counts_by_reason_before_entry_and_after(here: Acting) -> None:
    found = page(here)
    counted = {
        row.reason: (row.before.number, row.after.number, row.all.number)
        for row in found.rows
        if row.all.number
    }
    assert counted == {
        Outcome.LEFT_BEFORE_ENTRY.label: (1, 0, 1),
        Outcome.OUT_OF_CONTACT.label: (1, 1, 2),
        "No reason is recorded": (1, 0, 1),
    }
    assert (found.closed.number, found.left.number) == (4, 2)
    assert (found.open.number, found.out_of_contact.number) == (3, 1)


def test_each_number_is_the_length_of_the_list_it_links_to(here: Acting) -> None:
    client = signed_in_client(here.manager.user)
    for figure in figures(page(here)):
        assert client.get(figure.url).context["found"].number == figure.number, figure.url


def test_the_list_says_in_its_heading_what_was_asked(here: Acting) -> None:
    client = signed_in_client(here.manager.user)
    heading = client.get(page(here).left.url).context["heading"]
    assert heading == (
        "2 closed referrals, because: Left before entry, for whatever reason, closed in or after "
        "December 2025, closed in or before November 2026"
    )
    lost = client.get(page(here).out_of_contact.url).context["heading"]
    assert lost == "1 open referral, out of contact now"


def test_a_period_is_of_months_and_both_ends_count(here: Acting) -> None:
    assert page(here, since="2025-10", until="2025-10").closed.number == 1
    assert page(here, since="2025-10").closed.number == 5
    assert page(here, until="2025-11").closed.number == 0
    assert page(here, since="2026-12").closed.number == 0


def test_the_last_hour_of_a_summer_month_in_london_is_in_it(riverside: Acting) -> None:
    """23:30 UTC on 30 June is 1 July on the clock on the wall."""
    at = datetime(2026, 6, 30, 23, 30, tzinfo=NOW.tzinfo)
    end = happening("closed", at, outcome="died")
    factories.referral(riverside, contact=at - DAY, now=NOW, events=[end])
    assert page(riverside, since="2026-06", until="2026-06").closed.number == 0
    assert page(riverside, since="2026-07", until="2026-07").closed.number == 1


def test_months_the_wrong_way_round_are_an_error(client: Client, riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    text = client.get("/outcomes/", {"since": "2026-05", "until": "2026-04"}).text
    assert "Enter a month that is not before the first one" in text


def test_an_empty_organisation_is_told_what_will_stand_there(riverside: Acting) -> None:
    text = signed_in_client(riverside.manager.user).get("/outcomes/").text
    assert "Nothing was closed in these months" in text


def test_caseworkers_do_not_see_it(riverside: Acting) -> None:
    assert signed_in_client(riverside.caseworker.user).get("/outcomes/").status_code == 403


def test_the_dashboard_leads_there(riverside: Acting) -> None:
    assert "/outcomes/" in signed_in_client(riverside.manager.user).get("/delays/").text


def test_the_last_closing_counts_of_who_was_closed_twice(riverside: Acting) -> None:
    hers = closed(riverside, "Heron", "moved_away")
    factories.record(riverside, hers, happening("reopened", NOW - 5 * DAY), now=NOW)
    factories.record(
        riverside, hers, happening("closed", NOW - DAY, outcome="supported_elsewhere"), now=NOW
    )
    counted = [row.reason for row in page(riverside).rows if row.all.number]
    assert counted == [Outcome.SUPPORTED_ELSEWHERE.label]


@pytest.mark.parametrize("more", [0, 3])
def test_it_takes_the_same_queries_whatever_its_length(
    riverside: Acting, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        closed(riverside, f"Word {number}", str(CLOSE_REASONS[number].value))
    with riverside.context(riverside.manager), django_assert_num_queries(3):
        outcomes(riverside.manager, since="2026-01", until="2026-11")


def test_every_reason_has_a_line_and_those_who_left_are_among_them(here: Acting) -> None:
    rows = [row.reason for row in page(here).rows]
    assert rows == [*(each.label for each in CLOSE_REASONS), "No reason is recorded"]
    assert set(LEFT) < set(CLOSE_REASONS)


def test_a_link_names_no_person(here: Acting) -> None:
    for figure in figures(page(here)):
        asked = parse_qs(urlsplit(figure.url).query)
        assert asked.keys() <= {
            *("state", "contact", "closed_as", "closed_since", "closed_until", "submitted"),
        }


def test_the_usual_period_is_twelve_months() -> None:
    assert usual_period(now=NOW) == ("2025-12", "2026-11")
    assert usual_period(now=datetime(2027, 1, 1, tzinfo=NOW.tzinfo)) == ("2026-02", "2027-01")
