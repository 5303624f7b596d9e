"""Conventions that hold for every rule: time, conditions, pauses, consent, closing, versions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm_tracker.calendars import calendar
from referrals.delays import (
    Breach,
    Event,
    Responsible,
    Threshold,
    Timeline,
    assess,
    breaches,
    next_deadline,
    waits,
)
from tests.referrals.timelines import (
    CALENDARS,
    DEFINITIONS,
    RESPONSIBLE,
    RULES,
    TICK,
    event,
    judged_by,
    london,
    of,
    timeline,
)

FIRST = event("1 2026-03-02T10:00 initial_contact")
SUMMER = london("2026-07-01 12:00")


def one(rule: str, found: list[Breach], severity: str | None = None) -> Breach:
    (only,) = of(rule, found, severity)
    return only


# Time


@pytest.mark.parametrize(
    ("nation", "calendar"), [("england", "2026-04-14 00:00"), ("scotland", "2026-04-14 00:00")]
)
def test_reasonable_grounds_are_counted_by_the_working_days_of_england_and_wales(
    nation: str, calendar: str
) -> None:
    submitted = event("1 2026-04-02T16:00 referral_submitted")
    found = breaches(timeline(submitted, nation=nation), RULES, now=SUMMER)
    assert one("rg-decision", found, "info").breached_at == london(calendar)


@pytest.mark.parametrize(
    ("nation", "due"),
    [
        ("england", "2026-04-14 00:00"),
        ("wales", "2026-04-14 00:00"),
        ("northern_ireland", "2026-04-14 00:00"),
        ("scotland", "2026-04-11 00:00"),
    ],
)
def test_other_working_days_are_those_of_the_nation(nation: str, due: str) -> None:
    contact = event("1 2026-04-02T16:00 initial_contact")
    found = breaches(timeline(contact, age="child", nation=nation), RULES, now=SUMMER)
    assert one("child-entry-wait", found, "amber").breached_at == london(due)


def test_a_day_of_rest_that_is_added_moves_the_limit_of_its_nation_alone() -> None:
    friday = date(2026, 3, 6)
    england = calendar(CALENDARS["england"].rest_days | {friday})
    rules = replace(RULES, calendars=CALENDARS | {"england": england})
    due = [
        one("child-entry-wait", breaches(story, rules, now=SUMMER), "amber").breached_at
        for story in (timeline(FIRST, age="child", nation=n) for n in ("england", "wales"))
    ]
    assert due == [london("2026-03-11 00:00"), london("2026-03-10 00:00")]


@pytest.mark.parametrize(
    ("start", "hours_due", "days_due"),
    [
        ("2026-10-24T12:00", "2026-10-25T11:00+00:00", "2026-11-08T00:00+00:00"),
        ("2026-10-25T12:00", "2026-10-26T12:00+00:00", "2026-11-09T00:00+00:00"),
        ("2027-03-27T12:00", "2027-03-28T12:00+00:00", "2027-04-10T23:00+00:00"),
        ("2027-03-28T12:00", "2027-03-29T11:00+00:00", "2027-04-11T23:00+00:00"),
        ("2026-03-28T12:00", "2026-03-29T12:00+00:00", "2026-04-11T23:00+00:00"),
        ("2028-02-28T12:00", "2028-02-29T12:00+00:00", "2028-03-14T00:00+00:00"),
        ("2027-02-28T12:00", "2027-03-01T12:00+00:00", "2027-03-15T00:00+00:00"),
    ],
)
def test_hours_are_elapsed_and_days_are_london_s(start: str, hours_due: str, days_due: str) -> None:
    story = timeline(event(f"1 {start} initial_contact"))
    found = breaches(story, RULES, now=london(start) + timedelta(days=30))
    assert one("safety-screen", found).breached_at == datetime.fromisoformat(hours_due)
    assert one("entry-wait", found, "amber").breached_at == datetime.fromisoformat(days_due)


def test_events_after_now_are_not_known_yet() -> None:
    later = event("2 2026-03-03T09:00 immediate_safety_checked")
    early = london("2026-03-02 12:00")
    assert assess(timeline(FIRST, later), RULES, now=early) == assess(
        timeline(FIRST), RULES, now=early
    )


def test_the_order_of_events_does_not_matter() -> None:
    checked = event("2 2026-03-04T09:00 immediate_safety_checked")
    assert assess(timeline(checked, FIRST), RULES, now=SUMMER) == assess(
        timeline(FIRST, checked), RULES, now=SUMMER
    )


ABSURD = [date.min, date(1, 1, 2), date(1753, 9, 3), date(9999, 12, 30), date.max]


@pytest.mark.parametrize("day", ABSURD)
def test_absurd_dates_break_nothing(day: date) -> None:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    designation = Responsible(at, None, ((day, None), (date.min, day), (day, date.max)), True)
    stories = [
        timeline(FIRST, event("2 2026-03-03T10:00 rg_decision", outcome=outcome, dated_on=day))
        for outcome in ("positive", "negative")
    ]
    stories += [timeline(FIRST, birthday=day, age=age) for age in ("adult", "child")]
    codes = ("initial_contact", "pause_started", "pause_ended", "fro_waitlisted")
    stories += [timeline(FIRST, Event(2, code, at)) for code in codes]
    for story in (*stories, timeline(FIRST, responsible=[designation])):
        found, deadline = assess(story, RULES, now=SUMMER)
        assert deadline is None or deadline > SUMMER
        assert all(b.net(SUMMER) <= b.gross(SUMMER) for b in found)
        assert waits(story, RULES, now=SUMMER)


# Conditions


def test_a_risk_that_comes_later_moves_the_delay_to_its_own_instant() -> None:
    risk = event("2 2026-04-20T09:00 risk_flag_added", risk="pregnant")
    found = breaches(timeline(FIRST, risk), RULES, now=SUMMER)
    assert one("entry-wait", found, "red").end_reason == "no_longer_applies"
    assert one("entry-wait", found, "red").ended_at == risk.happened_at
    assert one("entry-wait-at-risk", found, "red").breached_at == risk.happened_at
    assert one("entry-wait-at-risk", found, "red").started_by == 1


def test_hours_rules_count_from_the_risk_and_name_its_event() -> None:
    asked = event("2 2026-03-02T11:00 fro_approached", organisation=7)
    risk = event("3 2026-03-02T15:00 risk_flag_added", risk="destitute")
    found = breaches(timeline(FIRST, asked, risk), RULES, now=SUMMER)
    urgent = one("fro-reply-urgent", found)
    assert (urgent.started_by, urgent.started_at) == (3, risk.happened_at)
    assert urgent.breached_at == london("2026-03-03 15:00")
    assert of("fro-reply", found) == []


def test_a_risk_set_after_the_answer_starts_nothing() -> None:
    asked = event("2 2026-03-02T11:00 fro_approached", organisation=7)
    answer = event("3 2026-03-02T12:00 fro_waitlisted", organisation=7)
    risk = event("4 2026-03-02T15:00 risk_flag_added", risk="destitute")
    found = breaches(timeline(FIRST, asked, answer, risk), RULES, now=SUMMER)
    assert of("fro-reply-urgent", found) == of("fro-reply", found) == []


def test_a_date_of_birth_beats_adult_until_the_birthday() -> None:
    story = timeline(FIRST, birthday=date(2026, 3, 20))
    found = breaches(story, RULES, now=SUMMER)
    child = one("child-entry-wait", found, "amber")
    assert child.ended_at == london("2026-03-20 00:00")
    assert child.end_reason == "no_longer_applies"
    assert one("entry-wait", found, "amber").breached_at == london("2026-03-20 00:00")


def test_a_birthday_ahead_is_a_next_deadline() -> None:
    story = timeline(FIRST, birthday=date(2026, 3, 20))
    at = london("2026-03-19 12:00")
    assert next_deadline(story, RULES, now=at) == london("2026-03-20 00:00")


def test_the_first_approach_is_not_measured_while_the_organisation_is_designated() -> None:
    suspended = Responsible(
        RESPONSIBLE.since, None, ((date(2015, 11, 1), date(2026, 3, 20)),), duty_to_notify=False
    )
    agreed = event("2 2026-03-02T11:00 consent_recorded")
    found = breaches(timeline(FIRST, agreed, responsible=[suspended]), RULES, now=SUMMER)
    assert one("first-fro-approach", found).breached_at == london("2026-03-20 00:00")
    assert of("first-fro-approach", breaches(timeline(FIRST, agreed), RULES, now=SUMMER)) == []


def test_one_wait_has_one_rule_of_its_family() -> None:
    risks = ["pregnant", "destitute", "detained"]
    story = timeline(
        FIRST,
        *(event(f"{n} 2026-03-02T10:00 risk_flag_added", risk=r) for n, r in enumerate(risks, 2)),
    )
    entry = {b.rule for b in breaches(story, RULES, now=SUMMER) if b.rule.startswith("entry")}
    assert entry == {"entry-wait-detained"}


def test_a_new_urgent_risk_asks_for_a_new_check() -> None:
    first = event("2 2026-03-02T10:00 risk_flag_added", risk="still_in_exploitation")
    check = event("3 2026-03-02T11:00 immediate_safety_checked")
    second = event("4 2026-03-05T10:00 risk_flag_added", risk="suicide_or_self_harm_risk")
    found = breaches(timeline(FIRST, first, check, second), RULES, now=SUMMER)
    assert one("safety-screen-urgent", found).started_by == 4
    assert one("safety-screen-urgent", found).breached_at == london("2026-03-05 14:00")


def test_safely_housed_ends_the_request_for_emergency_support() -> None:
    risk = event("2 2026-03-02T10:00 risk_flag_added", risk="street_homeless")
    agreed = event("3 2026-03-02T10:00 consent_recorded", consent_type="support")
    housed = event("4 2026-03-02T20:00 emergency_support_started", outcome="housed")
    found = one(
        "emergency-request", breaches(timeline(FIRST, risk, agreed, housed), RULES, now=SUMMER)
    )
    assert (found.ended_at, found.end_reason) == (housed.happened_at, "no_longer_applies")


def test_support_that_was_not_granted_starts_the_request_anew() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 risk_flag_added", risk="street_homeless"),
        event("3 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("4 2026-03-02T11:00 emergency_support_requested"),
        event("5 2026-03-02T15:00 emergency_support_refused"),
    )
    found = one("emergency-request", breaches(story, RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (5, london("2026-03-02 19:00"))


def test_a_safe_bed_leaves_no_second_request_for_who_may_be_exploited_again() -> None:
    """The request was made while both risks stood: it answers the one that outlasts the bed."""
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 risk_flag_added", risk="destitute"),
        event("3 2026-03-02T10:00 risk_flag_added", risk="re_exploitation_concern"),
        event("4 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("5 2026-03-02T13:00 emergency_support_requested"),
        event("6 2026-03-03T09:00 emergency_support_started", outcome="housed"),
    )
    found = breaches(story, RULES, now=SUMMER)
    assert [b for b in found if b.rule == "emergency-request"] == []


def test_destitution_after_an_answered_concern_asks_for_a_request_of_its_own() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 risk_flag_added", risk="re_exploitation_concern"),
        event("3 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("4 2026-03-02T13:00 emergency_support_requested"),
        event("5 2026-03-09T09:00 risk_flag_added", risk="destitute"),
    )
    found = one("emergency-request", breaches(story, RULES, now=SUMMER))
    assert (found.severity, found.breached_at) == ("critical", london("2026-03-09 13:00"))


def test_support_refused_before_it_was_asked_for_leaves_one_wait() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 risk_flag_added", risk="street_homeless"),
        event("3 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("4 2026-03-02T11:00 emergency_support_refused"),
    )
    found = one("emergency-request", breaches(story, RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (3, london("2026-03-02 14:00"))


def test_support_agreed_to_again_is_counted_from_the_consent_that_stands() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("3 2026-03-03T10:00 referral_submitted"),
        event("4 2026-03-04T10:00 consent_withdrawn", consent_type="support"),
        event("5 2026-03-20T10:00 consent_recorded", consent_type="support"),
        event("6 2026-03-21T10:00 consent_recorded", consent_type="support"),
    )
    found = one("support-contact", breaches(story, RULES, now=SUMMER), "amber")
    assert (found.started_by, found.breached_at) == (5, london("2026-03-22 10:00"))


def test_support_before_the_referral_was_sent_is_no_contact_after_it() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T10:00 consent_recorded", consent_type="support"),
        event("3 2026-03-02T18:00 emergency_support_started"),
        event("4 2026-03-04T10:00 referral_submitted"),
    )
    found = one("support-contact", breaches(story, RULES, now=SUMMER), "amber")
    assert (found.started_by, found.started_at) == (4, london("2026-03-04 10:00"))


def test_a_guardian_is_not_late_before_anybody_knew_of_a_child() -> None:
    child = event("2 2026-04-20T09:00 age_group_changed", outcome="not_sure")
    found = one("ictg-referral", breaches(timeline(FIRST, child), RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (2, london("2026-04-22 00:00"))


# Answers, lists and counts


def test_an_answer_ends_the_approach_to_its_organisation_only() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T11:00 fro_approached", organisation=7),
        event("3 2026-03-02T12:00 fro_approached", organisation=8),
        event("4 2026-03-03T12:00 fro_declined_scope", organisation=8),
    )
    assert [b.started_by for b in of("fro-reply", breaches(story, RULES, now=SUMMER))] == [2]


def test_an_answer_that_names_nobody_ends_the_oldest_open_approach() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-02T11:00 fro_approached", organisation=7),
        event("3 2026-03-02T12:00 fro_approached", organisation=8),
        event("4 2026-03-03T12:00 fro_declined_scope"),
    )
    assert [b.started_by for b in of("fro-reply", breaches(story, RULES, now=SUMMER))] == [3]


def test_declines_count_once_an_organisation_and_from_the_latest_start() -> None:
    declines = [
        event("2 2026-03-03T10:00 fro_declined_capacity", organisation=7),
        event("3 2026-03-04T10:00 fro_no_response", organisation=7),
        event("4 2026-03-05T10:00 fro_declined_scope", organisation=8),
        event("5 2026-03-06T10:00 fro_declined_other"),
        event("6 2026-03-09T10:00 fro_no_response"),
    ]
    found = one("refusals", breaches(timeline(FIRST, *declines), RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (1, declines[3].happened_at)
    taken = event("7 2026-03-05T12:00 fro_accepted", organisation=9)
    assert of("refusals", breaches(timeline(FIRST, taken, *declines), RULES, now=SUMMER)) == []
    (bar,) = [
        w for w in waits(timeline(FIRST, *declines), RULES, now=SUMMER) if w.rule == "refusals"
    ]
    assert (bar.elapsed, bar.limit, bar.unit) == (4, 3, "declines")


def test_each_save_of_a_draft_restarts_its_clock() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-03T10:00 draft_started"),
        event("3 2026-03-20T10:00 draft_last_saved"),
    )
    found = one("draft-deletion", breaches(story, RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (3, london("2026-04-15 00:00"))


def test_meetings_are_counted_from_the_latest_stretch_and_not_before_consent() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-03T10:00 fro_accepted", organisation=7),
        event("3 2026-03-05T10:00 consent_recorded"),
        event("4 2026-03-06T10:00 interview_completed"),
        event("5 2026-03-09T10:00 appointment_attended"),
        event("6 2026-03-10T10:00 appointment_attended"),
    )
    found = one("interview", breaches(story, RULES, now=SUMMER))
    assert (found.started_by, found.breached_at) == (5, london("2026-03-24 00:00"))
    early = timeline(*story.events[:3])
    assert one("interview", breaches(early, RULES, now=SUMMER)).started_by == 3


def test_contact_regained_starts_the_wait_for_contact_again() -> None:
    story = timeline(
        FIRST,
        event("2 2026-03-10T10:00 contact_lost"),
        event("3 2026-05-10T10:00 contact_regained"),
    )
    found = one("lost-contact", breaches(story, RULES, now=SUMMER))
    assert found.started_by == 3


def test_contact_is_sooner_with_a_risk_and_is_one_delay() -> None:
    risk = event("2 2026-04-10T10:00 risk_flag_added", risk="pregnant")
    found = one("lost-contact", breaches(timeline(FIRST, risk), RULES, now=SUMMER))
    assert (found.breached_at, found.ended_at) == (london("2026-03-31 00:00"), None)


def test_a_letter_that_comes_late_is_counted_from_its_date() -> None:
    letter = event("2 2026-04-10T10:00 rg_decision", outcome="negative", dated_on=date(2026, 3, 10))
    found = breaches(timeline(FIRST, letter), RULES, now=letter.happened_at)
    critical = one("reconsideration-window", found, "critical")
    assert critical.started_at == london("2026-03-10 12:00")
    assert critical.breached_at == london("2026-04-05 00:00")
    assert critical.again_at == london("2026-04-08 00:00")


def test_a_decision_ends_the_wait_on_the_date_of_its_letter() -> None:
    sent = event("2 2026-03-02T16:00 referral_submitted")
    letter = event("3 2026-04-10T10:00 rg_decision", outcome="", dated_on=date(2026, 3, 9))
    found = breaches(timeline(FIRST, sent, letter), RULES, now=SUMMER)
    assert of("rg-decision", found) == []


# Pauses and the survivor's own time


PAUSED = (
    event("2 2026-03-10T10:00 pause_started"),
    event("3 2026-03-12T10:00 pause_started"),
    event("4 2026-03-15T09:00 pause_ended"),
)


def test_a_pause_moves_a_limit_in_days_by_whole_days_and_leaves_the_net_wait() -> None:
    found = breaches(timeline(FIRST, *PAUSED), RULES, now=SUMMER)
    entry = one("entry-wait", found, "amber")
    assert entry.breached_at == london("2026-03-22 00:00")
    assert entry.gross(SUMMER) == SUMMER - FIRST.happened_at
    assert entry.net(SUMMER) == entry.gross(SUMMER) - timedelta(days=4, hours=23)


def test_a_pause_moves_a_limit_in_working_days_by_working_days() -> None:
    listed = event("9 2026-03-02T10:00 fro_waitlisted", organisation=7)
    found = breaches(timeline(FIRST, listed, *PAUSED), RULES, now=SUMMER)
    assert one("waiting-list", found).breached_at == london("2026-03-20 00:00")


def test_a_pause_stops_no_rule_that_guards_safety() -> None:
    risk = event("9 2026-03-02T10:00 risk_flag_added", risk="pregnant")
    found = one(
        "entry-wait-at-risk", breaches(timeline(FIRST, risk, *PAUSED), RULES, now=SUMMER), "red"
    )
    assert found.breached_at == london("2026-03-17 00:00")
    assert found.net(SUMMER) == found.gross(SUMMER)


def test_a_running_pause_holds_the_limit_off_and_the_bar_says_so() -> None:
    story = timeline(FIRST, PAUSED[0])
    assert of("entry-wait", breaches(story, RULES, now=SUMMER)) == []
    (bar,) = [wait for wait in waits(story, RULES, now=SUMMER) if wait.rule == "entry-wait"]
    assert (bar.elapsed, bar.limit, bar.due_at, bar.paused_now) == (8, 14, None, True)
    assert not bar.running


def test_a_pause_unmakes_no_delay_from_before_it() -> None:
    late = event("2 2026-03-17T00:00 pause_started")
    found = breaches(timeline(FIRST, late), RULES, now=SUMMER)
    assert one("entry-wait", found, "amber").ended_at is None


def test_a_no_ends_the_delay_and_a_later_yes_resumes_it() -> None:
    no = event("2 2026-03-20T10:00 consent_refused")
    yes = event("3 2026-04-19T10:00 consent_recorded")
    between = one("entry-wait", breaches(timeline(FIRST, no), RULES, now=SUMMER))
    assert (between.ended_at, between.end_reason) == (no.happened_at, "ended")
    found = breaches(timeline(FIRST, no, yes), RULES, now=SUMMER)
    amber, red = one("entry-wait", found, "amber"), one("entry-wait", found, "red")
    assert (amber.breached_at, amber.ended_at) == (london("2026-03-17 00:00"), None)
    assert red.breached_at == london("2026-04-30 00:00")
    assert amber.net(SUMMER) == amber.gross(SUMMER) - timedelta(days=30, hours=-1) - timedelta(
        hours=1
    ) + timedelta(hours=1)


def test_a_limit_passed_in_the_survivor_s_own_time_waits_for_the_yes() -> None:
    risk = event("9 2026-03-02T10:00 risk_flag_added", risk="pregnant")
    no = event("2 2026-03-05T10:00 consent_refused")
    yes = event("3 2026-04-19T10:00 consent_recorded")
    found = breaches(timeline(FIRST, risk, no, yes), RULES, now=SUMMER)
    assert one("entry-wait-at-risk", found, "red").breached_at == yes.happened_at
    assert next_deadline(timeline(FIRST, risk, no), RULES, now=no.happened_at) is not None


def test_undecided_after_a_no_is_still_a_no_and_the_yes_resumes_the_delay() -> None:
    yes = event("2 2026-03-02T11:00 consent_recorded")
    no = event("3 2026-03-10T10:00 consent_withdrawn")
    unsure = event("4 2026-03-12T10:00 consent_undecided")
    again = event("5 2026-03-20T10:00 consent_recorded")
    outside = Responsible(RESPONSIBLE.since, None, (), duty_to_notify=False)
    story = timeline(FIRST, yes, no, unsure, again, responsible=[outside])
    found = one("first-fro-approach", breaches(story, RULES, now=SUMMER))
    assert (found.breached_at, found.ended_at) == (london("2026-03-05 00:00"), None)


def test_a_child_s_no_stops_nothing() -> None:
    no = event("2 2026-03-03T10:00 consent_refused")
    found = breaches(timeline(FIRST, no, age="not_sure"), RULES, now=SUMMER)
    assert one("child-entry-wait", found, "red").ended_at is None


def test_consent_to_something_else_stops_nothing() -> None:
    no = event("2 2026-03-03T10:00 consent_refused", consent_type="police")
    assert of("entry-wait", breaches(timeline(FIRST, no), RULES, now=SUMMER), "critical")


# Closing and reopening


def test_reopening_starts_what_closing_ended_anew() -> None:
    closed = event("2 2026-03-05T10:00 closed")
    reopened = event("3 2026-05-01T10:00 reopened")
    found = breaches(timeline(FIRST, closed, reopened), RULES, now=SUMMER)
    entry = one("entry-wait", found, "amber")
    assert (entry.started_by, entry.started_at) == (3, reopened.happened_at)
    assert entry.breached_at == london("2026-05-16 00:00")
    before = one("safety-screen", found[:1])
    assert (before.started_by, before.ended_at) == (1, closed.happened_at)


def test_reopening_does_not_start_what_had_ended_otherwise() -> None:
    checked = event("2 2026-03-02T11:00 immediate_safety_checked")
    closed = event("3 2026-03-05T10:00 closed")
    reopened = event("4 2026-03-06T10:00 reopened")
    found = breaches(timeline(FIRST, checked, closed, reopened), RULES, now=SUMMER)
    assert of("safety-screen", found) == []


CLOSED = event("80 2026-03-05T10:00 closed")
REOPENED = event("90 2026-04-01T10:00 reopened")
WHILE_CLOSED = [
    ("lost-contact", event("2 2026-03-10T10:00 contact_made")),
    ("consent-stale", event("2 2026-03-10T10:00 consent_recorded")),
    ("draft-age", event("2 2026-03-10T10:00 draft_started")),
    ("fro-reply", event("2 2026-03-10T10:00 fro_approached", organisation=7)),
    ("interview", event("2 2026-03-10T10:00 appointment_attended")),
    ("rg-decision", event("2 2026-03-10T10:00 referral_submitted")),
    ("recovery-end", event("2 2026-03-10T10:00 rg_decision", outcome="positive")),
    (
        "safety-screen-urgent",
        event("2 2026-03-10T10:00 risk_flag_added", risk="still_in_exploitation"),
    ),
]


@pytest.mark.parametrize(("rule", "start"), WHILE_CLOSED)
def test_nothing_stands_while_closed_and_what_began_then_begins_at_the_reopening(
    rule: str, start: Event
) -> None:
    assert of(rule, breaches(timeline(FIRST, CLOSED, start), RULES, now=SUMMER)) == []
    story = timeline(FIRST, CLOSED, start, REOPENED)
    found = [b for b in of(rule, breaches(story, RULES, now=SUMMER)) if not b.ended_at]
    assert {(b.started_by, b.started_at) for b in found} == {(90, REOPENED.happened_at)}


def test_what_began_and_ended_while_closed_does_not_begin_again() -> None:
    asked = event("2 2026-03-10T10:00 fro_approached", organisation=7)
    answered = event("3 2026-03-11T10:00 fro_waitlisted", organisation=7)
    story = timeline(FIRST, CLOSED, asked, answered, REOPENED)
    assert of("fro-reply", breaches(story, RULES, now=SUMMER)) == []


def test_contact_lost_while_closed_is_still_lost_at_the_reopening() -> None:
    lost = event("2 2026-03-10T10:00 contact_lost")
    found = breaches(timeline(FIRST, CLOSED, lost, REOPENED), RULES, now=SUMMER)
    assert of("lost-contact", found) == []


def test_the_reconsideration_window_stands_while_closed() -> None:
    letter = event("2 2026-03-10T10:00 rg_decision", outcome="negative")
    found = breaches(timeline(FIRST, CLOSED, letter), RULES, now=SUMMER)
    assert one("reconsideration-window", found, "critical").ended_at is None


def test_turning_18_goes_on_after_a_reopening_as_if_never_closed() -> None:
    soon = {"age": "child", "birthday": date(2026, 4, 20)}
    while_closed = one(
        "turning-18", breaches(timeline(FIRST, CLOSED, **soon), RULES, now=SUMMER), "info"
    )
    assert (while_closed.ended_at, while_closed.end_reason) == (CLOSED.happened_at, "ended")
    found = breaches(timeline(FIRST, CLOSED, REOPENED, **soon), RULES, now=SUMMER)
    info = one("turning-18", found, "info")
    assert (info.started_by, info.breached_at, info.ended_at) == (1, FIRST.happened_at, None)


def test_a_meeting_is_not_counted_from_before_consent_after_a_reopening_either() -> None:
    accepted = event("2 2026-03-03T10:00 fro_accepted", organisation=7)
    agreed = event("3 2026-04-08T10:00 consent_recorded")
    story = timeline(FIRST, accepted, CLOSED, REOPENED, agreed)
    found = one("interview", breaches(story, RULES, now=SUMMER))
    assert (found.started_by, found.started_at) == (3, agreed.happened_at)


def test_turning_18_stands_after_the_birthday_until_it_is_answered() -> None:
    story = timeline(FIRST, age="child", birthday=date(2026, 4, 1))
    assert one("turning-18", breaches(story, RULES, now=SUMMER), "red").ended_at is None
    early = event("2 2026-03-30T10:00 consent_recorded")
    answered = event("3 2026-04-02T10:00 consent_recorded")
    found = breaches(
        timeline(FIRST, early, answered, age="child", birthday=date(2026, 4, 1)), RULES, now=SUMMER
    )
    assert one("turning-18", found, "red").ended_at == answered.happened_at


# Versions


def version(code: str, since: str | None, n: int) -> Threshold:
    definition = DEFINITIONS[code] | {
        "limits": [{"severity": "amber", "n": n, "unit": "cd", "told": "list"}]
    }
    at = london(since) if since else None
    return Threshold.from_definition(code=code, effective_from=at, definition=definition)


def test_a_version_judges_waits_that_run_when_it_takes_effect() -> None:
    rules = judged_by(version("entry-wait", None, 60), version("entry-wait", "2026-03-20 00:00", 5))
    found = one("entry-wait", breaches(timeline(FIRST), rules, now=SUMMER))
    assert found.breached_at == london("2026-03-20 00:00")
    early = london("2026-03-15 00:00")
    assert breaches(timeline(FIRST), rules, now=early) == []
    assert next_deadline(timeline(FIRST), rules, now=early) == london("2026-03-20 00:00")


def test_what_an_older_version_flagged_stays() -> None:
    rules = judged_by(version("entry-wait", None, 5), version("entry-wait", "2026-03-20 00:00", 60))
    found = one("entry-wait", breaches(timeline(FIRST), rules, now=SUMMER))
    assert (found.breached_at, found.ended_at) == (london("2026-03-08 00:00"), None)


@pytest.mark.parametrize(
    "change",
    [
        {"basis": "hearsay"},
        {"applies": {"moon": "full"}},
        {"startz": {}},
        {"starts": {"never": []}},
        {"limits": [{"severity": "red", "n": 1, "unit": "weeks", "told": "list"}]},
    ],
)
def test_a_definition_that_says_nothing_known_is_refused(change: dict[str, object]) -> None:
    definition = DEFINITIONS["entry-wait"] | change
    with pytest.raises(ValueError, match=r"one of|[Uu]nknown"):
        Threshold.from_definition(code="x", effective_from=None, definition=definition)


# Properties

CODES = sorted(
    {
        key.split(":")[0]
        for rule in RULES.thresholds
        for key in (*rule.ends, *rule.until_next, *rule.dated_ends)
    }
    | {"risk_flag_added", "risk_flag_removed", "fro_declined_capacity", "fro_waitlisted", "closed"}
    | {"reopened", "pause_started", "pause_ended", "allocated", "emergency_support_requested"}
)
RISKS = ("destitute", "detained", "still_in_exploitation", "pregnant", "re_exploitation_concern")
HALF_DAYS = st.integers(0, 240).map(lambda n: FIRST.happened_at + timedelta(hours=12 * n))


@st.composite
def events(draw: st.DrawFn) -> tuple[Event, ...]:
    found = [FIRST]
    for number in range(2, draw(st.integers(2, 14))):
        code = draw(st.sampled_from(CODES))
        outcome = {"age_group_changed": ["adult", "child"], "allocated": ["sca", "devolved"]}
        found.append(
            Event(
                number,
                code,
                draw(HALF_DAYS),
                organisation=draw(st.sampled_from([None, 7, 8])),
                outcome=draw(
                    st.sampled_from(outcome.get(code, ["positive", "negative", "housed"]))
                ),
                consent_type=draw(st.sampled_from(["", "support"])),
                dated_on=draw(st.none() | st.dates(date(2026, 3, 1), date(2026, 6, 1))),
                risk=draw(st.sampled_from(RISKS)),
            )
        )
    return tuple(found)


TIMELINES = st.builds(
    Timeline,
    age_group=st.sampled_from(["adult", "child", "not_sure"]),
    nation=st.sampled_from(["england", "scotland"]),
    turns_18_on=st.none() | st.dates(date(2026, 3, 1), date(2026, 9, 1)),
    events=events(),
    responsible=st.sampled_from([(RESPONSIBLE,), ()]),
)


@settings(max_examples=300, deadline=None)
@given(story=TIMELINES, now=HALF_DAYS, hours=st.floats(0, 1))
def test_nothing_changes_before_the_next_deadline(
    story: Timeline, now: datetime, hours: float
) -> None:
    known = Timeline(
        story.age_group,
        story.nation,
        story.turns_18_on,
        tuple(e for e in story.events if e.happened_at <= now),
        story.responsible,
    )
    found, deadline = assess(known, RULES, now=now)
    until = deadline or datetime(2031, 1, 1, tzinfo=UTC)
    assert until > now
    between = min(now + (until - now) * hours, until - TICK)
    assert assess(known, RULES, now=between)[0] == found


@settings(max_examples=300, deadline=None)
@given(story=TIMELINES, now=HALF_DAYS)
def test_each_delay_has_one_key_and_lies_between_its_start_and_now(
    story: Timeline, now: datetime
) -> None:
    found = breaches(story, RULES, now=now)
    keys = [(b.rule, b.severity, b.started_by) for b in found]
    assert len(keys) == len(set(keys))
    for b in found:
        assert b.started_at <= b.breached_at <= now
        assert (b.ended_at is None) == (b.end_reason == "")
        assert b.ended_at is None or b.breached_at < b.ended_at <= now
        assert timedelta(0) <= b.net(now) <= b.gross(now)


@settings(max_examples=200, deadline=None)
@given(story=TIMELINES, now=HALF_DAYS)
def test_every_standing_delay_has_a_bar_that_has_not_ended(story: Timeline, now: datetime) -> None:
    bars = {(w.rule, w.started_by): w for w in waits(story, RULES, now=now) if not w.ended_at}
    standing = {(b.rule, b.started_by) for b in breaches(story, RULES, now=now) if not b.ended_at}
    assert standing <= bars.keys()
