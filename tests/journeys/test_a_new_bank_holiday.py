"""A bank holiday is proclaimed: the administrator adds it, and a caseworker sees what it moved."""

from datetime import date, datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date, midnight
from organisations.calendars import calendars
from organisations.models import RestDay
from referrals.actions import sweep
from tests import factories
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_proclaimed_day_is_added_and_stands_on_the_timeline(
    arrive: Arrive,
    riverside: factories.Acting,
    northgate: factories.Acting,
    now: datetime,
    scripts: bool,
    width: str,
) -> None:
    # Given somebody who waits for the answer of a First Responder Organisation
    working = calendars()["england"]
    yesterday = working.working_day(london_date(now) - timedelta(days=8), 1)
    asked = midnight(yesterday) + timedelta(hours=12)
    first = working.working_day(yesterday, 1)
    waiting = factories.referral(
        riverside,
        contact=asked,
        events=[
            factories.happening("consent_recorded", asked, consent_type="nrm"),
            factories.happening("fro_approached", asked, organisation=northgate.organisation),
        ],
    )

    # When the administrator adds the next working day, having seen what that does
    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
    cedar.follows("Calendar of working days")
    cedar.looks("calendar")
    cedar.follows("Add a bank holiday")
    cedar.looks("rest-day")
    cedar.presses("Continue")
    cedar.is_told_of_mistakes()
    cedar.looks("rest-day-mistakes")
    cedar.dates("Which day is it?", first)
    cedar.types("What is it called?", "Day of thanks")
    cedar.ticks("England")
    cedar.types("Evidence", "https://www.gov.uk/example-proclamation")
    cedar.dates("When was it announced?", yesterday)
    cedar.presses("Continue")
    cedar.sees_heading("Check before you add this bank holiday")
    cedar.sees("Deadlines of fewer than 5 people move.")
    cedar.looks("rest-day-confirm")
    cedar.presses("Add this bank holiday")
    cedar.sees("Added by an administrator")
    cedar.looks("calendar-added")
    row = RestDay.objects.get(day=first)

    # Then the caseworker reads on the timeline what moved and why
    sweep(now=now + timedelta(minutes=1))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.opens(f"/referrals/{waiting.reference}/")
    ash.sees("Day of thanks, became a bank holiday in England.")
    ash.looks("timeline-moved")

    # And when the day is withdrawn, both stay in sight
    cedar.opens(f"/calendar/days/{row.pk}/withdraw/")
    cedar.looks("rest-day-withdraw")
    cedar.types("Evidence", "A misreading of the proclamation")
    cedar.dates("When was it announced?", yesterday)
    cedar.presses("Withdraw this bank holiday")
    cedar.sees("A misreading of the proclamation")
    cedar.looks("calendar-withdrawn")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_anybody_asks_when_a_number_of_working_days_ends(
    arrive: Arrive, riverside: factories.Acting, scripts: bool, width: str
) -> None:
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.follows("Calendar of working days")
    ash.types("How many working days?", "5")
    ash.dates("From which day?", date(2026, 4, 2))
    ash.picks("In which nation?", "Northern Ireland")
    ash.presses("Count")
    ash.sees("5 working days from Thursday 2 April 2026, in Northern Ireland: Monday 13 April 2026")
    ash.sees("6 April 2026: Easter Monday")
    ash.looks("working-days-counted")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_manager_says_when_the_office_is_closed(
    arrive: Arrive, riverside: factories.Acting, now: datetime, scripts: bool, width: str
) -> None:
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/our-organisation/")
    bay.sees("No closure lies ahead")
    bay.follows("Add days on which the office is closed")
    bay.sees("A closure moves no deadline.")
    bay.looks("closure")
    bay.dates("Closed from", london_date(now) + timedelta(days=30))
    bay.types("Why?", "Christmas closure")
    bay.presses("Save")
    bay.sees("Christmas closure")
    bay.looks("own-organisation-closures")
    bay.presses("Withdraw")
    bay.sees("No closure lies ahead")
