"""A known delay is looked at where somebody speaks with the person anyway."""

import sys
import time
from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import deliver_notices, run_previews, take_up_delay
from referrals.models import Delay, Referral, TakenUp
from tests import factories
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.referrals.test_threshold_procedure import announced, counted, drafted

pytestmark = pytest.mark.browser
ACTIONS = 4


def watched(acting: Acting, *, now: datetime) -> Referral:
    """Seriously delayed, and taken up ten days ago."""
    contact = now - timedelta(days=40)
    events = [
        happening("immediate_safety_checked", contact),
        happening("consent_recorded", contact, consent_type="nrm"),
    ]
    made = referral(acting, contact=contact, events=events, now=now)
    with acting.context(acting.manager):
        take_up_delay(
            delay=Delay.objects.select_related("referral").get(rule="entry-wait"),
            reason=TakenUp.Reason.FRO_CAPACITY,
            action="Asking Northgate on Fridays. כל יום שישי",
            review_on=london_date(now) + timedelta(days=4),
            by=acting.manager,
            now=now - timedelta(days=10),
        )
    return made


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_who_has_spoken_with_the_person_says_whether_the_plan_holds(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody whose wait is known and answered for
    heron = watched(riverside, now=now)
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")

    # When the caseworker records that they spoke, and that the plan holds
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    ash.sees("What you are watching", "Asking Northgate on Fridays")
    ash.looks("spoke-a-plan")
    question = "Way in: 40 of 28 days. Does this plan still hold?"
    again = now + timedelta(days=14)
    ash.chooses(question, f"Yes: look again by {again:%A} {again.day} {again:%B}")
    ash.presses("Record what happened")

    # Then it is quiet until then, and the page says who said so
    ash.sees("Way in: look again by", "Still so, said")
    ash.looks("referral-a-plan-holds")

    # And of a conversation before the plan was written the form says what to do
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    day = now - timedelta(days=20)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        ash.page.get_by_label(part, exact=True).first.fill(str(value))
    ash.page.get_by_role("group", name=question).get_by_label("Yes").check()
    ash.presses("Record what happened")
    ash.is_told_of_mistakes()
    ash.looks("spoke-a-plan-error")


def test_a_call_from_today_takes_four_actions(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    contact = now - timedelta(days=40)
    safe = happening("immediate_safety_checked", contact)
    heron = referral(riverside, contact=contact, events=[safe], now=now)
    ash = arrive(riverside.caseworker)
    ash.words.append("Heron")
    ash.opens("/today/")
    ash.looks("today-i-rang")
    begun, ash.actions = time.monotonic(), 0
    ash.follows("I rang", within=ash.page.get_by_role("row").filter(has_text=heron.reference))
    ash.picks("Which organisation did you ring?", "Northgate Trust (fictitious)")
    ash.chooses("What did they answer?", "They have no capacity")
    ash.presses("Record what happened")
    ash.sees("Recorded.")
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\nA call from Today: {ash.actions} actions, {seconds:.1f} s\n")
    assert ash.actions <= ACTIONS


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_manager_reads_that_a_threshold_is_to_change(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    referral(riverside, contact=now - timedelta(days=12))
    cedar = factories.administrator()
    draft = drafted(cedar, 10, now=now)
    counted(draft, cedar, now=now)
    announced(draft, cedar, now=now)
    run_previews(now=now)
    deliver_notices(now=now)
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/notices/")
    bay.sees("Threshold: Way in", "unless it is stopped before")
    bay.looks("notice-of-a-threshold")
    bay.presses("Open")
    bay.sees("It is to change", "Too long")
    bay.looks("threshold-to-change")
