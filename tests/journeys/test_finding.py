"""Finding people again: by name, by a saved view, and many at once."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import record_identity, sweep
from referrals.identity import Identity
from referrals.models import Referral
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])


def waiting(acting: Acting, word: str, *, days: int, now: datetime, who: Identity) -> Referral:
    contact = now - timedelta(days=days)
    events = [happening("immediate_safety_checked", contact)]
    made = referral(acting, contact=contact, now=now, pseudonym=word, events=events)
    with acting.context():
        record_identity(
            referral=made, identity=who, birth_is_estimated=False, by=acting.caseworker, now=now
        )
    return made


def named(given: str, family: str) -> Identity:
    return Identity(given_names=given, family_name=family)


@BOTH
def test_somebody_rings_and_is_found_by_name(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given three people of ours, two of one family name, and one of the same name elsewhere
    waiting(riverside, "Heron", days=9, now=now, who=named("Zephyrine", "Quillfeather"))
    waiting(riverside, "Larch", days=7, now=now, who=named("Ruritan", "Quillfeather"))
    waiting(riverside, "Puffin", days=5, now=now, who=named("أحمد", "Émile-Invented"))
    waiting(northgate, "Elm", days=5, now=now, who=named("Zephyrine", "Quillfeather"))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Quillfeather", "quillfeather", "emile", "Nobody"]
    ash.opens("/referrals/")

    # When the caseworker types what they were told on the telephone
    ash.types("Find one", "nobody of this name")
    ash.presses("Find")
    ash.is_told_of_mistakes()
    ash.sees("Nobody of yours is found by this")
    ash.looks("find-nobody")
    ash.types("Find one", "QUILLFEATHER")
    ash.presses("Find")
    ash.sees_heading("2 referrals, found")
    ash.looks("find-two")
    ash.types("Find one", "quillfeather, zephyrine")
    ash.presses("Find")

    # Then they stand before the one person, and a name in another script is found as it was written
    ash.sees_heading("Heron")
    ash.opens("/referrals/")
    ash.types("Find one", "احمد emile")
    ash.presses("Find")
    ash.sees_heading("Puffin")


@BOTH
def test_a_list_is_saved_and_found_again(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    contact = now - timedelta(days=3)
    referral(riverside, contact=contact, now=now, nation="wales")
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens("/referrals/views/")
    ash.sees("No saved views yet")
    ash.looks("views-empty")
    ash.opens("/referrals/?nation=wales&risk=1")
    ash.follows("Save this view")
    ash.presses("Save the view")
    ash.is_told_of_mistakes()
    ash.looks("view-new-wrong")
    name = "Wales and in danger, to look at on Mondays"[:40]
    ash.types("What do you want to call it?", name)
    ash.ticks("Everybody here sees it above their list too")
    ash.presses("Save the view")
    ash.sees("The view is saved.")
    ash.looks("view-saved")

    # A colleague has it too, and may take it away if they manage; the others may only look
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/referrals/")
    bay.follows(name)
    bay.sees_heading("0 open referrals, Wales, at risk")
    bay.follows("Change saved views")
    bay.looks("views")
    bay.follows("Look at it")
    bay.sees("Only they can change it.")
    bay.looks("view-of-a-colleague")

    ash.follows("Change saved views")
    ash.follows("Change or delete")
    ash.looks("view-change")
    ash.types("What do you want to call it?", "Wales")
    ash.presses("Save the changes")
    ash.sees("The view is changed.")
    ash.follows("Change or delete")
    ash.presses("Delete this view")
    ash.sees("The view is deleted.", "No saved views yet")


@BOTH
def test_a_delay_in_common_is_taken_up_for_those_who_have_it(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given two who wait too long for the way in, and one who came yesterday
    people = [
        waiting(riverside, word, days=days, now=now, who=Identity())
        for word, days in (("Heron", 70), ("A long word for somebody, as typed", 65), ("Elm", 1))
    ]
    sweep(now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Elm"]
    ash.opens("/referrals/")
    for each in people:
        ash.ticks(f"Choose {each.reference}")
    ash.presses("Do with those chosen")
    ash.presses("Look at what this does")
    ash.is_told_of_mistakes()
    ash.looks("many-wrong")
    ash.chooses("What do you want to do?", "Take up a delay that they have in common")
    ash.presses("Look at what this does")
    ash.looks("many-take-up")
    group = ash.page.get_by_role("group", name="Which delay?")
    group.get_by_label("(2 of 3)").first.check()
    ash.chooses("Why does it take so long?", "An organisation has no capacity")
    ash.types("What is being done?", "Asked the council on Monday.")
    ash.dates("When will you look again?", london_date(now) + timedelta(days=7))
    ash.presses("Look at what this does")

    # Then they see for whom it can be done, and for whom not and why, before it is
    ash.sees_heading("Before it is done: for 2, not for 1")
    ash.looks("many-preview")
    ash.presses("Change what you answered")
    ash.presses("Look at what this does")
    ash.presses("Do it for 2")
    ash.sees("Recorded for 2 referrals:")
    ash.looks("many-done")

    # And that all of them get another caseworker, in one go
    for each in people:
        ash.ticks(f"Choose {each.reference}")
    ash.presses("Do with those chosen")
    ash.chooses("What do you want to do?", "Give them another caseworker")
    ash.picks("If they get another caseworker: who?", "Bay Manager")
    ash.presses("Look at what this does")
    ash.sees("Their caseworker becomes Bay Manager.")
    ash.presses("Do it for 3")
    ash.sees("Recorded for 3 referrals:")
