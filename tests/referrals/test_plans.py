"""A plan for a delay is looked at again when somebody has spoken with the person."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from referrals.actions import escalate_due, take_up_delay
from referrals.models import Attention, Delay, Escalation, Referral, TakenUp, WaitEvent
from referrals.plans import looked_at_again
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, heron, moment, send, told

pytestmark = pytest.mark.django_db
NOW_DAY = 40  # days that Heron has waited: seriously delayed since 28
MARCH = date(2026, 3, 2)


def known(
    acting: Acting, *, days: int = NOW_DAY, taken: int = 10, review: int = 28, **facts: Any
) -> Referral:
    """Somebody late, whose way in was taken up so many days ago, to be looked at after as many."""
    referral = heron(acting, days=days, **facts)
    then = datetime.now(UTC) - taken * DAY
    with acting.context(acting.manager):
        for delay in Delay.objects.filter(referral=referral).ringing().select_related("referral"):
            take_up_delay(
                delay=delay,
                reason=TakenUp.Reason.FRO_CAPACITY,
                action="Asking Northgate on Fridays",
                review_on=london_date(then) + review * DAY,
                by=acting.manager,
                now=then,
            )
    return referral


def spoke(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/record/spoke/"


def way_in(acting: Acting, referral: Referral, rule: str = "entry-wait") -> Delay:
    with acting.context():
        found = Delay.objects.filter(referral=referral, rule=rule).select_related("taken_up")
        return found.with_attention(london_date(datetime.now(UTC))).get()


def question(delay: Delay) -> str:
    return f"plan_{delay.taken_up_id}"


def rows(acting: Acting, referral: Referral) -> list[TakenUp]:
    with acting.context():
        return list(TakenUp.objects.filter(referral=referral).order_by("id"))


@pytest.mark.parametrize(
    ("first_review", "spoke", "again"),
    [
        (28, 10, 38),  # as far ahead as whoever wrote the plan looked
        (7, 10, 17),
        (60, 10, 38),  # but four weeks at most
        (28, 80, 84),  # and twelve weeks from when it was written
        (28, 84, 84),
    ],
)
def test_how_far_a_word_carries_a_plan(first_review: int, spoke: int, again: int) -> None:
    found = looked_at_again(
        written_on=MARCH, first_review_on=MARCH + first_review * DAY, spoke_on=MARCH + spoke * DAY
    )
    assert found == MARCH + again * DAY


def test_yes_after_speaking_moves_the_day_to_look_again(riverside: Acting) -> None:
    referral = known(riverside)
    delay, client = way_in(riverside, referral), caseworker(riverside)
    page = client.get(spoke(referral), follow=True).content.decode()
    assert "Does this plan still hold?" in page
    assert "Asking Northgate on Fridays" in page
    sent = send(client, spoke(referral), **{question(delay): "yes"})
    today = london_date(datetime.now(UTC))
    again = day_in_words(today + 28 * DAY, today=today)
    assert told(sent)[-1] == f"Way in: look again by {again}."
    written, answer = rows(riverside, referral)
    assert (answer.plan_id, answer.holds, answer.action) == (written.pk, True, written.action)
    assert (answer.review_on, answer.by_id) == (today + 28 * DAY, riverside.caseworker.user_id)
    assert way_in(riverside, referral).attention == Attention.OWNED
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert f"Still so, said {riverside.caseworker.user.name} after speaking" in page


def test_the_answer_has_its_audit_row_and_the_version_of_the_event(riverside: Acting) -> None:
    referral = known(riverside)
    delay = way_in(riverside, referral)
    send(caseworker(riverside), spoke(referral), **{question(delay): "yes"})
    with riverside.context():
        entry = AuditEntry.objects.get(referral=referral.pk, action=Action.PLAN_ANSWERED)
        event = WaitEvent.objects.get(referral=referral, code="contact_made")
    assert entry.subject == "entry-wait"
    assert rows(riverside, referral)[-1].version == event.version


def test_a_plan_whose_day_has_passed_may_hold_still(riverside: Acting) -> None:
    referral = known(riverside, taken=9, review=7)
    delay = way_in(riverside, referral)
    assert delay.attention == Attention.DUE
    send(caseworker(riverside), spoke(referral), **{question(delay): "yes"})
    assert way_in(riverside, referral).attention == Attention.OWNED


def test_without_an_answer_nothing_changes(riverside: Acting) -> None:
    referral = known(riverside)
    send(caseworker(riverside), spoke(referral))
    assert [row.holds for row in rows(riverside, referral)] == [None]


def test_no_makes_it_due_now_and_the_limits_of_nobody_answering_run(riverside: Acting) -> None:
    referral = known(riverside, taken=10)
    delay = way_in(riverside, referral)
    send(caseworker(riverside), spoke(referral), **{question(delay): "no"})
    said = rows(riverside, referral)[-1]
    assert (said.holds, said.review_on) == (False, london_date(said.at))
    assert way_in(riverside, referral).attention == Attention.DUE
    assert escalate_due(now=said.at + DAY / 24) == 0
    later = said.at + 8 * DAY  # two working days and more
    escalate_due(now=later)
    with riverside.context():
        steps = list(Escalation.objects.filter(flag=delay.pk).order_by("step"))
    assert [(step.step, step.since) for step in steps] == [(1, said.at), (2, said.at)]


def test_a_second_no_does_not_begin_the_limits_anew(riverside: Acting) -> None:
    referral = known(riverside)
    client = caseworker(riverside)
    for _ in range(2):
        delay = way_in(riverside, referral)
        send(client, spoke(referral), **{question(delay): "no"})
    assert [row.holds for row in rows(riverside, referral)] == [None, False]


def test_what_became_worse_asks_anew_and_no_answer_silences_it(riverside: Acting) -> None:
    """Taken up as seriously delayed; by now it is critical."""
    referral = known(riverside, days=60, taken=0)
    delay = way_in(riverside, referral)
    with riverside.context(riverside.manager):
        TakenUp.objects.create(
            referral=referral,
            rule=delay.rule,
            started_by_id=delay.started_by_id,
            severity="red",
            reason="other",
            action="as it was",
            review_on=london_date(datetime.now(UTC)) + 20 * DAY,
            by=riverside.manager.user,
            at=datetime.now(UTC),
            version=1,
        )
    worse = way_in(riverside, referral)
    assert worse.attention == Attention.DUE
    client = caseworker(riverside)
    assert question(worse) not in client.get(spoke(referral), follow=True).content.decode()
    send(client, spoke(referral), **{question(worse): "yes"})
    assert way_in(riverside, referral).attention == Attention.DUE


def test_one_that_became_worse_while_the_form_was_open_is_not_confirmed(
    riverside: Acting,
) -> None:
    """The risk that they speak of makes it another delay."""
    referral = known(riverside)
    delay = way_in(riverside, referral)
    answers = {question(delay): "yes", "risks": ["destitute"]}
    sent = send(caseworker(riverside), spoke(referral), **answers)
    words = "Way in: this has ended or became worse, so its plan was not confirmed."
    assert told(sent)[-1] == words
    assert [row.holds for row in rows(riverside, referral)] == [None]
    assert way_in(riverside, referral, "entry-wait-at-risk").attention == Attention.NEW


def test_what_is_told_at_once_is_not_asked_about(riverside: Acting) -> None:
    referral = known(
        riverside,
        events=[happening("risk_flag_added", datetime.now(UTC) - 30 * DAY, risk="detained")],
    )
    delay = way_in(riverside, referral, "entry-wait-detained")
    assert (delay.told, delay.attention) == ("at_once", Attention.OWNED)
    assert question(delay) not in caseworker(riverside).get(spoke(referral), follow=True).text
    send(caseworker(riverside), spoke(referral), **{question(delay): "yes"})
    assert {row.holds for row in rows(riverside, referral)} == {None}


def test_a_conversation_before_the_plan_says_nothing_of_it(riverside: Acting) -> None:
    referral = known(riverside)
    delay = way_in(riverside, referral)
    before = moment(datetime.now(UTC) - 15 * DAY)
    response = send(caseworker(riverside), spoke(referral), **{question(delay): "yes"}, **before)
    assert list(response.context["form"].errors) == [question(delay)]
    with riverside.context():
        assert not WaitEvent.objects.filter(referral=referral, code="contact_made").exists()
    assert [row.holds for row in rows(riverside, referral)] == [None]


def test_a_plan_of_twelve_weeks_ago_is_written_anew(riverside: Acting) -> None:
    referral = known(riverside, days=150, taken=85, review=90)
    delay = way_in(riverside, referral)
    page = caseworker(riverside).get(spoke(referral), follow=True).content.decode()
    assert "was written twelve weeks ago or more" in page
    assert question(delay) not in page


def test_pressing_twice_answers_once(riverside: Acting) -> None:
    referral = known(riverside)
    delay, client = way_in(riverside, referral), caseworker(riverside)
    sent = form_of(client, spoke(referral)) | {question(delay): "yes"}
    assert [client.post(spoke(referral), sent).status_code for _ in range(2)] == [302] * 2
    assert [row.holds for row in rows(riverside, referral)] == [None, True]


def test_another_organisations_plan_is_not_answered(riverside: Acting, northgate: Acting) -> None:
    theirs, ours = known(northgate), known(riverside)
    send(caseworker(riverside), spoke(ours), **{question(way_in(northgate, theirs)): "yes"})
    assert [row.holds for row in rows(northgate, theirs)] == [None]
