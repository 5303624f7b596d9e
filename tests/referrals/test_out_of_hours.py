"""A limit in hours that is passed while the office is closed: who acts is asked, and seen."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEntry
from nrm_tracker import middleware
from nrm_tracker.database import purpose
from organisations.models import Organisation
from referrals.models import Referral, Undertaking
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import form_of
from tests.support import signed_in_client

HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 23, 16, tzinfo=UTC)  # a Monday; four hours on the office is closed
QUESTION = "Nobody has said who acts."


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: EVENING))


def urgent(acting: Acting, *, contact: datetime = EVENING) -> Referral:
    risk = happening("risk_flag_added", contact, risk="still_in_exploitation")
    return factories.referral(acting, contact=contact, events=[risk], now=EVENING)


def on_call(acting: Acting, words: str) -> None:
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=acting.organisation.pk).update(on_call=words)


def answers(client: Client, referral: Referral, **said: Any) -> Any:
    url = f"/referrals/{referral.reference}/who-acts/"
    address = client.get(url).url  # with a key
    return client.post(address, form_of(client, address) | said, follow=True)


@pytest.fixture
def browser(riverside: Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


@pytest.mark.django_db
class TestWhoActs:
    def test_it_is_asked_where_the_limit_passes_outside_the_hours(
        self, browser: Client, riverside: Acting
    ) -> None:
        referral = urgent(riverside)
        page = browser.get(f"/referrals/{referral.reference}/").text
        assert page.count(QUESTION) == 1
        assert "is due <strong>today at 20:00</strong>, outside office hours" in page
        assert "Say who will act" in browser.get(f"/referrals/{referral.reference}/opened/").text

    def test_not_where_somebody_is_there_nor_after_it_has_passed(
        self, browser: Client, riverside: Acting
    ) -> None:
        for contact in (EVENING - 3.5 * HOUR, EVENING - 30 * HOUR):
            referral = urgent(riverside, contact=contact)
            assert QUESTION not in browser.get(f"/referrals/{referral.reference}/").text

    def test_what_was_answered_is_seen_by_colleagues(
        self, browser: Client, riverside: Acting, northgate: Acting
    ) -> None:
        referral = urgent(riverside)
        assert "Saved. Your colleagues see it" in answers(browser, referral, who="me").text
        colleague = signed_in_client(riverside.manager.user)
        page = colleague.get(f"/referrals/{referral.reference}/").text
        assert QUESTION not in page
        assert "Ash Caseworker acts." in page
        with northgate.context():
            assert not Undertaking.objects.exists()

    def test_somebody_else_is_named(self, browser: Client, riverside: Acting) -> None:
        referral = urgent(riverside)
        said = {"who": "colleague", "colleague": riverside.manager.user_id}
        assert "Bay Manager acts, said Ash Caseworker." in answers(browser, referral, **said).text

    def test_nobody_of_another_organisation_can_be(
        self, browser: Client, riverside: Acting, northgate: Acting
    ) -> None:
        referral = urgent(riverside)
        said = {"who": "colleague", "colleague": northgate.manager.user_id}
        page = answers(browser, referral, **said).text
        assert "Choose one of the answers shown" in page
        with riverside.context():
            assert not Undertaking.objects.exists()

    def test_whoever_is_on_call_is_offered_where_somebody_is(
        self, browser: Client, riverside: Acting
    ) -> None:
        referral = urgent(riverside)
        assert "Choose one of the answers shown" in answers(browser, referral, who="on_call").text
        on_call(riverside, "Duty worker, by the rota")
        page = answers(browser, referral, who="on_call").text
        assert "Whoever is on call acts, said Ash Caseworker." in page

    def test_what_is_missing_is_asked_for(self, browser: Client, riverside: Acting) -> None:
        referral = urgent(riverside)
        assert "Choose who will act" in answers(browser, referral).text
        assert "Choose who will act" in answers(browser, referral, who="colleague").text

    def test_it_is_noted_without_a_word_and_changes_the_version(
        self, browser: Client, riverside: Acting
    ) -> None:
        referral = urgent(riverside)
        answers(browser, referral, who="me")
        with riverside.context():
            [entry] = AuditEntry.objects.filter(action="who_acts_said")
            assert (entry.referral, entry.fields) == (referral.pk, ["person", "who"])
            assert Referral.objects.get().version == referral.version + 1

    def test_pressing_twice_says_it_once(self, browser: Client, riverside: Acting) -> None:
        referral = urgent(riverside)
        address = browser.get(f"/referrals/{referral.reference}/who-acts/").url
        sent = form_of(browser, address) | {"who": "me"}
        for _ in range(2):
            browser.post(address, sent)
        with riverside.context():
            assert Undertaking.objects.count() == 1

    def test_a_limit_that_moved_is_asked_about_anew(
        self, browser: Client, riverside: Acting
    ) -> None:
        referral = urgent(riverside)
        answers(browser, referral, who="me")
        with riverside.context():
            row = Undertaking.objects.get()
            row.pk, row.due_at = None, row.due_at + HOUR
            row.save(force_insert=True)
        assert QUESTION in browser.get(f"/referrals/{referral.reference}/").text

    def test_with_nothing_due_there_is_no_form(self, browser: Client, riverside: Acting) -> None:
        referral = factories.referral(
            riverside,
            contact=EVENING,
            events=[happening("immediate_safety_checked", EVENING)],
            now=EVENING,
        )
        url = f"/referrals/{referral.reference}/who-acts/"
        assert "Nothing falls due outside office hours." in browser.get(url, follow=True).text
