"""A referral is logged, is found to wait too long, and somebody answers for it."""

import sys
import time
from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import deliver_notices
from referrals.models import Notice, Referral, TakenUp, WaitEvent
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.journeys.steps import logs_a_referral

pytestmark = pytest.mark.browser
SECONDS_FOR_A_REFERRAL, SECONDS_FOR_AN_EVENT = 60, 20
ACTIONS_FOR_AN_EVENT = 4


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_caseworker_logs_a_late_referral_and_a_manager_takes_it_up(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a caseworker with nothing to do
    ash = arrive(riverside.caseworker, look=True, scripts=scripts, width=width)
    ash.sees("Nothing of yours is late")
    ash.looks("today-empty")

    # When they log somebody who first asked for help thirty days ago, at first with nothing said
    ash.follows("Log a new referral")
    ash.looks("log-a-referral")
    ash.presses("Save the referral")
    ash.is_told_of_mistakes()
    ash.looks("log-a-referral-error")
    word = logs_a_referral(ash, first_contact=now - timedelta(days=30))
    ash.words.append(word)
    ash.looks("logged")

    # Then the delay is there at once, and nobody is sent a notice for late paperwork
    ash.follows("See the referral")
    reference = ash.page.url.rstrip("/").rpartition("/")[2]
    ash.sees_heading(word)
    ash.sees("Nobody has taken this up.")
    ash.looks("referral-delayed")
    ash.opens("/today/")
    ash.sees(reference)
    ash.looks("today")
    deliver_notices(now=now + timedelta(minutes=5))
    with riverside.context(riverside.manager):
        assert Notice.objects.count() == 0

    # When a manager takes it up on the dashboard
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words.append(word)
    bay.sees_heading("New (1 person, 2 delays)")
    bay.looks("delays-new")
    bay.follows("Take up", within=bay.page.get_by_role("row").filter(has_text=reference))
    bay.looks("take-up")
    bay.chooses("Why does it take so long?", "An organisation has no capacity")
    bay.types("What is being done?", "Two more organisations are asked this week")
    bay.dates("When will you look again?", london_date(now) + timedelta(days=7))
    bay.presses("Take this up")

    # Then it is known and owned, for both of them
    bay.sees("Two more organisations are asked this week")
    bay.looks("referral-taken-up")
    ash.opens(f"/referrals/{reference}/")
    ash.sees("Two more organisations are asked this week")
    with riverside.context():
        assert TakenUp.objects.get().by_id == riverside.manager.user_id


def test_a_phone_call_is_logged_in_under_a_minute(
    arrive: Arrive, riverside: Acting, capsys: pytest.CaptureFixture[str]
) -> None:
    ash = arrive(riverside.caseworker)
    begun, ash.actions = time.monotonic(), 0
    ash.follows("Log a new referral")
    logs_a_referral(ash)
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(
            f"\nA quick referral: {ash.actions} actions, {seconds:.1f} s by a machine\n"
        )
    assert ash.actions <= 6
    assert seconds < SECONDS_FOR_A_REFERRAL
    with riverside.context():
        assert Referral.objects.get().first_contact_at is not None


def test_a_call_to_an_organisation_takes_four_actions(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given a referral of last week
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/")
    ash.presses("Record what happened")
    ash.looks("record-doors")

    # When the caseworker records what an organisation answered
    begun, ash.actions = time.monotonic(), 0
    ash.follows("I rang an organisation")
    ash.picks("Which organisation did you ring?", "Northgate Trust (fictitious)")
    ash.chooses("What did they answer?", "They have no capacity")
    ash.presses("Record what happened")
    ash.sees("Recorded.")
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\nAn event: {ash.actions} actions, {seconds:.1f} s by a machine\n")

    # Then it took no longer than promised, and the timeline shows it
    assert ash.actions <= ACTIONS_FOR_AN_EVENT
    assert seconds < SECONDS_FOR_AN_EVENT
    ash.looks("referral-recorded")
    with riverside.context():
        codes = list(WaitEvent.objects.order_by("id").values_list("code", flat=True))
        assert codes == ["initial_contact", "fro_approached", "fro_declined_capacity"]


@pytest.mark.parametrize("door", ["spoke", "wrote", "else", "rang"])
def test_every_door_is_accessible(
    arrive: Arrive, riverside: Acting, now: datetime, door: str
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker)
    ash.opens(f"/referrals/{heron.reference}/record/{door}/")
    ash.looks(f"door-{door}")


def test_what_happened_in_time_but_was_recorded_late_takes_the_delay_back(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    # Given somebody still exploited, whose safety was to be checked within four hours, five ago
    danger = now - timedelta(hours=5)
    risk = happening("risk_flag_added", danger, risk="still_in_exploitation")
    heron = referral(riverside, contact=danger - timedelta(minutes=1), events=[risk])
    ash = arrive(riverside.caseworker)
    ash.words.append("Heron")
    ash.sees(heron.reference)
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees_heading("Safety screen, urgent")

    # When the caseworker says that they had checked two hours in
    ash.follows("This already happened: when?")
    ash.looks("already-happened")
    ash.dates("When was it?", danger + timedelta(hours=2))
    ash.presses("Record it")

    # Then there was no delay
    ash.sees("Recorded.")
    ash.sees("Nothing recorded is late")
    ash.looks("referral-retracted")
    with riverside.context():
        flag = heron.flags.get(rule="safety-screen-urgent")
        assert flag.retracted_at is not None


def test_a_wrong_entry_is_corrected_and_both_stay(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    made = happening("contact_made", now - timedelta(days=2))
    heron = referral(riverside, contact=now - timedelta(days=7), events=[made])
    ash = arrive(riverside.caseworker)
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Correct")
    ash.looks("correct")
    ash.opens(f"/referrals/{heron.reference}/close/")
    ash.looks("close")
