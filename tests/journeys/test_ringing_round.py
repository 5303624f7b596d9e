"""Whom to ring, and what they answered: in fifteen seconds."""

import sys
import time
from datetime import datetime, timedelta

import pytest

from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
SECONDS, ACTIONS = 15, 4


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_an_approach_is_recorded_in_fifteen_seconds(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    scripts: bool,
    width: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    contact = now - timedelta(days=2)
    safe = happening("immediate_safety_checked", contact)
    heron = referral(riverside, contact=contact, events=[safe])
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(f"/referrals/{heron.reference}/approaches/")
    ash.sees("Not asked yet", "No organisation was approached")
    ash.looks("approaches-empty")
    ash.opens(f"/referrals/{heron.reference}/")
    begun, ash.actions = time.monotonic(), 0
    ash.follows("Whom to ring")
    ash.follows("I rang them")
    ash.chooses("What did they answer?", "They have no capacity")
    ash.presses("Record what happened")
    seconds = time.monotonic() - begun
    ash.sees("Recorded.")
    with capsys.disabled():
        sys.stdout.write(f"\nAn approach: {ash.actions} actions, {seconds:.1f} s by a machine\n")
    assert ash.actions <= ACTIONS
    assert seconds < SECONDS
    ash.follows("Whom to ring")
    ash.sees("Asked already", "No capacity")
    ash.looks("approaches")
