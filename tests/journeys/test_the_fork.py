"""A child is not asked; an adult who consents goes on; one who does not is not pressed."""

from datetime import datetime, timedelta

import pytest

from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
HOW = [(True, "wide"), (False, "narrow")]


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_an_adult_who_consents(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Change Consent")
    ash.looks("consent")
    ash.presses("Record what happened")
    ash.is_told_of_mistakes()
    ash.looks("consent-mistake")
    ash.chooses("To the NRM referral", "Consents")
    ash.chooses("To contact with the police", "Does not consent")
    ash.chooses("How did they say so?", "In person")
    ash.presses("Record what happened")
    ash.sees("Consented on", "in person, recorded by")
    ash.looks("consented")
    ash.follows("Ask again At risk")
    ash.looks("risks-empty")
    ash.chooses("Pregnant?", "Yes")
    ash.presses("Record the answers")
    ash.sees("Pregnant")
    ash.follows("Ask again At risk")
    ash.looks("risks")


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_a_child(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=1), age_group="child")
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees("Not asked of a child: the local authority comes first")
    ash.follows("Change Consent")
    ash.sees_heading("A child is not asked for consent")
    ash.looks("consent-child")
    ash.follows("Record that the local authority was told about the child")
    ash.presses("Record what happened")
    ash.follows("Change Consent")
    ash.sees("It was told")


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_an_adult_who_does_not_consent(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/consent/")
    ash.chooses("To the NRM referral", "Does not consent")
    ash.presses("Record what happened")
    ash.sees_heading("They did not consent: the way in ends here")
    ash.looks("did-not-consent")
    ash.follows("Prepare the Duty to Notify")
    ash.sees("do not say who they are")
    ash.does_not_see("Heron")
    ash.looks("duty-to-notify")
    ash.presses("Record that it was submitted")
    ash.presses("Record what happened")
    ash.sees("Duty to Notify submitted")
