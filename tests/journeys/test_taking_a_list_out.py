"""A list leaves the product: after a code, marked and noted."""

import time
from datetime import datetime, timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from django.contrib.sessions.models import Session

from accounts.demonstration import PERIOD, code_at, totp_secret_for
from accounts.second_factor import GIVEN_WITHIN
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser


def codes_were_given_a_while_ago() -> None:
    for session in Session.objects.all():
        said = session.get_decoded()
        for record in said.get(METHODS, ()):
            record["at"] -= GIVEN_WITHIN.total_seconds()
        session.session_data = Session.objects.encode(said)
        session.save()


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_manager_exports_the_list(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    referral(riverside, contact=now - timedelta(days=7))
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words.append("Heron")
    codes_were_given_a_while_ago()
    bay.opens("/referrals/?nation=england")
    bay.follows("Export this list")
    bay.looks("export-code")
    time.sleep(PERIOD - time.time() % PERIOD)  # a code works once
    bay.types("Code", code_at(totp_secret_for(bay.user.email), unix_time=time.time()))
    bay.presses("Confirm")
    bay.sees_heading("Export a list")
    bay.sees("1 open referral, England")
    bay.looks("export")
    bay.chooses("As what?", "CSV file")
    with bay.page.expect_download() as download:
        bay.page.get_by_role("button", name="Export it").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Confidential: about survivors of modern slavery" in text.splitlines()[0]
    assert "Heron" in text
