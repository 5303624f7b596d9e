"""A proof of wait: what it says, who may have it, and what a check of it tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker import signing
from nrm_tracker.signing import Signature, is_signed
from referrals.actions import (
    add_note,
    chronology,
    correct_wait_event,
    erase_identity,
    issue_proof,
    opened_proof,
    record_identity,
    record_wait_events,
    withdraw_proof,
)
from referrals.errors import NoConsentToShare, NotSafeToKeep, WithdrawnAlready
from referrals.identity import Identity
from referrals.models import Proof, Referral, WaitEvent
from referrals.pages.proving import Checked, check_of
from referrals.proofs import CODE, hash_of, text_of, to_sign
from tests.factories import Acting, happening, record, referral
from tests.referrals.casework import caseworker, form_of, send

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONTACT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STORY, NAME = "zephyr wrote to her sister Quagga", "Amina Quillfeather"


@pytest.fixture
def hers(riverside: Acting, northgate: Acting) -> Referral:
    """Asked Northgate in vain, asked for a week's time, told a story, and agreed to sharing."""
    there = northgate.organisation
    made = referral(
        riverside,
        contact=CONTACT,
        now=NOW - DAY,
        events=[
            happening("consent_recorded", CONTACT, consent_type="nrm"),
            happening("consent_recorded", CONTACT, consent_type="sharing"),
            happening("fro_approached", CONTACT + DAY, organisation=there, detail=STORY),
            happening("fro_declined_capacity", CONTACT + 2 * DAY, organisation=there),
            happening("risk_flag_added", CONTACT + 3 * DAY, risk="pregnant", detail=STORY),
            happening("appointment_missed", CONTACT + 4 * DAY, detail=STORY),
            happening("pause_started", CONTACT + 10 * DAY, outcome="survivor_asked", detail=STORY),
            happening("pause_ended", CONTACT + 17 * DAY),
        ],
    )
    with riverside.context():
        given, family = NAME.split()
        record_identity(
            referral=made,
            identity=Identity(given_names=given, family_name=family),
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=NOW - DAY,
        )
        add_note(referral=made, words=STORY, by=riverside.caseworker, now=NOW - DAY)
    return made


def issued(acting: Acting, referral: Referral, *, at: datetime = NOW, **how: object) -> Proof:
    facts = {"addressed_to": Proof.For.REPRESENTATIVE, "safe_to_keep": True} | how
    with acting.context():
        proof = issue_proof(referral=referral, by=acting.caseworker, now=at, **facts)
        assert proof
        return proof


def words(acting: Acting, proof: Proof) -> str:
    with acting.context():
        said = opened_proof(proof=proof, by=acting.caseworker, now=NOW)
        assert said
        return text_of(said)


def test_it_says_when_help_was_asked_for_and_who_had_no_capacity(
    riverside: Acting, hers: Referral
) -> None:
    assert words(riverside, issued(riverside, hers)) == (
        "Proof of wait\n"
        f"Reference: {hers.reference}\n"
        "Issued by: Riverside Support (fictitious)\n"
        "Date: 20 November 2026\n"
        "On 20 November 2026 they had waited 80 days since they first asked for help, and no NRM "
        "referral had been submitted.\n"
        "Of these, they asked for 7 days themselves.\n"
        "1 September 2026: Asked Riverside Support (fictitious) for help.\n"
        "2 September 2026: Northgate Trust (fictitious) was asked to take the request.\n"
        "3 September 2026: Northgate Trust (fictitious) had no capacity.\n"
        "11 September 2026: The person asked for time.\n"
        "18 September 2026: The time that the person asked for ended.\n"
    )


def test_no_third_party_no_colleague_and_nothing_in_anybodys_own_words_is_in_it(
    riverside: Acting, hers: Referral
) -> None:
    said = words(riverside, issued(riverside, hers, with_name=True))
    unwanted = ["zephyr", "sister", "Quagga", "Ash", "Caseworker", "Heron", "regnant"]
    assert [word for word in unwanted if word in said] == []
    assert f"Name: {NAME}\n" in said


def test_the_name_is_on_it_only_where_the_issuer_says_so(riverside: Acting, hers: Referral) -> None:
    assert "Quillfeather" not in words(riverside, issued(riverside, hers))


def test_a_hold_by_a_manager_is_not_told(riverside: Acting, hers: Referral) -> None:
    with riverside.context():
        before = hash_of_now(riverside, hers)
    hold = happening("pause_started", NOW - 2 * DAY, outcome="safeguarding_hold")
    with riverside.context(riverside.manager):
        record_wait_events(referral=hers, happenings=[hold], by=riverside.manager, now=NOW)
    with riverside.context():
        assert hash_of_now(riverside, hers) == before


def hash_of_now(acting: Acting, referral: Referral) -> str:
    return hash_of(chronology(referral=referral, by=acting.caseworker, now=NOW))


def test_the_same_record_gives_the_same_hash_and_another_number(
    riverside: Acting, hers: Referral
) -> None:
    one, other = issued(riverside, hers), issued(riverside, hers, at=NOW + timedelta(hours=1))
    assert one.content_hash == other.content_hash
    assert one.number != other.number


def test_its_signature_is_over_its_number_and_hash(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers)
    signature = Signature(proof.signed_with, proof.signature)
    assert proof.signed_with == signing.public_keys()[0]
    assert is_signed(to_sign(proof.number, proof.content_hash), signature)
    assert not is_signed(to_sign(proof.number, "0" * 64), signature)


def test_without_consent_to_sharing_there_is_none(riverside: Acting, hers: Referral) -> None:
    taken_back = happening("consent_withdrawn", NOW - timedelta(hours=1), consent_type="sharing")
    record(riverside, hers, taken_back, now=NOW)
    with pytest.raises(NoConsentToShare):
        issued(riverside, hers)
    with riverside.context():
        assert Proof.objects.count() == 0


def test_what_is_not_safe_to_keep_is_not_given_to_the_person(
    riverside: Acting, hers: Referral
) -> None:
    with pytest.raises(NotSafeToKeep):
        issued(riverside, hers, addressed_to=Proof.For.PERSON, safe_to_keep=False)
    kept = issued(riverside, hers, safe_to_keep=False)
    page = caseworker(riverside).get(reverse("proof", args=[hers.reference, kept.pk]))
    assert "Do not print this." in page.content.decode()
    assert "app-sheet--not-printed" in page.content.decode()


def test_not_asked_is_not_safe(riverside: Acting, hers: Referral) -> None:
    url = reverse("proofs", args=[hers.reference])
    response = send(caseworker(riverside), url, safe="not_asked", addressed_to="person")
    assert "It is not safe for them to keep it" in response.content.decode()
    with riverside.context():
        assert Proof.objects.count() == 0


def test_pressing_twice_issues_one(riverside: Acting, hers: Referral) -> None:
    client, url = caseworker(riverside), reverse("proofs", args=[hers.reference])
    answers = form_of(client, url) | {"safe": "yes", "addressed_to": "representative"}
    for _ in range(2):
        client.post(url, answers)
    with riverside.context():
        assert Proof.objects.count() == 1


def test_issuing_and_opening_stand_in_the_trail_without_a_word_of_it(
    riverside: Acting, hers: Referral
) -> None:
    proof = issued(riverside, hers, with_name=True)
    words(riverside, proof)
    with riverside.context():
        rows = AuditEntry.objects.filter(subject=f"proof {proof.pk}").order_by("number")
        assert [(row.action, row.fields) for row in rows] == [
            (Action.PROOF_ISSUED, ["name"]),
            (Action.PROOF_SHOWN, []),
        ]


def test_a_proof_never_changes(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers)
    for change in ({"content_hash": "0" * 64}, {"issued_at": CONTACT}, {"signature": "x"}):
        with pytest.raises(Exception, match="permission denied"), riverside.context():
            Proof.objects.filter(pk=proof.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), riverside.context():
        Proof.objects.filter(pk=proof.pk).update(withdrawn_at=NOW)


def check(proof: Proof) -> Checked | None:
    """As anybody asks, without a context."""
    return check_of(proof.number, proof.content_hash[:CODE])


def test_anybody_is_told_that_it_stands(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers)
    assert check(proof) == Checked(
        stands=True, issued_at=NOW, withdrawn_at=None, later_at=None, corrected=False
    )


def test_the_number_alone_or_the_code_of_another_tells_nothing(
    riverside: Acting, hers: Referral
) -> None:
    proof = issued(riverside, hers)
    for number, code in [
        (proof.number, "00000000"),
        (proof.number, proof.content_hash[:7]),
        (proof.number, ""),
        ("P-2222-2222-2222", proof.content_hash[:CODE]),
        (proof.number, "%" * CODE),
    ]:
        assert check_of(number, code) is None


def test_a_withdrawn_one_does_not_stand(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers)
    with riverside.context():
        withdraw_proof(proof=proof, why=Proof.Why.LOST, by=riverside.caseworker, now=NOW + DAY)
        with pytest.raises(WithdrawnAlready):
            withdraw_proof(proof=proof, why=Proof.Why.LOST, by=riverside.caseworker, now=NOW)
    found = check(proof)
    assert found
    assert (found.stands, found.withdrawn_at) == (False, NOW + DAY)


def test_a_later_one_stands_in_its_place(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers)
    later = issued(riverside, hers, at=NOW + DAY)
    found, newest = check(proof), check(later)
    assert found
    assert newest
    assert (found.stands, found.later_at, newest.stands) == (False, NOW + DAY, True)


@pytest.mark.parametrize(
    ("code", "corrected"), [("fro_declined_capacity", True), ("risk_flag_added", False)]
)
def test_a_correction_of_one_of_its_lines_is_told(
    riverside: Acting, hers: Referral, code: str, corrected: bool
) -> None:
    proof = issued(riverside, hers)
    with riverside.context():
        event = WaitEvent.objects.get(referral=hers, code=code)
        correct_wait_event(
            event=event,
            corrected=happening(
                code,
                event.happened_at + timedelta(hours=1),
                organisation=event.organisation,
                risk=event.risk,
            ),
            reason="another hour",
            by=riverside.caseworker,
            now=NOW + DAY,
        )
    found = check(proof)
    assert found
    assert (found.stands, found.corrected) == (not corrected, corrected)


def test_a_check_leaves_no_rights_behind(riverside: Acting, hers: Referral) -> None:
    with transaction.atomic():
        assert check(issued(riverside, hers))
        assert Referral.objects.count() == 0
        assert Proof.objects.count() == 0


def test_the_page_of_a_check_tells_nothing_of_the_person(riverside: Acting, hers: Referral) -> None:
    proof = issued(riverside, hers, with_name=True)
    typed = {"number": proof.number.lower().replace("-", " "), "code": proof.content_hash[:CODE]}
    page = Client().post(reverse("proof_check"), typed).content.decode()
    assert "It was issued, and it stands." in page
    secrets = [NAME, hers.reference, "Heron", "Riverside", "Northgate", str(proof.pk)]
    assert [word for word in secrets if word in page] == []
    wrong = Client().post(reverse("proof_check"), typed | {"code": "00000000"}).content.decode()
    missing = Client().post(
        reverse("proof_check"), {"number": "P-2222-2222-2222", "code": "00000000"}
    )
    assert "No proof with this number and check code was issued here." in wrong
    assert "No proof with this number and check code was issued here." in missing.content.decode()


def test_trying_many_codes_is_refused(riverside: Acting, hers: Referral) -> None:
    client, url = Client(), reverse("proof_check")
    typed = {"number": "P-2222-2222-2222", "code": "00000000"}
    answers = [client.post(url, typed).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_another_organisation_sees_no_proof(
    riverside: Acting, northgate: Acting, hers: Referral
) -> None:
    proof = issued(riverside, hers)
    page = caseworker(northgate).get(reverse("proof", args=[hers.reference, proof.pk]))
    assert page.status_code == 404
    with northgate.context():
        assert Proof.objects.count() == 0


def test_after_erasure_it_is_not_read_and_can_still_be_checked(
    riverside: Acting, hers: Referral
) -> None:
    proof = issued(riverside, hers, with_name=True)
    with riverside.context():
        erase_identity(referral=hers, by=riverside.caseworker, now=NOW)
        assert opened_proof(proof=proof, by=riverside.caseworker, now=NOW) is None
    page = caseworker(riverside).get(reverse("proof", args=[hers.reference, proof.pk]))
    assert "was erased" in page.content.decode()
    assert check(proof)
