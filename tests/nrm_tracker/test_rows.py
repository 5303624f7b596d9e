"""Many rows in one statement: what was given is what is stored."""

import pytest

from nrm_tracker import rows
from referrals.models import Referral
from tests.conftest import NOW
from tests.factories import Acting

pytestmark = pytest.mark.django_db
AWKWARD = ["NULL", 'a "b" c', "back\\slash", "{a,b}", " in between ", "", "line\nbreak", "‏عصفور"]


def referral(acting: Acting, number: int, **facts: object) -> Referral:
    return Referral(
        reference=f"R-2222-{number:04}",
        holder_id=acting.organisation.pk,
        age_group_at_opening="adult",
        age_group="adult",
        nation="england",
        opened_at=NOW,
        first_contact_at=NOW,
        **facts,
    )


def test_awkward_texts_and_lists_are_stored_as_they_are(riverside: Acting) -> None:
    risks = [["destitute", "pregnant"], []] * (len(AWKWARD) // 2)
    given = [
        referral(riverside, number, pseudonym=text, risks=risk)
        for number, (text, risk) in enumerate(zip(AWKWARD, risks, strict=True))
    ]
    with riverside.context():
        rows.insert(given)
        stored = Referral.objects.order_by("reference").values_list("pk", "pseudonym", "risks")
        assert list(stored) == [(each.pk, each.pseudonym, each.risks) for each in given]


def test_a_row_that_is_there_is_brought_up_to_date(riverside: Acting) -> None:
    with riverside.context():
        rows.insert([referral(riverside, 1, pseudonym="Wren")])
        again = referral(riverside, 1, pseudonym="Heron", own_reference="R1")
        rows.insert([again], unique=["reference"], update=["pseudonym"])
        stored = Referral.objects.values_list("pk", "pseudonym", "own_reference")
        assert list(stored) == [(again.pk, "Heron", "")]


def test_no_rows_are_no_statement(riverside: Acting) -> None:
    with riverside.context():
        rows.insert([])
        assert not Referral.objects.exists()
