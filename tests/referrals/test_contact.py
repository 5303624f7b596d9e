"""How it is safe to reach somebody: one guard, and not asked means do not."""

import ast
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from referrals.actions import (
    Calling,
    agree_contact,
    agreed_terms,
    record_identity,
    record_wait_events,
)
from referrals.contact import Method, Terms, may_contact, reachable_at
from referrals.identity import Identity
from referrals.models import Referral, SafeContact
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.house.source import modules
from tests.referrals.casework import form_of
from tests.support import signed_in_client

AGREED = Terms(
    agreed_at=NOW - timedelta(days=3),
    safe=("telephone",),
    unsafe=("voicemail", "post"),
    days=(1, 2, 3, 4, 5),
    since=time(10),
    until=time(15),
    code_word="umbrella",
    never="the flat of the exploiter",
    who_answers="A cousin: say you are the dentist",
)
MONDAY_NOON = NOW
NUMBER = Identity(telephone="07700 900123", address="1 Invented Way")


@pytest.mark.parametrize(
    ("method", "at", "allowed", "words"),
    [
        ("telephone", MONDAY_NOON, True, "Safe Monday, Tuesday"),
        ("telephone", MONDAY_NOON.replace(hour=15), False, "Not now. Safe Monday"),
        ("telephone", MONDAY_NOON.replace(hour=9, minute=59), False, "Not now"),
        ("telephone", MONDAY_NOON - timedelta(days=1), False, "Not now"),
        ("voicemail", MONDAY_NOON, False, "Not safe: do not use it"),
        ("text", MONDAY_NOON, False, "Not asked: do not use it"),
        ("post", MONDAY_NOON, False, "Not safe: do not use it"),
    ],
)
def test_the_guard(method: str, at: datetime, allowed: bool, words: str) -> None:
    verdict = may_contact(AGREED, method, now=at)
    assert verdict.allowed is allowed
    assert verdict.words.startswith(words)


def test_hours_are_of_london_in_summer_too() -> None:
    """14:30 UTC in July is 15:30 on the clock on the wall."""
    july = datetime(2026, 7, 6, 14, 30, tzinfo=UTC)
    assert not may_contact(AGREED, "telephone", now=july).allowed
    assert may_contact(AGREED, "telephone", now=july - timedelta(hours=1)).allowed


def test_hours_in_words_are_the_callers_to_judge() -> None:
    said = replace(AGREED, in_words="not in Ramadan")
    words = may_contact(said, "telephone", now=NOW).words
    assert words.endswith("not in Ramadan. It is Monday 12:00 now: check that this fits.")


def test_nobody_asked_means_do_not() -> None:
    for method in Method.values:
        assert not may_contact(None, method, now=NOW).allowed


def test_after_28_days_it_is_asked_again() -> None:
    old = replace(AGREED, agreed_at=NOW - timedelta(days=28, seconds=1))
    assert may_contact(old, "telephone", now=NOW).words.endswith("Ask again at the next contact.")
    assert "Ask again" not in may_contact(AGREED, "telephone", now=NOW).words


def test_what_is_not_safe_is_not_shown_but_in_danger() -> None:
    def shown(**how: bool) -> list[str]:
        return [text for _, text, _ in reachable_at(NUMBER, AGREED, now=NOW, **how)]

    assert shown() == ["07700 900123", ""]
    assert shown(danger=True) == ["07700 900123", "1 Invented Way"]


def test_a_number_or_an_address_is_read_behind_the_guard_alone() -> None:
    """Whatever else would read one must go through `reachable_at`."""
    readers = {
        module.path
        for module in modules()
        if module.path.startswith("referrals/")
        for node in module.nodes(ast.Attribute)
        if node.attr in {"telephone", "address", "email"} and "identity" in ast.unparse(node.value)
    }
    assert readers == {"referrals/contact.py"}


@pytest.mark.django_db
class TestAgreeing:
    @pytest.fixture
    def hers(self, riverside: Acting) -> Referral:
        return factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)

    def agree(self, riverside: Acting, hers: Referral, terms: Terms, **more: object) -> None:
        with riverside.context():
            agree_contact(referral=hers, terms=terms, by=riverside.caseworker, now=NOW, **more)

    def terms(self, riverside: Acting, hers: Referral) -> Terms | None:
        with riverside.context():
            return agreed_terms(hers, with_sealed=True)

    def test_keeps_it_all_and_seals_what_would_betray(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.agree(riverside, hers, AGREED)
        assert self.terms(riverside, hers) == AGREED
        with riverside.context():
            [row] = SafeContact.objects.all()
            assert agreed_terms(hers) == replace(AGREED, code_word="", never="", who_answers="")
        assert b"umbrella" not in bytes(row.code_word)

    def test_the_latest_stands_and_the_former_stays(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.agree(riverside, hers, AGREED)
        self.agree(riverside, hers, replace(AGREED, safe=(), code_word=""), keep=["code_word"])
        assert self.terms(riverside, hers) == replace(AGREED, safe=())
        with riverside.context():
            assert SafeContact.objects.count() == 2

    def test_a_call_changes_what_was_said_of_calls_and_nothing_else(
        self, riverside: Acting, hers: Referral
    ) -> None:
        self.agree(riverside, hers, AGREED)
        with riverside.context():
            record_wait_events(
                referral=hers,
                happenings=[happening("contact_made", NOW)],
                calling=Calling(may_call=False, agreed_at=NOW),
                by=riverside.caseworker,
                now=NOW,
            )
        terms = self.terms(riverside, hers)
        assert terms
        assert set(terms.unsafe) == {"post", "telephone", "voicemail"}
        assert terms.code_word == "umbrella"

    def test_in_the_browser(self, riverside: Acting, hers: Referral) -> None:
        client = signed_in_client(riverside.caseworker.user)
        url = f"/referrals/{hers.reference}/contact/"
        form = form_of(client, url)
        answers = {"telephone": "yes", "days": ["1"], "since": "10:00", "code_word": "umbrella"}
        wrong = client.post(url, form | answers)
        assert wrong.context["form"].errors == {"until": ["Enter both times, or neither"]}
        assert "umbrella" in wrong.text
        assert client.post(url, form | answers | {"until": "3pm"}).status_code == 302
        assert "umbrella" not in client.get(url).text
        terms = self.terms(riverside, hers)
        assert terms
        assert (terms.safe, terms.days, terms.until) == (("telephone",), (1,), time(15))

    def test_who_is_about_to_ring_learns_what_to_look_at_first(
        self, riverside: Acting, hers: Referral
    ) -> None:
        terms = replace(AGREED, interpreter="Tigrinya", interpreter_gender="female")
        self.agree(riverside, hers, terms)
        client = signed_in_client(riverside.caseworker.user)
        page = client.get(f"/referrals/{hers.reference}/").text
        assert (
            "A code word is set · some people must never be contacted · somebody else may answer: "
            "look before you call. Interpreter: Tigrinya, a woman."
        ) in page
        assert "umbrella" not in page
        form = client.get(f"/referrals/{hers.reference}/contact/", follow=True).context["form"]
        assert form["code_word"].help_text.startswith("Recorded, and not shown here.")
        self.agree(riverside, hers, replace(AGREED, code_word="", never="", who_answers=""))
        assert "look before you call" not in client.get(f"/referrals/{hers.reference}/").text
        form = client.get(f"/referrals/{hers.reference}/contact/", follow=True).context["form"]
        assert form["code_word"].help_text == ""

    def test_old_words_beside_new_hours_are_asked_about(
        self, riverside: Acting, hers: Referral
    ) -> None:
        before = Terms(agreed_at=NOW, safe=("telephone",), in_words="Mondays only")
        self.agree(riverside, hers, before)
        client = signed_in_client(riverside.caseworker.user)
        url = f"/referrals/{hers.reference}/contact/"
        form = form_of(client, url)
        assert client.post(url, form).status_code == 302
        form = form_of(client, url) | {"days": ["2"]}
        asked = client.post(url, form)
        assert list(asked.context["form"].errors) == ["in_words"]
        assert "“Mondays only” was written before you chose these days or times" in asked.text
        assert client.post(url, form | {"both_hold": "on"}).status_code == 302
        form = form_of(client, url) | {"days": ["3"], "in_words": ""}
        assert client.post(url, form).status_code == 302
        terms = self.terms(riverside, hers)
        assert terms
        assert (terms.days, terms.in_words) == ((3,), "")

    def test_the_page_shows_what_the_guard_lets_through(
        self, riverside: Acting, hers: Referral
    ) -> None:
        with riverside.context():
            record_identity(
                referral=hers,
                identity=NUMBER,
                birth_is_estimated=False,
                by=riverside.caseworker,
                now=NOW,
            )
        client = signed_in_client(riverside.caseworker.user)
        url = f"/referrals/{hers.reference}/person/"
        assert "07700" not in client.post(url, {"reason": ""}).text
        in_danger = client.post(url, {"reason": "danger"}).text
        assert "07700 900123 – Not asked" in in_danger
        self.agree(riverside, hers, replace(AGREED, days=(), since=None, until=None))
        shown = client.post(url, {"reason": ""}).text
        assert "07700 900123" in shown
        assert "1 Invented Way" not in shown
        assert "umbrella" in shown
