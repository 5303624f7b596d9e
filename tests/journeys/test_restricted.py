"""A referral restricted to named staff, and opened in an emergency."""

from datetime import UTC, datetime, timedelta

import pytest

from referrals.actions import deliver_notices
from tests.factories import Acting, referral, safeguarding_lead
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_restricted_referral(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a caseworker who restricts a referral to the safeguarding lead and themselves
    lead = safeguarding_lead(riverside)
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Restrict this referral to named staff")
    ash.looks("restrict")
    ash.chooses("Why?", "The person asked for it")
    ash.presses("Restrict the referral")
    ash.sees("Only the people you named see it.", "Restricted to")
    ash.looks("restricted-referral")

    # When the manager looks for it, they learn that it exists, and no more
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words.append("Heron")
    bay.opens("/delays/")
    bay.sees("1 of them stand on none of your lists")
    bay.follows("Restricted referrals")
    bay.sees(heron.reference, "Ash Caseworker, Dale Lead")
    bay.does_not_see("Heron")
    bay.looks("restricted")

    # And can open it in an emergency, which the lead is told of, and ends
    bay.follows("Open in an emergency")
    bay.presses("Open it")
    bay.is_told_of_mistakes()
    bay.looks("emergency-mistake")
    bay.types("Why must you see it now?", "They ring and nobody who is named is here")
    bay.presses("Open it")
    bay.sees_heading("Heron")
    deliver_notices(now=datetime.now(UTC))
    dale = arrive(lead, scripts=scripts, width=width)
    dale.opens("/notices/")
    dale.sees("A restricted referral was opened in an emergency")
    dale.looks("notice-emergency")
    dale.presses("Open")
    dale.sees("They ring and nobody who is named is here")
    dale.looks("restricted-emergency")
    dale.presses("End their access")
    dale.sees("They see it no longer.")
    bay.opens(f"/referrals/{heron.reference}/")
    bay.does_not_see("Heron")

    # And the caseworker lifts it again
    ash.follows("Change Restricted to")
    ash.follows("Lift the restriction")
    ash.looks("lift")
    ash.presses("Lift the restriction")
    bay.opens(f"/referrals/{heron.reference}/")
    bay.sees_heading("Heron")
