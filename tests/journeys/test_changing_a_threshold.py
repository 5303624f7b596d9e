"""A limit is shortened: drafted, counted, approved by a second person; and who hears of it."""

from datetime import UTC, datetime, timedelta

import pytest

from nrm_tracker.database import purpose
from referrals import actions
from referrals.models import DelayFlag, ThresholdVersion
from tests import factories
from tests.factories import Acting
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_limit_is_shortened_by_two_people_and_a_manager_says_who_is_told(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given three people who have waited for twelve days, and two administrators
    for _ in range(3):
        factories.referral(riverside, contact=now - timedelta(days=12), pseudonym="Quagga")
    administrator = factories.administrator()
    second = factories.fellow_administrator(administrator)
    cedar = arrive(administrator, scripts=scripts, width=width)
    cedar.words.append("Quagga")

    # When the first one drafts a shorter limit, a mistake is named and nothing typed is lost
    cedar.opens("/thresholds/entry-wait/")
    cedar.looks("threshold")
    cedar.follows("Draft a change")
    cedar.sees_heading("Change this threshold")
    cedar.page.get_by_label("How many?").first.fill("10")
    cedar.chooses("From when?", "As soon as it is approved")
    cedar.presses("Save the draft")
    cedar.is_told_of_mistakes()
    cedar.looks("threshold-draft-mistake")
    cedar.types("Why should it change?", "Fourteen days are too long to hear nothing")
    cedar.presses("Save the draft")
    cedar.sees("10 days: delayed")
    cedar.looks("threshold-draft")

    # Then whom it would flag is counted in the background, and shown without a word for anybody
    cedar.presses("Count whom it would flag")
    cedar.sees("It begins in a few seconds.")
    actions.run_previews(now=datetime.now(UTC))
    cedar.opens("/thresholds/")
    cedar.looks("thresholds-change-waits")
    cedar.follows("See what they would change")
    cedar.page.locator("#changes + ul").get_by_role("link").first.click()
    cedar.sees("Would newly flag 3 people, 0 of them at risk.")
    cedar.does_not_see("Quagga")
    assert cedar.page.get_by_role("button", name="Approve it").count() == 0
    cedar.looks("threshold-draft-counted")

    # When the second person approves, the progress is shown and nobody waits for it
    rowan = arrive(second, scripts=scripts, width=width)
    rowan.sees("1 change of a threshold waits to be decided.")
    rowan.follows("See what they would change")
    rowan.page.locator("#changes + ul").get_by_role("link").first.click()
    rowan.presses("Approve it")
    rowan.sees("0 of 3 referrals checked")
    rowan.opens("/thresholds/entry-wait/")  # which does not look again by itself
    rowan.sees("0 of 3 referrals checked")
    rowan.looks("threshold-progress")
    with purpose("nrm_register"):
        assert ThresholdVersion.objects.filter(code="entry-wait").count() == 2
    actions.sweep(now=datetime.now(UTC))
    rowan.opens("/thresholds/entry-wait/")
    rowan.sees("Every open referral was assessed again", "Fourteen days are too long")
    rowan.looks("threshold-history")
    with riverside.context():
        flags = DelayFlag.objects.filter(rule="entry-wait").values_list("severity", "told")
        assert list(flags) == [("amber", "list")] * 3

    # Then the manager of an organisation wants to see these on the Today list
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.opens("/thresholds/")
    bay.follows("Choose who is told of which delay in your organisation")
    bay.looks("told")
    bay.page.locator("a[href='/thresholds/told/entry-wait/']").click()
    bay.sees_heading("Who is told of this delay?")
    bay.looks("told-of")
    bay.chooses("Delayed: who is told?", "On the Today list")
    bay.presses("Save who is told")
    bay.sees("your choice")
    bay.looks("told-chosen")
    actions.sweep(now=datetime.now(UTC))
    with riverside.context():
        told = DelayFlag.objects.filter(rule="entry-wait").values_list("told", flat=True)
        assert set(told) == {"today"}
