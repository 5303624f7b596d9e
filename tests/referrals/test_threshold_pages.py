"""The pages on which a threshold is changed, and its history."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions import run_previews, settle_announced, sweep
from referrals.models import ThresholdDraft
from tests import factories
from tests.factories import Acting
from tests.house.world import FormOnPage
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NEW = "/thresholds/entry-wait/draft/"


@pytest.fixture
def cedar() -> Membership:
    return factories.administrator()


@pytest.fixture
def rowan(cedar: Membership) -> Membership:
    return factories.fellow_administrator(cedar)


def filled(client: Client, path: str, **answers: Any) -> dict[str, Any]:
    """The form at an address as it stands, with these answers."""
    fields = FormOnPage(client.get(path)).fields
    return (
        {name: value for name, value in fields.items() if not name.endswith("_gone")}
        | {
            "pause": "on",
            "basis": "house",
            "when": "at_once",
            "reason": "Fourteen days are too long",
            "title": "The way in, for an adult not known to be at risk",
            "to_do": "Ask another organisation.",
            "source": "House policy.",
            "limit_0_unit": "cd",
            "limit_0_severity": "amber",
            "limit_0_told": "list",
            "limit_1_unit": "cd",
            "limit_1_severity": "red",
            "limit_1_told": "today",
            "limit_2_unit": "cd",
            "limit_2_severity": "critical",
            "limit_2_told": "today",
            "limit_new_n": "",
            "limit_new_unit": "cd",
            "limit_new_severity": "amber",
            "limit_new_told": "list",
            "effective_on_0": "",
            "effective_on_1": "",
            "effective_on_2": "",
        }
        | answers
    )


def the_draft() -> ThresholdDraft:
    with purpose("nrm_register"):
        return ThresholdDraft.objects.select_related("base").latest("id")


def drafted(client: Client, **answers: Any) -> str:
    """The address of a draft that was typed in."""
    sent = client.post(NEW, filled(client, NEW, limit_0_n="10", **answers))
    address = str(sent.headers["Location"])
    assert address.startswith("/thresholds/drafts/")
    return address


def presses(client: Client, address: str, do: str) -> str:
    fields = FormOnPage(client.get(address)).fields
    return client.post(address, {"do": do, "revision": fields["revision"]}, follow=True).text


def test_a_form_changes_limits_words_and_date_and_keeps_the_structure(cedar: Membership) -> None:
    client = signed_in_client(cedar.user)
    drafted(client, limit_1_gone="on", limit_new_n="40", limit_new_severity="red")
    draft = the_draft()
    before, after = draft.base.definition, draft.definition
    assert [(each["severity"], each["n"], each["unit"]) for each in after["limits"]] == [
        ("amber", 10, "cd"),
        ("red", 40, "cd"),
        ("critical", 56, "cd"),
    ]
    assert (after["to_do"], draft.effective_on) == ("Ask another organisation.", None)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed <= {"limits", "title", "to_do", "source"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"limit_0_n": "0"}, "Enter a whole number from 1 to 3650"),
        ({"limit_0_n": "ten"}, "Enter a whole number from 1 to 3650"),
        ({"limit_0_severity": "red"}, "Two limits have one severity"),
        ({"reason": ""}, "Say why it should change"),
        ({"when": "on_a_day"}, "Enter the day from which it counts"),
        (
            {"when": "on_a_day", "effective_on_0": "1", "effective_on_1": "1"}
            | {"effective_on_2": "2020"},
            "Enter today or a later day: no limit changes the past.",
        ),
        (
            {f"limit_{n}_gone": "on" for n in range(3)},
            "Keep one limit at least",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    cedar: Membership, answers: dict[str, str], words: str
) -> None:
    client = signed_in_client(cedar.user)
    page = client.post(NEW, filled(client, NEW, **({"limit_0_n": "10"} | answers)))
    assert words in page.text
    assert "Ask another organisation." in page.text
    with purpose("nrm_register"):
        assert not ThresholdDraft.objects.exists()


@pytest.mark.parametrize("rule", ["draft-deletion", "turning-18", "refusals", "emergency-request"])
def test_every_kind_of_limit_has_its_form(cedar: Membership, rule: str) -> None:
    page = signed_in_client(cedar.user).get(f"/thresholds/{rule}/draft/")
    assert page.status_code == 200


def test_the_list_names_references_and_organisations_and_no_person(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    contact = datetime.now(UTC) - timedelta(days=12)
    made = factories.referral(riverside, contact=contact, pseudonym="Quagga")
    client, second = signed_in_client(cedar.user), signed_in_client(rowan.user)
    address = drafted(client)
    assert "Count first whom it would flag" in second.get(address).text
    assert "It begins in a few seconds." in presses(client, address, "preview")
    assert client.get(address).headers["Refresh"] == "3; url=?refresh"
    run_previews(now=datetime.now(UTC))
    page = second.get(address).text
    assert "Would newly flag 1 person, 0 of them at risk." in page
    assert made.reference in page
    assert "Riverside Support (fictitious)" in page
    assert "Quagga" not in page
    assert "14 days: delayed" in page
    assert "10 days: delayed" in page


def test_the_second_person_approves_and_sees_how_far_the_sweep_is(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    for _ in range(2):
        factories.referral(riverside, contact=datetime.now(UTC) - timedelta(days=12))
    client, second = signed_in_client(cedar.user), signed_in_client(rowan.user)
    address = drafted(client)
    presses(client, address, "preview")
    run_previews(now=datetime.now(UTC))
    assert "Approve it" not in client.get(address).text
    assert "0 of 2 referrals checked" in presses(second, address, "approve")
    sweep(now=datetime.now(UTC))
    assert "Every open referral was assessed again" in second.get(address).text
    for reader in (client, signed_in_client(riverside.caseworker.user)):
        page = reader.get("/thresholds/entry-wait/").text
        assert "Cedar Administrator" in page
        assert "Rowan Administrator" in page
        assert "Fourteen days are too long" in page
        assert "14 days: delayed; 28 days" in page
        assert "10 days: delayed; 28 days" in page


def test_everybody_who_may_is_told_on_every_page_that_one_takes_effect_alone(
    riverside: Acting, cedar: Membership, rowan: Membership
) -> None:
    client, second = signed_in_client(cedar.user), signed_in_client(rowan.user)
    address = drafted(client)
    presses(client, address, "preview")
    run_previews(now=datetime.now(UTC))
    assert "It takes effect in 24 hours" in presses(client, address, "announce")
    assert "1 change of a threshold waits to be decided." in second.get("/organisations/").text
    assert "Takes effect without a second person" in second.get("/thresholds/").text
    caseworker = signed_in_client(riverside.caseworker.user)
    assert "waits to be decided" not in caseworker.get("/thresholds/").text
    settle_announced(now=datetime.now(UTC) + timedelta(hours=25))
    assert "waits to be decided" not in second.get("/organisations/").text
    assert "who let it take effect alone" in caseworker.get("/thresholds/entry-wait/").text


def test_a_draft_that_stands_is_shown_instead_of_a_second_one(
    cedar: Membership, rowan: Membership
) -> None:
    address = drafted(signed_in_client(cedar.user))
    assert signed_in_client(rowan.user).get(NEW).headers["Location"] == address


def test_its_drafter_changes_it(cedar: Membership, rowan: Membership) -> None:
    client = signed_in_client(cedar.user)
    address = drafted(client)
    path = f"{address}change/"
    day = datetime.now(UTC) + timedelta(days=30)
    on = {f"effective_on_{i}": str(n) for i, n in enumerate((day.day, day.month, day.year))}
    answers = filled(client, path, limit_0_n="9", when="on_a_day", revision="1", **on)
    assert client.post(path, answers).headers["Location"] == address
    assert (the_draft().revision, the_draft().effective_on) == (2, day.date())
    second = signed_in_client(rowan.user)
    again = second.post(path, filled(second, path, limit_0_n="8", revision="2"))
    assert "Only who drafted this may change it" in again.text


def test_one_without_the_permission_is_refused(riverside: Acting, cedar: Membership) -> None:
    address = drafted(signed_in_client(cedar.user))
    client = signed_in_client(riverside.manager.user)
    for path in (NEW, address, f"{address}change/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"do": "withdraw"}).status_code == 403
    assert the_draft().state == "open"
    assert "Draft a change" not in client.get("/thresholds/entry-wait/").text


def test_a_rule_that_is_none_is_not_found(cedar: Membership) -> None:
    client = signed_in_client(cedar.user)
    for path in ("/thresholds/nothing/", "/thresholds/nothing/draft/", "/thresholds/drafts/9/"):
        assert client.get(path).status_code == 404
