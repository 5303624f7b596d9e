"""What each day of a wait waits for: from events alone, and the days add up."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm_tracker.calendars import london_date
from referrals.delays import Event, Responsible, Timeline
from referrals.delays.cause import EFFECTS, TABLE, Cause, Causes, by_cause, causes
from tests.referrals.timelines import event, london, timeline

OWN, OTHER, THIRD = 1, 2, 3
CONTACT = event("1 2026-03-02T10:00 initial_contact")  # a Monday
NOW = london("2026-03-22 12:00")


def of(*events: Event, now: datetime = NOW, age: str = "adult", **more: object) -> Causes:
    return causes(timeline(CONTACT, *events, age=age, **more), own=OWN, now=now)


def days(found: Causes) -> list[tuple[str, int]]:
    return [(stretch.row.code, stretch.days) for stretch in (*found.way_in, *found.decision)]


def approached(number: int, at: str, who: int = OTHER, code: str = "fro_approached") -> Event:
    return event(f"{number} {at} {code}", organisation=who)


def test_nobody_else_awaited_is_us() -> None:
    assert days(of()) == [("us", 20)]


def test_a_day_belongs_to_what_was_awaited_as_it_began() -> None:
    asked = approached(2, "2026-03-05T23:59")
    declined = approached(3, "2026-03-06T00:01", code="fro_declined_scope")
    assert days(of(asked, declined)) == [("us", 3), ("answer", 1), ("us", 16)]


def test_the_day_of_the_first_contact_is_day_0() -> None:
    assert days(of(now=london("2026-03-02 23:59"))) == []
    assert days(of(now=london("2026-03-03 00:00"))) == [("us", 1)]


@pytest.mark.parametrize("code", ["fro_declined_capacity", "fro_waitlisted", "fro_no_response"])
def test_an_organisation_without_room_is_waited_for(code: str) -> None:
    full = approached(3, "2026-03-07T10:00", code=code)
    found = of(approached(2, "2026-03-05T10:00"), full)
    assert days(found) == [("us", 3), ("answer", 2), ("capacity", 15)]
    assert by_cause(found.way_in)[Cause.FRO] == 17


def test_one_answer_does_not_answer_for_another_organisation() -> None:
    found = of(
        approached(2, "2026-03-05T10:00"),
        approached(3, "2026-03-05T11:00", THIRD),
        approached(4, "2026-03-06T10:00", code="fro_declined_scope"),
    )
    assert days(found) == [("us", 3), ("answer", 17)]


def test_who_accepted_elsewhere_is_waited_for_until_a_meeting_is_offered() -> None:
    accepted = approached(2, "2026-03-05T10:00", code="fro_accepted")
    offered = event("3 2026-03-12T10:00 appointment_offered", organisation=OTHER)
    assert days(of(accepted, offered)) == [("us", 3), ("accepted", 7), ("us", 10)]
    ours = approached(2, "2026-03-05T10:00", OWN, "fro_accepted")
    assert days(of(ours)) == [("us", 20)]


def test_a_meeting_cancelled_by_the_organisation_is_its_capacity() -> None:
    offered = event("2 2026-03-05T10:00 appointment_offered")
    cancelled = event("3 2026-03-09T10:00 appointment_cancelled_by_fro")
    assert days(of(offered, cancelled)) == [("us", 7), ("capacity", 13)]


@pytest.mark.parametrize("code", ["interpreter_requested", "interpreter_unavailable"])
def test_an_interpreter_is_awaited_until_there_is_a_meeting(code: str) -> None:
    needed = event(f"2 2026-03-05T10:00 {code}")
    met = event("3 2026-03-09T10:00 appointment_attended")
    assert days(of(needed, met)) == [("us", 3), ("interpreter", 4), ("us", 13)]


def test_the_survivors_own_time_goes_before_what_else_is_awaited() -> None:
    asked = approached(2, "2026-03-04T10:00")
    pause = event("3 2026-03-06T10:00 pause_started", outcome="survivor_asked")
    over = event("4 2026-03-16T10:00 pause_ended")
    found = of(asked, pause, over)
    assert days(found) == [("us", 2), ("answer", 2), ("asked_for_time", 10), ("answer", 6)]


def test_a_managers_hold_is_our_time() -> None:
    hold = event("2 2026-03-06T10:00 pause_started", outcome="safeguarding_hold")
    assert by_cause(of(approached(3, "2026-03-04T10:00"), hold).way_in)[Cause.US] == 18


def test_an_adults_no_is_the_survivors_and_a_childs_is_not() -> None:
    no = event("2 2026-03-06T10:00 consent_refused", consent_type="nrm")
    yes = event("3 2026-03-10T10:00 consent_recorded", consent_type="nrm")
    assert days(of(no, yes)) == [("us", 4), ("said_no", 4), ("us", 12)]
    assert days(of(no, yes, age="child")) == [("us", 20)]


def test_a_childs_local_authority_is_awaited_and_an_adults_is_not() -> None:
    told = event("2 2026-03-06T10:00 la_safeguarding_referred")
    answered = event("3 2026-03-10T10:00 la_acknowledged")
    child = of(told, answered, age="not_sure")
    assert days(child) == [("us", 4), ("local_authority", 4), ("us", 12)]
    assert days(of(told, answered)) == [("us", 20)]


def test_a_birthday_changes_what_is_awaited_from_its_midnight() -> None:
    told = event("2 2026-03-06T10:00 la_safeguarding_referred")
    found = of(told, birthday=date(2026, 3, 11))
    assert days(found) == [("us", 4), ("local_authority", 5), ("us", 11)]


def test_the_home_office_is_awaited_from_the_referral_until_its_decision() -> None:
    sent = event("2 2026-03-06T10:00 referral_submitted")
    decided = event("3 2026-03-16T10:00 rg_decision", outcome="positive")
    found = of(sent, decided)
    assert days(found) == [("us", 4), ("decision", 10)]
    assert found.days == 4


def test_a_duty_to_notify_ends_the_way_in_and_nothing_follows() -> None:
    assert days(of(event("2 2026-03-06T10:00 dtn_submitted"))) == [("us", 4)]


def test_days_on_which_it_was_closed_are_nobodys() -> None:
    closed = event("2 2026-03-06T10:00 closed")
    reopened = event("3 2026-03-10T10:00 reopened")
    assert days(of(closed, reopened)) == [("us", 4), ("us", 12)]


def held(*spans: tuple[int, str, str]) -> list[Responsible]:
    """Who was responsible from when until when."""
    return [
        Responsible(london(since), london(until) if until else None, (), False, organisation=who)
        for who, since, until in spans
    ]


def handed_over(*spans: tuple[int, str, str], events: tuple[Event, ...] = ()) -> Causes:
    made = replace(timeline(CONTACT, *events), responsible=tuple(held(*spans)))
    return causes(made, own=OWN, now=NOW)


THERE = (OTHER, "2026-03-02 10:00", "2026-03-12 09:00")
HERE = (OWN, "2026-03-12 09:00", "")


def test_the_days_of_whoever_was_responsible_before_are_theirs() -> None:
    found = handed_over(THERE, HERE)
    assert days(found) == [("before", 10), ("us", 10)]
    assert [stretch.whose for stretch in found.way_in] == [OTHER, None]


def test_one_after_the_other_and_back_again_each_has_its_own_days() -> None:
    found = handed_over(
        (OWN, "2026-03-02 10:00", "2026-03-05 10:00"),
        (OTHER, "2026-03-05 10:00", "2026-03-08 09:00"),
        (THIRD, "2026-03-08 09:00", "2026-03-08 11:00"),  # on the same day
        (OTHER, "2026-03-08 11:00", "2026-03-10 10:00"),
        (THIRD, "2026-03-10 10:00", "2026-03-12 10:00"),
        (OWN, "2026-03-12 10:00", ""),
    )
    assert [(s.row.code, s.whose, s.days) for s in found.way_in] == [
        ("us", None, 3),
        ("before", OTHER, 3),
        ("before", OTHER, 2),
        ("before", THIRD, 2),
        ("us", None, 10),
    ]


def test_what_whoever_was_responsible_waited_for_is_not_theirs() -> None:
    asked = approached(2, "2026-03-05T10:00", THIRD)
    here = approached(3, "2026-03-12T09:00", OWN, "fro_accepted")
    assert days(handed_over(THERE, HERE, events=(asked, here))) == [
        ("before", 3),
        ("answer", 7),
        ("us", 10),
    ]


def test_a_hold_is_of_whoever_is_responsible() -> None:
    hold = event("2 2026-03-05T10:00 pause_started", outcome="safeguarding_hold")
    assert days(handed_over(THERE, HERE, events=(hold,))) == [
        ("before", 3),
        ("hold_before", 7),
        ("hold", 10),
    ]


def test_who_was_responsible_is_not_waited_for_when_it_accepted_for_itself() -> None:
    own = approached(2, "2026-03-05T10:00", OTHER, "fro_accepted")
    assert days(handed_over(THERE, HERE, events=(own,))) == [("before", 10), ("us", 10)]


def test_the_clock_change_loses_no_day() -> None:
    found = of(now=london("2026-04-02 00:30"))
    assert days(found) == [("us", 31)]


@pytest.mark.parametrize("code", ["legal_advice_received", "legal_advice_unobtainable"])
def test_legal_advice_is_waited_for_until_it_comes_or_cannot(code: str) -> None:
    asked = event("2 2026-03-05T10:00 legal_advice_requested")
    over = event(f"3 2026-03-09T10:00 {code}")
    assert days(of(asked, over)) == [("us", 3), ("legal_advice", 4), ("us", 13)]
    assert by_cause(of(asked, over).way_in)[Cause.LEGAL_ADVICE] == 4


def test_whoever_else_is_awaited_comes_before_legal_advice() -> None:
    asked = event("2 2026-03-05T10:00 legal_advice_requested")
    assert days(of(asked, approached(3, "2026-03-05T11:00"))) == [("us", 3), ("answer", 17)]


def test_an_interpreter_is_waited_for_until_one_is_booked() -> None:
    asked = event("2 2026-03-05T10:00 interpreter_requested")
    none = event("3 2026-03-06T10:00 interpreter_unavailable")
    booked = event("4 2026-03-10T10:00 interpreter_booked")
    assert days(of(asked, none, booked)) == [("us", 3), ("interpreter", 5), ("us", 12)]


def test_the_table_says_why_and_ends_with_us() -> None:
    assert len({row.code for row in TABLE}) == len(TABLE)
    assert all(row.words and row.reason.endswith(".") for row in TABLE)
    assert {row.cause for row in TABLE} == set(Cause)
    assert TABLE[-1].code == "us"


CODES = [*sorted(EFFECTS), "consent_refused", "consent_recorded", "contact_made"]
OUTCOMES = {
    "pause_started": ["survivor_asked", "safeguarding_hold", ""],
    "rg_decision": ["positive", "negative"],
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Timeline, datetime]:
    minutes = st.integers(0, 60 * 24 * 90)
    start = london("2026-03-02 10:00")
    events = [CONTACT]
    for number in range(draw(st.integers(0, 12))):
        code = draw(st.sampled_from(CODES))
        events.append(
            Event(
                number + 2,
                code,
                start + timedelta(minutes=draw(minutes)),
                organisation=draw(st.sampled_from([None, OWN, OTHER, THIRD])),
                outcome=draw(st.sampled_from(OUTCOMES.get(code, [""]))),
            )
        )
    age = draw(st.sampled_from(["adult", "child", "not_sure"]))
    born = draw(st.one_of(st.none(), st.dates(date(2026, 2, 1), date(2026, 7, 1))))
    ends = sorted(start + timedelta(minutes=draw(minutes)) for _ in range(draw(st.integers(0, 4))))
    spans = zip([start, *ends], [*ends, None], strict=True)
    responsible = tuple(
        Responsible(
            since, until, (), False, organisation=draw(st.sampled_from([OWN, OTHER, THIRD]))
        )
        for since, until in spans
    )
    made = replace(timeline(*events, age=age, birthday=born), responsible=responsible)
    return made, start + timedelta(minutes=draw(minutes))


def elapsed(made: Timeline, codes: set[str], now: datetime) -> int:
    """Day by day, independently: midnights after the contact at which the wait was open."""
    first, count = london("2026-03-02 10:00"), 0
    events = sorted(made.events, key=lambda e: (e.happened_at, e.id))
    day = london_date(first) + timedelta(days=1)
    while day <= london_date(now):
        before = [
            e for e in events if e.happened_at < london(f"{day} 00:00") and e.happened_at <= now
        ]
        over = any(e.code in codes for e in before)
        doors = [e.code for e in before if e.code in ("closed", "reopened")]
        count += not over and (not doors or doors[-1] == "reopened")
        day += timedelta(days=1)
    return count


@settings(max_examples=400, deadline=None)
@given(histories())
def test_the_days_add_up_to_the_elapsed_wait(history: tuple[Timeline, datetime]) -> None:
    made, now = history
    found = causes(made, own=OWN, now=now)
    assert found.days == elapsed(made, {"referral_submitted", "dtn_submitted"}, now)
    assert sum(by_cause(found.way_in).values()) == found.days
    assert by_cause(found.way_in)[Cause.HOME_OFFICE] == 0
    last = max([london("2026-03-02 10:00")])
    for stretch in (*found.way_in, *found.decision):
        assert stretch.days == (london_date(stretch.until) - london_date(stretch.since)).days > 0
        assert stretch.since >= last
        last = stretch.until
