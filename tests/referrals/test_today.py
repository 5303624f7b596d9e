"""Today: who needs somebody now, what falls due by tomorrow evening, and what is quiet."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from referrals.actions import take_up_delay
from referrals.models import Delay, Referral, TakenUp
from referrals.pages.today import Row, Today, today_of
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def waiting(acting: factories.Acting, since: timedelta, word: str, **facts: Any) -> Referral:
    """Somebody who asked for help so long ago, and was found safe at once."""
    contact = NOW - since
    events = [factories.happening("immediate_safety_checked", contact), *facts.pop("events", [])]
    return factories.referral(
        acting, contact=contact, now=NOW, pseudonym=word, events=events, **facts
    )


def unscreened(acting: factories.Acting, since: timedelta, word: str, **facts: Any) -> Referral:
    return factories.referral(acting, contact=NOW - since, now=NOW, pseudonym=word, **facts)


def page(acting: factories.Acting, *, now: datetime = NOW, manager: bool = False) -> Today:
    member = acting.manager if manager else acting.caseworker
    with acting.context(member):
        return today_of(member, now=now)


def words(rows: tuple[Row, ...]) -> list[tuple[str, str]]:
    return [(row.pseudonym, row.words) for row in rows]


def taken_up(acting: factories.Acting, referral: Referral, review_on: date) -> None:
    with acting.context():
        for delay in Delay.objects.filter(referral=referral):
            take_up_delay(
                delay=delay,
                reason=TakenUp.Reason.FRO_CAPACITY,
                action="Asked two more organisations.",
                review_on=review_on,
                by=acting.caseworker,
                now=NOW,
            )


@pytest.fixture
def theirs(northgate: factories.Acting) -> Referral:
    return unscreened(northgate, 60 * DAY, "Plover", age_group="child")


def test_the_worst_comes_first_and_says_how_late_it_is(
    riverside: factories.Acting, theirs: Referral
) -> None:
    unscreened(riverside, 25 * HOUR, "Slate")
    urgent = factories.happening("risk_flag_added", NOW - 5 * HOUR, risk="still_in_exploitation")
    unscreened(riverside, 5 * HOUR, "Heron", events=[urgent])
    waiting(riverside, 61 * DAY, "Larch")
    shown = page(riverside)
    assert words(shown.mine) == [
        ("Larch", "Way in: 61 of 56 days"),
        ("Heron", "Safety screen, urgent: 5 of 4 hours"),
        ("Slate", "Safety screen: 25 of 24 hours"),
    ]
    assert [row.at_risk for row in shown.mine] == ["", "at risk: still being exploited", ""]
    assert shown.number_mine == 3


def test_nothing_of_anybody_else_is_shown(riverside: factories.Acting, theirs: Referral) -> None:
    shown = page(riverside)
    assert (shown.mine, shown.others, shown.due, shown.watching, shown.notices) == ((),) * 5


def test_what_nobody_is_responsible_for_is_everybodys(riverside: factories.Acting) -> None:
    unscreened(riverside, 25 * HOUR, "Slate")
    with riverside.context():
        Referral.objects.update(assigned_to=None)
    assert [row.pseudonym for row in page(riverside).mine] == ["Slate"]
    assert [row.pseudonym for row in page(riverside, manager=True).mine] == ["Slate"]


def test_colleagues_delays_stand_apart(riverside: factories.Acting) -> None:
    unscreened(riverside, 25 * HOUR, "Slate")
    shown = page(riverside, manager=True)
    assert (shown.mine, shown.number_others) == ((), 1)
    assert words(shown.others) == [("Slate", "Safety screen: 25 of 24 hours")]


def test_what_is_in_lists_or_measured_only_is_quiet(riverside: factories.Acting) -> None:
    waiting(riverside, 20 * DAY, "Larch")  # delayed, told in lists
    shown = page(riverside)
    assert (shown.mine, shown.number_watching) == ((), 0)


def test_a_delay_taken_up_is_watched_until_its_review(riverside: factories.Acting) -> None:
    taken_up(riverside, waiting(riverside, 40 * DAY, "Larch"), (NOW + 2 * DAY).date())
    shown = page(riverside)
    assert (shown.mine, shown.number_watching) == ((), 1)
    later = page(riverside, now=NOW + 2 * DAY)
    assert [(row.pseudonym, row.remarks) for row in later.mine] == [("Larch", ("Due for review",))]


def test_the_nearest_limits_ahead_are_due(riverside: factories.Acting, theirs: Referral) -> None:
    unscreened(riverside, 20 * HOUR, "Slate")
    waiting(riverside, 27 * DAY, "Larch")
    waiting(riverside, 26 * DAY, "Birch")
    shown = page(riverside)
    assert [(row.pseudonym, row.words, row.due) for row in shown.due] == [
        ("Slate", "Safety screen: 20 of 24 hours", "today at 16:00"),
        ("Larch", "Way in: 27 of 28 days", "Tuesday 24 November"),
    ]


def test_what_falls_due_of_a_colleagues_is_theirs(riverside: factories.Acting) -> None:
    unscreened(riverside, 20 * HOUR, "Slate")
    with riverside.context():
        Referral.objects.update(assigned_to=riverside.manager.user_id)
    assert page(riverside).due == ()
    assert [row.pseudonym for row in page(riverside, manager=True).due] == ["Slate"]


def test_what_needs_somebody_already_is_not_due_as_well(riverside: factories.Acting) -> None:
    """At risk: amber since Friday, red at the end of tomorrow."""
    contact = NOW - timedelta(days=13)
    risk = factories.happening("risk_flag_added", contact, risk="pregnant")
    waiting(riverside, NOW - contact, "Larch", events=[risk])
    shown = page(riverside)
    assert [name for name, _ in words(shown.mine)] == ["Larch"]
    assert shown.due == ()


def test_an_empty_day_says_what_will_appear(riverside: factories.Acting, theirs: Referral) -> None:
    shown = signed_in_client(riverside.caseworker.user).get("/today/").text
    assert "Nothing of yours is late" in shown
    assert "No limit passes by tomorrow evening" in shown
    assert "No delays" not in shown
    assert "Log a new referral" in shown


def test_each_row_has_one_button(riverside: factories.Acting, theirs: Referral) -> None:
    now = timezone.now()
    referral = factories.referral(riverside, contact=now - 25 * HOUR, now=now)
    shown = signed_in_client(riverside.caseworker.user).get("/today/").text
    assert shown.count(f'href="/referrals/{referral.reference}/record/"') == 1
    assert theirs.reference not in shown


def test_a_deadline_that_the_sweep_has_not_seen_is_shown_all_the_same(
    riverside: factories.Acting,
) -> None:
    now = timezone.now()
    factories.referral(riverside, contact=now - 25 * HOUR, now=now - 5 * HOUR)
    shown = signed_in_client(riverside.caseworker.user).get("/today/").text
    assert "Needs you now (1)" in shown


def test_the_administrator_has_no_today(db: None) -> None:
    assert signed_in_client(factories.administrator().user).get("/today/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    riverside: factories.Acting, django_assert_num_queries: Any, number: int
) -> None:
    for n in range(number):
        unscreened(riverside, 25 * HOUR, f"Late {n}", age_group="child")
        unscreened(riverside, 20 * HOUR, f"Soon {n}")
        taken_up(riverside, waiting(riverside, 40 * DAY, f"Known {n}"), (NOW + DAY).date())
    with riverside.context():
        today_of(riverside.caseworker, now=NOW)
        with django_assert_num_queries(TODAY):
            shown = today_of(riverside.caseworker, now=NOW)
    assert (len(shown.mine), len(shown.due), len(shown.watching)) == (number * 2, number, number)


TODAY = 20


@pytest.mark.parametrize(
    ("role", "address"),
    [("caseworker", "/today/"), ("manager", "/delays/"), ("administrator", "/organisations/")],
)
def test_home_leads_each_role_to_its_first_page(
    client: Client, riverside: factories.Acting, role: str, address: str
) -> None:
    people = {
        "caseworker": riverside.caseworker,
        "manager": riverside.manager,
        "administrator": factories.administrator(),
    }
    assert signed_in_client(people[role].user).get("/").url == address
