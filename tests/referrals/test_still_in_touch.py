"""Still in touch? A check that asks nobody to ring, and what came of it in one form."""

from datetime import time

import pytest
from django.test import Client

from referrals import mails
from referrals.actions import (
    agree_contact,
    choose_told,
    deliver_notices,
    record_identity,
    sweep,
)
from referrals.catalogue import TOOK_PART
from referrals.contact import Terms
from referrals.identity import Identity
from referrals.in_touch import CAUTION
from referrals.models import Delay, DelayFlag, Referral, WaitEvent
from referrals.thresholds import threshold_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, send, told
from tests.referrals.timelines import DEFINITIONS
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    """Nobody has spoken with her for forty days; nothing was submitted."""
    return factories.referral(riverside, contact=NOW - 40 * DAY, now=NOW)


@pytest.fixture
def ash(riverside: Acting) -> Client:
    return caseworker(riverside)


def check(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/in-touch/"


def late(acting: Acting, referral: Referral) -> bool:
    with acting.context():
        flags = DelayFlag.objects.filter(referral=referral, rule="lost-contact")
        return flags.standing().exists()


def codes(acting: Acting, referral: Referral) -> list[str]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=referral).exclude(code="initial_contact")
        return list(rows.order_by("id").values_list("code", flat=True))


class TestWhatItSays:
    def test_nobody_is_asked_to_ring_anywhere(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        """The delay, its page, the page of the check, the threshold."""
        with riverside.context():
            delay = Delay.objects.get(referral=hers, rule="lost-contact")
        for page in (
            f"/referrals/{hers.reference}/",
            check(hers),
            f"/referrals/{hers.reference}/delays/{delay.pk}/take-up/",
            "/thresholds/",
        ):
            assert CAUTION in ash.get(page, follow=True).text, page

    def test_the_line_on_today_and_the_notice_say_it_where_they_are_wanted(
        self, riverside: Acting, ash: Client
    ) -> None:
        with riverside.context(riverside.manager):
            choose_told(
                threshold=threshold_of("lost-contact"),
                levels={"amber": "at_once"},
                by=riverside.manager,
                now=NOW - 29 * DAY,
            )
        contact = NOW - 29 * DAY
        hers = factories.referral(riverside, contact=contact, now=contact, pseudonym="Linden")
        sweep(now=NOW)
        deliver_notices(now=NOW)
        today = ash.get("/today/").text
        assert CAUTION in today
        assert check(hers) in today
        assert CAUTION in ash.get("/notices/").text

    def test_an_e_mail_says_it_too(self, riverside: Acting) -> None:
        letter = mails.about_a_delay(
            "R-2222-2222",
            "Contact",
            caution=CAUTION,
            passed_at=NOW,
            organisation=riverside.organisation,
            passed_on=False,
            now=NOW,
        )
        assert CAUTION in letter.text
        line = mails.Line("R-2222-2222", "Contact", since=NOW, caution=CAUTION)
        morning = mails.morning([line], older=0, organisation=riverside.organisation)
        assert CAUTION in morning.text

    def test_the_rules_of_safe_contact_stand_there_by_the_guard_and_no_number(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        assert "Not asked: do not use it" in ash.get(check(hers), follow=True).text
        terms = Terms(
            agreed_at=NOW - DAY,
            safe=("telephone",),
            unsafe=("post",),
            days=(1,),
            since=time(18),
            until=time(20),
            code_word="umbrella",
        )
        with riverside.context():
            by = riverside.caseworker
            agree_contact(referral=hers, terms=terms, by=by, now=NOW)
            record_identity(
                referral=hers,
                identity=Identity(telephone="07700 900123"),
                birth_is_estimated=False,
                by=by,
                now=NOW,
            )
        page = ash.get(check(hers), follow=True).text
        assert "Not now. Safe Monday, 18:00 to 20:00" in page
        assert "Not safe: do not use it" in page
        assert "A code word is set: look before you call." in page
        assert "umbrella" not in page
        assert "07700" not in page

    def test_it_says_when_they_last_took_part(self, hers: Referral, ash: Client) -> None:
        page = ash.get(check(hers), follow=True).text
        assert "Wednesday 14 October" in page
        assert "Asked for help" in page


class TestWhatCameOfIt:
    def test_reached_ends_the_wait(self, riverside: Acting, hers: Referral, ash: Client) -> None:
        assert late(riverside, hers)
        send(ash, check(hers), came="reached")
        assert codes(riverside, hers) == ["contact_made"]
        assert not late(riverside, hers)

    def test_tried_without_an_answer_does_not(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        send(ash, check(hers), came="no_answer", detail="Text, as agreed.")
        assert codes(riverside, hers) == ["contact_tried"]
        assert late(riverside, hers)
        assert (
            "Tried to reach them, without an answer"
            in ash.get(f"/referrals/{hers.reference}/").text
        )

    def test_out_of_contact_stops_this_limit_and_is_said_on_the_page(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        send(ash, check(hers), came="lost")
        assert codes(riverside, hers) == ["contact_lost"]
        assert not late(riverside, hers)
        assert "Out of contact. Last on" in ash.get(f"/referrals/{hers.reference}/").text
        again = ash.get(check(hers), follow=True).context["form"]
        assert "lost" not in dict(again.fields["came"].choices)

    def test_reached_after_that_is_back_in_contact(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        send(ash, check(hers), came="lost")
        send(ash, check(hers), came="reached")
        assert codes(riverside, hers) == ["contact_lost", "contact_regained"]

    def test_what_was_heard_ends_nothing_and_leads_to_closing(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        response = send(ash, check(hers), came="elsewhere")
        assert codes(riverside, hers) == ["heard_elsewhere"]
        assert late(riverside, hers)
        assert "close the referral" in " ".join(told(response))

    def test_nothing_chosen_is_an_error_that_says_what_to_do(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        page = send(ash, check(hers), detail="Text, as agreed.")
        assert "Choose what came of it" in page.content.decode()
        assert "Text, as agreed." in page.content.decode()
        assert codes(riverside, hers) == []


def test_the_page_is_of_ones_own_referrals(northgate: Acting, hers: Referral) -> None:
    outsider = signed_in_client(northgate.caseworker.user)
    assert outsider.get(check(hers)).status_code == 404


def test_a_closed_referral_records_nothing_more(
    riverside: Acting, hers: Referral, ash: Client
) -> None:
    factories.record(riverside, hers, happening("closed", NOW, outcome="out_of_contact"), now=NOW)
    page = send(ash, check(hers), came="reached")
    assert "This referral is closed" in page.content.decode()


def test_the_page_counts_what_the_rule_counts() -> None:
    starts = DEFINITIONS["lost-contact"]["starts"]["each"]
    assert sorted(starts) == sorted(str(code.value) for code in TOOK_PART)
