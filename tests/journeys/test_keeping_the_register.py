"""The Home Office decides; the administrator records what it decided."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from organisations.models import Designation
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
LETTER = "https://www.gov.uk/example-letter"


def records(person: Person, button: str, *, since: datetime, reason: str) -> None:
    person.dates("From which date?", london_date(since))
    person.chooses("Why?", "The Home Office decided")
    person.chooses("How do we know?", "It is published")
    person.types("Reason", reason)
    person.types("Evidence", LETTER)
    person.presses(button)
    person.sees("Recorded.")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_administrator_records_a_designation_and_a_suspension(
    arrive: Arrive, now: datetime, scripts: bool, width: str
) -> None:
    # Given an organisation that the register knows, and that is not designated
    heath = factories.organisation("Heath Aid (fictitious)", "heath", designated=False)
    keeper = factories.administrator()
    cedar = arrive(keeper, scripts=scripts, width=width)
    cedar.sees_heading("Organisations")
    cedar.looks("organisations")
    cedar.follows("Heath Aid (fictitious)")
    cedar.sees("Nothing recorded yet")
    cedar.looks("organisation-new")

    # When a designation and then a suspension are recorded, each with reason and evidence
    cedar.follows("Record a designation")
    cedar.looks("designation")
    records(
        cedar, "Record the designation", since=now - timedelta(days=90), reason="Decision of spring"
    )
    rowan = arrive(factories.colleague_of(keeper), scripts=scripts, width=width)
    rowan.opens("/organisations/heath/")
    rowan.presses("I have looked at the evidence: confirm")
    cedar.opens("/organisations/heath/")
    cedar.looks("organisation-designated")
    cedar.follows("Record a suspension")
    cedar.looks("suspension")
    records(
        cedar, "Record the suspension", since=now - timedelta(days=2), reason="Staff not trained"
    )

    # Then the page has both with their dates, and the list finds it under its new status
    cedar.sees("Decision of spring", "Staff not trained")
    cedar.looks("organisation-suspended")
    cedar.opens("/organisations/?status=suspended")
    cedar.sees_heading("1 organisation")
    row = cedar.page.get_by_role("row").filter(has_text="Heath Aid (fictitious)")
    assert row.filter(has_text="Suspended").is_visible()
    cedar.looks("organisations-suspended")
    rows = Designation.objects.filter(organisation=heath.organisation).order_by("effective_from")
    assert [row.status for row in rows] == ["active", "suspended"]


def test_administrator_sees_no_referral(arrive: Arrive) -> None:
    cedar = arrive(factories.administrator())
    cedar.opens("/referrals/")
    cedar.sees_heading("You may not do this")
    cedar.looks("not-allowed")
    cedar.opens("/referrals/R-2222-2222/nowhere/")
    cedar.sees_heading("Page not found")
    cedar.looks("not-found")
    for path in ("thresholds", "roles"):
        cedar.opens(f"/{path}/")
        cedar.looks(path)


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_administrator_sees_what_waits_and_checks_an_entry(
    arrive: Arrive, now: datetime, scripts: bool, width: str
) -> None:
    # Given an entry that nobody has checked for long
    checked = london_date(now) - timedelta(days=120)
    factories.organisation("Heath Aid (fictitious)", "heath", last_reviewed_on=checked)
    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
    cedar.follows("What waits for the register")
    cedar.sees_heading("Entries to check (1)")
    cedar.looks("register")

    # When it is checked, then nothing waits any more
    cedar.follows("Heath Aid (fictitious)")
    cedar.presses("I have checked these facts today")
    cedar.opens("/register/")
    cedar.sees("Nothing to check")
    cedar.looks("register-empty")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_manager_records_a_training_that_was_due(
    arrive: Arrive, riverside: factories.Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a caseworker who acts as a First Responder and was never trained
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/members/")
    bay.looks("members")
    bay.follows("Change", within=bay.page.get_by_role("row", name="Ash Caseworker"))
    bay.sees_heading("First Responder and training")
    bay.looks("training")
    bay.dates("Since when may they act", london_date(now) - timedelta(days=30))
    bay.presses("Save")
    bay.sees("No training is recorded: it is due now")
    bay.looks("members-due")

    # When the training is recorded, then it is due no more
    bay.follows("Change", within=bay.page.get_by_role("row", name="Ash Caseworker"))
    bay.dates("When did they complete a training", london_date(now))
    bay.picks("Which training was it?", "First Responder")
    bay.presses("Save")
    bay.sees("Last trained on")
    bay.does_not_see("it is due now")
    bay.looks("members-trained")
