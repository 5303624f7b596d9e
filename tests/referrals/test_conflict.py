"""Two people change one thing: the second is shown both, field by field, and keeps the text."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from nrm_tracker.ui.parts import Difference
from referrals.actions import (
    agree_contact,
    change_caseworker,
    change_word,
    decide_basis,
    record_identity,
)
from referrals.contact import Terms
from referrals.identity import Identity
from referrals.models import Referral
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import form_of
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
AGREED = Terms(
    agreed_at=NOW, safe=("telephone",), days=(1,), since=time(10), until=time(15), never="a cousin"
)


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)


@pytest.fixture
def ash(riverside: Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


def differences(page: Any) -> dict[str, tuple[str, str]]:
    found: list[Difference] = page.context["conflict"].differences
    return {each.label: (each.yours, each.theirs) for each in found}


def by_the_manager(riverside: Acting) -> dict[str, Any]:
    return {"by": riverside.manager, "now": NOW}


def test_of_safe_contact_each_limit_is_shown(
    riverside: Acting, hers: Referral, ash: Client
) -> None:
    with riverside.context(riverside.manager):
        agree_contact(referral=hers, terms=AGREED, **by_the_manager(riverside))
    url = f"/referrals/{hers.reference}/contact/"
    form = form_of(ash, url) | {"days": ["1", "2"], "until": "17:00", "interpreter": "Tigrinya"}
    changed = replace(AGREED, days=(3,), unsafe=("voicemail",), never="an uncle")
    with riverside.context(riverside.manager):
        agree_contact(referral=hers, terms=changed, **by_the_manager(riverside))
    page = ash.post(url, form)
    shown = differences(page)
    assert shown.pop("What happened")[1].endswith("recorded how contact is safe.")
    assert shown == {
        "Voicemail: is it safe?": ("Not asked", "No"),
        "On which days?": ("Monday, Tuesday", "Wednesday"),
        "Until what time?": ("17:00", "15:00"),
        "Interpreter: which language?": ("Tigrinya", "Nothing"),
        "People and addresses never to contact": (
            "Left empty: what is saved now stays",
            "Changed. It is sealed, and shown on asking only",
        ),
    }
    assert "uncle" not in page.text
    assert page.context["form"]["until"].value() == "17:00"


def test_of_the_caseworker(riverside: Acting, hers: Referral, ash: Client) -> None:
    url = f"/referrals/{hers.reference}/caseworker/"
    form = form_of(ash, url) | {"caseworker": riverside.caseworker.user_id}
    with riverside.context(riverside.manager):
        change_caseworker(
            referral=hers,
            caseworker=riverside.manager.user_id,
            version=hers.version,
            key=uuid4(),
            **by_the_manager(riverside),
        )
    names = (riverside.caseworker.user.name, riverside.manager.user.name)
    assert differences(ash.post(url, form))["Who is the caseworker from now on?"] == names


def test_of_the_word(riverside: Acting, hers: Referral, ash: Client) -> None:
    url = f"/referrals/{hers.reference}/word/"
    form = form_of(ash, url) | {"pseudonym": "Larch"}
    with riverside.context(riverside.manager):
        change_word(
            referral=hers,
            word="Alder",
            version=hers.version,
            key=uuid4(),
            **by_the_manager(riverside),
        )
    shown = differences(ash.post(url, form))
    assert shown["Another word for the person"] == ("Larch", "Alder")


def test_of_the_lawful_basis(riverside: Acting, hers: Referral, ash: Client) -> None:
    url = f"/referrals/{hers.reference}/basis/"
    form = form_of(ash, url) | {"lawful_basis": "", "special_condition": ""}
    with riverside.context(riverside.manager):
        decide_basis(
            referral=hers,
            lawful_basis="public_task",
            special_condition="",
            **by_the_manager(riverside),
        )
    yours, theirs = differences(ash.post(url, form))["Lawful basis"]
    assert yours == "As usual in this organisation"
    assert theirs.startswith("Public task")


def test_of_who_it_is_only_that_it_changed(riverside: Acting, hers: Referral, ash: Client) -> None:

    url = f"/referrals/{hers.reference}/person/record/"
    form = form_of(ash, url) | {"given_names": "Other"}
    with riverside.context(riverside.manager):
        record_identity(
            referral=hers,
            identity=Identity(given_names="Invented"),
            birth_is_estimated=False,
            **by_the_manager(riverside),
        )
    page = ash.post(url, form)
    assert list(differences(page)) == ["What happened"]
    assert "Invented" not in page.text
