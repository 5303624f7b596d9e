"""People who belong together, a child of theirs, and the same person known again."""

from datetime import datetime, timedelta

import pytest

from referrals.actions import record_identity
from referrals.identity import Identity
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
MODES = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
LONG = "الطاووس والعصفور"  # a word for a person, written from right to left


@MODES
def test_family_is_linked_and_what_happened_is_recorded_for_all(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given two adults and a child of one family, each with a referral
    contact = now - timedelta(days=6)
    heron = referral(riverside, contact=contact, now=now)
    rowan = referral(riverside, contact=contact, now=now, pseudonym="Rowan")
    child = referral(riverside, contact=contact, now=now, pseudonym=LONG, age_group="child")
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Rowan"]

    # When the caseworker links them, and says that one may be a danger
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Link people, or end a link")
    ash.sees("Nobody is linked")
    ash.looks("linked-empty")
    ash.types("The other referral", "nobody")
    ash.presses("Link the two")
    ash.is_told_of_mistakes()
    ash.looks("linked-mistake")
    ash.types("The other referral", "Rowan")
    ash.chooses("Who is the other one to this person?", "Partner")
    ash.chooses(
        "May one of the two be a danger to the other?", "Yes: the other one, to this person"
    )
    ash.presses("Link the two")
    ash.types("The other referral", child.reference)
    ash.chooses("Who is the other one to this person?", "Their child")
    ash.presses("Link the two")
    ash.sees("may be a danger to this person.", "Speak with each alone.")
    ash.looks("linked")

    # Then both pages warn, and what happened is recorded for the child at once
    ash.opens(f"/referrals/{rowan.reference}/")
    ash.sees("This person may be a danger to")
    ash.looks("linked-on-referral")
    ash.opens(f"/referrals/{heron.reference}/record/contact_lost/")
    ash.sees("One may be a danger to the other. Tick this only if it happened for each apart.")
    ash.looks("linked-record")
    ash.ticks(child.reference)
    ash.presses("Record what happened")
    ash.sees("The same is recorded for")
    ash.follows("Correct")
    ash.sees("The same was recorded for 1 other:")
    ash.looks("linked-correct")

    # And a link that was a mistake ends, and is put back
    ash.opens(f"/referrals/{heron.reference}/linked/")
    ash.presses("End the link")
    ash.sees("The link has ended.")
    ash.page.get_by_text("Links that have ended (1)").click()
    ash.looks("linked-ended")
    ash.presses("Put back")
    ash.sees("The link stands again.")


@MODES
def test_a_child_gets_a_referral_and_the_same_person_is_known_again(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody who waits, and a person of the same name whose referral is there already
    contact = now - timedelta(days=6)
    heron = referral(riverside, contact=contact, now=now)
    twin = referral(riverside, contact=contact, now=now, pseudonym="Rowan")
    name = Identity(given_names="Mira", family_name="Quillfeather", born_on="1990-05-04")
    with riverside.context():
        record_identity(
            referral=twin,
            identity=name,
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=now,
        )
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Rowan", "Quillfeather"]

    # When the caseworker asks about children, of whom one may be a victim
    ash.opens(f"/referrals/{heron.reference}/intake/children/")
    ash.chooses("Do they have children?", "Yes")
    ash.types("Children of 12 to 15", "two")
    ash.presses("Save")
    ash.is_told_of_mistakes()
    ash.looks("children-mistake")
    ash.types("Children of 12 to 15", "1")
    ash.chooses("Are the children with them?", "All of them")
    ash.chooses("May one of the children be a victim of modern slavery too", "Yes")
    ash.looks("children")
    ash.presses("Save")

    # Then the child gets a referral of their own, linked
    ash.sees("A child who may be a victim has a referral of their own")
    ash.follows("Log one for a child of theirs")
    ash.sees("This person is linked with")
    ash.looks("new-beside")
    ash.presses("Save the referral")
    ash.sees("Saved.")
    ash.looks("opened-beside")
    ash.follows("See the referral")
    ash.sees("Their parent:")

    # And when who somebody is is recorded, one who is alike is shown and answered once
    ash.opens(f"/referrals/{heron.reference}/person/")
    ash.presses("Show who this is")
    ash.page.get_by_text("Change what is recorded").first.click()
    ash.types("Given names", "Mira")
    ash.types("Family name", "Quillfeather")
    ash.presses("Save who this is")
    ash.sees("Somebody alike is known here", "2 parts of the name agree")
    ash.does_not_see("Quillfeather")
    ash.looks("likely")
    ash.presses("Somebody else")
    ash.sees("Looked alike, somebody else")
    ash.does_not_see("2 parts of the name agree")
    ash.looks("likely-answered")
