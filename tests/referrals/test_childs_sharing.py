"""Whether what is recorded about a child may be given on: two voices, and no NRM consent."""

from datetime import date

import pytest
from django.test import Client

from referrals.actions import issue_proof
from referrals.catalogue import FOR_A_CHILD
from referrals.consent import may_share
from referrals.errors import NoConsentToShare
from referrals.models import DelayFlag, Proof, Referral, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, send
from tests.referrals.timelines import DEFINITIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
WHO = ("child", "parent", "local_authority")


@pytest.fixture
def his(riverside: Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - 40 * DAY, now=NOW, age_group="child")


@pytest.fixture
def ash(riverside: Acting) -> Client:
    return caseworker(riverside)


def say(client: Client, referral: Referral, who: str, answer: str) -> None:
    url = f"/referrals/{referral.reference}/consent/"
    assert send(client, url, who=who, answer=answer).status_code == 302


def proof(acting: Acting, referral: Referral) -> Proof | None:
    with acting.context():
        return issue_proof(
            referral=referral,
            addressed_to=Proof.For.REPRESENTATIVE,
            safe_to_keep=True,
            by=acting.caseworker,
            now=NOW,
        )


def test_without_a_word_nothing_is_shared(riverside: Acting, his: Referral) -> None:
    with pytest.raises(NoConsentToShare, match="Ask the child, or who may speak for them"):
        proof(riverside, his)


@pytest.mark.parametrize("who", WHO)
def test_one_of_the_two_voices_is_enough(
    riverside: Acting, his: Referral, ash: Client, who: str
) -> None:
    say(ash, his, who, "yes")
    assert proof(riverside, his)


@pytest.mark.parametrize(("yes", "no"), [(a, b) for a in WHO for b in WHO if a != b])
def test_a_no_of_either_stands_until_that_voice_says_yes(
    riverside: Acting, his: Referral, ash: Client, yes: str, no: str
) -> None:
    say(ash, his, no, "no")
    say(ash, his, yes, "yes")
    same_voice = "child" not in (yes, no)  # both speak for the child: the last word counts
    if same_voice:
        assert proof(riverside, his)
        return
    with pytest.raises(NoConsentToShare):
        proof(riverside, his)
    say(ash, his, no, "yes")
    assert proof(riverside, his)


def test_the_page_says_what_stands_and_of_whom(
    riverside: Acting, his: Referral, ash: Client
) -> None:
    url = f"/referrals/{his.reference}/consent/"
    assert "It is not to be shared, as things stand." in ash.get(url, follow=True).text
    say(ash, his, "local_authority", "yes")
    page = ash.get(url, follow=True).text
    assert "It may be shared." in page
    assert "by the local authority that is responsible" in page
    assert "A child is not asked for consent" in page
    with riverside.context():
        event = WaitEvent.objects.get(referral=his, code="sharing_agreed_for")
    correct = f"/referrals/{his.reference}/events/{event.pk}/correct/"
    assert form_of(ash, correct)["given"] == "local_authority"
    send(ash, correct, given="parent", reason="Their aunt.")
    assert "by a person with parental responsibility" in ash.get(url, follow=True).text


def test_it_needs_no_consent_to_the_nrm_and_changes_no_wait_of_the_child(
    riverside: Acting, his: Referral, ash: Client
) -> None:
    with riverside.context():
        flags = DelayFlag.objects.filter(referral=his).standing().exclude(rule="lost-contact")
        before = set(flags.values_list("rule", "severity", "breached_at"))
    say(ash, his, "child", "no")
    with riverside.context():
        flags = DelayFlag.objects.filter(referral=his).standing().exclude(rule="lost-contact")
        assert set(flags.values_list("rule", "severity", "breached_at")) == before


def test_to_speak_for_a_child_is_no_contact_with_the_child(
    riverside: Acting, his: Referral, ash: Client
) -> None:
    """A child's own word is; see the rule on contact."""
    assert not set(map(str, FOR_A_CHILD)) & set(DEFINITIONS["lost-contact"]["starts"]["each"])
    say(ash, his, "parent", "yes")
    with riverside.context():
        assert DelayFlag.objects.filter(referral=his, rule="lost-contact").standing().exists()
    say(ash, his, "child", "yes")
    with riverside.context():
        assert not DelayFlag.objects.filter(referral=his, rule="lost-contact").standing().exists()


def test_at_eighteen_nobody_speaks_for_them_any_more(riverside: Acting) -> None:
    """What was said for the child is no yes of the adult."""
    grown = factories.referral(
        riverside,
        contact=NOW - 40 * DAY,
        now=NOW,
        age_group="child",
        turns_18_on=date(2026, 11, 20),
        events=[happening("sharing_agreed_for", NOW - 9 * DAY, given="parent")],
    )
    with pytest.raises(NoConsentToShare, match="Ask the person first"):
        proof(riverside, grown)


def test_an_adult_is_not_spoken_for() -> None:
    said = WaitEvent(pk=1, code="sharing_agreed_for", happened_at=NOW)
    assert (may_share([said], asked=True), may_share([said], asked=False)) == (False, True)


def test_an_undecided_child_is_no_yes() -> None:
    said = WaitEvent(pk=1, code="consent_undecided", consent_type="sharing", happened_at=NOW)
    assert not may_share([said], asked=False)


def test_both_questions_are_asked(his: Referral, ash: Client) -> None:
    page = send(ash, f"/referrals/{his.reference}/consent/", detail="").content.decode()
    assert "Choose who said so" in page
    assert "Choose whether they agreed" in page
