"""Who a person is: recorded when needed, shown on asking, and noted."""

from datetime import datetime, timedelta

import pytest

from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
NAME, NUMBER = "Quillfeather", "07700 900123"


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_identity_is_shown_on_asking_and_the_number_when_it_is_safe(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a referral of somebody of whom nothing is recorded but a word
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", NAME, NUMBER]
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Who this is")
    ash.sees("Nothing is recorded")
    ash.looks("person-empty")

    # When the caseworker records who it is, and asks to see it
    ash.presses("Record who this is")
    ash.looks("person-record")
    ash.types("Family name", NAME)
    ash.types("Telephone number", NUMBER)
    ash.presses("Save who this is")
    ash.sees("Who this is is shown to nobody who does not ask.")
    ash.does_not_see(NAME)
    ash.follows("Who this is")
    ash.looks("person-asked")
    ash.presses("Show who this is")

    # Then the name is shown, and the number is not: nobody asked whether a call is safe
    ash.sees(NAME, "Kept, not shown.")
    ash.does_not_see(NUMBER)
    ash.looks("person-shown")

    # When a call at any time was agreed, then it is
    ash.follows("Record what was agreed about contact")
    ash.looks("contact")
    ash.chooses("Telephone: is it safe?", "Yes")
    ash.presses("Save what was agreed")
    ash.follows("Who this is")
    ash.presses("Show who this is")
    ash.sees(NUMBER)

    # And the manager sees who has looked
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens(f"/referrals/{heron.reference}/")
    bay.follows("Who has looked")
    bay.sees("was shown who the person is")
    bay.does_not_see(NAME)
    bay.looks("looked")


def test_the_word_for_a_person_is_changed_when_it_is_their_name(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker)
    ash.opens(f"/referrals/{heron.reference}/person/record/")
    ash.types("Given names", "Heron")
    ash.presses("Save who this is")
    ash.sees("The word for the person stands on every page")
    ash.looks("person-refused")
    assert ash.page.get_by_label("Given names").input_value() == "Heron"
    ash.follows("Change the word for the person")
    ash.looks("word")
    ash.types("Another word for the person", "Larch")
    ash.presses("Change the word")
    ash.sees_heading("Larch")


def test_one_is_found_without_a_word_in_the_address(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker)
    ash.words.append("Heron")
    ash.opens("/referrals/")
    ash.types("Find one", "nobody")
    ash.presses("Find")
    ash.sees("Nobody of yours is found by this")
    ash.looks("found-nobody")
    ash.types("Find one", "heron")
    ash.presses("Find")
    ash.sees_heading("Heron")
