"""Every stage and every event: what is possible, what is asked about, what is refused and why."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from referrals import life_cycle
from referrals.actions import correct_wait_event, record_wait_events
from referrals.catalogue import EventCode, Outcome
from referrals.delays import Event
from referrals.errors import ActionRefused, AskedFirst, IsClosed, NoSuchRoute, NotPossible
from referrals.life_cycle import AFTER_CLOSING, MOVES, RULES, WORDS, Answer, State
from referrals.life_cycle.drawing import drawn
from referrals.models import Referral, WaitEvent
from tests.factories import Acting, happening, record, referral

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CONTACT = NOW - 120 * DAY

# How a person comes to a stage: code, days ago, and of a decision its outcome.
Step = tuple[str, int] | tuple[str, int, str]
SENT: list[Step] = [("referral_submitted", 100)]
YES: list[Step] = [*SENT, ("rg_decision", 90, "positive")]
WAYS: dict[State, list[Step]] = {
    State.ASKED: [],
    State.IN_TOUCH: [("fro_approached", 119)],
    State.ACCEPTED: [("fro_accepted", 118)],
    State.PREPARING: [("draft_started", 110)],
    State.DID_NOT_CONSENT: [("consent_refused", 118)],
    State.NOTIFIED: [("consent_refused", 118), ("dtn_submitted", 117)],
    State.SUBMITTED: SENT,
    State.ACKNOWLEDGED: [*SENT, ("referral_acknowledged", 99)],
    State.ALLOCATED: [*SENT, ("allocated", 98, "sca")],
    State.RECOVERY: [*SENT, ("rg_decision", 10, "positive")],
    State.CG_AWAITED: YES,
    State.RG_NEGATIVE: [*SENT, ("rg_decision", 10, "negative")],
    State.RG_FINAL: [*SENT, ("rg_decision", 40, "negative")],
    State.RG_RECONSIDERED: [
        *SENT,
        ("rg_decision", 20, "negative"),
        ("reconsideration_requested", 10),
    ],
    State.RG_UNSAID: [*SENT, ("rg_decision", 20, "")],
    State.CG_POSITIVE: [*YES, ("cg_decision", 10, "positive")],
    State.CG_NEGATIVE: [*YES, ("cg_decision", 10, "negative")],
    State.CG_FINAL: [*YES, ("cg_decision", 40, "negative")],
    State.CG_RECONSIDERED: [
        *YES,
        ("cg_decision", 20, "negative"),
        ("reconsideration_requested", 10),
    ],
    State.CG_UNSAID: [*YES, ("cg_decision", 20, "")],
    State.WITHDRAWN: [*SENT, ("withdrawn_from_nrm", 50)],
    State.DISQUALIFIED: [*YES, ("public_order_disqualification", 50)],
    State.CLOSED: [("closed", 50)],
}
# Written down apart from the table in the code. A letter a stage, in the order of `State`:
# "." possible, "?" asked about, "x" refused; one of each group of three is the way in, and so on.
GRID = """
initial_contact                xxxxxx xxx xx xxxx xxxxx xx x
recorded_in_error              xxxxxx xxx xx xxxx xxxxx xx x
reopened                       xxxxxx xxx xx xxxx xxxxx xx .
dtn_submitted                  .....? ??? ?? ???? ????? ?? x
referral_submitted             ....?. ??? ?? ..?? ...?? .. x
referral_acknowledged          ?????? ... .. .... ..... .. x
allocated                      ?????? ... .. .... ..... .. x
rg_decision                    ?????? ... ?? ??.? xxxxx ?? .
cg_decision                    xxxxxx xxx ?. xxx? ???.? ?? .
reconsideration_requested      xxxxxx xxx xx .??. x.??. ?? .
reconsideration_not_requested  xxxxxx xxx xx ..x. x..x. .. .
reconsideration_decided        xxxxxx xxx xx ??.? x??.? ?? .
withdrawn_from_nrm             xxxxxx ... .. .?.. ???.? x? x
public_order_disqualification  xxxxxx xxx .. xxx? .???? ?x x
"""
MARK = {Answer.YES: ".", Answer.ASK: "?", Answer.NO: "x"}
EXPECTED: dict[str, str] = {
    code: "".join(marks) for code, *marks in (line.split() for line in GRID.split("\n") if line)
}
ELSEWHERE = "." * (len(State) - 1) + "x"  # every other event: only a closed referral refuses it


def expected(code: str, state: State) -> str:
    return EXPECTED.get(code, ELSEWHERE)[list(State).index(state)]


def test_the_table_is_complete() -> None:
    assert set(WORDS) == set(State) == set(WAYS)
    assert {len(marks) for marks in EXPECTED.values()} == {len(State)}
    assert set(RULES) == set(EXPECTED)
    assert {key.partition(":")[0] for key in MOVES} <= set(EventCode.values)
    reached = {to for moves in MOVES.values() for to in moves.values()}
    assert reached >= set(State) - {
        State.IN_TOUCH,
        State.ACCEPTED,
        State.PREPARING,
        State.CG_AWAITED,
        State.CLOSED,
    }


@pytest.mark.parametrize("code", EventCode.values)
def test_what_the_table_says_of_every_stage(code: str) -> None:
    found = "".join(MARK[life_cycle.verdict(code, state).answer] for state in State)
    assert found == EXPECTED.get(code, ELSEWHERE)


def test_whatever_is_not_possible_says_what_to_do() -> None:
    words = {
        life_cycle.verdict(code, state).words
        for code in EventCode.values
        for state in State
        if life_cycle.verdict(code, state).answer != Answer.YES
    }
    assert {each for each in words if not each.endswith(".") or len(each) < 24} == set()
    assert {each for each in words if "{" in each or "  " in each} == set()


def made(acting: Acting, state: State) -> Referral:
    steps = [
        happening(
            step[0],
            NOW - step[1] * DAY,
            outcome=step[2] if len(step) > 2 else "",
            submitted_by=acting.organisation if step[0] == "referral_submitted" else None,
            organisation=acting.organisation if step[0].startswith("fro_") else None,
            consent_type="nrm" if step[0].startswith("consent_") else "",
        )
        for step in WAYS[state]
    ]
    return referral(acting, contact=CONTACT, events=steps, now=NOW)


def events_of(heron: Referral) -> list[Event]:
    from referrals.timelines import standing_events

    return standing_events(heron)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_every_event_at_every_stage(riverside: Acting, state: State) -> None:
    """The whole table, walked through the action: each refusal has its words, and leaves nothing
    behind; what is asked about is recorded with the reason."""
    heron = made(riverside, state)
    with riverside.context():
        assert life_cycle.state_of(events_of(heron), on=NOW.date(), child=False) == state
        before = WaitEvent.objects.filter(referral=heron).count()
        for code in EventCode.values if state == State.CLOSED else RULES:
            if state == State.CLOSED and code in AFTER_DECISIONS:
                continue  # judged by the stage at which it was closed
            mark, words = attempt(riverside, heron, code, because="")
            assert (code, mark) == (code, expected(code, state))
            if mark == ".":
                continue
            assert words == life_cycle.verdict(code, state).words
            if mark == "?":
                assert attempt(riverside, heron, code, because="As was said.")[0] == "."
        assert WaitEvent.objects.filter(referral=heron).count() == before
        heron.refresh_from_db()


AFTER_DECISIONS = set(AFTER_CLOSING) - {EventCode.REOPENED}


class Undo(Exception):
    """Raised to take back what was recorded."""


def attempt(acting: Acting, heron: Referral, code: str, *, because: str) -> tuple[str, str]:
    from django.db import transaction

    said = happening(
        code, NOW, submitted_by=acting.organisation if code == "referral_submitted" else None
    )
    try:
        with transaction.atomic():
            [event] = record_wait_events(
                referral=heron,
                happenings=[said],
                all_the_same=because,
                by=acting.caseworker,
                now=NOW,
            )
            assert event.detail == (f"Recorded all the same: {because}" if because else "")
            raise Undo  # noqa: TRY301
    except Undo:
        return ".", ""
    except AskedFirst as asked:
        return "?", str(asked)
    except (NotPossible, IsClosed) as refused:
        return "x", str(refused)


def event(number: int, code: str, day: str, outcome: str = "", dated: str = "") -> Event:
    return Event(
        number,
        code,
        datetime.fromisoformat(f"{day}T12:00+00:00"),
        outcome=outcome,
        dated_on=date.fromisoformat(dated) if dated else None,
    )


SUBMITTED = event(1, "referral_submitted", "2026-03-02")


def state(*events: Event, on: str, child: bool = False) -> State:
    return life_cycle.state_of(events, on=date.fromisoformat(on), child=child)


def test_the_recovery_period_is_thirty_days_from_the_date_on_the_letter() -> None:
    letter = event(2, "rg_decision", "2026-03-20", "positive", dated="2026-03-10")
    assert state(SUBMITTED, letter, on="2026-04-09") == State.RECOVERY
    assert state(SUBMITTED, letter, on="2026-04-10") == State.CG_AWAITED


def test_the_window_ends_with_the_thirtieth_day_after_the_date_on_the_letter() -> None:
    letter = event(2, "rg_decision", "2026-03-20", "negative", dated="2026-03-10")
    assert state(SUBMITTED, letter, on="2026-04-09") == State.RG_NEGATIVE
    assert state(SUBMITTED, letter, on="2026-04-10") == State.RG_FINAL


def test_letters_that_arrive_in_the_other_order_are_read_by_their_dates() -> None:
    final = event(2, "cg_decision", "2026-06-02", "negative", dated="2026-06-01")
    first = event(3, "rg_decision", "2026-06-20", "positive", dated="2026-03-10")
    assert state(SUBMITTED, final, first, on="2026-06-20") == State.CG_NEGATIVE
    assert life_cycle.judge(first, [SUBMITTED, final], child=False).answer == Answer.YES


def test_who_did_not_consent_and_then_does_is_as_far_as_before() -> None:
    on = "2026-03-10"
    steps = [event(1, "fro_accepted", "2026-03-02"), event(2, "consent_refused", "2026-03-03")]
    assert state(*steps, on=on) == State.DID_NOT_CONSENT
    assert state(*steps, event(3, "consent_recorded", "2026-03-04"), on=on) == State.ACCEPTED
    assert state(*steps, on=on, child=True) == State.ACCEPTED  # a child is not asked


def test_support_and_police_are_other_questions() -> None:
    asked = Event(1, "consent_refused", SUBMITTED.happened_at, consent_type="police")
    assert state(asked, on="2026-03-10") == State.ASKED


def test_within_a_day_nobody_knows_which_came_first() -> None:
    letter = event(2, "rg_decision", "2026-03-10", "negative")
    early = Event(3, "reconsideration_requested", letter.happened_at - timedelta(hours=3))
    assert life_cycle.judge(early, [SUBMITTED, letter], child=False).answer == Answer.YES
    before = early._replace(happened_at=early.happened_at - DAY)
    assert life_cycle.judge(before, [SUBMITTED, letter], child=False).answer == Answer.NO


def test_a_panel_may_decide_both_at_once() -> None:
    panel = event(2, "allocated", "2026-03-03", Outcome.DEVOLVED)
    first = event(3, "rg_decision", "2026-03-20", "positive")
    final = event(4, "cg_decision", "2026-03-20", "positive")
    assert life_cycle.judge(final, [SUBMITTED, panel, first], child=True).answer == Answer.YES
    assert life_cycle.judge(final, [SUBMITTED, first], child=True).answer == Answer.ASK


def test_an_earlier_negative_decision_can_always_be_answered() -> None:
    """Or its window would stand for ever, and the referral could not be closed."""
    no = event(2, "rg_decision", "2026-03-10", "negative")
    yes = event(3, "rg_decision", "2026-03-30", "positive")
    answer = event(4, "reconsideration_not_requested", "2026-04-02")
    assert life_cycle.judge(answer, [SUBMITTED, no, yes], child=False).answer == Answer.ASK
    assert life_cycle.judge(answer, [SUBMITTED, yes], child=False).answer == Answer.NO


def test_a_reconsideration_that_succeeds_opens_the_recovery_period() -> None:
    steps = [
        SUBMITTED,
        event(2, "rg_decision", "2026-03-10", "negative"),
        event(3, "reconsideration_requested", "2026-03-20"),
        event(4, "reconsideration_decided", "2026-04-20", "positive", dated="2026-04-15"),
    ]
    assert state(*steps, on="2026-05-15") == State.RECOVERY
    assert state(*steps, on="2026-05-16") == State.CG_AWAITED


@pytest.mark.django_db
def test_what_happened_while_it_was_closed_may_be_told_once_it_is_open(riverside: Acting) -> None:
    steps = [happening("closed", NOW - 20 * DAY), happening("reopened", NOW - 10 * DAY)]
    heron = referral(riverside, contact=CONTACT, events=steps, now=NOW)
    told = happening("fro_accepted", NOW - 15 * DAY, organisation=riverside.organisation)
    record(riverside, heron, told, now=NOW)
    with riverside.context():
        assert WaitEvent.objects.filter(referral=heron, code="fro_accepted").exists()


@pytest.mark.django_db
def test_a_child_does_not_leave_the_nrm(riverside: Acting) -> None:
    sent = [happening("referral_submitted", NOW - 9 * DAY, submitted_by=riverside.organisation)]
    heron = referral(riverside, contact=CONTACT, events=sent, now=NOW, age_group="not_sure")
    with pytest.raises(NoSuchRoute, match="Only an adult can leave the NRM"):
        record(riverside, heron, happening("withdrawn_from_nrm", NOW), now=NOW)


@pytest.mark.django_db
def test_an_imported_history_stays_and_may_be_corrected(riverside: Acting) -> None:
    """A Conclusive Grounds decision without any before it: it is shown, and its date corrected;
    what fits is not corrected into what cannot be."""
    final = happening("cg_decision", NOW - 9 * DAY, outcome="positive")
    heron = referral(riverside, contact=CONTACT, events=[final], now=NOW)
    other = made(riverside, State.CG_POSITIVE)
    earlier = happening("cg_decision", NOW - 12 * DAY, outcome="positive")
    too_early = happening("cg_decision", NOW - 95 * DAY, outcome="positive")
    with riverside.context():
        wrong, fits = (
            WaitEvent.objects.get(referral=each, code="cg_decision") for each in (heron, other)
        )
        how = {"reason": "Misread.", "by": riverside.caseworker, "now": NOW}
        assert correct_wait_event(event=wrong, corrected=earlier, **how) is not None
        with pytest.raises(NotPossible, match="Record the Reasonable Grounds decision first"):
            correct_wait_event(event=fits, corrected=too_early, **how)


def test_the_picture_in_the_documents_is_the_one_that_the_code_draws(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = Path(settings.BASE_DIR) / "docs" / "life-cycle.md"
    assert page.read_text() == drawn()
    call_command("life_cycle")
    assert capsys.readouterr().out == drawn()


def test_refusals_are_refused_actions() -> None:
    assert issubclass(NotPossible, ActionRefused)
    assert AskedFirst.field == "all_the_same"
