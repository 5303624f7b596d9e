"""Linked people: who belongs to whom, who may know of it, and what is never told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.actions import (
    end_link,
    issue_proof,
    link_referrals,
    opened_proof,
    record_wait_events,
    restore_link,
    restrict_referral,
)
from referrals.errors import LinkedWithThemselves
from referrals.links import DANGERS, RELATIONS, Kind, danger_of, relation_of, said
from referrals.models import Link, Proof, Referral, Submission
from referrals.pages.linked import linked_page, linked_people
from referrals.pages.person import looks
from tests import factories
from tests.factories import Acting, happening, referral
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker, form_of, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WEEK_AGO = NOW - timedelta(days=7)


@pytest.fixture
def mother(riverside: Acting) -> Referral:
    return referral(riverside, contact=WEEK_AGO, pseudonym="Heron")


@pytest.fixture
def son(riverside: Acting) -> Referral:
    return referral(riverside, contact=WEEK_AGO, pseudonym="Linden", age_group="child")


def linked(
    acting: Acting, this: Referral, other: Referral, relation: str = "child", danger: str = ""
) -> Link:
    with acting.context():
        made = link_referrals(
            said=said(this, other, relation=RELATIONS[relation], danger=danger),
            by=acting.caseworker,
            now=NOW,
        )
        assert made
        return made


def seen(membership: Membership, of: Referral) -> list[tuple[str, str]]:
    with factories.acts(membership):
        people = linked_people(of, membership=membership)
        return [(each.relation, each.referral.pseudonym) for each in people]


def page(client: Client, of: Referral, view: str = "referral") -> str:
    return client.get(reverse(view, args=[of.reference]), follow=True).text


def test_a_link_reads_from_both_sides(riverside: Acting, mother: Referral, son: Referral) -> None:
    linked(riverside, mother, son, "child")
    assert seen(riverside.caseworker, mother) == [("Their child", "Linden")]
    assert seen(riverside.caseworker, son) == [("Their parent", "Heron")]


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("danger", ["", *DANGERS])
def test_what_is_said_from_one_side_reads_the_same_from_it(
    riverside: Acting, mother: Referral, son: Referral, relation: str, danger: str
) -> None:
    link = linked(riverside, mother, son, relation, danger)
    assert relation_of(link, seen_from=mother) == RELATIONS[relation]
    assert danger_of(link, seen_from=mother) == danger
    turned = {"this": "other", "other": "this"}
    assert danger_of(link, seen_from=son) == turned.get(danger, danger)


def test_both_pages_warn_and_say_from_whom_the_danger_is(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    linked(riverside, mother, son, "partner", danger="other")
    client = caseworker(riverside)
    for view in ("linked", "record", "appointment_new"):
        assert "may be a danger to this person." in page(client, mother, view), view
    of_her, of_him = page(client, mother), page(client, son)
    assert "<bdi>Linden</bdi> (partner) may be a danger to this person." in of_her
    assert "This person may be a danger to <bdi>Heron</bdi> (partner)." in of_him
    assert all("Speak with each alone." in text for text in (of_her, of_him))


@pytest.mark.parametrize("danger", ["", "no"])
def test_without_danger_nobody_is_warned(
    riverside: Acting, mother: Referral, son: Referral, danger: str
) -> None:
    linked(riverside, mother, son, danger=danger)
    assert "danger to" not in page(caseworker(riverside), mother).replace("danger to the other", "")


def test_a_link_is_said_anew_and_never_changed(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    first = linked(riverside, mother, son)
    assert linked(riverside, mother, son) == first
    second = linked(riverside, son, mother, "parent", danger="this")
    with riverside.context():
        first.refresh_from_db()
        assert (first.ended_at, first.ended_by_id) == (NOW, riverside.caseworker.user_id)
        assert list(Link.objects.standing()) == [second]
        for change in ({"kind": "family"}, {"danger": "no"}, {"linked_at": NOW}):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                Link.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Link.objects.filter(pk=first.pk)._raw_delete("default")


def test_a_link_ends_and_can_be_put_back(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    link, by = linked(riverside, mother, son, danger="this"), riverside.caseworker
    with riverside.context():
        for _ in range(2):
            end_link(link=link, by=by, now=NOW)
        ended = linked_page(mother, membership=by)
        assert (ended.people, [each.ended_by for each in ended.former]) == ([], [by.user.name])
        restore_link(link=link, by=by, now=NOW)
        again = linked_page(mother, membership=by)
        assert [(each.relation, each.danger) for each in again.people] == [("Their child", "this")]
        assert len(again.former) == 1


def test_what_was_said_later_is_not_replaced_by_putting_an_older_link_back(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    """A warning would else be gone unseen."""
    older = linked(riverside, mother, son)
    newer = linked(riverside, mother, son, danger="other")
    url = reverse("restore_link", args=[mother.reference, older.pk])
    reply = caseworker(riverside).post(url, follow=True)
    assert "Another link stands between the two." in reply.text
    assert "Put back" not in reply.text
    with riverside.context():
        assert list(Link.objects.standing()) == [newer]


def test_nobody_is_linked_with_themselves(riverside: Acting, mother: Referral) -> None:
    with pytest.raises(LinkedWithThemselves), riverside.context():
        link_referrals(
            said=said(mother, mother, relation=RELATIONS["family"]),
            by=riverside.caseworker,
            now=NOW,
        )


def restrict(acting: Acting, hidden: Referral) -> None:
    with acting.context():
        restrict_referral(
            referral=hidden,
            why="knows",
            named=[acting.caseworker.user_id],
            by=acting.caseworker,
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wall_two", [True, False], ids=["both walls", "the first alone"])
def test_a_link_tells_nobody_of_a_referral_that_they_may_not_see(wall_two: bool) -> None:
    acting = factories.organisation("Riverside Support (fictitious)", "riverside")
    mother = referral(acting, contact=WEEK_AGO, pseudonym="Heron")
    son = referral(acting, contact=WEEK_AGO, pseudonym="Quagga")
    link = linked(acting, mother, son, danger="other")
    restrict(acting, son)
    if not wall_two:
        switch_second_wall_off()
    client = signed_in_client(acting.manager.user)
    for view in ("referral", "linked", "record", "appointment_new", "looked"):
        text = page(client, mother, view)
        assert [w for w in ("Quagga", son.reference, "may be a danger to this") if w in text] == []
    for view in ("end_link", "restore_link"):
        url = reverse(view, args=[mother.reference, link.pk])
        assert client.post(url).status_code == 404
    for word in ("Quagga", son.reference):
        reply = send(
            client, reverse("linked", args=[mother.reference]), other=word, relation="child"
        )
        assert "No referral that you may see has this reference or word." in reply.text
    assert seen(acting.caseworker, mother) == [("Their child", "Quagga")]


def test_the_trail_says_that_it_was_linked_to_those_who_may_see_both(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    linked(riverside, mother, son)

    def said_to(member: Membership) -> list[str]:
        with factories.acts(member):
            return [look.did for look in looks(mother, membership=member) if "belongs" in look.did]

    assert said_to(riverside.manager) == [Action.LINK_MADE.label]
    restrict(riverside, son)
    assert said_to(riverside.manager) == []
    with riverside.context():
        entries = AuditEntry.objects.filter(action=Action.LINK_MADE)
        assert {each.referral for each in entries} == {mother.pk, son.pk}
        assert {(tuple(each.fields), each.reason) for each in entries} == {((), "")}


def test_another_organisations_referral_cannot_be_linked_or_named(
    riverside: Acting, northgate: Acting, mother: Referral
) -> None:
    theirs = referral(northgate, contact=WEEK_AGO, pseudonym="Outsider", own_reference="NOR-1")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        linked(riverside, mother, theirs)
    client, url = caseworker(riverside), reverse("linked", args=[mother.reference])
    nobody = send(client, url, other="R-2222-2222", relation="child")
    for typed in (theirs.reference, "Outsider", "NOR-1"):
        reply = send(client, url, other=typed, relation="child")
        errors = [form.context["form"].errors for form in (reply, nobody)]
        assert errors[0] == errors[1]
    with riverside.context():
        assert Link.objects.count() == 0


@pytest.mark.parametrize("typed", ["reference", "lower", "own", "word"])
def test_the_other_one_is_found_by_what_a_caseworker_has(
    riverside: Acting, mother: Referral, typed: str
) -> None:
    son = referral(riverside, contact=WEEK_AGO, pseudonym="Linden", own_reference="RIV-7")
    words = {
        "reference": son.reference,
        "lower": son.reference.lower().replace("-", " "),
        "own": "riv-7",
        "word": "linden",
    }
    url = reverse("linked", args=[mother.reference])
    reply = send(caseworker(riverside), url, other=words[typed], relation="child", danger="no")
    assert reply.status_code == 302
    assert seen(riverside.caseworker, mother) == [("Their child", "Linden")]


def test_a_word_that_several_have_is_not_guessed(riverside: Acting, mother: Referral) -> None:
    both = [referral(riverside, contact=WEEK_AGO, pseudonym="Linden") for _ in range(2)]
    url = reverse("linked", args=[mother.reference])
    reply = send(caseworker(riverside), url, other="Linden", relation="child")
    assert all(each.reference in reply.text for each in both)
    assert seen(riverside.caseworker, mother) == []


def test_pressing_twice_links_once(riverside: Acting, mother: Referral, son: Referral) -> None:
    client, url = caseworker(riverside), reverse("linked", args=[mother.reference])
    answers = form_of(client, url) | {"other": son.reference, "relation": "sibling"}
    for danger in ("", "this"):
        assert client.post(url, answers | {"danger": danger}).status_code == 302
    with riverside.context():
        assert [link.danger for link in Link.objects.all()] == [""]
        assert Submission.objects.filter(referral=mother).count() == 1


def test_to_change_what_is_said_the_form_begins_with_it(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    linked(riverside, mother, son, "child", danger="other")
    url = f"{reverse('linked', args=[mother.reference])}?other={son.reference}"
    form = caseworker(riverside).get(url, follow=True).context["form"]
    assert form.initial == {"other": son.reference, "relation": "child", "danger": "other"}


def test_nothing_of_the_other_one_is_in_a_proof_of_wait_or_a_print(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    linked(riverside, mother, son)
    may_share = happening("consent_recorded", NOW, consent_type="sharing")
    by = riverside.caseworker
    with riverside.context():
        record_wait_events(referral=mother, happenings=[may_share], by=by, now=NOW)
        proof = issue_proof(
            referral=mother,
            addressed_to=Proof.For.REPRESENTATIVE,
            safe_to_keep=False,
            by=by,
            now=NOW,
        )
        assert proof
        content = str(opened_proof(proof=proof, by=by, now=NOW))
    client = caseworker(riverside)
    printed = [page(client, mother, view) for view in ("readiness_print", "summary")]
    assert [w for w in ("Linden", son.reference) if w in "".join([content, *printed])] == []
    assert "<strong>Linked people</strong>: whoever finds the paper" in printed[1]


def test_the_same_person_and_somebody_else_are_no_family(
    riverside: Acting, mother: Referral, son: Referral
) -> None:
    link = linked(riverside, mother, son, "same")
    assert link.kind == Kind.SAME
    with riverside.context():
        [row] = linked_people(mother, membership=riverside.caseworker)
        assert not row.asks_for_danger
    assert london_date(link.linked_at) == london_date(NOW)
