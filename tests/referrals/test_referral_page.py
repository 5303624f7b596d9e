"""The page of a referral: where does this person stand?"""

from datetime import UTC, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words, exact
from organisations.models import Organisation
from referrals.actions import Calling
from referrals.models import Referral
from referrals.pages.referral import ReferralPage
from referrals.pages.waits import NOBODY, out_of_hours
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, heron
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db

MONDAY_NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def shown(acting: Acting, referral: Referral) -> ReferralPage:
    page: ReferralPage = caseworker(acting).get(f"/referrals/{referral.reference}/").context["page"]
    return page


def line(page: ReferralPage, key: str) -> str:
    return next(line.value for line in page.who if line.key == key)


def text(acting: Acting, referral: Referral) -> str:
    return caseworker(acting).get(f"/referrals/{referral.reference}/").content.decode()


def test_says_who_and_since_when(riverside: Acting) -> None:
    contact = datetime.now(UTC) - 40 * DAY
    risk = happening("risk_flag_added", contact, risk="destitute")
    page = shown(riverside, heron(riverside, days=40, events=[risk]))
    assert line(page, "Person") == "Adult, England"
    assert line(page, "Responsible").startswith("Riverside Support (fictitious) since ")
    assert line(page, "Responsible").endswith(" (you)")
    assert line(page, "At risk") == "Destitute now (not confirmed for 28 days)"
    assert line(page, "Calling") == "Not asked: do not call"


def test_old_words_about_calling_are_asked_again(riverside: Acting) -> None:
    then = datetime.now(UTC) - 40 * DAY
    referral = factories.referral(
        riverside,
        contact=then,
        calling=Calling(may_call=True, when="Monday to Friday 10:00 to 15:00", agreed_at=then),
    )
    assert line(shown(riverside, referral), "Calling").endswith(
        ": call Monday to Friday 10:00 to 15:00, no voicemail. Ask again at the next contact."
    )


def test_next_is_what_falls_due_first(riverside: Acting) -> None:
    page = shown(riverside, heron(riverside, days=7))
    assert page.next is not None
    assert page.next.title == "Way in"
    assert page.next.words.startswith("7 of 14 days gone, due ")


def test_an_empty_box_says_that_nothing_recorded_is_late(riverside: Acting) -> None:
    page = text(riverside, heron(riverside, days=1))
    assert "Nothing recorded is late" in page
    assert "No delays" not in page


def test_a_delay_says_how_far_beyond_its_limit_and_what_to_do(riverside: Acting) -> None:
    page = shown(riverside, heron(riverside, days=61))
    card = next(card for card in (*page.delays, *page.known) if card.rule == "entry-wait")
    assert (card.words, card.tone) == ("61 of 56 days", "critical")
    assert card.who_can_end == "us or another organisation"
    assert card.attention == "Nobody has taken this up"


def test_what_waits_for_the_home_office_is_not_red(riverside: Acting) -> None:
    now = datetime.now(UTC)
    events = [happening("referral_submitted", now - 60 * DAY, submitted_by=riverside.organisation)]
    page = shown(riverside, heron(riverside, days=61, events=events))
    [card] = [card for card in (*page.delays, *page.known) if card.rule == "rg-decision"]
    [wait] = [wait for wait in page.running if wait.rule == "rg-decision"]
    assert not wait.bar
    assert (card.tone, card.who_can_end, wait.state) == ("info", "the Home Office", "")


def test_a_draft_beyond_its_days_is_probably_deleted(riverside: Acting) -> None:
    draft = happening("draft_started", datetime.now(UTC) - 30 * DAY)
    page = shown(riverside, heron(riverside, days=30, events=[draft]))
    card = next(card for card in (*page.delays, *page.known) if card.rule == "draft-deletion")
    assert card.to_do.startswith("The draft has probably been deleted.")


def test_out_of_contact_never_asks_to_call(riverside: Acting) -> None:
    assert "Do not call because of this message." in text(riverside, heron(riverside, days=40))


def test_delays_that_ring_no_bell_are_folded(riverside: Acting) -> None:
    page = shown(riverside, heron(riverside, days=40))
    assert [card.rule for card in page.delays] == ["entry-wait"]
    assert "lost-contact" in [card.rule for card in page.known]


def test_a_deadline_is_its_last_day_and_not_that_of_its_alert(riverside: Acting) -> None:
    letter = london_date(datetime.now(UTC)) - 22 * DAY
    decided = happening(
        "rg_decision", datetime.now(UTC) - 21 * DAY, outcome="negative", dated_on=letter
    )
    page = shown(riverside, heron(riverside, days=40, events=[decided]))
    [wait] = [wait for wait in page.running if wait.rule == "reconsideration-window"]
    last = day_in_words(letter + 30 * DAY, today=london_date(datetime.now(UTC)))
    assert (wait.words, wait.due) == ("22 of 30 days", f"due {last}")


def test_running_waits_come_worst_first_and_ended_ones_are_folded(riverside: Acting) -> None:
    checked = happening("immediate_safety_checked", datetime.now(UTC) - 60 * DAY)
    referral = heron(riverside, days=61, events=[checked])
    page = shown(riverside, referral)
    assert page.running[0].rule == "entry-wait"
    assert [wait.order for wait in page.running] == sorted(
        (wait.order for wait in page.running), reverse=True
    )
    assert "safety-screen" in [wait.rule for wait in page.ended]
    assert "Waits that have ended" in text(riverside, referral)


def test_the_bar_of_a_late_wait_is_drawn_against_the_limit_that_it_passed(
    riverside: Acting,
) -> None:
    checked = happening("immediate_safety_checked", datetime.now(UTC) - 30 * DAY)
    page = shown(riverside, heron(riverside, days=30, events=[checked]))
    [wait] = [wait for wait in page.running if wait.rule == "entry-wait"]
    assert (wait.state, wait.gone, wait.limit) == ("red", 30, 28)
    assert wait.due.startswith("the next limit is due ")


def test_the_timeline_is_newest_first_and_says_who_recorded_late(riverside: Acting) -> None:
    referral, now = heron(riverside), datetime.now(UTC)
    late = happening("contact_made", now - 2 * DAY)
    factories.record(riverside, referral, late, happening("draft_started", now), now=now)
    entries = shown(riverside, referral).timeline
    assert [entry.title for entry in entries[:2]] == [
        "Home Office draft started",
        "Spoke with the person",
    ]
    assert entries[0].byline == "recorded by you"
    assert entries[1].byline == f"recorded {exact(now)} by you"


def test_a_survivor_s_name_is_nowhere_but_on_the_page_itself(riverside: Acting) -> None:
    referral = heron(riverside, pseudonym="Kingfisher")
    page = text(riverside, referral)
    assert page.split("<title>")[1].split("</title>")[0].strip().startswith(referral.reference)
    assert "Kingfisher" not in page.split("</title>")[0]
    assert "<bdi>Kingfisher</bdi>" in page


def test_outsiders_see_the_same_as_for_a_missing_reference(
    riverside: Acting, northgate: Acting
) -> None:
    referral, client = heron(riverside), caseworker(northgate)
    there = client.get(f"/referrals/{referral.reference}/")
    missing = client.get("/referrals/R-2222-2222/")
    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content == missing.content


def test_the_register_s_administrator_sees_no_referral(riverside: Acting) -> None:
    referral = heron(riverside)
    client = signed_in_client(factories.administrator().user)
    assert client.get(f"/referrals/{referral.reference}/").status_code == 403


@pytest.mark.parametrize("times", [1, 3])
def test_the_number_of_queries_does_not_grow(
    riverside: Acting,
    northgate: Acting,
    django_assert_num_queries: DjangoAssertNumQueries,
    times: int,
) -> None:
    start = datetime.now(UTC) - 40 * DAY
    approaches = [
        happening("fro_approached", start + n * DAY, organisation=northgate.organisation)
        for n in range(times)
    ]
    referral = heron(riverside, days=40, events=approaches)
    client = caseworker(riverside)
    client.get(f"/referrals/{referral.reference}/")
    with django_assert_num_queries(41):
        client.get(f"/referrals/{referral.reference}/")


class TestOutOfHours:
    def organisation(self, **facts: object) -> Organisation:
        return Organisation(nations=["england"], opens_at=time(9), closes_at=time(17), **facts)

    def test_says_nothing_while_the_office_is_open(self) -> None:
        assert out_of_hours(self.organisation(on_call="Duty worker"), MONDAY_NOON) == ""

    @pytest.mark.parametrize("at", [MONDAY_NIGHT, SUNDAY_NOON])
    def test_names_who_is_on_call(self, at: datetime) -> None:
        organisation = self.organisation(on_call="Duty worker, by the rota")
        assert out_of_hours(organisation, at) == "On call: Duty worker, by the rota."

    def test_says_when_nobody_is(self) -> None:
        assert out_of_hours(self.organisation(), MONDAY_NIGHT + timedelta(hours=1)) == NOBODY
