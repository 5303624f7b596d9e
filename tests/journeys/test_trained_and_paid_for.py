"""Somebody untrained is warned or refused; once trained they record, and log what it took."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from organisations.actions import record_training
from organisations.models import TrainingModule
from referrals.models import Effort, WaitEvent
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
NOTE = "She asked to see the same interpreter again"


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_an_untrained_responder_is_warned_then_refused_then_trained(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a caseworker whom nobody marked as a First Responder, and a manager who is one
    somebody = referral(riverside, contact=now - timedelta(days=20), now=now - timedelta(days=19))
    with riverside.context(riverside.manager):
        record_training(
            member=riverside.manager,
            first_responder_since=london_date(now),
            trained_on=london_date(now),
            module=TrainingModule.objects.get(name="First Responder"),
            by=riverside.manager,
            now=now,
        )
    form = f"/referrals/{somebody.reference}/record/interview_completed/"

    # When they are about to record an interview, then it is said who may act
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens("/training/mine/")
    ash.sees("You are not marked as a First Responder here.")
    ash.looks("training-mine-none")
    ash.opens(form)
    ash.sees("You can record this. Should a trained colleague do it?", "Bay Manager")
    ash.looks("untrained-warned")

    # When the manager has it refused instead
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/training/")
    bay.sees("1 of 1")
    bay.looks("training")
    bay.follows("Change what happens then")
    bay.looks("training-policy")
    bay.chooses(
        "When somebody who may not act as a First Responder records an interview",
        "Do not record it, and say which colleagues can",
    )
    bay.presses("Save")
    bay.sees("Do not record it, and say which colleagues can")

    # Then what they type is kept on the page, and not recorded
    ash.opens(form)
    ash.dates("When was it?", now - timedelta(hours=1))
    ash.types("Note (optional)", NOTE)
    ash.presses("Record")
    ash.is_told_of_mistakes()
    ash.sees("Who may act today: Bay Manager.")
    assert ash.page.get_by_label("Note (optional)").input_value() == NOTE
    ash.looks("untrained-refused")
    with riverside.context():
        assert not WaitEvent.objects.filter(code="interview_completed").exists()

    # When they are trained
    bay.opens(f"/members/{riverside.caseworker.pk}/")
    bay.looks("training-of-a-member")
    bay.dates("Since when may they act as a First Responder here?", london_date(now))
    bay.dates("When did they complete a training", london_date(now))
    bay.picks("Which training was it?", "First Responder")
    bay.presses("Save")
    bay.sees("Saved for Ash Caseworker.")
    bay.looks("members-trained")

    # Then the same form, sent again, records it
    ash.presses("Record")
    ash.sees("Recorded.")
    with riverside.context():
        assert WaitEvent.objects.get(code="interview_completed").detail == NOTE
    ash.opens("/training/mine/")
    ash.sees("You may act as a First Responder until")
    ash.looks("training-mine")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_half_an_hour_is_tapped_and_the_manager_sees_what_it_cost(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    somebody = referral(riverside, contact=now - timedelta(days=20), now=now - timedelta(days=19))
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words.append("Heron")
    bay.opens("/cost/")
    bay.sees("Nothing is logged in this time")
    bay.looks("cost-empty")
    bay.follows("your own rates")
    bay.looks("rates-empty")
    bay.presses("Save")
    bay.is_told_of_mistakes()
    bay.chooses("Of which kind of work?", "Every kind that has no rate of its own")
    bay.types("What does an hour cost, in pounds?", "24")
    bay.dates("From which day on?", london_date(now) - timedelta(days=30))
    bay.presses("Save")
    bay.sees("£24.00 an hour")
    bay.looks("rates")

    # When half an hour of interview is logged with one tap, and an interpreter's invoice
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{somebody.reference}/")
    ash.actions = 0
    ash.presses("30 min")
    assert ash.actions == 1  # interview is chosen already
    ash.sees("30 min: £12.00 in all")
    ash.looks("referral-time")
    ash.follows("Entries, expenses and other days")
    ash.presses("Log it")
    ash.is_told_of_mistakes()
    ash.looks("time-error")
    ash.chooses("What was it for?", "Interpreter")
    ash.types("Expenses in pounds (optional)", "85.50")
    ash.presses("Log it")
    ash.sees("30 min, and £85.50 of expenses: £97.50 in all")
    ash.follows("Entries, expenses and other days")
    ash.looks("time")

    # Then the manager sees hours, cost and the gaps
    bay.opens("/cost/")
    bay.sees("£97.50", "Logged on 1 of 1 referral", "Not counted: what nobody logged")
    bay.looks("cost")
    with riverside.context():
        assert Effort.objects.count() == 2


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_the_administrator_sees_where_nobody_may_act(
    arrive: Arrive, riverside: Acting, scripts: bool, width: str
) -> None:
    from tests import factories

    cedar = arrive(factories.administrator(), scripts=scripts, width=width)
    cedar.opens("/training/register/")
    cedar.sees("Riverside Support (fictitious)", "Nobody")
    cedar.looks("training-register")
    cedar.follows("Change First Responder")
    cedar.looks("training-module")
