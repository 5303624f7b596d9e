"""The register: evidence and a second person, lists that disagree, and what the public sees."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nrm_tracker.calendars import london_date
from organisations import actions
from organisations.models import Designation, Organisation
from organisations.published_register import (
    FactSaid,
    ListSaid,
    OrganisationSaid,
    PublishedRegister,
    RouteSaid,
)
from tests import factories
from tests.browser import WIDTHS
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
BOTH_WAYS = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
LISTS = tuple(
    ListSaid(
        code=code, name=f"List {code} (fictitious)", source="https://example.org", dated="2026"
    )
    for code in ("one", "two")
)
HEATH = "Heath Aid (fictitious)"
LONG = "Ατελείωτο Σωματείο Υποστήριξης (fictitious) " + "Long" * 20
ARABIC = "جمعية المساعدة (fictitious)"


def published(**facts: object) -> PublishedRegister:
    said = [
        FactSaid(field=name, value=value, source="https://example.org/a", dated="March 2026")  # type: ignore[arg-type]
        for name, value in facts.items()
    ]
    heath = OrganisationSaid(
        name=HEATH,
        kind="charity",
        lists={"one": "named", "two": "not_named"},
        notes={"one": "Under its old name."},
        aliases=({"name": "Heathland (fictitious)", "used_in": "an old list"},),
        facts=tuple(said),
        routes=(RouteSaid(kind="web", value="https://heath.example/", source="its own page"),),
    )
    others = [
        OrganisationSaid(name=name, kind="charity", lists={"one": "named"})
        for name in (LONG, ARABIC)
    ]
    return PublishedRegister(LISTS, (heath, *others))


def brought(now: datetime, **facts: object) -> None:
    actions.load_register(published=published(**facts), now=now)


@pytest.fixture
def passer_by(browser: Browser, site: str) -> Person:
    """Somebody without an account."""

    class Nobody:
        email = "nobody@example.org"

    person = Person(browser, site, Nobody(), width="wide")  # type: ignore[arg-type]
    yield person  # type: ignore[misc]
    person.leaves()


@BOTH_WAYS
def test_a_disagreement_becomes_a_designation_that_two_people_looked_at(
    arrive: Arrive, now: datetime, scripts: bool, width: str
) -> None:
    # Given lists that disagree
    brought(now, nations=["wales"])
    keeper = factories.administrator()
    cedar = arrive(keeper, scripts=scripts, width=width)
    cedar.sees("Lists that disagree: 1")
    cedar.looks("register-waits")
    cedar.follows("Lists that disagree: 1")
    cedar.sees("No evidence waits")
    cedar.looks("register-page")
    cedar.follows(HEATH)
    cedar.sees("These lists disagree.", "Under its old name.", "Heathland (fictitious)")
    cedar.looks("organisation-disputed")

    # When one records the evidence, then nothing counts yet
    cedar.follows("Record a designation")
    cedar.presses("Record the designation")
    cedar.is_told_of_mistakes()
    cedar.looks("designation-mistakes")
    cedar.dates("From which date?", london_date(now) - timedelta(days=3))
    cedar.chooses("Why?", "The Home Office decided")
    cedar.chooses("How do we know?", "The Home Office wrote to us")
    cedar.types("Reason", "None given")
    cedar.types("Evidence", "Letter of Monday, at the desk")
    cedar.presses("Record the designation")
    cedar.sees("It counts once a second person has confirmed it", "a colleague confirms it")
    cedar.looks("organisation-waits")
    assert not Designation.objects.exists()

    # And when a second person has looked, then it is designated
    rowan = arrive(factories.colleague_of(keeper), scripts=scripts, width=width)
    rowan.sees("Evidence to confirm: 1")
    rowan.follows("Evidence to confirm: 1")
    rowan.follows(HEATH)
    rowan.presses("I have looked at the evidence: confirm")
    rowan.sees("confirmed by Rowan Administrator", "The register follows the evidence")
    rowan.looks("organisation-confirmed")


@BOTH_WAYS
def test_administrator_keeps_whom_it_takes_and_how_it_is_reached(
    arrive: Arrive, now: datetime, scripts: bool, width: str
) -> None:
    brought(now, genders=["women"])
    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
    cedar.follows(HEATH)
    cedar.follows("Change whom it takes")
    cedar.looks("scope")
    cedar.ticks("Men and boys")
    cedar.types("Languages", "English, Tigrinya")
    cedar.chooses("May people ask it for help themselves?", "Yes")
    cedar.presses("Save")
    cedar.sees("Saved.", "English, Tigrinya", "The register says otherwise:")
    cedar.looks("organisation-differs")
    cedar.presses("Keep what the register says")
    cedar.does_not_see("The register says otherwise:")

    # How it is reached
    cedar.follows("Add a way of reaching it")
    cedar.chooses("What is it?", "Web page")
    cedar.types("The number or address", "heath")
    cedar.types("Where is it published?", "Its leaflet")
    cedar.presses("Add")
    cedar.is_told_of_mistakes()
    cedar.looks("contact-mistakes")
    cedar.types("The number or address", "https://heath.example/help")
    cedar.presses("Add")
    cedar.sees("https://heath.example/help", "Never checked: to be checked")
    cedar.presses("I have tried it today")
    cedar.does_not_see("Never checked: to be checked")
    if scripts:
        cedar.page.get_by_text("Who changed what, and when").click()
        cedar.sees("is now")
    cedar.looks("organisation-changes")

    # That it is not designated, whatever a list says
    cedar.follows("Record that it is not designated")
    cedar.types("Evidence", "Its own letter: it closed")
    cedar.presses("Record that it is not designated")
    cedar.sees("Its own letter: it closed")
    cedar.opens("/register/")
    cedar.sees("No list disagrees")


@BOTH_WAYS
def test_a_list_of_councils_is_looked_at_before_it_is_saved(
    arrive: Arrive, now: datetime, tmp_path: Path, scripts: bool, width: str
) -> None:
    file = tmp_path / "councils.csv"
    file.write_text(
        "name,kind,nations,duty_to_notify,designated_from\n"
        f"{HEATH},charity,england,,\n"
        "Fern Council (fictitious),local_authority,england,yes,2015-11-01\n"
        f"{ARABIC},charity,,,2015-11-01\n"
    )
    brought(now, nations=["wales"])
    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
    cedar.follows("Bring a list of local authorities or police forces")
    cedar.looks("bulk")
    cedar.page.get_by_label("The list, as a CSV file").set_input_files(file)
    cedar.types("Where is the list from?", "https://example.org/list")
    cedar.chooses("How do we know?", "It is published")
    cedar.presses("Show the differences")
    cedar.sees("3 lines: 1 new, 1 that change an entry", "becomes")
    cedar.looks("bulk-preview")
    assert not Organisation.objects.filter(name__startswith="Fern").exists()
    cedar.presses("Save this list")
    cedar.sees_heading("Designations of a list to confirm (2)")
    cedar.looks("bulk-waits")
    cedar.presses("Let them stand in 24 hours")
    cedar.sees("without a second person")
    cedar.looks("bulk-announced")
    cedar.presses("Withdraw all")
    cedar.sees("None of this list waits")


def test_the_public_finds_who_takes_somebody_and_reports_a_mistake(
    passer_by: Person, now: datetime
) -> None:
    brought(now, nations=["wales"], genders=["women"])
    factories.organisation(
        "Riverside Support (fictitious)", "riverside", nations=["england"], takes="Adults"
    )
    passer_by.opens("/first-responders/")
    passer_by.sees("999", "Nobody can refer themselves")
    passer_by.looks("public-register")
    passer_by.page.locator("summary").click()
    passer_by.picks("Nation", "Wales")
    passer_by.presses("Show")
    passer_by.does_not_see("Riverside Support (fictitious)")
    assert "nation=wales" in passer_by.page.url
    passer_by.follows(HEATH)
    passer_by.sees("These lists disagree.", "https://heath.example/")
    passer_by.looks("public-organisation")
    passer_by.follows("Something here is wrong")
    passer_by.looks("report-mistake")
    passer_by.presses("Send")
    passer_by.is_told_of_mistakes()
    passer_by.looks("report-mistake-mistakes")
    passer_by.chooses("What is wrong?", "How to reach it")
    passer_by.types("What should it say?", "<script>alert(1)</script> The page is gone")
    passer_by.presses("Send")
    passer_by.sees("Thank you.")
    passer_by.looks("report-sent")


def test_the_public_page_needs_no_script_and_fits_a_telephone(
    browser: Browser, site: str, now: datetime
) -> None:
    brought(now)
    context = browser.new_context(
        base_url=site,
        viewport={"width": WIDTHS["narrow"], "height": 900},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/first-responders/")
    page.get_by_role("link", name=ARABIC).click()
    page.get_by_role("link", name="Something here is wrong").click()
    page.get_by_label("Something else").check()
    page.get_by_label("What should it say?").fill("It moved")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_text("Thank you.").is_visible()
    context.close()


@BOTH_WAYS
def test_the_manager_sees_who_must_be_handed_over_once_the_designation_ended(
    arrive: Arrive, riverside: factories.Acting, now: datetime, scripts: bool, width: str
) -> None:
    risk = factories.happening("risk_flag_added", now - timedelta(days=2), risk="destitute")
    factories.referral(riverside, contact=now - timedelta(days=30), events=[risk], now=now)
    factories.referral(riverside, contact=now - timedelta(days=3), pseudonym="Linden", now=now)
    cedar = factories.administrator()
    factories.record_step(
        riverside.organisation,
        status="withdrawn",
        since=london_date(now) - timedelta(days=5),
        by=cedar,
        now=now,
    )
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words = ["Heron", "Linden"]
    bay.opens("/today/")
    bay.sees("Must be handed over.")
    bay.looks("today-must-hand-over")
    bay.follows("Who must be handed over")
    bay.sees_heading("Must be handed over (2)")
    bay.looks("must-hand-over")
    bay.follows("Heron")
    bay.sees("Must be handed over.")
    bay.looks("referral-must-hand-over")
    keeper = arrive(cedar, scripts=scripts, width=width)
    keeper.opens("/register/")
    keeper.sees("2 people to be handed over")
    keeper.looks("register-ended")
