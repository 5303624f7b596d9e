"""The pictures of the guides can be made, and are made where they are to be kept: `make guides`."""

import os
from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from nrm_tracker.database import context
from organisations.models import Membership
from referrals import pseudonyms, references
from referrals.demonstration import load
from referrals.models import Referral
from tests.conftest import NOW
from tests.factories import Acting
from tests.journeys.conftest import Arrive
from tests.journeys.person import PASSWORD, Person
from tests.journeys.pictures import ASH, REFERENCES, WAYS

pytestmark = pytest.mark.browser
KEPT = bool(os.environ.get("NRM_PICTURES"))


SEED = 2015


@pytest.fixture
def the_same_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """References and offered words are drawn alike each time, so that a picture made again differs
    where the product does, and nowhere else."""
    lots = SimpleNamespace(choice=Random(SEED).choice)
    monkeypatch.setattr(references, "secrets", lots)
    monkeypatch.setattr(pseudonyms, "secrets", SimpleNamespace(SystemRandom=lambda: Random(SEED)))


@pytest.fixture
def people(
    browser: Browser, site: str, at_now: None, the_same_lots: None, settings: Any
) -> Iterator[Any]:
    """Whoever is asked for, signed in once, with the clock of their browser at the same instant."""
    settings.NRM_DEMONSTRATION = False  # its banner would stand on every picture
    load(now=NOW)
    here: dict[str, Person] = {}

    def person(email: str) -> Person:
        if email not in here:
            user = User.objects.get(email=email)
            user.set_password(PASSWORD)
            user.save()
            here[email] = Person(browser, site, user)
            here[email].context.clock.set_fixed_time(NOW)
            here[email].signs_in()
        return here[email]

    yield person
    for each in here.values():
        each.leaves()


def test_the_pictures_of_the_guides_are_made(people: Any) -> None:
    people_here = references_of(ASH)
    for name, picture in WAYS.items():
        person = people(picture.who)
        person.page.set_viewport_size({"width": picture.width, "height": 900})
        part = picture.way(person, people_here)
        assert part["height"] > 100, name
        if KEPT:
            path = picture.folder / f"{name}.png"
            person.page.screenshot(path=path, clip=part, full_page=True)


def references_of(email: str) -> REFERENCES:
    user = User.objects.get(email=email)
    with context(user=user.pk):
        member = Membership.objects.get(user=user)
    with context(user=user.pk, organisation=member.organisation_id):
        return dict(Referral.objects.values_list("pseudonym", "reference"))


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_tired_caseworker_finds_a_guide(
    arrive: Arrive, riverside: Acting, scripts: bool, width: str
) -> None:
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.follows("Help: how to use this")
    ash.sees_heading("How to use NRM Tracker")
    ash.looks("help")
    ash.follows("Log a referral")
    ash.sees("Ask first:")
    ash.looks("help-guide")
    ash.follows("print, and paper")
    ash.sees_heading("Print, and paper")
    ash.looks("help-print")
    ash.follows("All guides")
    ash.sees_heading("How to use NRM Tracker")
