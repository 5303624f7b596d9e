"""A caseworker asks why a date is the one it is, a survivor asks for time, a manager holds."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from tests.factories import Acting, happening, record, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_time_is_asked_for_and_the_date_says_why_it_moved(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    scripts: bool,
    width: str,
) -> None:
    # Given somebody on Northgate's list for a week
    contact = now - 9 * DAY
    facts = [
        happening("immediate_safety_checked", contact),
        happening("consent_recorded", contact, consent_type="nrm"),
    ]
    heron = referral(riverside, contact=contact, events=facts, now=contact + timedelta(hours=1))
    listed = happening("fro_waitlisted", now - 7 * DAY, organisation=northgate.organisation)
    record(riverside, heron, listed, now=now - 7 * DAY)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees("What the days waited for", "An organisation's capacity or answer")
    ash.looks("referral-causes")

    # When they ask for time, the page says what stands still before anything is saved
    ash.follows("They ask for time")
    ash.sees_heading("What stands still")
    ash.sees("Waiting list: ", "The clocks that guard a person's safety never stop")
    ash.looks("pause")
    ash.presses("Save the pause")
    ash.is_told_of_mistakes()
    ash.looks("pause-error")
    ash.types("What is the reason?", "Wants to see a doctor first.")
    ash.dates("When will you look again?", london_date(now) + 10 * DAY)
    ash.presses("Save the pause")
    ash.sees("Time stands still", "the survivor asked for time")
    ash.looks("referral-paused")

    # Then a second one is refused in words, and the date says that it is held off
    ash.opens(f"/referrals/{heron.reference}/pause/")
    ash.types("What is the reason?", "Again.")
    ash.dates("When will you look again?", london_date(now) + 10 * DAY)
    ash.presses("Save the pause")
    ash.sees("A second pause within it changes nothing")
    ash.looks("pause-refused")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Why this date? Way in")
    ash.sees("held off while time stands still", "Paused: The survivor asked for time")
    ash.looks("why-paused")

    # And when they are ready the clocks run, towards a later date
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Look at the pause: does the wait go on?")
    ash.looks("go-on")
    ash.chooses("Does the wait go on?", "Yes: the pause is over, and the clocks run again")
    ash.presses("Save")
    ash.sees("Goes on with")
    ash.follows("Why this date? Waiting list")
    ash.sees_heading("How it came to this date")
    ash.sees("What did not count", "weekend", "First measured, by “Waiting list”")
    ash.looks("why")


def test_a_manager_holds_and_sees_why_people_wait(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime
) -> None:
    contact = now - 12 * DAY
    facts = [
        happening("immediate_safety_checked", contact),
        happening("fro_waitlisted", now - 8 * DAY, organisation=northgate.organisation),
        happening("interpreter_requested", now - 3 * DAY),
    ]
    heron = referral(riverside, contact=contact, events=facts, now=now)
    bay = arrive(riverside.manager)
    bay.words.append("Heron")
    bay.opens("/delays/")
    bay.sees_heading("Why people wait")
    bay.sees("An interpreter", "An organisation's capacity or answer")
    bay.looks("why-people-wait")
    bay.opens(f"/referrals/{heron.reference}/")
    bay.follows("Pause or hold")
    bay.chooses("Why do the waits stand still?", "A manager holds, for safeguarding")
    bay.types("What is the reason?", "The exploiter knows of the appointment.")
    bay.dates("When will you look again?", london_date(now) + 2 * DAY)
    bay.looks("hold")
    bay.presses("Save the pause")
    bay.sees("a manager holds, for safeguarding")
