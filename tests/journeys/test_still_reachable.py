"""Somebody is still reachable, or is not: agreed, checked, counted. Nobody is asked to ring."""

from datetime import datetime, timedelta

import pytest

from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
CAUTION = "Check whether and how it is safe to make contact. Do not call because of this message."


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_how_often_is_agreed_checked_and_what_came_of_it_counted(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody who was last spoken with twelve days ago
    spoke = happening("contact_made", now - 12 * DAY)
    heron = referral(riverside, contact=now - 20 * DAY, events=[spoke], pseudonym="Heron")
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron"]
    page = f"/referrals/{heron.reference}/"

    # When the caseworker records that they agreed, on that day, to be in touch every ten days
    ash.opens(f"{page}record/spoke/")
    ash.types("How often do they want to be in touch?", "90")
    ash.presses("Record what happened")
    ash.is_told_of_mistakes()
    ash.looks("in-touch-mistake")
    ash.types("How often do they want to be in touch?", "10")
    ash.dates("When was it?", now - 12 * DAY + timedelta(hours=1))
    ash.presses("Record what happened")

    # Then the page says so, the limit has passed, and nobody is asked to ring
    ash.sees("in touch at least every 10 days")
    ash.page.get_by_text("Also past a limit").first.click()
    ash.sees(CAUTION)
    ash.looks("in-touch-referral")
    ash.follows("Why this date? Contact")
    ash.sees("Agreed on", "every 10 days")
    ash.looks("in-touch-why")

    # When they look, what was agreed about reaching them stands before the question
    ash.opens(page)
    ash.follows("Check In touch")
    ash.sees_heading("Still in touch?")
    ash.sees(CAUTION, "Not asked: do not use it")
    ash.looks("in-touch-check")
    ash.presses("Record what came of it")
    ash.is_told_of_mistakes()
    ash.chooses("What came of it?", "Tried, in a way that is safe: no answer")
    ash.presses("Record what came of it")
    ash.sees("Tried to reach them, without an answer")

    # Then they are out of contact, and the referral is closed with that as the reason
    ash.opens(f"{page}in-touch/")
    ash.chooses("What came of it?", "They are out of contact")
    ash.presses("Record what came of it")
    ash.sees("Out of contact. Last on")
    ash.opens(f"{page}close/")
    ash.looks("close-reasons")
    ash.chooses("Why is it closed?", "Out of contact")
    ash.presses("Close the referral")
    ash.sees("This referral is closed.")
    ash.looks("closed-with-a-reason")

    # And the manager finds that person in a number
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words += ["Heron"]
    bay.opens("/delays/")
    bay.follows("What came of referrals")
    bay.sees_heading("What came of referrals")
    bay.looks("outcomes")
    bay.follows("1 Out of contact, before entry")
    bay.sees_heading("1 closed referral, NRM referral not submitted yet, because: Out of contact")
    bay.sees(heron.reference)
    bay.looks("outcomes-list")


def test_with_how_contact_is_safe(arrive: Arrive, riverside: Acting, now: datetime) -> None:
    # Given somebody who asked for help last week
    heron = referral(riverside, contact=now - 7 * DAY, pseudonym="Heron")
    ash = arrive(riverside.caseworker)

    # When the caseworker records how contact is safe, and how often
    ash.opens(f"/referrals/{heron.reference}/contact/")
    ash.chooses("Telephone: is it safe?", "Yes")
    ash.types("How often do they want to be in touch?", "14")
    ash.looks("contact-with-interval")
    ash.presses("Save what was agreed")

    # Then the check says both, by the guard
    ash.sees("in touch at least every 14 days")
    ash.follows("Check In touch")
    ash.sees("Safe at any time.", "Everything else")
    ash.looks("in-touch-check-agreed")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_childs_sharing(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a child
    wren = referral(riverside, contact=now - 7 * DAY, age_group="child", pseudonym="Wren")
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Wren"]

    # When the local authority agrees to sharing
    ash.opens(f"/referrals/{wren.reference}/consent/")
    ash.sees("It is not to be shared, as things stand.")
    ash.presses("Record what was said")
    ash.is_told_of_mistakes()
    ash.looks("child-sharing-mistake")
    ash.chooses("Who said so?", "The local authority that is responsible")
    ash.chooses("Did they agree?", "Yes")
    ash.presses("Record what was said")

    # Then it may be shared, and the child is still not asked for consent
    ash.opens(f"/referrals/{wren.reference}/consent/")
    ash.sees("It may be shared.", "A child is not asked for consent")
    ash.looks("child-sharing")
