"""After the NRM referral: decisions come by letter, and what cannot be is refused with a reason."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.models import Referral
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
HOW = [(True, "wide"), (False, "narrow")]
DAY = timedelta(days=1)


def submitted(acting: Acting, *, now: datetime, days: int = 60) -> Referral:
    sent = happening("referral_submitted", now - days * DAY, submitted_by=acting.organisation)
    safe = happening("immediate_safety_checked", now - 70 * DAY)
    return referral(acting, contact=now - 70 * DAY, events=[safe, sent], now=now)


def the_home_office_wrote(person: Person, heron: Referral, letter: str, *, on: datetime) -> None:
    person.opens(f"/referrals/{heron.reference}/record/wrote/")
    person.chooses("What does it say?", letter)
    person.dates("Date on the letter", london_date(on))
    person.dates("When did it arrive?", on)
    person.presses("Record what happened")


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_from_the_submission_to_conclusive_grounds(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody whose NRM referral was submitted
    heron = submitted(riverside, now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees("After submission", "With the Home Office for 60 days: Reasonable Grounds")
    ash.looks("after-submitted")

    # When Conclusive Grounds is recorded too early, then it is refused, with what to do first
    ash.opens(f"/referrals/{heron.reference}/record/wrote/")
    ash.looks("after-wrote")
    ash.chooses("What does it say?", "Conclusive Grounds decision: positive")
    ash.presses("Record what happened")
    ash.is_told_of_mistakes()
    ash.sees("Record the Reasonable Grounds decision first")
    ash.looks("after-refused")

    # When the letters come one after another
    the_home_office_wrote(ash, heron, "They have the NRM referral", on=now - 59 * DAY)
    letter = "Allocated to the Single Competent Authority"
    the_home_office_wrote(ash, heron, letter, on=now - 58 * DAY)
    letter = "Reasonable Grounds decision: positive"
    the_home_office_wrote(ash, heron, letter, on=now - 12 * DAY)
    ash.sees("Reasonable Grounds positive: recovery period, day 12 of 30")
    ash.looks("after-recovery")

    # Then a decision within the recovery period is asked about once, and kept with the reason
    letter = "Conclusive Grounds decision: positive"
    the_home_office_wrote(ash, heron, letter, on=now - DAY)
    ash.is_told_of_mistakes()
    ash.sees("The recovery period is at least 30 days")
    ash.looks("after-asked")
    ash.types("Why is it recorded all the same?", "Both dates are as on the letters.")
    ash.presses("Record what happened")
    ash.sees("Conclusive Grounds positive", "Recorded all the same: Both dates are as on")
    ash.looks("after-decided")


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_a_negative_decision_is_reconsidered(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = submitted(riverside, now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    letter = "Reasonable Grounds decision: negative"
    the_home_office_wrote(ash, heron, letter, on=now - 10 * DAY)
    ash.sees("Reconsideration can be asked for until", "20 days left")
    ash.looks("after-window")
    ash.follows("Reconsideration requested")
    ash.dates("When was it?", now - 5 * DAY)
    ash.presses("Record what happened")
    ash.sees("With the Home Office for 5 days: the reconsideration")
    letter = "Reconsideration: the decision is now positive"
    the_home_office_wrote(ash, heron, letter, on=now - DAY)
    ash.sees("Reasonable Grounds positive: recovery period, day 1 of 30")


@pytest.mark.parametrize(("scripts", "width"), HOW)
def test_an_adult_leaves_the_nrm(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = submitted(riverside, now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/record/else/")
    ash.looks("after-something-else")
    ash.follows("Left the NRM")
    ash.looks("after-leaving")
    ash.chooses("How did they leave?", "Told to a First Responder, who notified the Home Office")
    ash.presses("Record what happened")
    ash.sees("Told to a First Responder, who notified the Home Office")
    ash.looks("after-left")
    ash.opens(f"/referrals/{heron.reference}/record/withdrawn_from_nrm/")
    ash.presses("Record what happened")
    ash.is_told_of_mistakes()
    ash.sees("They have left the NRM already.")
