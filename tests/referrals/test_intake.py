"""The intake: a page of questions at a time, nothing compulsory, nothing lost, nothing in clear."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker.database import context
from referrals.actions import (
    agree_contact,
    erase_identity,
    newest_page,
    pages_of,
    versions_of,
    write_page,
)
from referrals.contact import Terms
from referrals.errors import ChangedMeanwhile
from referrals.models import Referral, WrittenPage
from referrals.questions import INTAKE
from tests.factories import Acting, organisation
from tests.house.world import as_owner
from tests.referrals.casework import caseworker, form_of, heron, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WORDS = "On her cousin's floor until Friday"


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return heron(riverside)


def url(referral: Referral, part: str) -> str:
    return reverse("intake_page", args=[referral.reference, part])


def write(acting: Acting, referral: Referral, **facts: Any) -> WrittenPage | None:
    given = {
        "page": "staying",
        "answers": {"sleeping": "friends", "sleeping_words": WORDS},
        "state": "in_progress",
        "by": acting.caseworker,
        "now": NOW,
    }
    with acting.context():
        return write_page(referral=referral, **(given | facts))


def test_a_page_that_nobody_answered_may_be_saved_and_says_not_asked(
    riverside: Acting, hers: Referral
) -> None:
    ash = caseworker(riverside)
    for part, questions in INTAKE.items():
        page = send(ash, url(hers, part))
        assert page.status_code == 302, part
        with riverside.context():
            kept = newest_page(referral=hers, page=part)
        assert kept
        assert kept.answers == {question.code: "not_asked" for question in questions}
        assert kept.row.state == "in_progress"


def test_every_question_may_be_declined_or_not_known_and_says_why_it_is_asked() -> None:
    for questions in INTAKE.values():
        for question in questions:
            codes = [code for code, _ in question.answers]
            assert codes[-3:] == ["declined", "unknown", "not_asked"]
            assert question.why.endswith(".")
    codes = [question.code for questions in INTAKE.values() for question in questions]
    assert len(codes) == len(set(codes)) <= 20


def test_words_without_a_choice_are_what_they_said(riverside: Acting, hers: Referral) -> None:
    send(caseworker(riverside), url(hers, "wishes"), wishes_words="A room of her own")
    with riverside.context():
        kept = newest_page(referral=hers, page="wishes")
    assert kept
    assert kept.says("wishes") == "said"
    assert kept.says("worries") == "not_asked"


def test_the_task_list_says_how_far_each_page_is(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    send(ash, url(hers, "staying"), sleeping_words=WORDS)
    send(ash, url(hers, "legal"), adviser="declined", nothing_more="on")
    page = ash.get(reverse("intake", args=[hers.reference])).context["page"]
    assert {step.title: step.status for step in page.asked} == {
        "Speaking and taking part": "Not started",
        "Safety and health now": "Not started",
        "Where they stay": "In progress",
        "What they need first": "Not started",
        "Who else helps": "Not started",
        "Legal advice": "Nothing more to ask",
        "Children": "Not started",
        "What they want from us": "Not started",
    }
    assert page.words == "1 of 8 pages with nothing more to ask, 1 in progress"
    lines = ash.get(reverse("referral", args=[hers.reference])).context["page"].who
    assert [line.value for line in lines if line.key == "Intake"] == [page.words]


def test_what_is_known_is_linked_and_not_asked_again(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    before = ash.get(reverse("intake", args=[hers.reference])).context["page"].known
    assert {step.title: step.status for step in before} == {
        "Age and nation": "Recorded",
        "Risks": "Recorded",
        "How contact is safe, the interpreter and the worker": "Not asked",
        "Consent": "Recorded",
        "Who they are": "Not asked",
    }
    with riverside.context():
        terms = Terms(agreed_at=NOW, interpreter="Tigrinya", worker_gender="female")
        agree_contact(referral=hers, terms=terms, by=riverside.caseworker, now=NOW)
    known = ash.get(reverse("intake", args=[hers.reference])).context["page"].known
    [contact] = [step for step in known if step.title.startswith("How contact")]
    assert contact.status == "Recorded"
    assert "Interpreter: Tigrinya." in contact.hint
    for step in known:
        assert ash.get(step.url, follow=True).status_code == 200


def test_a_page_comes_back_with_what_was_answered(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    send(ash, url(hers, "staying"), sleeping="friends", sleeping_words=WORDS)
    form = form_of(ash, url(hers, "staying"))
    assert (form["sleeping"], form["sleeping_words"], form["version"]) == ("friends", WORDS, 1)


def test_versions_are_appended_and_the_same_again_is_not_one(
    riverside: Acting, hers: Referral
) -> None:
    first = write(riverside, hers)
    again = write(riverside, hers)
    assert first
    assert again
    assert again.pk == first.pk
    write(riverside, hers, answers={"sleeping": "street"})
    with riverside.context():
        found = versions_of(referral=hers, page="staying")
    assert [(each.row.number, each.says("sleeping")) for each in found] == [
        (2, "street"),
        (1, "friends"),
    ]
    page = caseworker(riverside).get(url(hers, "staying"), follow=True)
    assert [line.value for v in page.context["versions"].earlier for line in v.lines] == [
        "With friends or family",
        WORDS,
    ]


def test_nobody_changes_or_removes_a_version(riverside: Acting, hers: Referral) -> None:
    row = write(riverside, hers)
    assert row
    for change in (
        lambda rows: rows.update(state="nothing_more"),
        lambda rows: rows.delete(),
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            riverside.context(),
            transaction.atomic(),
        ):
            change(WrittenPage.objects.filter(pk=row.pk))


def test_two_who_write_one_page_see_both_versions(riverside: Acting, hers: Referral) -> None:
    ash, bay = caseworker(riverside), signed_in_client(riverside.manager.user)
    opened = form_of(ash, url(hers, "staying"))
    send(bay, url(hers, "staying"), sleeping="street", town_words="Leeds")
    page = ash.post(url(hers, "staying"), opened | {"sleeping": "friends"})
    conflict = page.context["conflict"]
    assert conflict.by == riverside.manager.user.name
    assert {each.label: (each.yours, each.theirs) for each in conflict.differences} == {
        "Where do they sleep?": ("With friends or family", "On the street, or moving about"),
        "Which town or borough is it in?": ("Not asked", "They said"),
        "Town or borough. No address: that stands under who this is": ("Nothing", "Leeds"),
    }
    form = page.context["form"]
    assert form["version"].value() == "1"
    anew = opened | {"sleeping": "friends", "version": 1}
    assert ash.post(url(hers, "staying"), anew).status_code == 302


def test_who_writes_another_page_is_in_nobodys_way(riverside: Acting, hers: Referral) -> None:
    ash, bay = caseworker(riverside), signed_in_client(riverside.manager.user)
    opened = form_of(ash, url(hers, "staying"))
    risks = form_of(ash, reverse("risks", args=[hers.reference]))
    send(bay, url(hers, "legal"), adviser="no")
    assert ash.post(url(hers, "staying"), opened | {"sleeping": "own"}).status_code == 302
    answers = risks | {"pregnant": "yes"}
    assert ash.post(reverse("risks", args=[hers.reference]), answers).status_code == 302


def test_an_older_version_is_refused(riverside: Acting, hers: Referral) -> None:
    write(riverside, hers)
    with pytest.raises(ChangedMeanwhile):
        write(riverside, hers, version=0, answers={"sleeping": "street"})


def test_pressing_twice_keeps_one_version(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    sent = form_of(ash, url(hers, "staying")) | {"sleeping": "own"}
    assert [ash.post(url(hers, "staying"), sent).status_code for _ in range(2)] == [302, 302]
    with riverside.context():
        assert WrittenPage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_words_stand_nowhere_in_clear() -> None:
    riverside = organisation("Riverside Support (fictitious)", "riverside")
    hers = heron(riverside)
    write(riverside, hers)
    with as_owner() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM referrals_writtenpage t")
        stored = cursor.fetchone()[0]
    assert "staying" in stored
    assert [form for form in (WORDS, WORDS.encode().hex(), "friends") if form in stored] == []


def test_the_trail_says_which_page_and_which_questions(riverside: Acting, hers: Referral) -> None:
    write(riverside, hers)
    write(riverside, hers, answers={"sleeping": "street", "sleeping_words": WORDS})
    with riverside.context():
        entries = AuditEntry.objects.filter(action=Action.PAGE_WRITTEN).order_by("number")
        found = [(each.subject, each.fields) for each in entries]
    assert found == [
        ("page staying", ["sleeping", "sleeping_words"]),
        ("page staying", ["sleeping"]),
    ]


def test_another_organisation_sees_and_writes_none_of_it(
    riverside: Acting, northgate: Acting, hers: Referral
) -> None:
    write(riverside, hers)
    stranger = caseworker(northgate)
    for path in (reverse("intake", args=[hers.reference]), url(hers, "staying")):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"sleeping": "own"}).status_code == 404
    with northgate.context():
        assert WrittenPage.objects.count() == 0
        assert pages_of(referral=hers) == {}
    with context():
        assert WrittenPage.objects.count() == 0


def test_who_erases_the_person_erases_the_answers(riverside: Acting, hers: Referral) -> None:
    write(riverside, hers)
    with riverside.context():
        erase_identity(referral=hers, by=riverside.caseworker, now=NOW + timedelta(days=1))
        kept = newest_page(referral=hers, page="staying")
    assert kept
    assert kept.answers is None
    page = caseworker(riverside).get(url(hers, "staying"), follow=True)
    assert page.status_code == 200
    assert WORDS not in page.text
    assert "erased" in page.text


def test_an_unknown_page_is_not_there(riverside: Acting, hers: Referral) -> None:
    ash = caseworker(riverside)
    for part in ("background", "reference", "nothing"):
        assert ash.get(url(hers, part), follow=True).status_code == 404


def kept_of(acting: Acting, referral: Referral) -> dict[str, str]:
    with acting.context():
        kept = newest_page(referral=referral, page="children")
        return dict(kept.answers or {}) if kept else {}


def test_their_own_children_are_counted_by_age_and_not_named(
    riverside: Acting, hers: Referral
) -> None:
    ash, numbers = caseworker(riverside), {"children_under_5": "1", "children_5_to_11": "2"}
    answers = numbers | {"children_grown_up": "0", "children_here": "some"}
    assert send(ash, url(hers, "children"), **answers).status_code == 302
    kept = kept_of(riverside, hers)
    assert kept == numbers | {
        "children": "yes",
        "children_here": "some",
        "children_victim": "not_asked",
        "care": "not_asked",
    }
    assert form_of(ash, url(hers, "children"))["children_under_5"] == "1"
    personal = reverse("readiness_section", args=[hers.reference, "personal"])
    said = "Here: Yes. 3 in all: children under 5: 1, children of 5 to 11: 2"
    assert said in ash.get(personal, follow=True).text


@pytest.mark.parametrize("said", ["no", "declined", "unknown"])
def test_who_has_no_children_or_does_not_say_has_no_number(
    riverside: Acting, hers: Referral, said: str
) -> None:
    reply = send(caseworker(riverside), url(hers, "children"), children=said, children_under_5="1")
    assert reply.context["form"].errors == {
        "children": ["Choose yes, or leave the numbers below empty"]
    }
    assert kept_of(riverside, hers) == {}


def test_a_number_of_children_is_a_number(riverside: Acting, hers: Referral) -> None:
    for typed in ("-1", "21", "two"):
        reply = send(caseworker(riverside), url(hers, "children"), children_under_5=typed)
        assert list(reply.context["form"].errors) == ["children_under_5"]


def test_a_child_who_may_be_a_victim_leads_to_a_referral_of_their_own(
    riverside: Acting, hers: Referral
) -> None:
    ash = caseworker(riverside)
    reply = send(ash, url(hers, "children"), children="yes", children_victim="yes")
    assert reply.url == reverse("linked", args=[hers.reference])
    page = ash.get(reply.url, follow=True)
    assert "A child who may be a victim has a referral of their own" in page.text
    new = f"{reverse('referral_new')}?beside={hers.reference}&as=child"
    assert new.replace("&", "&amp;") in page.text
    form = ash.get(new, follow=True).context["form"]
    assert (form.initial["age_group"], form.initial["nation"]) == ("child", "england")
