"""Somebody is told, nobody answers, and it goes on to the next; what is mailed is one's choice."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nrm_tracker.database import purpose
from organisations.models import Organisation
from referrals.actions import deliver_notices, sweep
from tests.factories import Acting, happening, referral, safeguarding_lead
from tests.journeys.conftest import Arrive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


def test_a_delay_that_nobody_answers_for_goes_on_and_is_taken_up(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime, settings: Any
) -> None:
    # Given somebody still exploited, whose safety was to be checked nine hours ago
    settings.EMAIL_IS_SENT = True
    lead = safeguarding_lead(riverside)
    danger = now - 13 * HOUR
    risk = happening("risk_flag_added", danger, risk="still_in_exploitation")
    heron = referral(riverside, contact=danger, events=[risk])
    for at in (danger + 4 * HOUR, danger + 8 * HOUR, now):
        sweep(now=at)
        deliver_notices(now=at)

    # When the safeguarding lead comes, with an unread notice in the frame
    dale = arrive(lead)
    dale.words.append("Heron")
    dale.follows("Notices")
    dale.sees("Nobody has taken this up, nor has a manager, so it comes to you")
    dale.looks("notices")

    # Then they read on the referral who was told before them, and take it up
    dale.presses("Open")
    dale.sees("Nobody had taken it up: passed on to Bay Manager")
    dale.sees("Still nobody had taken it up: passed on to Dale Lead")
    dale.looks("referral-passed-on")
    dale.presses("Say what is being done")
    dale.chooses("Why does it take so long?", "No interpreter")
    dale.types("What is being done?", "Asked a second agency")
    dale.dates("When will you look again?", (now + timedelta(days=3)).date())
    dale.presses("Take this up")
    dale.sees("Taken up.")

    # And they choose to have the rest in the morning
    dale.follows("Notices")
    dale.follows("Choose what is sent to you by e-mail")
    dale.looks("notice-choice")
    dale.chooses("A delay that is to be looked at today", "No e-mail")
    dale.presses("Save")
    dale.sees("Saved.")
    dale.sees("What is for today: no e-mail.")
    with riverside.context():
        assert heron.taken_up.get().by_id == lead.user_id


def test_who_acts_out_of_hours_is_said_once_and_seen_by_all(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    # Given an office that is closed when the limit passes, and a call a moment ago
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=riverside.organisation.pk).update(
            open_days=[], on_call="Duty worker, 01632 960 000"
        )
    risk = happening("risk_flag_added", now, risk="still_in_exploitation")
    heron = referral(riverside, contact=now, events=[risk], now=now)
    ash = arrive(riverside.caseworker)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/opened/")
    ash.sees("On call: Duty worker, 01632 960 000.")
    ash.looks("opened-out-of-hours")

    # When the caseworker is asked who acts
    ash.follows("Say who will act")
    ash.presses("Save who acts")
    ash.is_told_of_mistakes()
    ash.looks("who-acts-error")
    ash.chooses("Who will act before then?", "I will")
    ash.presses("Save who acts")

    # Then colleagues see it, also without scripts
    ash.sees("Ash Caseworker (you) acts.")
    ash.looks("referral-who-acts")
    bay = arrive(riverside.manager, scripts=False)
    bay.opens(f"/referrals/{heron.reference}/")
    bay.sees("Ash Caseworker acts.")


def test_a_page_says_when_it_is_late_and_what_could_not_be_assessed(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    heron = referral(riverside, contact=now - 30 * HOUR, now=now)
    with riverside.context():
        type(heron).objects.update(assessment_failed_at=now, next_deadline_at=now)
    bay = arrive(riverside.manager)
    bay.words.append("Heron")
    bay.opens("/delays/")
    bay.sees("Some referrals could not be assessed.", "Delays are being checked late.")
    bay.sees(heron.reference)
    bay.looks("delays-failed")
