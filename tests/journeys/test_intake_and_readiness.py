"""From the first questions to the submission: at a desk, and on a telephone without scripts."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from referrals.actions import home_office_reference, newest_page
from referrals.home_office import SECTIONS, Whom, needed
from referrals.models import Referral, WrittenPage
from referrals.questions import INTAKE
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person
from tests.journeys.test_words_that_survive import nobody_did_anything_for_a_while, signs_in_again

pytestmark = pytest.mark.browser
Page = WrittenPage.Page
WORDS = "On a cousin's floor until Friday, then nowhere"
ARABIC = "قالت إنها تريد غرفة آمنة"
HOW = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])


def who_consented(acting: Acting, now: datetime) -> Referral:
    contact = now - timedelta(days=20)
    events = [
        happening("immediate_safety_checked", contact),
        happening("consent_recorded", contact, consent_type="nrm"),
    ]
    return referral(acting, contact=contact, now=now, events=events)


def goes_to(person: Person, title: str) -> None:
    person.follows(title)
    person.sees_heading(title)


@HOW
def test_an_interrupted_intake(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody who writes down where the person stays
    heron = who_consented(riverside, now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", WORDS, ARABIC]
    ash.opens(f"/referrals/{heron.reference}/intake/")
    goes_to(ash, "Where they stay")
    ash.chooses("Where do they sleep?", "With friends or family")
    ash.types("How long can they stay there?", WORDS)
    # When the sign-in ends in the middle of the page
    nobody_did_anything_for_a_while()
    ash.presses("Save")
    ash.sees("What you had typed is kept")
    signs_in_again(ash)
    # Then the words are there again, and are saved by one press
    ash.sees("stands in the form again")
    expect(ash.page.get_by_label("How long can they stay there?")).to_have_value(WORDS)
    expect(ash.page.get_by_label("With friends or family")).to_be_checked()
    ash.looks("intake-words-again")
    ash.presses("Save")
    ash.sees("Where they stay: saved.")
    with riverside.context():
        kept = newest_page(referral=heron, page=Page.STAYING)
    assert kept
    assert (kept.says("sleeping"), kept.says("sleeping_words")) == ("friends", WORDS)


@HOW
def test_a_whole_intake(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = who_consented(riverside, now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", ARABIC]
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Open Intake")
    ash.sees("Not started.", "Nothing here is compulsory")
    ash.looks("intake-before")
    for part, questions in INTAKE.items():
        title = Page(part).label
        goes_to(ash, title)
        last = questions[-1]
        if part == Page.WISHES:
            ash.types("In their words", ARABIC)
        ash.chooses(last.label, "They would rather not say")
        ash.sees("Why we ask: ", "this can be disclosed in court")
        ash.ticks("There is nothing more to ask here for now")
        ash.looks(f"intake-{part}")
        ash.presses("Save")
        ash.sees(f"{title}: saved.")
    ash.sees("8 of 8 pages with nothing more to ask.")
    ash.looks("intake-after")
    # A page can be opened again at any time
    goes_to(ash, "What they want from us")
    expect(ash.page.get_by_label("In their words")).to_have_value(ARABIC)
    ash.page.get_by_label("There is nothing more to ask here for now").uncheck()
    ash.types("In their words", f"{ARABIC} - and a lawyer")
    ash.presses("Save")
    ash.sees("7 of 8 pages with nothing more to ask, 1 in progress.")
    goes_to(ash, "What they want from us")
    ash.page.get_by_text("Earlier versions (1)").click()
    ash.looks("intake-earlier-versions")


@HOW
def test_two_people_at_one_page(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = who_consented(riverside, now)
    page = f"/referrals/{heron.reference}/intake/legal/"
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    bay = arrive(riverside.manager)
    for person in (ash, bay):
        person.words += ["Heron"]
        person.opens(page)
    bay.chooses("Do they have a legal adviser?", "Yes")
    bay.types("Which firm or organisation?", "Invented and Partners")
    bay.presses("Save")
    bay.sees("Legal advice: saved.")
    ash.chooses("Do they have a legal adviser?", "No")
    ash.presses("Save")
    ash.is_told_of_mistakes()
    ash.sees("Somebody else saved this first", "Invented and Partners")
    ash.looks("intake-conflict")


@HOW
def test_readiness_to_submission(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron, whom = who_consented(riverside, now), Whom(child=False, supported=False)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", WORDS, "NRM-INVENTED-7"]
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Open Home Office form")
    ash.sees("1 of 12 sections settled", "No draft is known of")
    ash.looks("readiness-before")
    # A draft is started on the service, and saved again
    ash.presses("A draft was started today")
    ash.sees("28 days left")
    ash.presses("Saved today")
    ash.sees("Last saved on", "28 days left")
    # A section is not ready while something is missing
    goes_to(ash, "Background")
    ash.types("Working notes", WORDS)
    ash.chooses("Is this section ready?", "Ready")
    ash.presses("Save")
    ash.is_told_of_mistakes()
    ash.sees("Not ticked: Where they were born")
    ash.looks("readiness-section-missing")
    for section in SECTIONS:
        if not (asked := needed(section, whom)):
            continue
        ash.opens(f"/referrals/{heron.reference}/home-office/{section}/")
        for each in asked:
            ash.page.get_by_label(each.words, exact=True).check()
        ash.chooses("Is this section ready?", "Ready")
        if section in {Page.EXPLOITATION, Page.BACKGROUND}:
            ash.types("Working notes", WORDS)
            ash.looks(f"readiness-{section}")
        ash.presses("Save")
    ash.sees("12 of 12 sections settled")
    ash.looks("readiness-ready")
    # It is printed, marked, to have beside the form
    ash.follows("Open all of it to print, or to copy from")
    ash.sees("Handle as OFFICIAL-SENSITIVE", WORDS)
    ash.looks("readiness-print")
    ash.opens(f"/referrals/{heron.reference}/home-office/")
    # And it was sent
    ash.follows("Record that it was submitted")
    ash.picks("Who submitted the NRM referral?", "Riverside Support (fictitious)")
    ash.types("Home Office reference (optional)", "NRM-INVENTED-7")
    ash.looks("submitted-form")
    ash.presses("Record what happened")
    ash.sees("Recorded.", "NRM referral submitted: by Riverside Support", "NRM-INVENTED-7")
    ash.looks("readiness-submitted")
    ash.follows("Change the reference")
    ash.looks("home-office-reference")
    with riverside.context():
        assert home_office_reference(referral=heron) == "NRM-INVENTED-7"


@HOW
def test_a_draft_that_grows_old_and_a_person_who_did_not_consent(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = who_consented(riverside, now)
    refused = referral(
        riverside,
        contact=now - timedelta(days=3),
        now=now,
        pseudonym="Linden",
        events=[happening("consent_refused", now - timedelta(days=2), consent_type="nrm")],
    )
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Linden"]
    ash.opens(f"/referrals/{heron.reference}/record/draft_started/")
    ash.dates("When was it?", now - timedelta(days=19))
    ash.presses("Record what happened")
    ash.opens(f"/referrals/{heron.reference}/home-office/")
    ash.sees("9 days left")
    ash.opens(f"/referrals/{refused.reference}/home-office/")
    ash.sees("No NRM referral is prepared")
    ash.looks("readiness-none")
