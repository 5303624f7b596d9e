"""The oracle itself, against examples worked out on paper with a calendar of 2026."""

from datetime import UTC, date, datetime, timedelta

from tests.referrals.oracle import LONDON, Event, Responsible, Timeline, delayed

CONTACT = "2026-06-01 10:00"  # a Monday


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def history(
    *steps: tuple,
    age: str = "adult",
    nation: str = "england",
    turns_18_on: date | None = None,
    designated: bool = True,
) -> Timeline:
    """Each step is (code, London time) and, where it has any, a dict of further fields."""
    events = tuple(
        Event(number, code, london(when), **(more[0] if more else {}))
        for number, (code, when, *more) in enumerate(steps, start=1)
    )
    always = ((date(2020, 1, 1), None),) if designated else ()
    holder = Responsible(datetime(2020, 1, 1, tzinfo=UTC), None, always, duty_to_notify=False)
    return Timeline(age, nation, turns_18_on, events, (holder,))


def breached(timeline: Timeline, rule: str, at: str) -> dict[str, datetime]:
    """When each severity of this rule that stands was reached."""
    found = [d for d in delayed(timeline, now=london(at)) if d.rule == rule]
    assert len({d.severity for d in found}) == len(found)
    return {d.severity: d.breached_at for d in found}


SUBMITTED = history(
    ("initial_contact", "2026-04-02 16:00"), ("referral_submitted", "2026-04-02 16:00")
)


def test_five_working_days_over_easter_end_with_the_thirteenth_of_april():
    midnight = london("2026-04-14 00:00")
    assert breached(SUBMITTED, "rg-decision", "2026-04-13 23:59") == {}
    assert breached(SUBMITTED, "rg-decision", "2026-04-14 00:00") == {"info": midnight}


def test_a_decision_at_the_limit_is_in_time():
    decision = Event(9, "rg_decision", london("2026-04-14 00:00"))
    timeline = Timeline("adult", "england", None, (*SUBMITTED.events, decision), ())
    assert breached(timeline, "rg-decision", "2026-04-20 00:00") == {}


def test_a_decision_ends_the_wait_at_the_date_on_its_letter():
    letter = {"dated_on": date(2026, 4, 10)}
    steps = [("initial_contact", "2026-04-02 16:00"), ("referral_submitted", "2026-04-02 16:00")]
    timeline = history(*steps, ("rg_decision", "2026-04-20 09:00", letter))
    assert breached(timeline, "rg-decision", "2026-04-19 00:00").keys() == {"info"}
    assert breached(timeline, "rg-decision", "2026-04-20 09:00") == {}


def test_each_severity_of_the_entry_wait_has_its_own_limit():
    timeline = history(("initial_contact", CONTACT))
    assert breached(timeline, "entry-wait", "2026-06-30 00:00") == {
        "amber": london("2026-06-16 00:00"),
        "red": london("2026-06-30 00:00"),
    }


def test_a_pause_moves_the_deadline_by_its_days_and_leaves_the_net_wait():
    timeline = history(
        ("initial_contact", CONTACT),
        ("pause_started", "2026-06-05 10:00"),
        ("pause_ended", "2026-06-08 09:00"),
    )
    assert breached(timeline, "entry-wait", "2026-06-18 23:59") == {}
    now = london("2026-06-19 00:00")
    (delay,) = (d for d in delayed(timeline, now=now) if d.rule == "entry-wait")
    assert delay.breached_at == now
    assert delay.gross == timedelta(days=17, hours=14)
    assert delay.net == timedelta(days=14, hours=15)


def test_a_pause_that_runs_holds_the_deadline_but_raises_nothing_down():
    before = history(("initial_contact", CONTACT), ("pause_started", "2026-06-15 10:00"))
    after = history(("initial_contact", CONTACT), ("pause_started", "2026-06-16 10:00"))
    assert breached(before, "entry-wait", "2026-07-30 00:00") == {}
    assert breached(after, "entry-wait", "2026-07-30 00:00") == {
        "amber": london("2026-06-16 00:00")
    }


def test_a_refusal_stops_the_entry_wait_until_consent_is_recorded_again():
    timeline = history(
        ("initial_contact", CONTACT),
        ("consent_refused", "2026-06-10 10:00"),
        ("consent_recorded", "2026-06-20 10:00"),
    )
    assert breached(timeline, "entry-wait", "2026-06-19 00:00") == {}
    assert breached(timeline, "entry-wait", "2026-06-25 23:59") == {}
    midnight = london("2026-06-26 00:00")
    assert breached(timeline, "entry-wait", "2026-06-26 00:00") == {"amber": midnight}


def test_hours_are_elapsed_hours_over_a_clock_change():
    timeline = history(("initial_contact", "2026-03-28 12:00"), age="not_sure")
    assert breached(timeline, "child-la-referral", "2026-03-29 12:59") == {}
    assert breached(timeline, "child-la-referral", "2026-03-29 13:00") == {
        "critical": datetime(2026, 3, 29, 12, tzinfo=UTC)
    }


def test_working_days_are_those_of_the_referrals_nation():
    friday = ("initial_contact", "2026-06-12 10:00")
    for nation, end in (("england", "2026-06-20 00:00"), ("scotland", "2026-06-23 00:00")):
        timeline = history(friday, age="child", nation=nation)
        found = breached(timeline, "child-entry-wait", "2026-06-24 00:00")
        assert found == {"amber": london(end)}


def test_the_twelfth_of_july_is_kept_on_monday_in_northern_ireland():
    timeline = history(
        ("initial_contact", "2026-07-10 10:00"),
        ("la_safeguarding_referred", "2026-07-10 11:00"),
        age="child",
        nation="northern_ireland",
    )
    found = breached(timeline, "la-acknowledgement", "2026-07-20 00:00")
    assert found == {"red": london("2026-07-15 00:00")}


def test_a_risk_that_comes_later_counts_all_the_time_but_never_breaches_before_it():
    risk = ("risk_flag_added", "2026-06-20 09:00", {"risk": "pregnant"})
    found = breached(
        history(("initial_contact", CONTACT), risk), "entry-wait-at-risk", "2026-06-21 00:00"
    )
    assert found == {"amber": london("2026-06-20 09:00"), "red": london("2026-06-20 09:00")}


def test_the_hours_of_a_detained_person_start_with_the_detention():
    risk = ("risk_flag_added", "2026-06-03 15:00", {"risk": "detained"})
    timeline = history(("initial_contact", CONTACT), risk)
    found = breached(timeline, "entry-wait-detained", "2026-06-21 00:00")
    assert found == {"critical": london("2026-06-04 15:00")}
    assert breached(timeline, "entry-wait-at-risk", "2026-07-21 00:00") == {}
    assert breached(timeline, "entry-wait", "2026-07-21 00:00") == {}


def test_an_urgent_risk_replaces_the_usual_screen_and_a_new_one_asks_again():
    timeline = history(
        ("initial_contact", CONTACT),
        ("risk_flag_added", CONTACT, {"risk": "still_in_exploitation"}),
        ("immediate_safety_checked", "2026-06-01 11:00"),
        ("risk_flag_added", "2026-06-02 09:00", {"risk": "suicide_or_self_harm_risk"}),
    )
    found = breached(timeline, "safety-screen-urgent", "2026-06-02 13:00")
    assert found == {"critical": london("2026-06-02 13:00")}
    assert breached(timeline, "safety-screen", "2026-06-10 00:00") == {}


def test_a_draft_is_critical_three_days_before_the_service_deletes_it():
    timeline = history(
        ("initial_contact", "2026-05-01 09:00"),
        ("draft_started", "2026-05-01 09:30"),
        ("draft_last_saved", "2026-05-01 10:00"),
    )
    found = breached(timeline, "draft-deletion", "2026-06-10 00:00")
    assert found == {"critical": london("2026-05-27 00:00")}
    found = breached(timeline, "draft-age", "2026-06-10 00:00")
    assert found == {"amber": london("2026-05-23 00:00")}


def test_the_reconsideration_window_counts_from_the_letter_and_outlasts_closing():
    letter = {"dated_on": date(2026, 3, 2), "outcome": "negative"}
    timeline = history(
        ("initial_contact", "2026-02-02 09:00"),
        ("rg_decision", "2026-03-05 09:00", letter),
        ("closed", "2026-03-06 09:00"),
    )
    assert breached(timeline, "reconsideration-window", "2026-05-01 00:00") == {
        "amber": london("2026-03-23 00:00"),
        "critical": london("2026-03-28 00:00"),
    }


def test_the_third_refusal_by_a_third_organisation_is_a_delay():
    steps = [("initial_contact", CONTACT)]
    for day, who in ((2, 1), (3, 1), (4, 2), (5, 3)):
        steps.append(("fro_declined_capacity", f"2026-06-0{day} 09:00", {"organisation": who}))
    timeline = history(*steps)
    assert breached(timeline, "refusals", "2026-06-05 08:59") == {}
    assert breached(timeline, "refusals", "2026-06-05 09:00") == {"red": london("2026-06-05 09:00")}


def test_an_answer_without_a_name_ends_the_oldest_open_approach():
    timeline = history(
        ("initial_contact", CONTACT),
        ("fro_approached", "2026-06-01 11:00", {"organisation": 1}),
        ("fro_approached", "2026-06-02 11:00", {"organisation": 2}),
        ("fro_declined_other", "2026-06-03 11:00"),
    )
    found = breached(timeline, "fro-reply", "2026-06-10 00:00")
    assert found == {"amber": london("2026-06-05 00:00")}


def test_no_approach_is_asked_for_from_a_designated_organisation():
    steps = [("initial_contact", CONTACT), ("consent_recorded", "2026-06-02 10:00")]
    now = "2026-06-10 00:00"
    assert breached(history(*steps), "first-fro-approach", now) == {}
    found = breached(history(*steps, designated=False), "first-fro-approach", now)
    assert found == {"amber": london("2026-06-05 00:00")}


def test_a_reopened_referral_waits_anew_from_its_reopening():
    timeline = history(
        ("initial_contact", CONTACT),
        ("closed", "2026-06-10 10:00"),
        ("reopened", "2026-06-20 10:00"),
    )
    assert breached(timeline, "entry-wait", "2026-06-19 00:00") == {}
    found = breached(timeline, "entry-wait", "2026-07-10 00:00")
    assert found == {"amber": london("2026-07-05 00:00")}


def test_a_birthday_warns_at_midnight_a_hundred_and_twenty_eight_and_seven_days_before():
    timeline = history(("initial_contact", CONTACT), age="child", turns_18_on=date(2026, 12, 10))
    assert breached(timeline, "turning-18", "2026-12-20 00:00") == {
        "info": london("2026-09-01 00:00"),
        "amber": london("2026-11-12 00:00"),
        "red": london("2026-12-03 00:00"),
    }


def test_contact_is_lost_sooner_by_someone_at_risk():
    risk = ("risk_flag_added", CONTACT, {"risk": "pregnant"})
    quiet = history(("initial_contact", CONTACT))
    now = "2026-07-01 00:00"
    assert breached(quiet, "lost-contact", now) == {"amber": london("2026-06-30 00:00")}
    tight = history(("initial_contact", CONTACT), risk)
    assert breached(tight, "lost-contact", now) == {"amber": london("2026-06-09 00:00")}


def test_emergency_support_is_asked_for_within_four_hours_of_risk_and_consent():
    timeline = history(
        ("initial_contact", CONTACT),
        ("risk_flag_added", "2026-06-02 09:00", {"risk": "destitute"}),
        ("consent_recorded", "2026-06-02 10:00", {"consent_type": "support"}),
    )
    found = breached(timeline, "emergency-request", "2026-06-02 14:00")
    assert found == {"critical": london("2026-06-02 14:00")}


def test_what_happened_after_the_question_is_not_known_yet():
    timeline = history(("initial_contact", CONTACT), ("referral_submitted", "2026-06-17 10:00"))
    assert breached(timeline, "entry-wait", "2026-06-17 09:59").keys() == {"amber"}
    assert breached(timeline, "entry-wait", "2026-06-17 10:00") == {}


def test_nothing_is_late_while_a_referral_is_closed():
    timeline = history(
        ("initial_contact", CONTACT),
        ("closed", "2026-06-10 10:00"),
        ("consent_recorded", "2026-06-11 10:00"),
        designated=False,
    )
    assert delayed(timeline, now=london("2026-12-01 00:00")) == set()


def test_an_urgent_risk_set_while_closed_asks_for_a_check_from_the_reopening():
    timeline = history(
        ("initial_contact", CONTACT),
        ("immediate_safety_checked", CONTACT),
        ("closed", "2026-06-10 10:00"),
        ("risk_flag_added", "2026-06-11 10:00", {"risk": "still_in_exploitation"}),
        ("reopened", "2026-06-20 10:00"),
    )
    found = breached(timeline, "safety-screen-urgent", "2026-06-20 14:00")
    assert found == {"critical": london("2026-06-20 14:00")}


def test_a_birthday_keeps_its_warnings_over_a_closing():
    timeline = history(
        ("initial_contact", CONTACT),
        ("closed", "2026-06-10 10:00"),
        ("reopened", "2026-06-20 10:00"),
        age="child",
        turns_18_on=date(2026, 8, 5),
    )
    assert breached(timeline, "turning-18", "2026-06-15 00:00") == {}
    found = breached(timeline, "turning-18", "2026-06-21 00:00")
    assert found == {"info": london(CONTACT)}


def test_support_given_consent_again_is_waited_for_from_that_consent():
    support = {"consent_type": "support"}
    timeline = history(
        ("initial_contact", CONTACT),
        ("consent_recorded", "2026-06-02 10:00", support),
        ("referral_submitted", "2026-06-03 10:00"),
        ("consent_withdrawn", "2026-06-04 10:00", support),
        ("consent_recorded", "2026-06-10 10:00", support),
    )
    found = breached(timeline, "support-contact", "2026-06-15 00:00")
    assert found == {"amber": london("2026-06-12 10:00")}


def test_a_refusal_of_emergency_support_without_a_request_counts_the_need_once():
    timeline = history(
        ("initial_contact", CONTACT),
        ("risk_flag_added", "2026-06-02 09:00", {"risk": "destitute"}),
        ("consent_recorded", "2026-06-02 10:00", {"consent_type": "support"}),
        ("emergency_support_refused", "2026-06-02 11:00"),
    )
    found = breached(timeline, "emergency-request", "2026-06-03 00:00")
    assert found == {"critical": london("2026-06-02 14:00")}


def test_a_guardian_is_asked_for_within_a_day_of_learning_that_it_is_a_child():
    timeline = history(
        ("initial_contact", CONTACT),
        ("age_group_changed", "2026-06-10 12:00", {"outcome": "not_sure"}),
    )
    found = breached(timeline, "ictg-referral", "2026-06-20 00:00")
    assert found == {"amber": london("2026-06-12 00:00")}
