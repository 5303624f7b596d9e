"""Nobody answers for a delay: to the manager, then to the safeguarding lead, each step once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from nrm_tracker.calendars import midnight
from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions import (
    correct_wait_event,
    deliver_notices,
    escalate_due,
    escalating,
    restrict_referral,
    sweep,
    take_up_delay,
)
from referrals.delays import Limit
from referrals.delays.unanswered import Step
from referrals.models import (
    Delay,
    DelayFlag,
    Escalation,
    Notice,
    OutboxMessage,
    Referral,
    TakenUp,
    WaitEvent,
)
from referrals.pages.referral import page_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
CONTACT = NOW - 3 * HOUR
RAISED = CONTACT + 4 * HOUR  # critical: still exploited, and not screened
TO_MANAGER, TO_LEAD = RAISED + 4 * HOUR, RAISED + 8 * HOUR
CRITICAL = Limit(severity="critical", n=4, unit="h", told="at_once")
RED = Limit(severity="red", n=1, unit="wd", told="today")
WAIT = "safety-screen-urgent"


def urgent(acting: Acting, **facts: object) -> Referral:
    risk = happening("risk_flag_added", CONTACT, risk="still_in_exploitation")
    return factories.referral(acting, contact=CONTACT, events=[risk], **facts)


def unscreened(acting: Acting, **facts: object) -> Referral:
    """Red after 24 hours, told today: at 09:00 on the Tuesday."""
    return factories.referral(acting, contact=CONTACT, **facts)


def swept(now: datetime) -> None:
    assert sweep(now=now) is not None
    deliver_notices(now=now)


def steps() -> list[tuple[int, datetime]]:
    with purpose("nrm_sweep"):
        return list(Escalation.objects.order_by("id").values_list("step", "at"))


def told(step: int) -> set[int]:
    with purpose("nrm_sweep"):
        return set(Notice.objects.filter(step=step).values_list("user_id", flat=True))


def delay_of(acting: Acting, rule: str = WAIT) -> Delay:
    return Delay.objects.visible_to(acting.caseworker).get(rule=rule)


def take_up(acting: Acting, *, now: datetime, review_on: date, rule: str = WAIT) -> None:
    with acting.context():
        take_up_delay(
            delay=delay_of(acting, rule),
            reason=TakenUp.Reason.INTERPRETER,
            action="Asked another agency",
            review_on=review_on,
            by=acting.caseworker,
            now=now,
        )


@pytest.mark.django_db
class TestEscalation:
    def test_the_manager_is_told_when_the_limit_passes_and_not_before(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        urgent(riverside)
        swept(RAISED)
        swept(TO_MANAGER - SECOND)
        assert steps() == []
        swept(TO_MANAGER)
        assert steps() == [(Step.MANAGER, TO_MANAGER)]
        assert told(Step.MANAGER) == {riverside.manager.user_id}
        assert northgate.manager.user_id not in told(Step.MANAGER)

    def test_then_the_safeguarding_lead_and_then_nobody(self, riverside: Acting) -> None:
        lead = factories.safeguarding_lead(riverside)
        urgent(riverside)
        for at in (RAISED, TO_MANAGER, TO_LEAD, TO_LEAD + DAY, TO_LEAD + 9 * DAY):
            swept(at)
        assert steps() == [(Step.MANAGER, TO_MANAGER), (Step.LEAD, TO_LEAD)]
        assert told(Step.LEAD) == {lead.user_id}

    def test_where_there_is_no_lead_the_manager_is_told_again(self, riverside: Acting) -> None:
        urgent(riverside)
        for at in (RAISED, TO_MANAGER, TO_LEAD):
            swept(at)
        assert told(Step.LEAD) == {riverside.manager.user_id}

    def test_a_sweep_that_was_down_takes_both_steps_and_each_once(self, riverside: Acting) -> None:
        urgent(riverside)
        swept(RAISED)
        swept(TO_LEAD + HOUR)
        swept(TO_LEAD + HOUR)
        assert steps() == [(Step.MANAGER, TO_LEAD + HOUR), (Step.LEAD, TO_LEAD + HOUR)]

    def test_it_counts_from_when_it_was_recorded_where_that_is_later(
        self, riverside: Acting
    ) -> None:
        recorded = RAISED + 3 * HOUR
        urgent(riverside, now=recorded)
        swept(recorded + 4 * HOUR - SECOND)
        assert steps() == []
        swept(recorded + 4 * HOUR)
        assert [step for step, _ in steps()] == [Step.MANAGER]

    def test_a_red_one_waits_a_working_day_and_is_for_today(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(CONTACT + DAY)  # Tuesday
        swept(midnight(date(2026, 11, 26)) - SECOND)
        assert steps() == []
        swept(midnight(date(2026, 11, 26)))
        with purpose("nrm_sweep"):
            [message] = OutboxMessage.objects.exclude(escalation=None)
        assert (message.told, [step for step, _ in steps()]) == ("today", [Step.MANAGER])

    def test_late_paperwork_goes_on_too_but_not_at_once(self, riverside: Acting) -> None:
        recorded = RAISED + DAY + HOUR
        urgent(riverside, now=recorded)
        swept(recorded + 4 * HOUR)
        with purpose("nrm_sweep"):
            assert [m.told for m in OutboxMessage.objects.exclude(escalation=None)] == ["today"]

    def test_who_takes_it_up_stops_it(self, riverside: Acting) -> None:
        urgent(riverside)
        swept(RAISED)
        take_up(riverside, now=RAISED + HOUR, review_on=date(2026, 12, 1))
        swept(TO_LEAD)
        assert steps() == []

    def test_what_ended_or_was_taken_back_goes_nowhere(self, riverside: Acting) -> None:
        ended, retracted = urgent(riverside), urgent(riverside, pseudonym="Wren")
        swept(RAISED)
        later, in_time = RAISED + HOUR, RAISED - HOUR
        for referral, at in ((ended, later), (retracted, in_time)):
            check = happening("immediate_safety_checked", at)
            factories.record(riverside, referral, check, now=later)
        swept(TO_LEAD)
        assert steps() == []
        with purpose("nrm_sweep"):
            assert not DelayFlag.objects.filter(rule=WAIT, escalates_at__isnull=False).exists()

    def test_what_stands_anew_begins_anew(self, riverside: Acting) -> None:
        referral = urgent(riverside)
        swept(RAISED)
        swept(TO_MANAGER)
        factories.record(
            riverside,
            referral,
            happening("immediate_safety_checked", RAISED - HOUR),
            now=TO_MANAGER + HOUR,
        )
        anew = TO_MANAGER + 2 * HOUR
        with riverside.context():
            event = WaitEvent.objects.get(code="immediate_safety_checked")
            correct_wait_event(
                event=event, corrected=None, reason="another", by=riverside.caseworker, now=anew
            )
        swept(anew + 4 * HOUR)
        assert steps() == [(Step.MANAGER, TO_MANAGER), (Step.MANAGER, anew + 4 * HOUR)]

    def test_a_review_that_passes_is_said_to_who_took_it_up_and_escalates_again(
        self, riverside: Acting
    ) -> None:
        lead = factories.safeguarding_lead(riverside)
        urgent(riverside)
        swept(RAISED)
        day = date(2026, 11, 25)
        take_up(riverside, now=RAISED + HOUR, review_on=day)
        morning = datetime(2026, 11, 25, 8, tzinfo=UTC)
        swept(midnight(day) - SECOND)
        assert steps() == []
        for at in (midnight(day), morning + 4 * HOUR, morning + 8 * HOUR, morning + 9 * DAY):
            swept(at)
        assert steps() == [
            (Step.REVIEW, midnight(day)),
            (Step.MANAGER, morning + 4 * HOUR),
            (Step.LEAD, morning + 8 * HOUR),
        ]
        assert told(Step.REVIEW) == {riverside.caseworker.user_id}
        assert told(Step.LEAD) == {lead.user_id}

    def test_a_review_sooner_than_the_limit_is_not_overlooked(self, riverside: Acting) -> None:
        """Red on Tuesday: the manager on Thursday. Taken up until Wednesday, so said on it."""
        unscreened(riverside)
        swept(CONTACT + DAY)
        rule, day = "safety-screen", date(2026, 11, 25)
        take_up(riverside, now=CONTACT + DAY + HOUR, review_on=day, rule=rule)
        swept(midnight(day))
        assert [step for step, _ in steps()] == [Step.REVIEW]

    def test_a_worse_one_is_not_answered_by_what_was_said_of_the_lesser(
        self, riverside: Acting
    ) -> None:
        """Taken up as red; on the day on which it is critical, the clock runs for that."""
        events = [happening("immediate_safety_checked", NOW)]
        factories.referral(riverside, contact=NOW, events=events)
        red, critical = (midnight(NOW.date() + timedelta(days=n + 1)) for n in (28, 56))
        swept(red)
        take_up(riverside, now=red + HOUR, review_on=date(2027, 6, 1), rule="entry-wait")
        swept(critical)
        swept(critical + 4 * HOUR)
        assert steps() == [(Step.MANAGER, critical + 4 * HOUR)]

    def test_a_restricted_one_goes_to_the_named_alone(self, riverside: Acting) -> None:
        lead = factories.safeguarding_lead(riverside)
        referral = urgent(riverside, now=NOW)
        named = [riverside.caseworker.user_id]
        with riverside.context():
            restrict_referral(
                referral=referral, why="asked", named=named, by=riverside.caseworker, now=NOW
            )
        for at in (RAISED, TO_MANAGER, TO_LEAD):
            swept(at)
        assert told(Step.MANAGER) == told(Step.LEAD) == set(named)
        with purpose("nrm_register"):
            Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=NOW)
        with purpose("nrm_sweep"):
            OutboxMessage.objects.exclude(escalation=None).update(delivered_at=None)
        deliver_notices(now=TO_LEAD)
        assert told(Step.MANAGER) == {*named, lead.user_id}

    def test_one_that_fails_holds_up_nobody(self, riverside: Acting) -> None:
        broken, whole = unscreened(riverside), unscreened(riverside, pseudonym="Wren")
        swept(CONTACT + DAY)
        with riverside.context():
            Referral.objects.filter(pk=broken.pk).update(nation="atlantis")
        escalate_due(now=CONTACT + DAY + SECOND)
        at = midnight(date(2026, 11, 26))
        escalate_due(now=at)
        with purpose("nrm_sweep"):
            assert [e.referral_id for e in Escalation.objects.all()] == [whole.pk]
            failed = DelayFlag.objects.get(referral=broken.pk, rule="safety-screen")
        assert failed.escalates_at == at + HOUR
        with riverside.context():
            Referral.objects.filter(pk=broken.pk).update(nation="england")
        assert escalate_due(now=at + HOUR) == 1

    def test_the_card_says_who_was_told_and_when(self, riverside: Acting) -> None:
        referral = urgent(riverside)
        swept(RAISED)
        swept(TO_MANAGER)
        with riverside.context():
            page = page_of(referral, membership=riverside.caseworker, now=TO_MANAGER + HOUR)
        [card] = [card for card in page.delays if card.rule == WAIT]
        assert card.passed_on == (
            "Nobody had taken it up: passed on to Bay Manager, today at 17:00.",
        )

    def test_the_constraint_keeps_a_step_to_once_where_the_look_does_not(
        self, riverside: Acting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        urgent(riverside)
        swept(RAISED)
        swept(TO_MANAGER)
        monkeypatch.setattr(escalating, "_not_taken_yet", list)
        with purpose("nrm_sweep"):
            DelayFlag.objects.filter(rule=WAIT).update(escalates_at=TO_MANAGER)
        assert escalate_due(now=TO_MANAGER + HOUR) == 0
        with purpose("nrm_sweep"):
            step = Escalation.objects.get()
            step.pk = None
            with pytest.raises(IntegrityError), transaction.atomic():
                step.save(force_insert=True)

    def test_a_sweep_with_nothing_due_asks_one_question(
        self, riverside: Acting, django_assert_num_queries: object
    ) -> None:
        urgent(riverside)
        swept(RAISED)
        with purpose("nrm_sweep"), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            rows = DelayFlag.objects.filter(escalates_at__lte=RAISED).order_by("escalates_at", "id")
            assert "flags_that_may_escalate" in rows.explain()
        with django_assert_num_queries(NOTHING_DUE):  # type: ignore[operator]
            assert escalate_due(now=RAISED) == 0


NOTHING_DUE = 5  # a savepoint, the role, the question, the role, the savepoint


@pytest.mark.django_db(transaction=True)
def test_who_dies_in_the_middle_leaves_nothing_half_done_and_the_next_sweep_does_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    urgent(riverside)
    sweep(now=RAISED)

    def die(_: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(escalating, "_look_again", die)
    with pytest.raises(SystemExit):
        escalate_due(now=TO_MANAGER)
    monkeypatch.undo()
    assert steps() == []
    sweep(now=TO_MANAGER + SECOND)
    assert [step for step, _ in steps()] == [Step.MANAGER]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_a_step_once() -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    for number in range(20):
        urgent(riverside, pseudonym=f"Heron {number}")
    sweep(now=RAISED)
    together = threading.Barrier(2)

    def pass_on() -> int:
        together.wait()
        try:
            return escalate_due(now=TO_MANAGER)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        taken = sum(each.result() for each in [pool.submit(pass_on) for _ in range(2)])
    assert taken == 20
    assert steps() == [(Step.MANAGER, TO_MANAGER)] * 20
