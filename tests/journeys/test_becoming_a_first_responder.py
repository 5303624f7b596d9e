"""An applicant applies, waits in sight of everybody, and is designated."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
LETTER = "https://www.gov.uk/example-letter"


def records(person: Person, link: str, *, ago: int, now: datetime) -> None:
    person.follows(link)
    person.dates("When did it happen?", london_date(now) - timedelta(days=ago))
    person.types("Evidence", LETTER)
    person.presses("Record it")
    person.sees("Recorded.")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_an_applicant_applies_waits_in_sight_and_is_designated(
    arrive: Arrive, now: datetime, scripts: bool, width: str
) -> None:
    # Given an organisation that is not designated
    name = "مركز الفانوس (fictitious)"
    lantern = factories.organisation(name, "lantern", designated=False)
    keeper = factories.administrator()
    how = {"scripts": scripts, "width": width}
    bay = arrive(lantern.manager, **how)
    bay.opens("/organisations/")
    bay.follows("Becoming a First Responder Organisation")
    bay.sees("No application is recorded")
    bay.looks("own-application-empty")

    # When its manager fills in a line of the checklist, and records that it applied
    bay.follows("Safeguarding")
    bay.sees("no criteria are published as far as we could find")
    bay.presses("Save")
    bay.is_told_of_mistakes()
    bay.looks("checklist-mistake")
    bay.chooses("How far are you with it?", "Done")
    bay.types("What do you have", "Policy of this spring")
    bay.presses("Save")
    bay.sees("1 of 8 done")
    bay.follows("Record that the application was sent")
    bay.looks("own-application-sent")
    bay.presses("Record it")
    bay.is_told_of_mistakes()
    bay.dates("When did it happen?", london_date(now) - timedelta(days=200))
    bay.types("Evidence", "The e-mail with the application, held by us")
    bay.presses("Record it")
    bay.sees("200 days", "Sent to the Home Office")
    bay.follows("Record that it may be named")
    bay.looks("own-naming")
    bay.chooses("May the applicant be named", "Yes")
    bay.types("How do we know?", "Decision of the trustees")
    bay.presses("Save")
    bay.follows("Write a message")
    bay.types("Your message", "We sent it. What comes next?")
    bay.presses("Send")
    bay.sees("Not read yet")
    bay.looks("own-application-waits")

    # Then the register sees it, looks at the evidence, and records what the Home Office did
    cedar = arrive(keeper, **how)
    cedar.opens("/applications/")
    cedar.sees("Evidence to look at", "1 unread message")
    cedar.looks("pipeline-board")
    cedar.follows("List")
    cedar.looks("pipeline-list")
    cedar.follows(name)
    cedar.looks("application")
    cedar.presses("I have looked at the evidence")
    cedar.presses("I have read these messages")
    records(cedar, "Record that the Home Office acknowledged it", ago=190, now=now)
    records(cedar, "Record that further information was requested", ago=100, now=now)
    bay.opens("/our-application/")
    bay.sees("Further information requested", "100 days ago")
    bay.follows("Add something said with the Home Office")
    bay.dates("On which day?", london_date(now) - timedelta(days=95))
    bay.chooses("From whom to whom?", "To the Home Office")
    bay.chooses("How?", "E-mail")
    bay.types("What was said", "Sent them the rotas")
    bay.presses("Add to the log")
    records(bay, "Record that further information was sent", ago=95, now=now)
    bay.looks("own-application-answered")

    # And the public reads how long it waits
    cedar.opens("/first-responders/applications/")
    cedar.sees("1 application awaits a decision.", name)
    cedar.looks("applications-in-public")

    # When it is approved, a designation is recorded, and a second person confirms it
    cedar.opens("/applications/")
    cedar.follows(name)
    records(cedar, "Record the decision: approved", ago=4, now=now)
    cedar.sees("Approved, and not designated here yet.")
    cedar.looks("application-approved")
    cedar.follows("Record a designation")
    cedar.dates("From which date?", london_date(now) - timedelta(days=3))
    cedar.chooses("Why?", "The Home Office decided")
    cedar.chooses("How do we know?", "The Home Office wrote to us")
    cedar.types("Reason", "Decision on its application")
    cedar.types("Evidence", LETTER)
    cedar.presses("Record the designation")
    rowan = arrive(factories.colleague_of(keeper), **how)
    rowan.opens("/organisations/lantern/")
    rowan.presses("I have looked at the evidence: confirm")

    # Then the applicant sees it designated, and nobody waits any more
    bay.opens("/our-application/")
    bay.sees("Designated since")
    bay.looks("own-application-designated")
    cedar.opens("/first-responders/applications/")
    cedar.sees("No application that awaits a decision")
    cedar.looks("applications-in-public-empty")
    cedar.opens("/applications/")
    cedar.sees("Decided or ended (1)")
    cedar.looks("pipeline-empty")


def test_the_register_keeps_the_checklist_and_rounds(arrive: Arrive, now: datetime) -> None:
    cedar = arrive(factories.administrator())
    cedar.opens("/applications/")
    cedar.follows("The checklist that applicants see")
    cedar.looks("criteria")
    cedar.presses("Capacity")
    cedar.types("What is it about?", "Languages of the staff")
    cedar.types("What should an applicant have?", "Which languages they speak")
    cedar.presses("Add")
    cedar.sees("Languages of the staff")
    cedar.opens("/applications/rounds/new/")
    cedar.looks("round-new")
    cedar.types("What is it called?", "A round (invented)")
    cedar.dates("From which date?", london_date(now))
    cedar.types("Criteria, as they were published", "Whatever was published")
    cedar.types("Where is it published?", LETTER)
    cedar.presses("Record the round")
    cedar.sees("A round (invented)")
    cedar.looks("pipeline-with-a-round")
