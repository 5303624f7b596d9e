"""The same instant twice, the last day of the calendar: where `<` and `<=` differ.

Each was a change of the code that no other test noticed; see `make mutants`.
"""

from datetime import date, datetime, timedelta

import pytest

from nrm_tracker.calendars import LAST_DAY, calendar, coming_of_age
from referrals.delays import Breach, Event, Limit, Threshold, assess, breaches, next_deadline, waits
from referrals.delays.counting import Clock, Pause, due, elapsed, merged
from referrals.delays.facts import FOREVER
from tests.referrals.timelines import (
    CALENDARS,
    DEFINITIONS,
    RULES,
    TICK,
    event,
    judged_by,
    london,
    of,
    timeline,
)

FIRST = event("1 2026-03-02T10:00 initial_contact")  # a Monday
NOW = london("2026-03-20 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def standing(rule: str, *events: Event) -> list[int]:
    found = of(rule, breaches(timeline(FIRST, *events), RULES, now=NOW))
    return [breach.started_by for breach in found if breach.ended_at is None]


def declined(number: int, at: str) -> Event:
    return event(f"{number} {at} fro_declined_capacity", organisation=number)


def test_an_answer_in_the_minute_of_the_question_is_its_answer() -> None:
    asked = event("2 2026-03-03T10:00 fro_approached", organisation=7)
    answer = event("3 2026-03-03T10:00 fro_waitlisted", organisation=7)
    assert standing("fro-reply", asked) == [2]
    assert standing("fro-reply", asked, answer) == []


def test_an_answer_of_nobody_in_the_minute_of_another_answer_is_for_the_one_still_open() -> None:
    asked = [
        event("2 2026-03-03T10:00 fro_approached", organisation=7),
        event("3 2026-03-03T11:00 fro_approached", organisation=8),
    ]
    answer = event("4 2026-03-03T12:00 fro_waitlisted", organisation=7)
    unnamed = event("5 2026-03-03T12:00 fro_no_response")
    assert standing("fro-reply", *asked, answer) == [3]
    assert standing("fro-reply", *asked, answer, unnamed) == []


def test_an_answer_of_nobody_in_the_minute_of_the_question_is_its_answer() -> None:
    asked = event("2 2026-03-03T10:00 fro_approached", organisation=7)
    unnamed = event("3 2026-03-03T10:00 fro_no_response")
    assert standing("fro-reply", asked, unnamed) == []


def test_a_letter_dated_on_the_day_of_the_submission_is_its_decision() -> None:
    """A date alone is noon, and the referral was sent at noon."""
    sent = event("2 2026-03-03T12:00 referral_submitted")
    letter = event("3 2026-03-05T10:00 rg_decision", outcome="positive", dated_on=date(2026, 3, 3))
    late = NOW + 30 * DAY
    found = of("rg-decision", breaches(timeline(FIRST, sent), RULES, now=late), "amber")
    assert [breach.ended_at for breach in found] == [None]
    assert of("rg-decision", breaches(timeline(FIRST, sent, letter), RULES, now=late)) == []


def test_a_yes_at_the_midnight_of_the_birthday_is_an_adults() -> None:
    birthday = date(2026, 3, 15)
    who = {"age": "child", "birthday": birthday}
    for at, stands in ((london("2026-03-14 23:59"), [None]), (london("2026-03-15 00:00"), [])):
        yes = Event(2, "consent_recorded", at, consent_type="nrm")
        found = of("turning-18", breaches(timeline(FIRST, yes, **who), RULES, now=NOW), "red")
        assert [b.ended_at for b in found if b.ended_at is None] == stands


def test_a_risk_in_the_minute_of_the_question_leaves_the_question_as_what_began_it() -> None:
    asked = event("2 2026-03-03T10:00 fro_approached", organisation=7)
    risk = event("3 2026-03-03T10:00 risk_flag_added", risk="destitute")
    assert standing("fro-reply-urgent", asked, risk) == [2]


def test_what_ended_in_the_minute_of_the_closing_does_not_begin_anew() -> None:
    closed = event("3 2026-03-04T10:00 closed")
    reopened = event("4 2026-03-05T10:00 reopened")
    sent = event("2 2026-03-04T10:00 referral_submitted")
    check = event("2 2026-03-04T10:00 immediate_safety_checked")
    assert standing("safety-screen", closed, reopened) == [4]
    assert standing("safety-screen", check, closed, reopened) == []
    assert standing("safety-screen", sent, closed, reopened) == []


def test_a_question_of_the_minute_of_the_reopening_is_what_began_it() -> None:
    closed, reopened = event("2 2026-03-03T10:00 closed"), event("3 2026-03-04T10:00 reopened")
    asked = event("4 2026-03-04T10:00 fro_approached", organisation=7)
    assert standing("fro-reply", closed, reopened, asked) == [4]


def test_a_question_of_the_minute_of_the_closing_is_not_late_while_closed() -> None:
    asked = event("2 2026-03-03T10:00 fro_approached", organisation=7)
    closed, reopened = event("3 2026-03-03T10:00 closed"), event("4 2026-03-12T10:00 reopened")
    story = timeline(FIRST, asked, closed, reopened)
    found = of("fro-reply", breaches(story, RULES, now=NOW))
    assert [breach.breached_at for breach in found] == [london("2026-03-17 00:00")]


def test_a_second_closing_ends_what_began_after_the_first() -> None:
    closed, reopened = event("2 2026-03-03T10:00 closed"), event("3 2026-03-04T10:00 reopened")
    asked = event("4 2026-03-05T10:00 fro_approached", organisation=7)
    again = event("5 2026-03-05T12:00 closed")
    assert standing("fro-reply", closed, reopened, asked) == [4]
    assert standing("fro-reply", closed, reopened, asked, again) == []


def test_three_refusals_before_a_closing_are_forgotten_by_the_reopening() -> None:
    three = [declined(n, f"2026-03-0{n}T10:00") for n in (3, 4, 5)]
    closed, reopened = event("6 2026-03-06T10:00 closed"), event("7 2026-03-07T10:00 reopened")
    assert standing("refusals", *three) == [1]
    assert standing("refusals", *three, closed) == []
    assert standing("refusals", *three, closed, reopened) == []


def test_a_pause_that_begins_as_the_limit_passes_holds_off_nothing() -> None:
    passes = london("2026-03-17 00:00")  # fourteen days
    began = Event(2, "pause_started", passes)
    before = Event(2, "pause_started", passes - TICK)
    assert standing("entry-wait", began) == [1]
    assert standing("entry-wait", before) == []


UNITS = pytest.mark.parametrize("unit", ["h", "cd", "wd"])


@UNITS
def test_in_every_unit_a_pause_from_the_limit_on_moves_nothing(unit: str) -> None:
    clock = Clock(FIRST.happened_at, CALENDARS["england"])
    passes = due(limit(5, unit), clock)
    assert passes is not None
    for end in (passes + 3 * DAY, FOREVER):
        assert due(limit(5, unit), clock._replace(pauses=(Pause(passes, end),))) == passes
    before = Pause(passes - TICK, FOREVER)
    assert due(limit(5, unit), clock._replace(pauses=(before,))) is None


@UNITS
def test_in_every_unit_a_pause_that_was_over_hides_none_that_came_later(unit: str) -> None:
    start = FIRST.happened_at
    over, later = Pause(start - 3 * DAY, start), Pause(start + HOUR, start + HOUR + 2 * DAY)
    clock = Clock(start, CALENDARS["england"])
    without, counted, both = (
        due(limit(5, unit), clock._replace(pauses=pauses))
        for pauses in ((), (later,), (over, later))
    )
    assert without is not None
    assert counted == both == without + 2 * DAY


def test_pauses_that_touch_are_one() -> None:
    first, middle, last = (FIRST.happened_at + n * DAY for n in range(3))
    apart = Pause(last + TICK, FOREVER)
    touching = [Pause(middle, last), Pause(first, middle)]
    assert merged([apart, *touching]) == (Pause(first, last), apart)


def test_who_was_born_on_a_29th_of_february_is_a_child_until_the_first_of_march() -> None:
    """18 years later there is no such day: in law the age is reached on 1 March."""
    birthday = coming_of_age(date(2012, 2, 29))
    assert birthday == date(2030, 3, 1)
    assert coming_of_age(date(2012, 2, 28)) == date(2030, 2, 28)
    contact = event("1 2030-02-27T09:00 initial_contact")
    who = timeline(contact, age="adult", birthday=birthday)
    last_minute, first_of_march = london("2030-02-28 23:59"), london("2030-03-01 00:00")
    found = {
        now: of("child-la-referral", breaches(who, RULES, now=now))
        for now in (last_minute, first_of_march)
    }
    assert [breach.ended_at for breach in found[last_minute]] == [None]
    assert [(b.ended_at, b.end_reason) for b in found[first_of_march]] == [
        (first_of_march, "no_longer_applies")
    ]
    [soon] = of("turning-18", breaches(who, RULES, now=last_minute), "red")
    assert soon.breached_at == max(london("2030-02-22 00:00"), contact.happened_at)


def at_risk(*events: Event, now: datetime = NOW) -> list[Breach]:
    """The amber delays of somebody destitute from the first, five working days after a Monday."""
    risk = event("2 2026-03-02T10:00 risk_flag_added", risk="destitute")
    story = timeline(*sorted((FIRST, risk, *events), key=lambda e: (e.happened_at, e.id)))
    return of("entry-wait-at-risk", breaches(story, RULES, now=now), "amber")


def says(number: int, answer: str, at: str) -> Event:
    return event(f"{number} {at} consent_{answer}", consent_type="nrm")


FIVE_DAYS = london("2026-03-10 00:00")


def test_a_delay_stands_from_its_very_instant_and_the_next_deadline_is_later() -> None:
    story = timeline(FIRST)
    fourteen_days = london("2026-03-17 00:00")
    for now, stand in ((fourteen_days - TICK, []), (fourteen_days, [None])):
        found, ahead = assess(story, RULES, now=now)
        assert [breach.ended_at for breach in of("entry-wait", found, "amber")] == stand
        assert ahead is not None
        assert ahead > now
    letter = event("2 2026-03-02T10:00 cg_decision", outcome="negative", dated_on=date(2026, 3, 2))
    [breach] = of(
        "reconsideration-window",
        breaches(timeline(FIRST, letter), RULES, now=NOW + 30 * DAY),
        "critical",
    )
    assert breach.again_at is not None
    ahead = next_deadline(timeline(FIRST, letter), RULES, now=breach.again_at)
    assert ahead is None or ahead > breach.again_at


def test_a_wait_that_ends_as_its_limit_passes_was_never_delayed() -> None:
    assert len(at_risk(event("3 2026-03-10T00:01 referral_submitted"))) == 1
    assert at_risk(event("3 2026-03-10T00:00 referral_submitted")) == []


def test_a_delay_is_over_at_the_instant_that_ends_it_and_no_deadline_stands_still() -> None:
    sent = event("3 2026-03-12T10:00 referral_submitted")
    [breach] = at_risk(sent, now=sent.happened_at)
    assert (breach.ended_at, breach.end_reason) == (sent.happened_at, "ended")
    ahead = next_deadline(timeline(FIRST, sent), RULES, now=sent.happened_at)
    assert ahead is None or ahead > sent.happened_at


def test_what_ends_and_no_longer_applies_at_once_has_ended() -> None:
    sent = event("3 2026-03-12T10:00 referral_submitted")
    gone = event("4 2026-03-12T10:00 risk_flag_removed", risk="destitute")
    assert [breach.end_reason for breach in at_risk(sent, gone)] == ["ended"]
    assert [breach.end_reason for breach in at_risk(gone)] == ["no_longer_applies"]


def test_a_no_at_the_instant_of_the_limit_puts_the_delay_off_until_the_yes() -> None:
    yes = says(4, "recorded", "2026-03-12T10:00")
    [breach] = at_risk(says(3, "refused", "2026-03-10T00:00"), yes)
    assert (breach.breached_at, breach.ended_at) == (yes.happened_at, None)
    [breach] = at_risk(says(3, "refused", "2026-03-10T00:01"), yes)
    assert (breach.breached_at, breach.ended_at) == (FIVE_DAYS, None)


def test_a_yes_in_the_minute_of_the_submission_lengthens_no_delay() -> None:
    no, yes = says(3, "refused", "2026-03-11T10:00"), says(4, "recorded", "2026-03-12T10:00")
    [breach] = at_risk(no, yes, event("5 2026-03-12T10:00 referral_submitted"))
    assert (breach.breached_at, breach.ended_at) == (FIVE_DAYS, no.happened_at)


def test_a_risk_that_came_and_went_counts_again_when_it_comes_back() -> None:
    """Before the wait, for a day within it, and for good: the last one is delayed."""
    days = ((1, "added"), (2, "removed"), (3, "added"), (4, "removed"), (5, "added"))
    risks = [
        event(f"{day + 1} 2026-03-0{day}T10:00 risk_flag_{what}", risk="destitute")
        for day, what in days
    ]
    story = timeline(*sorted((FIRST, *risks), key=lambda e: (e.happened_at, e.id)))
    found = of("entry-wait-at-risk", breaches(story, RULES, now=NOW), "amber")
    assert [(breach.breached_at, breach.ended_at) for breach in found] == [(FIVE_DAYS, None)]


def bars(*events: Event, age: str = "adult") -> set[str]:
    ordered = sorted(events, key=lambda e: (e.happened_at, e.id))
    return {wait.rule for wait in waits(timeline(*ordered, age=age), RULES, now=NOW)}


def test_what_is_answered_in_the_minute_it_was_asked_was_no_wait() -> None:
    asked = event("2 2026-03-03T10:00 fro_approached", organisation=7)
    answer = event("3 2026-03-03T10:00 fro_waitlisted", organisation=7)
    assert "fro-reply" in bars(FIRST, asked, answer._replace(happened_at=NOW))
    assert "fro-reply" not in bars(FIRST, asked, answer)
    told = event("2 2026-03-03T10:00 la_safeguarding_referred")
    heard = event("3 2026-03-03T10:00 la_acknowledged")
    assert "la-acknowledgement" in bars(FIRST, told, age="child")
    assert "la-acknowledgement" not in bars(FIRST, told, heard, age="child")


def test_a_delay_by_two_versions_is_one_from_the_first_limit_on() -> None:
    rules = judged_by(version(5, None), version(10, london("2026-03-09 00:00")))
    sent = event("2 2026-03-16T10:00 referral_submitted")
    for events, end in (((), None), ((sent,), sent.happened_at)):
        [breach] = breaches(timeline(FIRST, *events), rules, now=NOW)
        assert (breach.breached_at, breach.ended_at) == (london("2026-03-08 00:00"), end)


def test_a_delay_that_ended_and_came_again_is_the_latest() -> None:
    gone = event("3 2026-03-11T10:00 risk_flag_removed", risk="destitute")
    again = event("4 2026-03-12T10:00 risk_flag_added", risk="destitute")
    [breach] = at_risk(gone, again)
    assert (breach.breached_at, breach.ended_at) == (again.happened_at, None)


def test_what_applied_only_before_or_after_a_wait_has_no_bar() -> None:
    rule = "entry-wait-at-risk"
    before = event("2 2026-03-01T10:00 risk_flag_added", risk="destitute")
    gone = event("3 2026-03-02T10:00 risk_flag_removed", risk="destitute")
    assert rule not in bars(before, FIRST, gone)
    assert rule in bars(before, FIRST, gone._replace(happened_at=gone.happened_at + TICK))
    sent = event("4 2026-03-12T10:00 referral_submitted")
    after = event("5 2026-03-12T10:00 risk_flag_added", risk="destitute")
    assert rule not in bars(FIRST, sent, after)
    assert rule in bars(FIRST, sent, after._replace(happened_at=after.happened_at - TICK))


def test_a_delay_that_a_yes_begins_as_a_version_takes_effect_is_judged_by_it_alone() -> None:
    risk = event("2 2026-03-02T10:00 risk_flag_added", risk="destitute")
    no, yes = says(3, "refused", "2026-03-05T10:00"), says(4, "recorded", "2026-03-12T10:00")

    def judged(since: datetime) -> list[Breach]:
        rules = judged_by(version(5, None, AT_RISK), version(60, since, AT_RISK))
        return breaches(timeline(FIRST, risk, no, yes), rules, now=NOW)

    assert len(judged(yes.happened_at + TICK)) == 1
    assert judged(yes.happened_at) == []


ENTRY, AT_RISK = "entry-wait", "entry-wait-at-risk"


def version(n: int, since: datetime | None, code: str = ENTRY) -> Threshold:
    limits = [{"severity": "amber", "n": n, "unit": "cd", "told": "list"}]
    definition = DEFINITIONS[code] | {"limits": limits}
    return Threshold.from_definition(code=code, effective_from=since, definition=definition)


def test_at_the_instant_a_version_takes_effect_it_alone_judges() -> None:
    passes = london("2026-03-08 00:00")  # five days
    before = judged_by(version(5, None), version(60, passes + TICK))
    rules = judged_by(version(5, None), version(60, passes))
    assert len(breaches(timeline(FIRST), before, now=NOW)) == 1
    assert breaches(timeline(FIRST), rules, now=NOW) == []


def test_the_calendar_goes_on_after_its_last_day_and_before_its_first() -> None:
    england = CALENDARS["england"]
    friday = date(2100, 12, 31)
    assert (friday, friday.weekday()) == (LAST_DAY, 4)
    days = [england.working_days_between(friday, friday + n * DAY) for n in range(5)]
    assert days == [0, 0, 0, 1, 2]
    assert [england.working_day(friday, n) for n in (1, 2)] == [friday + 3 * DAY, friday + 4 * DAY]
    saturday = date(2000, 1, 1)
    assert england.working_days_between(saturday - 2 * DAY, saturday) == 1
    assert england.working_day(saturday - 3 * DAY, 1) == saturday - 2 * DAY


def test_the_last_days_of_the_calendar_are_counted_and_may_be_days_of_rest() -> None:
    england = CALENDARS["england"]
    before = LAST_DAY - 3 * DAY  # a Tuesday
    assert [england.working_days_between(before, before + n * DAY) for n in (1, 2, 3)] == [1, 2, 3]
    rests = calendar(frozenset({LAST_DAY}))
    assert rests.working_day(before, 2) == LAST_DAY - DAY
    assert rests.working_day(before, 3) == LAST_DAY + 3 * DAY


def limit(n: int, unit: str) -> Limit:
    return Limit.from_spec({"severity": "amber", "n": n, "unit": unit, "told": "list"})


def test_what_has_gone_of_a_limit_is_net_of_pauses_in_its_own_unit() -> None:
    start = london("2026-03-27 22:00")  # a Friday; the clocks change on the Sunday
    pause = Pause(london("2026-03-28 10:00"), london("2026-03-30 10:00"))
    at = london("2026-03-31 22:30")
    clock = Clock(start, CALENDARS["england"], (pause,))
    gone = {unit: elapsed(limit(9, unit), clock, at=at) for unit in ("h", "cd", "wd")}
    assert gone == {"h": 48, "cd": 2, "wd": 1}
    inside = {
        unit: elapsed(limit(9, unit), clock, at=pause.start + DAY) for unit in ("h", "cd", "wd")
    }
    assert inside == {"h": 12, "cd": 1, "wd": 0}


def test_a_refusal_counts_from_its_own_instant() -> None:
    instants = tuple(london(f"2026-03-0{n} 10:00") for n in (3, 4, 5))
    clock = Clock(FIRST.happened_at, CALENDARS["england"], declines=instants)
    three = limit(3, "declines")
    assert [elapsed(three, clock, at=at) for at in instants] == [1, 2, 3]
    assert elapsed(three, clock, at=instants[2] - TICK) == 2
