"""Likely duplicates inside one organisation: shown, answered once, never in the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals.actions import end_link, link_referrals, record_identity, restrict_referral
from referrals.identity import Identity
from referrals.links import RELATIONS, said
from referrals.models import Link, Referral
from referrals.pages.likely import likely_same
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker, send, told
from tests.referrals.test_opening import answers
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
WHO = Identity(given_names="Mira", family_name="Quillfeather", born_on="1990-05-04")
CALL = {"made_contact": "survivor", "channel": "telephone"}


def someone(acting: Acting, word: str, identity: Identity | None = None, **facts: Any) -> Referral:
    made = factories.referral(
        acting, contact=NOW - timedelta(days=9), now=NOW, pseudonym=word, **facts
    )
    if identity:
        with acting.context():
            record_identity(
                referral=made,
                identity=identity,
                birth_is_estimated=False,
                by=acting.caseworker,
                now=NOW,
            )
    return made


def likely(acting: Acting, of: Referral, member: Any = None) -> list[tuple[str, str]]:
    by = member or acting.caseworker
    with acting.context(by):
        return [(e.referral.pseudonym, e.why) for e in likely_same(of, membership=by).likely]


def same_call(acting: Acting, of: Referral) -> list[str]:
    with acting.context():
        page = likely_same(of, membership=acting.caseworker)
        return [each.referral.pseudonym for each in page.same_call]


def answer(client: Client, of: Referral, other: str, word: str) -> Any:
    url = reverse("answer_likely", args=[of.reference])
    return client.post(url, {"other": other, "answer": word})


def test_names_and_birthday_that_agree_are_shown_and_not_what_they_are(riverside: Acting) -> None:
    someone(riverside, "Linden", Identity(family_name="Quillfeather", given_names="Mira"))
    hers = someone(riverside, "Heron", WHO)
    assert likely(riverside, hers) == [("Linden", "2 parts of the name agree")]
    page = caseworker(riverside).get(reverse("linked", args=[hers.reference]), follow=True).text
    assert "May be the same person" in page
    assert [w for w in ("Quillfeather", "1990") if w in page] == []


def test_the_own_reference_however_it_is_written_is_one(riverside: Acting) -> None:
    first = someone(riverside, "Linden", own_reference="RIV-014")
    second = someone(riverside, "Heron", own_reference="riv 014")
    someone(riverside, "Rowan", own_reference="RIV-015")
    why = "Your own reference is the same but for how it is written"
    assert likely(riverside, second) == [("Linden", why)]
    assert likely(riverside, first) == [("Heron", why)]


def test_a_word_that_is_alike_is_not_enough(riverside: Acting) -> None:
    someone(riverside, "Heron")
    assert likely(riverside, someone(riverside, "Heron")) == []


def test_one_call_that_two_colleagues_logged_is_a_weaker_sign(riverside: Acting) -> None:
    first = someone(riverside, "Linden", **CALL)
    for word, other in (("Rowan", {"channel": "email"}), ("Aspen", {"nation": "wales"})):
        someone(riverside, word, **(CALL | other))
    second = someone(riverside, "Heron", **CALL)
    assert same_call(riverside, second) == []
    with riverside.context():
        Referral.objects.filter(pk=first.pk).update(assigned_to=riverside.manager.user)
    assert same_call(riverside, second) == ["Linden"]
    assert likely(riverside, second) == []
    with riverside.context():
        long_ago = NOW - timedelta(days=11)
        Referral.objects.filter(pk=first.pk).update(first_contact_at=long_ago)
    assert same_call(riverside, second) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wall_two", [True, False], ids=["both walls", "the first alone"])
def test_the_twin_of_another_organisation_or_of_named_staff_is_never_shown(wall_two: bool) -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    theirs = someone(northgate, "Outsider", WHO, own_reference="RIV-1", **CALL)
    hidden = someone(riverside, "Quagga", WHO, own_reference="RIV 1", **CALL)
    hers = someone(riverside, "Heron", WHO, own_reference="RIV-1", **CALL)
    by = riverside.caseworker
    with riverside.context():
        restrict_referral(referral=hidden, why="knows", named=[by.user_id], by=by, now=NOW)
    if not wall_two:
        switch_second_wall_off()
    assert [word for word, _ in likely(riverside, hers)] == ["Quagga"]
    assert likely(riverside, hers, riverside.manager) == []
    client = signed_in_client(riverside.manager.user)
    for view in ("linked", "referral_opened"):
        text = client.get(reverse(view, args=[hers.reference]), follow=True).text
        words = ("Outsider", theirs.reference, "Quagga", hidden.reference, "May be the same")
        assert [word for word in words if word in text] == []
    for other in (theirs, hidden):
        assert answer(client, hers, other.reference, "same").status_code == 404
    with riverside.context():
        assert Link.objects.count() == 0


@pytest.mark.parametrize(("word", "kind"), [("same", "same"), ("not_same", "not_same")])
def test_what_was_answered_is_not_asked_again_until_it_is_undone(
    riverside: Acting, word: str, kind: str
) -> None:
    twin, hers = someone(riverside, "Linden", WHO), someone(riverside, "Heron", WHO)
    client = caseworker(riverside)
    reply = answer(client, hers, twin.reference, word)
    assert reply.url == reverse("linked", args=[hers.reference])
    assert likely(riverside, hers) == likely(riverside, twin) == []
    with riverside.context():
        [link] = Link.objects.all()
        assert link.kind == kind
    text = client.get(reply.url, follow=True).text
    assert ("Looked alike, somebody else" in text) == (word == "not_same")
    with riverside.context():
        end_link(link=link, by=riverside.caseworker, now=NOW)
    assert [word for word, _ in likely(riverside, hers)] == ["Linden"]


def test_two_open_referrals_of_one_person_are_said_to_count_twice(riverside: Acting) -> None:
    twin, hers = someone(riverside, "Linden"), someone(riverside, "Heron")
    client = caseworker(riverside)
    assert "one wait counts twice" in " ".join(told(answer(client, hers, twin.reference, "same")))


@pytest.mark.parametrize("word", ["", "family", "same"])
def test_no_other_answer_and_nobody_else_is_taken(riverside: Acting, word: str) -> None:
    twin, hers = someone(riverside, "Linden"), someone(riverside, "Heron")
    other = twin.reference if word != "same" else hers.reference
    assert answer(caseworker(riverside), hers, other, word).status_code == 404


def test_family_that_is_linked_is_not_asked_about(riverside: Acting) -> None:
    twin, hers = someone(riverside, "Linden", WHO), someone(riverside, "Heron", WHO)
    with riverside.context():
        link_referrals(
            said=said(hers, twin, relation=RELATIONS["sibling"]), by=riverside.caseworker, now=NOW
        )
    assert likely(riverside, hers) == []


def test_it_is_shown_once_who_somebody_is_is_recorded(riverside: Acting) -> None:
    someone(riverside, "Linden", WHO)
    hers, client = someone(riverside, "Heron"), caseworker(riverside)
    url = reverse("person_record", args=[hers.reference])
    reply = send(client, url, given_names="Mira", family_name="Quillfeather")
    assert reply.url == reverse("linked", args=[hers.reference])
    assert "Somebody alike is known here" in " ".join(told(reply))


def test_a_new_referral_is_saved_whatever_looks_alike(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    first = factories.referral(riverside, contact=NOW, pseudonym="Linden", **CALL)
    with riverside.context():
        Referral.objects.filter(pk=first.pk).update(first_contact_at=timezone.now())
    reply = client.post("/referrals/new/", answers(**CALL), follow=True)
    assert "Perhaps the same call, logged by a colleague (1)" in reply.text
    with riverside.context():
        assert Referral.objects.count() == 2
        assert Link.objects.count() == 0
