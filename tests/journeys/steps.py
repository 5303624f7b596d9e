"""Steps that several journeys take."""

from datetime import datetime

from nrm_tracker.calendars import london_date
from tests.journeys.person import Person


def logs_a_referral(person: Person, *, first_contact: datetime | None = None) -> str:
    """The fewest answers; the word for the person that the product offered."""
    word = person.page.get_by_label("A word for the person").input_value()
    person.chooses("Are they under 18?", "No")
    person.chooses("Where are they?", "England")
    if first_contact:
        person.dates("When did they first ask for help?", london_date(first_contact))
    person.presses("Save the referral")
    person.sees("Saved.")
    return word
