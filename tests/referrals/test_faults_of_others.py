"""What went wrong elsewhere, and the conventions of this engine: each has a test that names it.

A last test holds that each test named here is there.

Conventions:

1 who is a child:
    test_convention_1_a_child_is_who_might_be_one
2 conditions at each instant:
    test_convention_2_a_condition_is_judged_at_each_instant
3 start and end:
    test_convention_3_an_end_before_its_start_ends_nothing
4 families:
    test_convention_4_one_wait_is_never_flagged_twice
5 no consent:
    test_convention_5_a_no_ends_and_a_later_yes_resumes
6 closing:
    test_convention_6_closing_ends_all_but_the_reconsideration
7 pauses:
    test_convention_7_a_pause_stops_only_what_it_may_stop
8 working days and severities:
    test_convention_8_each_severity_at_its_own_limit
9 the risks that tighten:
    test_convention_9_ten_risks_tighten_and_the_others_do_not
10 dates without a time:
    test_convention_10_a_date_alone_is_noon_in_london

Faults that were shown by running the code:

a weekend makes the limit shorter:
    test_a_day_of_rest_never_brings_a_limit_nearer
days of rest of one apply to all:
    test_a_day_of_rest_that_is_added_moves_the_limit_of_its_nation_alone
a dry run changes something:
    test_the_count_says_who_would_be_flagged_and_flags_nobody
days subtracted across two months:
    test_hours_across_the_end_of_a_month_are_elapsed_hours
a plain week has seven working days:
    test_a_plain_week_has_five_working_days
a day ends at 18:01, or at 19:01:
    test_midnight_is_london_s
last counted on the same day number:
    test_what_was_last_looked_at_a_month_ago_is_looked_at_again
a failed night is a lost day:
    test_who_fails_while_everybody_is_assessed_anew_is_tried_again_by_the_next_sweep
    test_a_flag_is_raised_at_its_deadline_and_once
a list of holidays never read again:
    test_a_new_day_retracts_what_it_moves_and_its_withdrawal_raises_it_again

Mistakes about deadlines:

nobody sees why it is that day:
    test_and_the_others_are_as_many_as_the_limit
a new calendar moves nothing:
    test_the_moved_deadline_is_passed_at_its_own_instant
the stored instant is not renewed:
    test_stored_flags_are_what_the_oracle_finds_whatever_happens
who is imported closed is late:
    test_who_is_brought_in_closed_is_not_delayed
nothing appears in the list:
    test_a_deadline_that_the_sweep_has_not_seen_is_shown_all_the_same
mail at midnight and on weekends:
    test_it_is_written_at_eight_and_once
    test_it_is_sent_at_night_too_and_says_that_the_office_is_closed
one clock hides another:
    test_a_limit_of_one_rule_hides_no_other
reopening reads the history often:
    test_reopening_a_long_history_asks_as_few_questions
two ways of counting:
    test_and_the_others_are_as_many_as_the_limit
a policy forgets the pauses:
    test_a_pause_that_was_taken_is_not_forgotten_by_a_new_version
warned at once, or at 00:00:
    test_a_warning_before_a_limit_is_counted_back_from_it
with and without the pause:
    test_both_waits_are_shown_the_whole_one_and_what_counts
only the first step ever fires:
    test_a_sweep_that_was_down_takes_both_steps_and_each_once
one delay is mailed for ever:
    test_what_was_said_is_not_said_again_but_counted
a job stuck in "running":
    test_a_sweep_that_is_killed_loses_and_doubles_nothing
the clock runs on after closing:
    test_nothing_stands_while_closed_and_what_began_then_begins_at_the_reopening
forgotten ones reach no manager:
    test_the_manager_is_told_when_the_limit_passes_and_not_before
wrong for some sets of weekdays:
    test_the_nth_working_day_has_n_working_days_up_to_it
the state decides, without a reason:
    test_not_without_a_reason_or_a_day_ahead
two pauses are counted in different units:
    test_each_of_two_pauses_is_counted_in_the_unit_of_the_limit
neither weekends nor holidays are left out:
    test_bank_holidays_are_those_of_the_nation
    test_a_plain_week_has_five_working_days
chased on a day on which nobody works:
    test_working_days_are_those_of_the_nation
    test_other_working_days_are_those_of_the_nation
reopening is late at once:
    test_reopening_starts_what_closing_ended_anew
the nation of the body decides:
    test_other_working_days_are_those_of_the_nation
no nation, and so fewer holidays:
    test_nobody_is_opened_without_a_nation
a holiday known days ahead:
    test_the_effect_is_counted_before_it_is_done
days in the wrong unit:
    test_limits_read_as_words
due on a weekend:
    test_a_limit_in_calendar_days_may_end_on_a_weekend
changed without looking first:
    test_a_changed_draft_is_counted_anew_before_it_is_approved
old days of rest are forgotten:
    test_a_later_library_adds_its_days_where_they_are_new_and_removes_none
a day is lost when clocks change:
    test_hours_are_elapsed_and_days_are_london_s

Not here: merging two referrals, of which there is no model; the share of limits met by a team.
"""

import ast
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm_tracker.calendars import calendar
from referrals.actions import close_referral, reopen_referral, sweep
from referrals.catalogue import CLOSE_REASONS, TIGHTENING_RISKS, Risk
from referrals.delays import Breach, Event, Timeline, breaches
from referrals.importing.cells import moment
from referrals.models import DelayFlag, Referral
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.timelines import CALENDARS, RULES, WITH_PAUSES, event, london, of, timeline
from tests.support import signed_in_client

FIRST = event("1 2026-03-02T10:00 initial_contact")  # a Monday
SUMMER = london("2026-07-01 12:00")
DAY = timedelta(days=1)
TESTS = Path(__file__).parents[1]


def found(*events: Event, now: datetime = SUMMER, **facts: Any) -> list[Breach]:
    return breaches(timeline(*events, **facts), WITH_PAUSES, now=now)


def due(rule: str, *events: Event, severity: str | None = None, **facts: Any) -> datetime:
    (only,) = of(rule, found(*events, **facts), severity)
    return only.breached_at


def standing(*events: Event, now: datetime = SUMMER, **facts: Any) -> set[str]:
    return {b.rule for b in found(*events, now=now, **facts) if b.ended_at is None}


# The conventions


@pytest.mark.parametrize(
    ("age", "birthday", "child"),
    [
        ("child", None, True),
        ("not_sure", None, True),
        ("adult", None, False),
        ("adult", date(2027, 1, 1), True),  # the date of birth beats what was said
        ("adult", date(2020, 1, 1), False),
    ],
)
def test_convention_1_a_child_is_who_might_be_one(
    age: str, birthday: date | None, child: bool
) -> None:
    stands = standing(FIRST, age=age, birthday=birthday)
    assert ("child-la-referral" in stands, "entry-wait" in stands) == (child, not child)


def test_convention_2_a_condition_is_judged_at_each_instant() -> None:
    risk = event("2 2026-03-20T09:00 risk_flag_added", risk="pregnant")
    over = event("3 2026-03-25T09:00 risk_flag_removed", risk="pregnant")
    [late] = of("entry-wait-at-risk", found(FIRST, risk, over), "red")
    assert (late.breached_at, late.ended_at) == (risk.happened_at, over.happened_at)
    assert late.end_reason == "no_longer_applies"
    told = event("4 2026-03-10T09:00 risk_flag_added", risk="still_in_exploitation")
    assert due("safety-screen-urgent", FIRST, told) == london("2026-03-10 13:00")  # K


def test_convention_3_an_end_before_its_start_ends_nothing() -> None:
    again = event("2 2026-03-03T10:00 initial_contact")
    early = event("3 2026-03-02T09:59 immediate_safety_checked")
    assert due("safety-screen", FIRST, again, early) == london("2026-03-03 10:00")
    same = event("3 2026-03-02T10:00 immediate_safety_checked")
    assert of("safety-screen", found(FIRST, again, same)) == []
    asked = [event(f"{n} 2026-03-0{n}T10:00 fro_approached", organisation=n) for n in (3, 4)]
    assert [b.started_by for b in of("fro-reply", found(FIRST, *asked))] == [3, 4]  # for each


def test_convention_4_one_wait_is_never_flagged_twice() -> None:
    risks = ("pregnant", "detained", "still_in_exploitation")
    set_ = [
        event(f"{n} 2026-03-02T10:00 risk_flag_added", risk=risk) for n, risk in enumerate(risks, 2)
    ]
    asked = event("9 2026-03-02T10:00 fro_approached", organisation=7)
    stands = standing(FIRST, *set_, asked)
    assert stands & {"safety-screen", "safety-screen-urgent"} == {"safety-screen-urgent"}
    assert {r for r in stands if "entry" in r} == {"entry-wait-detained"}
    assert {r for r in stands if "reply" in r} == {"fro-reply-urgent"}


def test_convention_5_a_no_ends_and_a_later_yes_resumes() -> None:
    no = event("2 2026-03-10T10:00 consent_refused")
    yes = event("3 2026-03-20T10:00 consent_recorded")
    assert "entry-wait" not in standing(FIRST, no)
    assert due("entry-wait", FIRST, no, yes, severity="amber") == london("2026-03-27 00:00")
    assert "child-entry-wait" in standing(FIRST, no, age="child")


def test_convention_6_closing_ends_all_but_the_reconsideration() -> None:
    negative = event("2 2026-03-05T10:00 rg_decision", outcome="negative")
    closed = event("3 2026-03-06T10:00 closed")
    lost = event("4 2026-03-05T12:00 contact_lost")
    handed = event("5 2026-03-05T12:00 handed_over")
    assert standing(FIRST, negative, closed) == {"reconsideration-window"}
    assert "lost-contact" not in standing(FIRST, lost)
    assert "entry-wait" in standing(FIRST, lost, handed)


def test_convention_7_a_pause_stops_only_what_it_may_stop() -> None:
    began = event("2 2026-03-03T10:00 pause_started")
    over = event("3 2026-03-13T10:00 pause_ended")
    assert due("entry-wait", FIRST, began, over, severity="amber") == london("2026-03-27 00:00")
    risk = event("4 2026-03-02T10:00 risk_flag_added", risk="pregnant")
    at_risk = due("entry-wait-at-risk", FIRST, began, over, risk, severity="amber")
    assert at_risk == london("2026-03-10 00:00")
    assert standing(FIRST, began) >= {"safety-screen", "pause-maximum"}
    [late] = of("entry-wait", found(FIRST, began, over), "red")
    assert (late.gross(SUMMER) - late.net(SUMMER)) == 10 * DAY


def test_convention_8_each_severity_at_its_own_limit() -> None:
    sent = event("2 2026-04-02T16:00 referral_submitted")  # Maundy Thursday
    limits = [
        due("rg-decision", FIRST, sent, severity=severity, nation="scotland")
        for severity in ("info", "amber", "red")
    ]
    days = ("2026-04-14", "2026-04-21", "2026-05-06")  # of England and Wales: two holidays, three
    assert limits == [london(f"{day} 00:00") for day in days]


@pytest.mark.parametrize("risk", Risk.values)
def test_convention_9_ten_risks_tighten_and_the_others_do_not(risk: str) -> None:
    known = event("2 2026-03-02T10:00 risk_flag_added", risk=risk)
    tightened = "entry-wait" not in standing(FIRST, known)
    assert tightened == (risk in set(map(str, TIGHTENING_RISKS)))
    assert len(TIGHTENING_RISKS) == 10


def test_convention_10_a_date_alone_is_noon_in_london() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    winter, summer = moment("2026-01-15", now=now), moment("2026-07-15", now=now)
    assert (winter.at, winter.precision) == (datetime(2026, 1, 15, 12, tzinfo=UTC), "day")
    assert (summer.at, summer.precision) == (datetime(2026, 7, 15, 11, tzinfo=UTC), "day")
    sent = event("2 2026-03-05T09:00 rg_decision", outcome="negative", dated_on=date(2026, 3, 4))
    [window] = of("reconsideration-window", found(FIRST, sent), "critical")
    assert window.started_at == london("2026-03-04 12:00")


# The faults of others


@settings(deadline=None)
@given(
    st.dates(date(2025, 12, 1), date(2026, 12, 20)),
    st.sets(st.integers(0, 20)),
    st.sampled_from(("entry-wait-at-risk", "fro-reply", "waiting-list", "child-entry-wait")),
)
def test_a_day_of_rest_never_brings_a_limit_nearer(start: date, rests: set[int], rule: str) -> None:
    """Nor a Christmas of four days: a limit of five working days has five working days in it."""
    at = datetime(start.year, start.month, start.day, 15, tzinfo=UTC)
    more = CALENDARS["england"].rest_days | {start + timedelta(days=n) for n in rests}
    rules = replace(RULES, calendars=CALENDARS | {"england": calendar(frozenset(more))})
    story = timeline(
        Event(1, "initial_contact", at),
        Event(2, "fro_approached", at, 7),
        Event(3, "fro_waitlisted", at, 8),
        Event(4, "risk_flag_added", at, risk="pregnant"),
        age="child" if rule == "child-entry-wait" else "adult",
    )
    now = at + 90 * DAY
    before, after = (
        [b.breached_at for b in of(rule, breaches(story, judged, now=now))]
        for judged in (RULES, rules)
    )
    assert len(before) == len(after) > 0
    assert all(a >= b for a, b in zip(after, before, strict=True))


def test_hours_across_the_end_of_a_month_are_elapsed_hours() -> None:
    friday = event("1 2026-01-30T10:00 initial_contact")
    assert due("safety-screen", friday) == london("2026-01-31 10:00")


def test_a_plain_week_has_five_working_days() -> None:
    monday = date(2026, 3, 2)
    assert CALENDARS["england"].working_days_between(monday, monday + 7 * DAY) == 5


def test_a_limit_in_calendar_days_may_end_on_a_weekend() -> None:
    """Neither moved to the Friday nor to the Monday: from Saturday it has passed at 00:00."""
    friday = event("1 2026-03-06T10:00 initial_contact")
    assert due("entry-wait", friday, severity="amber") == london("2026-03-21 00:00")


def test_a_limit_of_one_rule_hides_no_other() -> None:
    saved = event("2 2026-03-02T11:00 draft_last_saved")
    assert standing(FIRST, saved) >= {"safety-screen", "entry-wait", "draft-age", "draft-deletion"}


def test_a_warning_before_a_limit_is_counted_back_from_it() -> None:
    """Over the spring change of the clocks: days before the end of day 30, at London's midnight."""
    sent = event("2 2026-03-05T16:00 rg_decision", outcome="negative", dated_on=date(2026, 3, 3))
    limits = [
        due("reconsideration-window", FIRST, sent, severity=severity)
        for severity in ("amber", "critical")
    ]
    assert limits == [london("2026-03-24 00:00"), london("2026-03-29 00:00")]


def test_each_of_two_pauses_is_counted_in_the_unit_of_the_limit() -> None:
    """Ten working days from a Monday, less one over a weekend and two within a week."""
    accepted = event("2 2026-03-02T10:00 fro_accepted", organisation=7)
    pauses = (
        event("3 2026-03-06T10:00 pause_started"),
        event("4 2026-03-09T10:00 pause_ended"),
        event("5 2026-03-11T10:00 pause_started"),
        event("6 2026-03-13T10:00 pause_ended"),
    )
    assert due("interview", FIRST, accepted) == london("2026-03-17 00:00")
    assert due("interview", FIRST, accepted, *pauses) == london("2026-03-20 00:00")


@pytest.mark.django_db
def test_nobody_is_opened_without_a_nation(riverside: Acting) -> None:
    """Which days are holidays would be anybody's guess."""
    client = signed_in_client(riverside.caseworker.user)
    answer = client.post(
        "/referrals/new/", {"key": str(uuid4()), "pseudonym": "Heron", "age_group": "adult"}
    )
    assert "Choose the nation in which the person is" in answer.text
    with riverside.context():
        assert not Referral.objects.exists()


@pytest.mark.django_db
def test_what_was_last_looked_at_a_month_ago_is_looked_at_again(riverside: Acting) -> None:
    contact = datetime(2026, 10, 5, 9, tzinfo=UTC)
    screened = happening("immediate_safety_checked", contact)
    factories.referral(riverside, contact=contact, events=[screened])
    sweep(now=contact + timedelta(minutes=2))
    sweep(now=datetime(2026, 11, 5, 9, tzinfo=UTC))
    with riverside.context():
        stands = DelayFlag.objects.standing().filter(rule="entry-wait").order_by("breached_at")
        instants = list(stands.values_list("severity", "breached_at"))
    assert instants == [("amber", london("2026-10-20 00:00")), ("red", london("2026-11-03 00:00"))]


@pytest.mark.django_db
def test_who_is_brought_in_closed_is_not_delayed(riverside: Acting) -> None:
    contact = datetime(2026, 3, 2, 9, tzinfo=UTC)
    events = [happening("closed", contact + 90 * DAY)]
    factories.referral(riverside, contact=contact, events=events, now=contact + 200 * DAY)
    sweep(now=contact + 201 * DAY)
    with riverside.context():
        assert list(DelayFlag.objects.standing()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("length", [1, 60])
def test_reopening_a_long_history_asks_as_few_questions(riverside: Acting, length: int) -> None:
    contact = datetime(2026, 3, 2, 9, tzinfo=UTC)
    events = [happening("contact_made", contact + n * DAY) for n in range(length)]
    made = factories.referral(riverside, contact=contact, events=events)
    closing, reopening = contact + 100 * DAY, contact + 110 * DAY
    with riverside.context(riverside.manager):
        close_referral(
            referral=made,
            reason=CLOSE_REASONS[0],
            by=riverside.manager,
            now=closing,
        )
        closed = Referral.objects.get(pk=made.pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reopen_referral(referral=closed, by=riverside.manager, now=reopening)
    assert len(asked) <= 30


# The list above


def names_of_tests() -> set[str]:
    return {
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def test_each_test_that_is_named_above_is_there() -> None:
    named = re.findall(r"\btest_\w+", __doc__ or "")
    assert len(named) >= 45
    assert set(named) - names_of_tests() == set()


def test_the_timeline_of_nobody_has_no_delay() -> None:
    assert breaches(Timeline("adult", "england", None, (), ()), RULES, now=SUMMER) == []
