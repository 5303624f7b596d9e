"""One thing that happened, recorded for several linked people: an entry and an assessment each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from referrals.actions import (
    Same,
    correct_for_several,
    link_referrals,
    record_for_several,
    restrict_referral,
)
from referrals.doors import EACH_ALONE, OF_DOORS, STAGES
from referrals.errors import NotForAnother
from referrals.links import RELATIONS, said
from referrals.models import Delay, Referral, WaitEvent
from tests.factories import Acting, happening, organisation, referral
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker, form_of, moment, send, told
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
DAYS_AGO = NOW - timedelta(days=9)
YESTERDAY = NOW - timedelta(days=1)
SHARED = {
    "adult_safeguarding_answered",
    "adult_safeguarding_referred",
    "allocated",
    "appointment_attended",
    "appointment_cancelled_by_fro",
    "appointment_missed",
    "appointment_offered",
    "cg_decision",
    "children_safeguarding_referred",
    "contact_lost",
    "contact_made",
    "contact_regained",
    "contact_tried",
    "emergency_support_refused",
    "emergency_support_requested",
    "emergency_support_started",
    "evidence_received",
    "evidence_requested",
    "fro_accepted",
    "fro_approached",
    "fro_declined_capacity",
    "fro_declined_other",
    "fro_declined_scope",
    "fro_no_response",
    "fro_waitlisted",
    "handed_over",
    "heard_elsewhere",
    "ictg_appointed",
    "ictg_referred",
    "interpreter_booked",
    "interpreter_requested",
    "interpreter_unavailable",
    "la_acknowledged",
    "la_safeguarding_referred",
    "legal_advice_received",
    "legal_advice_requested",
    "legal_advice_unobtainable",
    "nrm_explained",
    "public_order_disqualification",
    "reconsideration_decided",
    "referral_acknowledged",
    "rg_decision",
    "signposted_statutory",
    "support_contacted",
    "support_ended",
    "support_started",
}


@pytest.fixture
def family(riverside: Acting) -> list[Referral]:
    return family_of(riverside)


def family_of(riverside: Acting) -> list[Referral]:
    """A mother and two children, linked with her and not with each other."""
    ages = {"Heron": "adult", "Linden": "child", "Rowan": "child"}
    people = [
        referral(riverside, contact=DAYS_AGO, now=NOW, pseudonym=word, age_group=age)
        for word, age in ages.items()
    ]
    for child in people[1:]:
        link(riverside, people[0], child)
    return people


def link(acting: Acting, this: Referral, other: Referral, **facts: str) -> None:
    with acting.context():
        link_referrals(
            said=said(this, other, relation=RELATIONS["child"], **facts),
            by=acting.caseworker,
            now=DAYS_AGO,
        )


def door(of: Referral, name: str) -> str:
    return reverse("record_door", args=[of.reference, name])


def codes(acting: Acting, of: Referral) -> list[str]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=of).order_by("id")
        return list(rows.values_list("code", flat=True))[1:]


def details(acting: Acting, of: Referral) -> list[str]:
    with acting.context():
        return [e.detail for e in WaitEvent.objects.filter(referral=of).order_by("id")][1:]


def ticked(people: list[Referral]) -> list[str]:
    return [each.reference for each in people]


def offered(client: Client, url: str) -> list[str]:
    fields = client.get(url, follow=True).context["form"].fields
    return [choice[0] for choice in fields["same_for"].choices] if "same_for" in fields else []


def test_each_one_ticked_gets_an_entry_and_an_assessment_of_their_own(
    riverside: Acting, family: list[Referral]
) -> None:
    client, url = caseworker(riverside), door(family[1], "la_safeguarding_referred")
    with riverside.context():
        late = {d.referral_id for d in Delay.objects.filter(rule="child-la-referral")}
        assert late == {family[1].pk, family[2].pk}
    siblings_page = door(family[0], "contact_lost")
    assert offered(client, siblings_page) == ticked([family[2], family[1]])
    link(riverside, family[1], family[2])
    reply = send(client, url, same_for=[family[2].reference], **moment(YESTERDAY))
    assert reply.status_code == 302
    assert "The same is recorded for \u2068Rowan\u2069" in " ".join(told(reply))
    assert [codes(riverside, each) for each in family] == [
        [],
        ["la_safeguarding_referred"],
        ["la_safeguarding_referred"],
    ]
    with riverside.context():
        assert not Delay.objects.filter(rule="child-la-referral").exists()


def test_nobody_is_ticked_at_first(riverside: Acting, family: list[Referral]) -> None:
    client, url = caseworker(riverside), door(family[0], "contact_lost")
    send(client, url)
    assert [codes(riverside, each) for each in family] == [["contact_lost"], [], []]


def test_what_each_has_for_themselves_stays_theirs(
    riverside: Acting, family: list[Referral]
) -> None:
    client, url = caseworker(riverside), door(family[0], "spoke")
    send(
        client,
        url,
        nrm_explained="on",
        consent_nrm="consent_recorded",
        risks=["destitute"],
        safety_checked="on",
        call_back="no",
        same_for=ticked(family[1:]),
        detail="Only hers",
    )
    everything = [
        "contact_made",
        "nrm_explained",
        "consent_recorded",
        "risk_flag_added",
        "immediate_safety_checked",
    ]
    shared = ["contact_made", "nrm_explained"]
    assert [codes(riverside, each) for each in family] == [everything, shared, shared]
    assert [details(riverside, each)[0] for each in family] == ["Only hers", "", ""]
    with riverside.context():
        assert [each.risks for each in Referral.objects.order_by("id")] == [["destitute"], [], []]


@pytest.mark.parametrize("code", sorted(EACH_ALONE))
def test_what_is_each_ones_alone_is_not_offered_for_others(
    riverside: Acting, family: list[Referral], code: str
) -> None:
    reply = caseworker(riverside).get(door(family[0], code), follow=True)
    form = reply.context.get("form") if reply.status_code == 200 else None
    assert form is None or "same_for" not in form.fields


def test_an_event_that_is_new_is_not_shared_until_somebody_decides() -> None:
    """What ends or starts somebody's wait is never shared unseen: this list is complete."""
    recordable = {code for codes in (*STAGES.values(), *OF_DOORS.values()) for code in codes}
    assert {str(code) for code in recordable - EACH_ALONE} == SHARED


@pytest.mark.parametrize("danger", ["", "other"])
def test_a_note_is_written_on_theirs_where_it_is_wanted_and_nobody_is_in_danger(
    riverside: Acting, danger: str
) -> None:
    mother = referral(riverside, contact=DAYS_AGO, pseudonym="Heron")
    father = referral(riverside, contact=DAYS_AGO, pseudonym="Rowan")
    link(riverside, mother, father, danger=danger)
    url = door(mother, "interpreter_requested")
    page = caseworker(riverside).get(url, follow=True).text
    assert ("Tick this only if it happened for each apart." in page) == bool(danger)
    words = {"detail": "Tigrinya", "same_note": "on", "same_for": [father.reference]}
    send(caseworker(riverside), url, **words)
    assert details(riverside, father) == ["" if danger else "Tigrinya"]


def test_pressing_twice_records_it_once_for_each(riverside: Acting, family: list[Referral]) -> None:
    client, url = caseworker(riverside), door(family[0], "contact_lost")
    answers = form_of(client, url) | {"same_for": ticked(family[1:])}
    for _ in range(2):
        assert client.post(url, answers).status_code == 302
    assert [codes(riverside, each) for each in family] == [["contact_lost"]] * 3


def test_where_it_is_refused_of_one_nothing_is_recorded_of_anybody(
    riverside: Acting, family: list[Referral]
) -> None:
    late = referral(riverside, contact=YESTERDAY, pseudonym="Aspen", age_group="child")
    link(riverside, family[0], late)
    client, url = caseworker(riverside), door(family[0], "contact_lost")
    before = moment(DAYS_AGO + timedelta(days=1))
    reply = send(client, url, same_for=ticked([family[1], late]), **before)
    [error] = reply.context["form"].errors["same_for"]
    assert error.startswith(
        f"For \u2068Aspen\u2069, {late.reference}: This is before they first asked"
    )
    assert [codes(riverside, each) for each in (*family, late)] == [[]] * 4


def test_what_is_asked_about_first_for_one_is_asked_on_the_form(
    riverside: Acting, family: list[Referral]
) -> None:
    """The mother's referral was submitted, the child's was not."""
    with riverside.context():
        record_for_several(
            referral=family[0],
            happenings=[
                happening("referral_submitted", YESTERDAY, submitted_by=riverside.organisation)
            ],
            others=[],
            by=riverside.caseworker,
            now=NOW,
        )
    client, url = caseworker(riverside), door(family[0], "wrote")
    letter = {"letter": "referral_acknowledged", "same_for": ticked(family[1:2])}
    answers = form_of(client, url) | letter
    page = client.post(url, answers)
    assert [codes(riverside, each)[1:] for each in family[:2]] == [[], []]
    assert any("For \u2068Linden" in str(error) for error in page.context["form"].errors.values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wall_two", [True, False], ids=["both walls", "the first alone"])
def test_no_hidden_referral_is_offered_ticked_or_told_of(wall_two: bool) -> None:
    riverside = organisation("Riverside Support (fictitious)", "riverside")
    people, by = family_of(riverside), riverside.caseworker
    hers, *_ = together(riverside, people)
    with riverside.context():
        restrict_referral(referral=people[1], why="knows", named=[by.user_id], by=by, now=NOW)
    if not wall_two:
        switch_second_wall_off()
    client, url = signed_in_client(riverside.manager.user), door(people[0], "contact_regained")
    assert offered(client, url) == [people[2].reference]
    assert send(client, url, same_for=ticked(people[1:])).status_code == 200
    assert [codes(riverside, each) for each in people] == [["contact_lost"]] * 3
    page = client.get(correct_url(hers), follow=True)
    assert "The same was recorded for 1 other:" in page.text
    assert [w for w in ("Linden", people[1].reference) if w in page.text] == []


def test_neither_a_stranger_nor_the_same_person_nor_a_closed_one_is_offered(
    riverside: Acting, northgate: Acting, family: list[Referral]
) -> None:
    referral(northgate, contact=DAYS_AGO, pseudonym="Outsider")
    twice = referral(riverside, contact=DAYS_AGO, pseudonym="Aspen")
    with riverside.context():
        link_referrals(
            said=said(family[0], twice, relation=RELATIONS["same"]),
            by=riverside.caseworker,
            now=NOW,
        )
        Referral.objects.filter(pk=family[1].pk).update(closed_at=NOW)
    url = door(family[0], "contact_lost")
    assert offered(caseworker(riverside), url) == [family[2].reference]


# Corrections


def together(acting: Acting, family: list[Referral]) -> list[WaitEvent]:
    """An appointment that they attended together."""
    with acting.context():
        record_for_several(
            referral=family[0],
            happenings=[happening("contact_lost", YESTERDAY, detail="Hers")],
            others=[Same(referral=each) for each in family[1:]],
            by=acting.caseworker,
            now=YESTERDAY,
        )
        rows = WaitEvent.objects.filter(code="contact_lost").select_related("referral")
        return list(rows.order_by("referral_id"))


def correct_url(event: WaitEvent) -> str:
    return reverse("correct", args=[event.referral.reference, event.pk])


def test_a_correction_changes_one_and_says_that_there_are_others(
    riverside: Acting, family: list[Referral]
) -> None:
    hers, his, _ = together(riverside, family)
    client, url = caseworker(riverside), correct_url(hers)
    page = client.get(url, follow=True)
    assert "The same was recorded for 2 others" in page.text
    send(client, url, what="did_not_happen", reason="She rang")
    last = ["contact_lost", "recorded_in_error"]
    assert [codes(riverside, each) for each in family] == [last, last[:1], last[:1]]
    page = client.get(correct_url(his), follow=True)
    assert "The same was recorded for 1 other:" in page.text


def test_others_are_corrected_with_it_where_they_are_ticked(
    riverside: Acting, family: list[Referral]
) -> None:
    hers, his, third = together(riverside, family)
    client, url, at = caseworker(riverside), correct_url(hers), DAYS_AGO + timedelta(days=3)
    send(client, url, also=[family[1].reference], reason="Another day", **moment(at))
    with riverside.context():
        rows = WaitEvent.objects.standing().filter(code="contact_lost").order_by("referral_id")
        assert [(e.referral, e.happened_at.date(), e.detail) for e in rows] == [
            (family[0], at.date(), "Hers"),
            (family[1], at.date(), ""),
            (family[2], YESTERDAY.date(), ""),
        ]
        assert rows[0].alike == rows[1].alike != rows[2].alike == hers.alike
        assert rows[1].supersedes_id == his.pk
    assert "The same was recorded" not in client.get(correct_url(third), follow=True).text


def test_a_correction_refused_of_another_changes_nobody(
    riverside: Acting, family: list[Referral]
) -> None:
    hers, his, _ = together(riverside, family)
    with riverside.context():
        Referral.objects.filter(pk=family[1].pk).update(first_contact_at=YESTERDAY)
        with pytest.raises(NotForAnother):
            correct_for_several(
                event=hers,
                others=[his],
                corrected=happening("contact_lost", DAYS_AGO + timedelta(days=2)),
                reason="Another day",
                by=riverside.caseworker,
                now=NOW,
            )
        assert WaitEvent.objects.exclude(supersedes=None).count() == 0
