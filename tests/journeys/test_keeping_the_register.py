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
    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
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
    assert cedar.page.get_by_role("row", name="Heath Aid (fictitious) Suspended").is_visible()
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
