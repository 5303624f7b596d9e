"""Whose organisation's designation ended: listed for its manager, counted for the register."""

from datetime import date, timedelta

import pytest

from organisations.models import Organisation
from referrals.actions import close_referral
from referrals.catalogue import Outcome
from referrals.models import Referral
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PAGE = "/referrals/must-be-handed-over/"
ENDED = date(2026, 11, 2)


def ends(row: Organisation, status: str = "withdrawn", since: date = ENDED) -> None:
    keeper = factories.administrator()
    factories.record_step(row, status=status, since=since, by=keeper, now=NOW)


@pytest.fixture
def hers(riverside: factories.Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - timedelta(days=30), now=NOW)


@pytest.fixture
def theirs(northgate: factories.Acting) -> Referral:
    """Of an organisation that is designated as before."""
    return factories.referral(
        northgate, contact=NOW - timedelta(days=30), pseudonym="Quagga", now=NOW
    )


def test_while_designated_nothing_must_be_handed_over(
    riverside: factories.Acting, hers: Referral
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert "Nothing must be handed over" in client.get(PAGE).text
    assert "Must be handed over" not in client.get("/today/").text


@pytest.mark.parametrize("status", ["withdrawn", "suspended"])
def test_once_it_ended_the_manager_sees_them_all_and_nobody_elses(
    riverside: factories.Acting, hers: Referral, theirs: Referral, status: str
) -> None:
    submitted = factories.referral(
        riverside,
        contact=NOW - timedelta(days=60),
        events=[
            factories.happening(
                "referral_submitted",
                NOW - timedelta(days=40),
                submitted_by=riverside.organisation,
            )
        ],
        pseudonym="Linden",
        now=NOW,
    )
    closed = factories.referral(riverside, contact=NOW - timedelta(days=9), pseudonym="Wren")
    with riverside.context():
        close_referral(
            referral=closed, reason=Outcome.OUT_OF_CONTACT, by=riverside.caseworker, now=NOW
        )
    ends(riverside.organisation, status)
    page = signed_in_client(riverside.manager.user).get(PAGE)
    shown = page.context["page"]
    assert [row.pk for row in shown.before] == [hers.pk]
    assert [row.pk for row in shown.after] == [submitted.pk]
    assert (shown.since, shown.number) == (ENDED, 2)
    assert "Quagga" not in page.text


def test_it_is_flagged_where_the_work_is_done(riverside: factories.Acting, hers: Referral) -> None:
    ends(riverside.organisation)
    client = signed_in_client(riverside.caseworker.user)
    assert "Must be handed over." in client.get("/today/").text
    page = client.get(f"/referrals/{hers.reference}/").text
    assert "Your organisation has not been designated since 2 November 2026" in page
    assert client.get(PAGE).status_code == 403  # the list is the manager's


def test_an_end_that_lies_ahead_flags_nobody_yet(
    riverside: factories.Acting, hers: Referral
) -> None:
    ends(riverside.organisation, since=NOW.date() + timedelta(days=1))
    client = signed_in_client(riverside.manager.user)
    assert "Nothing must be handed over" in client.get(PAGE).text


def test_one_that_was_never_designated_is_not_told_to_hand_over() -> None:
    lantern = factories.organisation("Lantern (fictitious)", "lantern", designated=False)
    factories.referral(lantern, contact=NOW - timedelta(days=30), now=NOW)
    client = signed_in_client(lantern.manager.user)
    assert "Nothing must be handed over" in client.get(PAGE).text


def test_the_register_counts_them_and_never_says_who(
    riverside: factories.Acting, hers: Referral, theirs: Referral
) -> None:
    keeper = factories.administrator()
    factories.record_step(
        riverside.organisation, status="withdrawn", since=ENDED, by=keeper, now=NOW
    )
    page = signed_in_client(keeper.user).get("/register/")
    assert [(row.name, row.people) for row in page.context["ended"]] == [
        ("Riverside Support (fictitious)", 1)
    ]
    assert "Designations that ended (1)" in page.text
    for word in (hers.reference, theirs.reference, "Heron", "Quagga"):
        assert word not in page.text


def test_designated_again_it_need_hand_nobody_over(
    riverside: factories.Acting, hers: Referral
) -> None:
    keeper = factories.administrator()
    for status, since in (("suspended", ENDED), ("active", date(2026, 11, 20))):
        factories.record_step(
            riverside.organisation, status=status, since=since, by=keeper, now=NOW
        )
    client = signed_in_client(riverside.manager.user)
    assert "Nothing must be handed over" in client.get(PAGE).text
