"""Proof of how long somebody waited, for their legal representative; checked by anybody."""

import re
from datetime import datetime, timedelta

import pytest

from referrals.models import Proof
from tests.browser import shoot
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_proof_is_issued_with_consent_printed_and_checked(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody who was asked for in vain at many doors, and did not speak of sharing
    there = northgate.organisation
    tries = [
        happening(code, now - (59 - n) * DAY, organisation=there)
        for n in range(0, 24, 2)
        for code in ("fro_approached", "fro_declined_capacity")
    ]
    heron = referral(riverside, contact=now - 60 * DAY, now=now, events=tries)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Proof of wait for a legal representative")
    ash.sees("None issued yet")
    ash.looks("proof-empty")

    # When the caseworker forgets to ask whether it is safe, the page says so
    ash.presses("Issue the proof")
    ash.is_told_of_mistakes()
    ash.looks("proof-mistake")

    # Then without consent none is issued
    ash.chooses("Is it safe for them to keep this?", "Yes")
    ash.presses("Issue the proof")
    ash.sees("No consent to sharing information stands.")
    ash.follows("Record what they say about sharing information")
    ash.chooses("To sharing information", "Consents")
    ash.presses("Record what happened")

    # With it, one is issued, and fits one page
    ash.follows("Proof of wait for a legal representative")
    ash.chooses("Is it safe for them to keep this?", "Yes")
    ash.presses("Issue the proof")
    ash.sees("they had waited 60 days", "Northgate Trust (fictitious) had no capacity.")
    ash.does_not_see("Ash Caseworker had")
    ash.looks("proof")
    page = ash.page
    page.emulate_media(media="print")
    shoot(page, f"proof-printed-{width}")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    page.emulate_media(media="screen")

    # And anybody who holds it sees that it stands
    with riverside.context():
        proof = Proof.objects.get()
    ash.opens("/proof/")
    ash.looks("proof-check")
    ash.types("Number", proof.number)
    ash.types("Check code", "00000000")
    ash.presses("Check it")
    ash.is_told_of_mistakes()
    ash.looks("proof-check-mistake")
    ash.types("Check code", proof.content_hash[:8])
    ash.presses("Check it")
    ash.sees("It was issued, and it stands.")
    ash.looks("proof-check-stands")

    # Until it is withdrawn
    ash.opens(f"/referrals/{heron.reference}/proof/")
    ash.looks("proofs")
    ash.follows(f"Withdraw {proof.number}")
    ash.chooses("Why does it not stand any more?", "It was lost, or somebody else has it")
    ash.looks("proof-withdraw")
    ash.presses("Withdraw the proof")
    ash.sees("Withdrawn: it was lost, or somebody else has it.")
