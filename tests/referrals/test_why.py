"""Why a date: what began it, what did not count, each time it moved. And what we knew then."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm_tracker.calendars import calendar, london_date
from referrals.actions import Happening, correct_wait_event
from referrals.delays import Event, Known, Rules, Timeline, Why, waits, why
from referrals.delays.why import known_by
from referrals.models import DelayFlag, Referral, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, heron, moment, send, told
from tests.referrals.timelines import CALENDARS, DEFINITIONS, RULES, event, london, timeline
from tests.reporting.test_dashboard import seen

CONTACT = event("1 2026-04-01T10:00 initial_contact")  # the Wednesday before Easter
YES = event("2 2026-04-01T11:00 consent_recorded", consent_type="nrm")
LISTED = event("3 2026-04-01T12:00 fro_waitlisted", organisation=7)
LATER = london("2026-05-20 12:00")


def known(*events: Event) -> list[Known]:
    """Each recorded as it happened."""
    return [Known(100 + e.id, e, e.happened_at) for e in events]


def asked(
    rule: str,
    events: list[Known],
    *,
    by: int = 1,
    now: datetime = LATER,
    rules: Rules = RULES,
    **facts: Any,
) -> Why | None:
    changed = facts.pop("changed", ())
    rules_at = facts.pop("rules_at", lambda _at: rules)
    return why(
        timeline(**facts),
        events,
        rule=rule,
        started_by=by,
        rules_at=rules_at,
        changed=changed,
        now=now,
    )


def found(rule: str, events: list[Known], **facts: Any) -> Why:
    answer = asked(rule, events, **facts)
    assert answer is not None
    return answer


def dues(answer: Why) -> list[list[datetime | None]]:
    """Of each move, when each limit is passed after it."""
    return [[at for *_, at in move.after.marks] if move.after else [] for move in answer.moves]


class TestDaysThatDidNotCount:
    def test_are_weekends_and_bank_holidays_of_the_nation(self) -> None:
        answer = found("waiting-list", known(CONTACT, YES, LISTED), by=3)
        assert [(s.first, s.last, s.reason) for s in answer.skipped] == [
            (date(2026, 4, 3), date(2026, 4, 3), "rest"),  # Good Friday
            (date(2026, 4, 4), date(2026, 4, 5), "weekend"),
            (date(2026, 4, 6), date(2026, 4, 6), "rest"),  # Easter Monday
            (date(2026, 4, 11), date(2026, 4, 12), "weekend"),
        ]
        assert answer.wait.due_at == london("2026-04-18 00:00")

    def test_easter_monday_counts_in_scotland(self) -> None:
        answer = found("waiting-list", known(CONTACT, YES, LISTED), by=3, nation="scotland")
        assert [s.first for s in answer.skipped if s.reason == "rest"] == [date(2026, 4, 3)]

    def test_are_those_of_a_pause_with_whose_it_was(self) -> None:
        pause = event("4 2026-04-08T10:00 pause_started", outcome="safeguarding_hold")
        over = event("5 2026-04-10T10:00 pause_ended")
        answer = found("waiting-list", known(CONTACT, YES, LISTED, pause, over), by=3)
        assert [(s.first.day, s.last.day) for s in answer.skipped if s.reason == pause.outcome] == [
            (9, 10)
        ]
        assert [(s.kind, s.by) for s in answer.still] == [("safeguarding_hold", 4)]

    def test_are_those_of_an_adults_no(self) -> None:
        no = event("4 2026-04-08T10:00 consent_refused", consent_type="nrm")
        again = event("5 2026-04-10T10:00 consent_recorded", consent_type="nrm")
        answer = found("entry-wait", known(CONTACT, YES, no, again))
        assert [(s.first.day, s.last.day, s.reason) for s in answer.skipped] == [(9, 10, "said_no")]

    def test_never_are_those_of_a_pause_where_a_clock_guards_safety(self) -> None:
        risk = event("4 2026-04-02T10:00 risk_flag_added", risk="destitute")
        pause = event("5 2026-04-08T10:00 pause_started", outcome="survivor_asked")
        answer = found("entry-wait-at-risk", known(CONTACT, YES, risk, pause))
        assert {s.reason for s in answer.skipped} == {"weekend", "rest"}
        assert answer.still == ()

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 60 * 24 * 40), st.integers(0, 60 * 24 * 12), st.booleans())
    def test_and_the_others_are_as_many_as_the_limit(
        self, after: int, lasted: int, listed: bool
    ) -> None:
        at = LISTED.happened_at + timedelta(minutes=after)
        pause = Event(4, "pause_started", at, outcome="survivor_asked")
        over = Event(5, "pause_ended", at + timedelta(minutes=lasted))
        rule, by = ("waiting-list", 3) if listed else ("entry-wait", 1)
        answer = found(rule, known(CONTACT, YES, LISTED, pause, over), by=by, now=LATER + 60 * DAY)
        assert answer.wait.due_at is not None
        last = london_date(answer.wait.due_at - timedelta(seconds=1))
        days = (last - london_date(answer.wait.started_at)).days
        skipped = sum((s.last - s.first).days + 1 for s in answer.skipped)
        assert days - skipped == answer.wait.limit


class TestWhatTightened:
    def test_names_the_risk_and_since_when(self) -> None:
        risk = event("4 2026-04-02T10:00 risk_flag_added", risk="destitute")
        calm = event("5 2026-04-02T10:00 risk_flag_added", risk="disability")
        answer = found("entry-wait-at-risk", known(CONTACT, YES, risk, calm))
        assert [(t.risk, t.since, t.by) for t in answer.tightened] == [
            ("destitute", risk.happened_at, 4)
        ]

    def test_is_nothing_for_a_rule_of_everybody(self) -> None:
        assert found("entry-wait", known(CONTACT, YES)).tightened == ()

    def test_hours_run_from_the_risk_that_began_them(self) -> None:
        """The event that began such a wait is the one that set the risk."""
        risk = event("4 2026-04-05T10:00 risk_flag_added", risk="detained")
        answer = found("entry-wait-detained", known(CONTACT, YES, risk), by=4)
        assert (answer.wait.started_at, answer.wait.started_by) == (risk.happened_at, 4)


class TestEachTimeItMoved:
    def test_a_correction_of_the_first_contact(self) -> None:
        moved = event("1 2026-04-03T10:00 initial_contact")
        recorded = london("2026-04-10 09:00")
        history = [
            Known(101, CONTACT, CONTACT.happened_at, until=recorded),
            Known(102, YES, YES.happened_at),
            Known(103, moved, recorded),
        ]
        answer = found("entry-wait", history)
        assert [(m.at, m.entries) for m in answer.moves] == [
            (CONTACT.happened_at, (101,)),
            (recorded, (101, 103)),
        ]
        assert [d[0] for d in dues(answer)] == [
            london("2026-04-16 00:00"),
            london("2026-04-18 00:00"),
        ]

    def test_a_pause_and_its_end(self) -> None:
        pause = event("4 2026-04-08T10:00 pause_started", outcome="survivor_asked")
        over = event("5 2026-04-11T10:00 pause_ended")
        answer = found("entry-wait", known(CONTACT, YES, pause, over))
        assert [d[0] for d in dues(answer)] == [
            london("2026-04-16 00:00"),
            None,
            london("2026-04-19 00:00"),
        ]

    def test_a_risk_set_and_cleared_changes_the_rule(self) -> None:
        risk = event("4 2026-04-05T10:00 risk_flag_added", risk="pregnant")
        over = event("5 2026-04-07T10:00 risk_flag_removed", risk="pregnant")
        answer = found("entry-wait", known(CONTACT, YES, risk, over))
        assert [(m.after.rule if m.after else "", m.entries) for m in answer.moves] == [
            ("entry-wait", (101,)),
            ("entry-wait-at-risk", (104,)),
            ("entry-wait", (105,)),
        ]

    def test_another_version_of_the_rule(self) -> None:
        since = london("2026-04-09 00:00")
        newer = DEFINITIONS["entry-wait"] | {
            "limits": [{"severity": "amber", "n": 10, "unit": "cd", "told": "list"}]
        }
        from referrals.delays import Threshold

        version = Threshold.from_definition(
            code="entry-wait",
            effective_from=since,
            definition=newer,  # type: ignore[arg-type]
        )
        rules = Rules((*RULES.thresholds, version), CALENDARS)
        answer = found("entry-wait", known(CONTACT, YES), rules=rules)
        assert [(m.at, m.entries) for m in answer.moves][1:] == [(since, ())]
        assert dues(answer)[1] == [london("2026-04-12 00:00")]

    def test_a_holiday_that_was_added(self) -> None:
        """A national day announced on short notice, known from then on."""
        announced, extra = london("2026-04-10 12:00"), date(2026, 4, 13)
        days = CALENDARS["england"].rest_days | {extra}
        later = Rules(RULES.thresholds, CALENDARS | {"england": calendar(days)})
        answer = found(
            "waiting-list",
            known(CONTACT, YES, LISTED),
            by=3,
            rules_at=lambda at: later if at >= announced else RULES,
            changed=[announced],
        )
        assert [d[0] for d in dues(answer)] == [
            london("2026-04-18 00:00"),
            london("2026-04-21 00:00"),
        ]
        assert answer.moves[1].at == announced

    def test_an_end_recorded_in_error(self) -> None:
        ended = event("4 2026-04-08T10:00 fro_accepted", organisation=7)
        undone = london("2026-04-09 10:00")
        history = [*known(CONTACT, YES, LISTED), Known(104, ended, ended.happened_at, undone)]
        answer = found("waiting-list", history, by=3)
        assert [m.after and m.after.ended_at for m in answer.moves] == [
            None,
            ended.happened_at,
            None,
        ]

    def test_nothing_is_said_where_nothing_moved(self) -> None:
        call = event("4 2026-04-08T10:00 contact_made")
        assert len(found("entry-wait", known(CONTACT, YES, call)).moves) == 1


def test_there_is_no_why_where_no_wait_is() -> None:
    assert asked("waiting-list", known(CONTACT, YES)) is None
    assert asked("entry-wait", known(CONTACT, YES), by=2) is None


def test_the_one_begun_anew_is_meant_after_a_reopening() -> None:
    closed = event("4 2026-04-08T10:00 closed")
    reopened = event("5 2026-04-20T10:00 reopened")
    history = known(CONTACT, YES, closed, reopened)
    assert found("entry-wait", history, by=5).wait.started_at == reopened.happened_at
    assert found("entry-wait", history, by=1).wait.ended_at == closed.happened_at


class TestWhatWeKnew:
    """Which version stood is decided by when its correction was recorded."""

    VERSIONS = (
        Known(1, CONTACT, london("2026-04-01 10:05"), london("2026-04-05 10:00")),
        Known(2, event("1 2026-03-20T10:00 initial_contact"), london("2026-04-05 10:00")),
    )

    @pytest.mark.parametrize(
        ("at", "happened"),
        [
            ("2026-04-01 10:04", []),
            ("2026-04-01 10:05", [CONTACT.happened_at]),
            ("2026-04-05 09:59", [CONTACT.happened_at]),
            ("2026-04-05 10:00", [london("2026-03-20 10:00")]),
        ],
    )
    def test_of_a_corrected_event(self, at: str, happened: list[datetime]) -> None:
        assert [e.happened_at for e in known_by(self.VERSIONS, london(at))] == happened

    def test_out_of_order_and_an_end_before_its_start(self) -> None:
        """Recorded backwards, the same is known; an end before its start ends nothing."""
        early = event("4 2026-04-01T09:00 fro_accepted", organisation=7)
        forwards = known_by(known(early, CONTACT, LISTED), LATER)
        backwards = known_by(known(LISTED, CONTACT, early), LATER)
        facts = timeline()
        answers = [
            waits(
                Timeline(facts.age_group, "england", None, events, facts.responsible),
                RULES,
                now=LATER,
            )
            for events in (forwards, backwards)
        ]
        assert answers[0] == answers[1]
        [listed] = [w for w in answers[0] if w.rule == "waiting-list"]
        assert listed.ended_at is None


@pytest.mark.django_db
class TestOnThePages:
    def of(self, acting: Acting, referral: Referral, code: str) -> WaitEvent:
        with acting.context():
            return WaitEvent.objects.filter(referral=referral, code=code).earliest("id")

    def test_every_deadline_has_a_why(self, riverside: Acting) -> None:
        referral = heron(riverside, days=20)
        client = caseworker(riverside)
        page = client.get(f"/referrals/{referral.reference}/").text
        first = self.of(riverside, referral, "initial_contact")
        url = f"/referrals/{referral.reference}/why/{first.pk}/entry-wait/"
        assert page.count(f'href="{url}"') == 2  # its delay and its bar
        shown = client.get(url).text
        assert "Way in: why this date?" in shown
        assert "House policy: nobody sets a time for this" in shown
        assert "Asked for help" in shown
        assert "The first version, in force from the beginning." in shown
        assert "First measured, by “Way in”" in shown
        assert "Every day, or hour, has counted so far." in shown

    def test_the_delays_page_leads_there_too(self, riverside: Acting) -> None:
        referral = heron(riverside, days=20)
        first = self.of(riverside, referral, "initial_contact")
        with riverside.context():
            flag = DelayFlag.objects.get(referral=referral, rule="entry-wait")
        url = f"/referrals/{referral.reference}/delays/{flag.pk}/take-up/"
        page = caseworker(riverside).get(url, follow=True).text
        assert f"/why/{first.pk}/entry-wait/" in page

    def test_it_says_what_moved_it_in_words(self, riverside: Acting) -> None:
        now = datetime.now(UTC)
        contact = now - 9 * DAY
        safe = happening("immediate_safety_checked", contact)
        referral = factories.referral(riverside, contact=contact, events=[safe])
        began = happening(
            "pause_started", now - 4 * DAY, outcome="survivor_asked", detail="Was ill."
        )
        factories.record(riverside, referral, began, now=now - 4 * DAY)
        over = happening("pause_ended", now - DAY)
        factories.record(riverside, referral, over, now=now - DAY)
        first = self.of(riverside, referral, "initial_contact")
        shown = caseworker(riverside).get(
            f"/referrals/{referral.reference}/why/{first.pk}/entry-wait/"
        )
        assert "Paused: The survivor asked for time" in shown.text
        assert "to held off while time stands still" in shown.text
        assert "from held off while time stands still to the end of" in shown.text
        assert "6 of 14 days gone" in shown.text

    def test_a_bank_holiday_is_named(self, riverside: Acting) -> None:
        contact = london("2026-04-01 10:00")
        events = [
            happening("immediate_safety_checked", contact),
            happening("fro_waitlisted", contact, organisation=riverside.organisation),
        ]
        referral = factories.referral(riverside, contact=contact, events=events)
        listed = self.of(riverside, referral, "fro_waitlisted")
        shown = caseworker(riverside).get(
            f"/referrals/{referral.reference}/why/{listed.pk}/waiting-list/"
        )
        assert "Friday 3 April: Good Friday" in shown.text
        assert "Monday 6 April: Easter Monday" in shown.text

    def test_a_correction_is_named_with_its_reason(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        first = self.of(riverside, referral, "initial_contact")
        sent = send(
            client,
            f"/referrals/{referral.reference}/events/{first.pk}/correct/",
            reason="Rang two days before",
            **moment(datetime.now(UTC) - 11 * DAY),
        )
        assert sent.status_code == 302
        shown = client.get(f"/referrals/{referral.reference}/why/{first.pk}/entry-wait/").text
        assert "corrected. Rang two days before" in shown

    def test_what_is_not_measured_leads_back(self, riverside: Acting) -> None:
        referral = heron(riverside)
        first = self.of(riverside, referral, "initial_contact")
        gone = caseworker(riverside).get(
            f"/referrals/{referral.reference}/why/{first.pk}/cg-age/", follow=True
        )
        assert "Nothing is measured there any more" in gone.text

    def test_outsiders_find_nothing(self, riverside: Acting, northgate: Acting) -> None:
        referral, other = heron(riverside), heron(northgate, pseudonym="Stoat")
        first = self.of(riverside, referral, "initial_contact")
        client = caseworker(northgate)
        for reference in (referral.reference, other.reference):
            page = client.get(f"/referrals/{reference}/why/{first.pk}/entry-wait/")
            assert page.status_code == 404


@pytest.mark.django_db
class TestLateKnowledge:
    def test_a_delay_that_was_none_is_shown_with_the_reason(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        contact = NOW - 5 * DAY
        child = factories.referral(riverside, contact=contact, age_group="child", now=NOW - DAY)
        factories.referral(northgate, contact=contact, age_group="child", now=NOW - DAY)
        told_at = happening("la_safeguarding_referred", contact + timedelta(hours=2))
        factories.record(riverside, child, told_at, now=NOW)
        page = caseworker(riverside).get(f"/referrals/{child.reference}/").text
        assert "Delays that were taken back (1)" in page
        assert "Local authority told about the child, on Wednesday 18 November 2026, 14:00" in page
        assert "recorded late" in page
        with riverside.context(riverside.manager):
            late = seen(riverside).late
        assert (late.number, late.of) == (1, len(all_flags(riverside)))

    def test_a_correction_that_takes_one_back_is_not_recorded_late(self, riverside: Acting) -> None:
        referral = heron(riverside, days=20)
        with riverside.context():
            first = WaitEvent.objects.get(referral=referral, code="initial_contact")
        client = caseworker(riverside)
        for code in ("immediate_safety_checked", "consent_recorded", "fro_waitlisted"):
            with riverside.context():
                event = WaitEvent.objects.get(
                    referral=referral, code=code, superseded_by__isnull=True
                )
            url = f"/referrals/{referral.reference}/events/{event.pk}/correct/"
            send(client, url, what="did_not_happen", reason="x")
        url = f"/referrals/{referral.reference}/events/{first.pk}/correct/"
        send(client, url, reason="The year was wrong", **moment(datetime.now(UTC) - DAY))
        page = client.get(f"/referrals/{referral.reference}/").text
        assert "The year was wrong" in page
        with riverside.context():
            taken_back = DelayFlag.objects.filter(retracted_at__isnull=False)
            assert taken_back.count() >= 1
            assert taken_back.recorded_late().count() == 0

    def test_the_page_says_what_a_correction_changed(self, riverside: Acting) -> None:
        referral, client = heron(riverside), caseworker(riverside)
        now = datetime.now(UTC)
        began = happening("pause_started", now - 5 * DAY, outcome="survivor_asked")
        over = happening("pause_ended", now - 2 * DAY)
        factories.record(riverside, referral, began, over, now=now)
        with riverside.context():
            ended = WaitEvent.objects.get(referral=referral, code="pause_ended")
        url = f"/referrals/{referral.reference}/events/{ended.pk}/correct/"
        sent = send(client, url, reason="Went on sooner", **moment(now - 4 * DAY))
        assert "Moves" in told(sent)[0]
        assert "“Way in” from" in told(sent)[0]

    def test_the_page_says_that_a_delay_was_none(self, riverside: Acting) -> None:
        now = datetime.now(UTC)
        child = factories.referral(
            riverside, contact=now - 2 * DAY, age_group="child", now=now - DAY
        )
        url = f"/referrals/{child.reference}/record/la_safeguarding_referred/"
        sent = send(caseworker(riverside), url, **moment(now - 2 * DAY + timedelta(hours=3)))
        assert "Takes back as in time “Local authority told”" in told(sent)[0]

    def test_the_same_minute_twice_keeps_the_order_of_recording(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        at = now - DAY
        for code in ("risk_flag_added", "risk_flag_removed"):
            factories.record(riverside, referral, happening(code, at, risk="destitute"), now=now)
        with riverside.context():
            referral.refresh_from_db()
        assert referral.risks == []


def all_flags(acting: Acting) -> list[DelayFlag]:
    with acting.context():
        return list(DelayFlag.objects.all())


@pytest.mark.django_db
class TestDelaysKnownAt:
    """What happened is one thing, what we knew another."""

    CONTACT = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)

    def delays(self, *arguments: str) -> list[tuple[str, str]]:
        out = StringIO()
        call_command("delays", "--json", *arguments, stdout=out)
        return [(d["threshold"], d["severity"]) for d in json.loads(out.getvalue())]

    def correct(
        self, acting: Acting, code: str, corrected: Happening | None, now: datetime
    ) -> None:
        with acting.context():
            event = WaitEvent.objects.get(code=code, superseded_by__isnull=True)
            correct_wait_event(
                event=event, corrected=corrected, reason="x", by=acting.caseworker, now=now
            )

    def test_what_was_recorded_later_is_not_known(self, riverside: Acting) -> None:
        referral = factories.referral(
            riverside, contact=self.CONTACT, now=self.CONTACT + timedelta(minutes=5)
        )
        screened = happening("immediate_safety_checked", self.CONTACT + timedelta(hours=1))
        factories.record(riverside, referral, screened, now=self.CONTACT + 3 * DAY)
        at = "2026-04-04T16:00"
        assert self.delays("--as-of", at) == []
        assert self.delays("--as-of", at, "--known-at", at) == [("safety-screen", "red")]
        assert self.delays("--known-at", at) == [("safety-screen", "red")]
        assert self.delays("--as-of", at, "--known-at", "2026-04-06T00:00") == []

    def test_nothing_is_known_of_who_was_not_yet_recorded(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        factories.referral(riverside, contact=self.CONTACT, now=self.CONTACT + 5 * DAY)
        factories.referral(northgate, contact=self.CONTACT, now=self.CONTACT + DAY / 24)
        at = ("--as-of", "2026-04-04T16:00", "--known-at", "2026-04-04T16:00")
        assert self.delays(*at) == [("safety-screen", "red")]
        assert self.delays(*at, "--organisation", "riverside") == []

    def test_a_correction_recorded_later_is_undone(self, riverside: Acting) -> None:
        factories.referral(riverside, contact=self.CONTACT, now=self.CONTACT + timedelta(minutes=5))
        later = happening("initial_contact", self.CONTACT + DAY)
        self.correct(riverside, "initial_contact", later, self.CONTACT + 2 * DAY)
        at = "2026-04-03T18:00"
        assert self.delays("--as-of", at) == []
        assert self.delays("--as-of", at, "--known-at", at) == [("safety-screen", "red")]

    def test_recorded_in_error_counts_from_when_it_was_said(self, riverside: Acting) -> None:
        screened = happening("immediate_safety_checked", self.CONTACT + timedelta(hours=1))
        factories.referral(riverside, contact=self.CONTACT, events=[screened])
        self.correct(riverside, "immediate_safety_checked", None, self.CONTACT + 3 * DAY)
        at = "2026-04-04T16:00"
        assert self.delays("--as-of", at) == [("safety-screen", "red")]
        assert self.delays("--as-of", at, "--known-at", at) == []

    def test_a_chain_of_corrections_stands_as_it_stood(self, riverside: Acting) -> None:
        factories.referral(riverside, contact=self.CONTACT, now=self.CONTACT + timedelta(minutes=5))
        for days, back in ((2, 1), (4, 0)):
            moved = happening("initial_contact", self.CONTACT + back * DAY)
            self.correct(riverside, "initial_contact", moved, self.CONTACT + days * DAY)
        at = ("--as-of", "2026-04-03T18:00", "--known-at")
        known = [self.delays(*at, day) for day in ("2026-04-03", "2026-04-05", "2026-04-07")]
        assert known == [[("safety-screen", "red")], [], [("safety-screen", "red")]]
