"""Two people, two presses: what is typed is kept, and what is sent twice is done once."""

from datetime import datetime, timedelta

import pytest

from referrals.models import Referral, WaitEvent
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person
from tests.journeys.steps import logs_a_referral

pytestmark = pytest.mark.browser
HERS, HIS = "Asked for an interpreter of Tigrinya", "Wants to be called in the morning"


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_the_second_of_two_editors_sees_both_and_keeps_the_text(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given two people who write about the same referral at once
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    for person, words in ((ash, HERS), (bay, HIS)):
        person.words.append("Heron")
        person.opens(f"/referrals/{heron.reference}/record/spoke/")
        person.types("Note (optional)", words)

    # When both send
    ash.presses("Record what happened")
    ash.sees("Recorded.")
    bay.presses("Record what happened")

    # Then the second is told, sees both, has lost nothing and has saved nothing yet
    bay.sees_heading("Somebody else saved this first")
    bay.sees(HERS)
    assert bay.page.get_by_label("Note (optional)").input_value() == HIS
    bay.looks("conflict")
    with riverside.context():
        assert WaitEvent.objects.filter(detail=HIS).count() == 0

    # And sending again, with both on screen, is enough
    bay.presses("Record what happened")
    bay.sees("Recorded.")
    with riverside.context():
        assert WaitEvent.objects.filter(detail__in=[HERS, HIS]).count() == 2


def fills_in(person: Person) -> None:
    person.opens("/referrals/new/")
    person.chooses("Are they under 18?", "No")
    person.chooses("Where are they?", "England")


@pytest.mark.parametrize("scripts", [True, False])
def test_pressing_twice_makes_one_referral(
    arrive: Arrive, riverside: Acting, scripts: bool
) -> None:
    ash = arrive(riverside.caseworker, scripts=scripts)
    fills_in(ash)
    ash.page.get_by_role("button", name="Save the referral").dblclick()
    ash.sees("Saved.")
    with riverside.context():
        reference = Referral.objects.get().reference
    ash.sees(reference)


@pytest.mark.parametrize("scripts", [True, False])
def test_going_back_and_sending_again_makes_one_referral(
    arrive: Arrive, riverside: Acting, scripts: bool
) -> None:
    # Given a referral just saved
    ash = arrive(riverside.caseworker, scripts=scripts)
    fills_in(ash)
    ash.presses("Save the referral")
    ash.sees("Saved.")
    reference = ash.page.get_by_role("heading", level=1).inner_text()

    # When the caseworker goes back, then the saved referral is there in place of its form
    ash.page.go_back()
    ash.sees("This form is saved already.")
    ash.sees_heading(reference)
    ash.looks("saved-already")

    # And somebody else can be logged
    ash.opens("/today/")
    ash.follows("Log a new referral")
    logs_a_referral(ash)
    with riverside.context():
        assert Referral.objects.count() == 2


@pytest.mark.parametrize("scripts", [True, False])
def test_going_back_to_a_form_about_a_referral_records_nothing_twice(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool
) -> None:
    # Given a conversation just recorded
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts)
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    ash.types("Note (optional)", HERS)
    ash.presses("Record what happened")
    ash.sees("Recorded.")

    # When the caseworker goes back, then the referral is there in place of its form
    ash.page.go_back()
    ash.sees("This form is saved already.")
    ash.sees_heading("Heron")

    # And something else can be recorded
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    ash.types("Note (optional)", HIS)
    ash.presses("Record what happened")
    ash.sees("Recorded.")
    with riverside.context():
        assert WaitEvent.objects.filter(detail__in=[HERS, HIS]).count() == 2
