"""Harm that came to somebody while they waited, and the lead's decision on a report."""

from datetime import datetime, timedelta

import pytest

from tests import factories
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_harm_is_recorded_by_a_caseworker_and_decided_by_the_lead(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody who waits, and a safeguarding lead
    heron = referral(riverside, contact=now - timedelta(days=20))
    lead = factories.safeguarding_lead(riverside)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "broken window"]

    # When the caseworker records what happened
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Record harm that came to them")
    ash.presses("Record it")
    ash.is_told_of_mistakes()
    ash.looks("harm-mistake")
    ash.chooses("What kind of harm?", "Violence or a threat")
    ash.types("What happened?", "A broken window and a message")
    ash.dates("When did it happen?", (now - timedelta(days=2)).date())
    ash.dates("When did we know?", (now - timedelta(days=1)).date())
    ash.presses("Record it")
    ash.sees("Tell your safeguarding lead now, in person.", "Harm recorded: 1.")
    ash.looks("harm-on-referral")

    # Then the lead finds it, undecided, and decides
    dale = arrive(lead, scripts=scripts, width=width)
    dale.opens("/delays/")
    dale.follows("See what was recorded")
    dale.sees("No decision yet")
    dale.looks("harms")
    dale.follows(heron.reference)
    dale.sees("A broken window and a message")
    dale.looks("harm")
    dale.presses("Decide on a report")
    dale.chooses("What is decided?", "It is reported to our regulator")
    dale.types("Why, and by whom was it discussed?", "Discussed with the chair")
    dale.looks("harm-decide")
    dale.presses("Save the decision")
    dale.sees("It is reported to our regulator, decided by Dale Lead", "What stood before")
    dale.looks("harm-decided")
