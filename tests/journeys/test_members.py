"""Somebody is invited, accepts, works, gets another role, and leaves."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from accounts.demonstration import PERIOD, code_at
from accounts.models import User
from nrm_tracker.database import context, purpose
from organisations.models import Membership, Organisation
from referrals.actions import deliver_notices, restrict_referral, send_emails
from tests.factories import Acting, referral, safeguarding_lead
from tests.journeys.conftest import Arrive
from tests.journeys.person import PASSWORD, Person
from tests.mailserver import Server, free_port, is_sent_through, listening

pytestmark = pytest.mark.browser


@pytest.fixture
def server(settings: Any, site: str) -> Iterator[Server]:
    port = free_port()
    is_sent_through(settings, port)
    settings.NRM_BASE_URL = site
    made = Server()
    with listening(made, port):
        yield made


@pytest.fixture
def newcomer(browser: Browser, site: str) -> Iterator[Person]:
    """Somebody who has no account yet."""
    person = Person(browser, site, User(email="fern@riverside.example", name="Fern"))
    yield person
    person.leaves()


def sends_mail() -> None:
    now = datetime.now(UTC)
    deliver_notices(now=now)
    send_emails(now=now)


def sets_up_the_second_factor(person: Person) -> None:
    person.sees_heading("Set up your second factor")
    secret = (person.page.locator("code").first.text_content() or "").replace(" ", "")
    seconds_left = PERIOD - time.time() % PERIOD
    if seconds_left < 5:
        time.sleep(seconds_left)
    code = person.page.get_by_role("textbox", name="Code")
    code.fill(code_at(secret, unix_time=time.time()))
    person.presses("Finish")


def test_a_member_comes_works_and_leaves(
    arrive: Arrive, riverside: Acting, newcomer: Person, server: Server, now: datetime
) -> None:
    with purpose("nrm_register"):
        here = Organisation.objects.filter(pk=riverside.organisation.pk)
        here.update(email_domains=["riverside.example"], on_call="The duty worker")
    lead = safeguarding_lead(riverside)

    # Given a manager who invites somebody, first by an address of another domain
    bay = arrive(riverside.manager)
    bay.opens("/our-organisation/members/")
    bay.sees("Ash Caseworker", "No invitation waits")
    bay.looks("members")
    bay.presses("Invite somebody")
    bay.looks("invite")
    bay.types("Their name", "Fern Reed")
    bay.types("Their e-mail address at work", "fern@gmail.example")
    bay.chooses("Role", "Caseworker")
    bay.presses("Send the invitation")
    bay.is_told_of_mistakes()
    bay.sees("is no e-mail domain of this organisation")
    bay.looks("invite-other-domain")
    bay.types("Their e-mail address at work", "fern@riverside.example")
    bay.presses("Send the invitation")
    bay.sees("Invited. The link works until", "fern@riverside.example")
    bay.looks("members-invited")

    # When they follow the link in the mail, they choose a password and set up a second factor
    sends_mail()
    mails = dict(server.arrived)
    link = next(
        word
        for word in mails["fern@riverside.example"].get_content().split()
        if "/invitations/" in word
    )
    newcomer.opens(link)
    newcomer.sees_heading("You are invited")
    newcomer.looks("invitation")
    newcomer.types("Choose a password", "password")
    newcomer.types("The password again", "password")
    newcomer.presses("Accept and go on")
    newcomer.is_told_of_mistakes()
    newcomer.looks("invitation-mistake")
    newcomer.types("Choose a password", PASSWORD)
    newcomer.types("The password again", PASSWORD)
    newcomer.presses("Accept and go on")
    sets_up_the_second_factor(newcomer)
    newcomer.looks("recovery-codes")
    newcomer.opens("/today/")
    newcomer.sees_heading("Today")

    # And they work: a referral, and one that is restricted to them
    user = User.objects.get(email="fern@riverside.example")
    with context(user=user.pk):
        fern = Membership.objects.select_related("user", "organisation").get(user=user)
    acting = Acting(riverside.organisation, fern, riverside.manager)
    heron = referral(acting, contact=now - timedelta(days=7))
    linden = referral(acting, contact=now - timedelta(days=8), pseudonym="Linden")
    with acting.context():
        restrict_referral(
            referral=linden, why="asked", named=[fern.user_id], by=fern, now=datetime.now(UTC)
        )
    newcomer.opens(f"/referrals/{heron.reference}/")
    newcomer.sees_heading("Heron")
    newcomer.opens("/our-organisation/members/")
    newcomer.sees("Ash Caseworker")
    newcomer.looks("members-of-a-caseworker")

    # Then the manager makes a safeguarding lead of them, who is signed out by that
    bay.opens("/our-organisation/members/")
    bay.sees("1 open referral", "Named on 1 restricted")
    bay.looks("members-who-has-what")
    bay.follows("Change role of Fern Reed")
    bay.looks("member-role")
    bay.chooses("Role", "Safeguarding lead")
    bay.presses("Change the role")
    bay.sees("The role of Fern Reed is saved.")
    newcomer.opens(f"/referrals/{heron.reference}/")
    newcomer.sees_heading("Sign in")
    newcomer.sees("a manager changed your role or ended your membership")

    # And when they leave, what they held is handed on, and their page is refused
    bay.follows("End the membership of Fern Reed")
    bay.sees("1 open referral", f"Nobody else is named on {linden.reference}.")
    bay.looks("member-end")
    bay.presses("End the membership")
    bay.is_told_of_mistakes()
    bay.looks("member-end-mistake")
    bay.picks("Who takes over their referrals, tasks and cover?", "Ash Caseworker")
    bay.presses("End the membership")
    bay.sees("Fern Reed does not act for Riverside Support (fictitious) any more.")
    bay.looks("members-left")
    newcomer.opens(f"/referrals/{heron.reference}/")
    newcomer.sees_heading("Sign in")
    ash = arrive(riverside.caseworker)
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees("Ash Caseworker (you)")
    dale = arrive(lead)
    sends_mail()
    dale.opens("/notices/")
    dale.sees("Bay Manager ended the membership of Fern Reed")
    dale.looks("notice-members")
    dale.opens(f"/referrals/{linden.reference}/")
    dale.sees_heading("Linden")

    # And the link leads nowhere now
    newcomer.opens(link)
    newcomer.sees_heading("This link was used")
    newcomer.looks("invitation-over")
    expect(newcomer.page).not_to_have_title("Riverside")
