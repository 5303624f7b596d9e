"""Each rule of the seed once: when it starts, when it is due, what ends it."""

from datetime import date

import pytest

from referrals.delays import Event, Responsible, Timeline, breaches, next_deadline
from tests.referrals.timelines import (
    DEFINITIONS,
    EVER,
    RESPONSIBLE,
    RULES,
    TICK,
    event,
    london,
    of,
    timeline,
)

FIRST = event("1 2026-03-02T10:00 initial_contact")
YES = event("2 2026-03-02T11:00 consent_recorded")
SUPPORT = event("3 2026-03-02T11:00 consent_recorded", consent_type="support")
SUBMITTED = event("4 2026-03-04T16:00 referral_submitted")
ACCEPTED = event("5 2026-03-04T16:00 fro_accepted", organisation=7)
ASKED = event("6 2026-03-03T10:00 fro_approached", organisation=7)
LISTED = event("7 2026-03-04T10:00 fro_waitlisted", organisation=7)
LA_TOLD = event("8 2026-03-02T12:00 la_safeguarding_referred")
SAVED = event("9 2026-03-05T18:00 draft_last_saved")
REFUSED = event("10 2026-03-06T09:00 consent_refused")
POSITIVE = event("11 2026-03-12T09:00 rg_decision", outcome="positive", dated_on=date(2026, 3, 10))
NEGATIVE = event("12 2026-03-12T09:00 rg_decision", outcome="negative", dated_on=date(2026, 3, 10))
PANEL = event("13 2026-03-02T12:00 allocated", outcome="devolved")
REQUESTED = event("14 2026-03-02T14:00 emergency_support_requested")
DECLINES = [
    event(f"{20 + n} 2026-03-0{3 + n}T10:00 fro_declined_capacity", organisation=n)
    for n in range(3)
]
NOT_DESIGNATED = Responsible(RESPONSIBLE.since, None, (), False)
DUTY = Responsible(RESPONSIBLE.since, None, ((EVER, None),), True)


def risk(code: str, at: str = "2026-03-02T10:00", number: int = 30) -> Event:
    return event(f"{number} {at} risk_flag_added", risk=code)


CASES: list[tuple[str, str, Timeline, int, str, str]] = [
    ("safety-screen", "red", timeline(FIRST), 1, "2026-03-03 10:00", "immediate_safety_checked"),
    (
        "safety-screen-urgent",
        "critical",
        timeline(FIRST, risk("still_in_exploitation", "2026-03-02T12:30")),
        30,
        "2026-03-02 16:30",
        "immediate_safety_checked",
    ),
    (
        "child-la-referral",
        "critical",
        timeline(FIRST, age="not_sure"),
        1,
        "2026-03-03 10:00",
        "la_safeguarding_referred",
    ),
    (
        "la-acknowledgement",
        "red",
        timeline(FIRST, LA_TOLD, age="child"),
        8,
        "2026-03-04 00:00",
        "la_acknowledged",
    ),
    (
        "ictg-referral",
        "amber",
        timeline(FIRST, age="child", nation="wales"),
        1,
        "2026-03-04 00:00",
        "ictg_referred",
    ),
    (
        "child-entry-wait",
        "amber",
        timeline(FIRST, age="child"),
        1,
        "2026-03-10 00:00",
        "referral_submitted",
    ),
    (
        "child-entry-wait",
        "red",
        timeline(FIRST, age="child"),
        1,
        "2026-03-17 00:00",
        "referral_submitted",
    ),
    (
        "first-fro-approach",
        "amber",
        timeline(FIRST, YES, responsible=[NOT_DESIGNATED]),
        2,
        "2026-03-05 00:00",
        "signposted_statutory",
    ),
    ("fro-reply", "amber", timeline(FIRST, ASKED), 6, "2026-03-06 00:00", "fro_accepted"),
    (
        "fro-reply-urgent",
        "red",
        timeline(FIRST, ASKED, risk("detained")),
        6,
        "2026-03-04 10:00",
        "fro_accepted",
    ),
    ("entry-wait", "amber", timeline(FIRST), 1, "2026-03-17 00:00", "referral_submitted"),
    ("entry-wait", "red", timeline(FIRST), 1, "2026-03-31 00:00", "dtn_submitted"),
    ("entry-wait", "critical", timeline(FIRST), 1, "2026-04-28 00:00", "referral_submitted"),
    (
        "entry-wait-at-risk",
        "amber",
        timeline(FIRST, risk("pregnant")),
        1,
        "2026-03-10 00:00",
        "referral_submitted",
    ),
    (
        "entry-wait-at-risk",
        "red",
        timeline(FIRST, risk("pregnant")),
        1,
        "2026-03-17 00:00",
        "referral_submitted",
    ),
    (
        "entry-wait-at-risk",
        "critical",
        timeline(FIRST, risk("pregnant")),
        1,
        "2026-04-28 00:00",
        "referral_submitted",
    ),
    (
        "entry-wait-detained",
        "critical",
        timeline(FIRST, risk("imminent_removal", "2026-03-05T10:00")),
        30,
        "2026-03-06 10:00",
        "referral_submitted",
    ),
    (
        "waiting-list",
        "amber",
        timeline(FIRST, LISTED),
        7,
        "2026-03-19 00:00",
        "appointment_offered",
    ),
    ("refusals", "red", timeline(FIRST, *DECLINES), 1, "2026-03-05 10:00", "appointment_offered"),
    (
        "interview",
        "amber",
        timeline(FIRST, ACCEPTED),
        5,
        "2026-03-19 00:00",
        "interview_completed",
    ),
    ("draft-age", "amber", timeline(FIRST, SAVED), 9, "2026-03-27 00:00", "draft_abandoned"),
    (
        "draft-deletion",
        "critical",
        timeline(FIRST, SAVED),
        9,
        "2026-03-31 00:00",
        "draft_last_saved",
    ),
    ("consent-stale", "info", timeline(FIRST, YES), 2, "2026-03-31 00:00", "consent_undecided"),
    (
        "emergency-request",
        "critical",
        timeline(FIRST, risk("destitute"), SUPPORT),
        3,
        "2026-03-02 15:00",
        "emergency_support_requested",
    ),
    (
        "emergency-request",
        "red",
        timeline(FIRST, risk("re_exploitation_concern"), SUPPORT),
        3,
        "2026-03-03 11:00",
        "emergency_support_requested",
    ),
    (
        "emergency-start",
        "critical",
        timeline(FIRST, REQUESTED),
        14,
        "2026-03-03 14:00",
        "emergency_support_refused",
    ),
    (
        "support-contact",
        "amber",
        timeline(FIRST, SUPPORT, SUBMITTED),
        4,
        "2026-03-06 16:00",
        "support_contacted",
    ),
    (
        "support-contact",
        "red",
        timeline(FIRST, SUPPORT, SUBMITTED),
        4,
        "2026-03-10 00:00",
        "support_contacted",
    ),
    ("rg-decision", "info", timeline(FIRST, SUBMITTED), 4, "2026-03-12 00:00", "rg_decision"),
    ("rg-decision", "amber", timeline(FIRST, SUBMITTED), 4, "2026-03-19 00:00", "rg_decision"),
    (
        "rg-decision",
        "red",
        timeline(FIRST, SUBMITTED),
        4,
        "2026-04-02 00:00",
        "withdrawn_from_nrm",
    ),
    (
        "rg-decision-devolved",
        "red",
        timeline(FIRST, PANEL, SUBMITTED, age="child"),
        4,
        "2026-04-19 00:00",
        "rg_decision",
    ),
    (
        "reconsideration-window",
        "amber",
        timeline(FIRST, NEGATIVE),
        12,
        "2026-03-31 00:00",
        "reconsideration_requested",
    ),
    (
        "reconsideration-window",
        "critical",
        timeline(FIRST, NEGATIVE),
        12,
        "2026-04-05 00:00",
        "reconsideration_not_requested",
    ),
    ("recovery-end", "info", timeline(FIRST, POSITIVE), 11, "2026-04-10 00:00", "cg_decision"),
    ("cg-age", "info", timeline(FIRST, POSITIVE), 11, "2026-09-07 00:00", "cg_decision"),
    ("cg-age", "amber", timeline(FIRST, POSITIVE), 11, "2027-03-11 00:00", "cg_decision"),
    ("cg-age", "red", timeline(FIRST, POSITIVE), 11, "2027-11-01 00:00", "withdrawn_from_nrm"),
    (
        "turning-18",
        "info",
        timeline(FIRST, age="child", birthday=date(2026, 9, 1)),
        1,
        "2026-05-24 00:00",
        "cg_decision",
    ),
    (
        "turning-18",
        "amber",
        timeline(FIRST, age="child", birthday=date(2026, 9, 1)),
        1,
        "2026-08-04 00:00",
        "age_group_changed",
    ),
    (
        "turning-18",
        "red",
        timeline(FIRST, age="child", birthday=date(2026, 9, 1)),
        1,
        "2026-08-25 00:00",
        "cg_decision",
    ),
    ("lost-contact", "amber", timeline(FIRST), 1, "2026-03-31 00:00", "contact_lost"),
    (
        "duty-to-notify",
        "amber",
        timeline(FIRST, REFUSED, responsible=[DUTY]),
        10,
        "2026-03-11 00:00",
        "dtn_submitted",
    ),
]


@pytest.mark.parametrize(("rule", "severity", "story", "by", "due", "end"), CASES)
def test_each_limit_is_passed_at_its_instant_and_ended_by_its_event(
    rule: str, severity: str, story: Timeline, by: int, due: str, end: str
) -> None:
    passed = london(due)
    assert of(rule, breaches(story, RULES, now=passed - TICK), severity) == []
    (standing,) = of(rule, breaches(story, RULES, now=passed), severity)
    assert (standing.started_by, standing.breached_at) == (by, passed)
    assert (standing.ended_at, standing.end_reason) == (None, "")

    in_time = Event(90, end, passed)
    assert of(rule, breaches(_with(story, in_time), RULES, now=passed), severity) == []

    late = Event(90, end, passed + TICK)
    (ended,) = of(rule, breaches(_with(story, late), RULES, now=late.happened_at), severity)
    assert (ended.ended_at, ended.end_reason) == (late.happened_at, "ended")
    assert (ended.started_by, ended.breached_at) == (by, passed)


@pytest.mark.parametrize(("rule", "severity", "story", "by", "due", "end"), CASES)
def test_each_limit_is_a_next_deadline(
    rule: str, severity: str, story: Timeline, by: int, due: str, end: str
) -> None:
    last = max(event.happened_at for event in story.events)
    seen, at = set(), next_deadline(story, RULES, now=last)
    while at is not None and at <= london(due):
        seen.add(at)
        at = next_deadline(story, RULES, now=at)
    assert london(due) in seen | {last}


@pytest.mark.parametrize(("rule", "severity", "story", "by", "due", "end"), CASES)
def test_closing_ends_every_rule_but_the_reconsideration_window(
    rule: str, severity: str, story: Timeline, by: int, due: str, end: str
) -> None:
    closed = Event(90, "closed", london(due) + TICK)
    (found,) = of(rule, breaches(_with(story, closed), RULES, now=london(due) + TICK), severity)
    assert found.ended_at == (None if rule == "reconsideration-window" else closed.happened_at)


def test_every_rule_and_severity_of_the_seed_has_a_case() -> None:
    assert {(rule, severity) for rule, severity, *_ in CASES} == {
        (rule.code, limit.severity) for rule in RULES.thresholds for limit in rule.limits
    }


def test_the_seed_has_29_rules_that_name_their_basis_and_source() -> None:
    assert [rule["number"] for rule in DEFINITIONS.values()] == list(range(1, 30))
    for rule in RULES.thresholds:
        assert rule.basis != "house" or rule.source.startswith("House policy"), rule.code
        assert "breach" not in f"{rule.title} {rule.to_do} {rule.applies_to}".lower(), rule.code


def _with(story: Timeline, extra: Event) -> Timeline:
    return timeline(
        *story.events,
        extra,
        age=story.age_group,
        nation=story.nation,
        birthday=story.turns_18_on,
        responsible=story.responsible,
    )
