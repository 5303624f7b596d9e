"""A sign-in that ends in the middle of a form, and a form that is left in a hurry."""

import time
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.demonstration import PERIOD, code_at, totp_secret_for
from accounts.models import Draft
from accounts.sessions import ACTIVE, IDLE
from nrm_tracker.database import context
from organisations.models import Membership
from referrals.models import WaitEvent
from tests.factories import Acting, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import PASSWORD, Person

pytestmark = pytest.mark.browser
WORDS = "They will ring from the library on Friday"


def nobody_did_anything_for_a_while() -> None:
    for session in Session.objects.all():
        said = session.get_decoded()
        if ACTIVE in said:
            said[ACTIVE] -= IDLE.total_seconds() + 1
            session.session_data = Session.objects.encode(said)
            session.save()


def what_was_typed_has_arrived(membership: Membership) -> None:
    """The browser sends it beside the way out, which does not wait for it."""
    until = time.monotonic() + 20
    with context(user=membership.user_id):
        while not Draft.objects.exists():
            assert time.monotonic() < until
            time.sleep(0.1)


def signs_in_again(person: Person) -> None:
    person.types("Email address", person.user.email)
    person.types("Password", PASSWORD)
    person.presses("Sign in")
    time.sleep(PERIOD - time.time() % PERIOD)  # a code works once
    person.types("Code", code_at(totp_secret_for(person.user.email), unix_time=time.time()))
    person.presses("Sign in")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_sign_in_that_ends_mid_form(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", WORDS]
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    ash.page.get_by_label("Pregnant").check()
    ash.types("Note (optional)", WORDS)
    nobody_did_anything_for_a_while()
    ash.presses("Record what happened")
    ash.sees("What you had typed is kept")
    ash.looks("signed-out-mid-form")
    signs_in_again(ash)
    ash.sees("stands in the form again")
    expect(ash.page.get_by_label("Note (optional)")).to_have_value(WORDS)
    expect(ash.page.get_by_label("Pregnant")).to_be_checked()
    ash.looks("words-again")
    ash.presses("Record what happened")
    ash.sees("Recorded.")
    with riverside.context():
        assert WaitEvent.objects.filter(detail=WORDS).count() == 1
    ash.opens(f"/referrals/{heron.reference}/record/spoke/")
    ash.does_not_see("stands in the form again")


def test_a_form_left_in_a_hurry(arrive: Arrive, riverside: Acting, now: datetime) -> None:
    heron = referral(riverside, contact=now - timedelta(days=7))
    ash = arrive(riverside.caseworker)
    ash.words += ["Heron", WORDS]
    form = f"/referrals/{heron.reference}/record/spoke/"
    ash.opens(form)
    ash.types("Note (optional)", WORDS)
    ash.page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Weather"))
    ash.presses("Leave this site")
    ash.page.wait_for_url("https://www.bbc.co.uk/**")
    ash.troubles = [each for each in ash.troubles if "bbc.co.uk" not in each]
    what_was_typed_has_arrived(riverside.caseworker)
    ash.opens(form)
    ash.sees("You left this form")
    expect(ash.page.get_by_label("Note (optional)")).to_have_value("")
    ash.looks("draft-offered")
    ash.follows("Show what you had typed")
    expect(ash.page.get_by_label("Note (optional)")).to_have_value(WORDS)
    ash.presses("Throw it away")
    ash.sees("Thrown away.")
    ash.does_not_see("You left this form")
    expect(ash.page.get_by_label("Note (optional)")).to_have_value("")
