"""Whatever happens to timelines, the stored flags are those that the naive oracle finds.

The machine drives the real actions on the real database, and keeps a timeline of its own for each
person, which it never reads back. After each step the flags are compared wherever they are to be
up to date: of one referral after something was recorded there, of all after a sweep.

`NRM_TIMELINES=300` tries so many histories, each of 40 steps, instead of a few short ones.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from threading import Thread
from typing import Any, ClassVar
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nrm_tracker import rows
from nrm_tracker.database import purpose
from organisations.actions import add_rest_day, withdraw_rest_day
from organisations.errors import RegisterRefused
from organisations.models import Membership, RestDay
from referrals.actions import (
    Proposal,
    accept_hand_over,
    approve_draft,
    ask_preview,
    ask_to_take,
    close_referral,
    correct_wait_event,
    decline_hand_over,
    newest_version,
    reassess_due_of,
    record_wait_events,
    reopen_referral,
    run_previews,
    start_draft,
    sweep,
    take_back,
)
from referrals.catalogue import CLOSE_REASONS, Outcome
from referrals.errors import ActionRefused
from referrals.models import DelayFlag, HandOver, Referral, SweepRun, WaitEvent
from tests import factories
from tests.factories import Acting
from tests.referrals import oracle
from tests.referrals.oracle import Delay, Event

pytestmark = pytest.mark.django_db

LONG = int(os.environ.get("NRM_TIMELINES", "0"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLACES = ("england", "wales", "scotland", "northern_ireland")
ITS_OWN_STEP = {"initial_contact", "handed_over", "closed", "reopened"}
RECORDED = tuple(code for code in oracle.CATALOGUE if code not in ITS_OWN_STEP)
PAUSES = ("pause_started", "pause_ended")
LIMITS: dict[str, Callable[[int], oracle.Due]] = {
    "h": oracle.hours,
    "cd": oracle.calendar_days,
    "wd": oracle.working_days,
}
CHANGEABLE = (  # rules whose limits are plain numbers, with how they may be changed
    *("safety-screen", "safety-screen-urgent", "child-entry-wait", "entry-wait"),
    *("entry-wait-at-risk", "entry-wait-detained", "fro-reply", "waiting-list", "interview"),
    *("consent-stale", "first-fro-approach", "pause-maximum", "emergency-start", "cg-age"),
)
OFTEN = ("safety-screen", "entry-wait", "entry-wait", "entry-wait-at-risk", "child-entry-wait")
STEPS_IN_TIME = (
    *(MINUTE, 59 * MINUTE, 4 * HOUR, 4 * HOUR, 24 * HOUR - MINUTE, DAY, DAY, 2 * DAY),
    *(3 * DAY, 5 * DAY, 7 * DAY, 11 * DAY, 14 * DAY, 28 * DAY, 60 * DAY),
)
BEFORE_NOW = (
    *(timedelta(),) * 4,
    MINUTE,
    HOUR,
    5 * HOUR,
    DAY,
    3 * DAY,
    8 * DAY,
    15 * DAY,
    40 * DAY,
)
Flag = tuple[str, str, datetime, datetime]


class Crash(Exception):
    """Something breaks in the middle of a write."""


@dataclass
class Entry:
    """What the test knows that was recorded: an event, and the row that says so now."""

    event: Event
    row: int
    in_error: bool = False


@dataclass
class Person:
    acting: Acting
    referral: Referral
    age_group: str
    nation: str
    birthday: date | None
    entries: list[Entry]
    closed: bool = False
    handed_over: list[tuple[Acting, datetime]] = field(default_factory=list)  # by whom, and when
    last: set[Flag] = field(default_factory=set)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(entry.event for entry in self.entries if not entry.in_error)

    @property
    def contact(self) -> datetime:
        return min(e.happened_at for e in self.events if e.code == "initial_contact")


@dataclass
class World:
    """Who is there before anything happens."""

    offices: tuple[Acting, ...]  # 1 is designated, 2 is not and has the duty to notify, 3 is
    cedar: Membership
    rowan: Membership


ASKS: dict[str, Any] = {
    "office": st.sampled_from((0, 0, 1)),
    "age_group": st.sampled_from(("adult", "adult", "adult", "adult", "child", "not_sure")),
    "nation": st.sampled_from(("england", *PLACES)),
    "before": st.sampled_from(BEFORE_NOW),
    "coming_of_age": st.sampled_from((None, None, None, None, -400, 1, 8, 29, 60, 101, 3000)),
    "risks": st.lists(st.sampled_from(oracle.RISKS), max_size=2, unique=True),
}


class Timelines(RuleBasedStateMachine):
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.people: list[Person] = []
        self.changes: list[tuple[str, datetime, dict[str, oracle.Due]]] = []
        self.added: dict[tuple[str, date], RestDay] = {}
        self.withdrawn: set[tuple[str, date]] = set()
        always = date(2015, 11, 1)
        self.register = {1: [(always, True)], 2: [], 3: [(always, True)]}
        self.owed = False  # a reassessment of everybody

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(
        day=st.sampled_from(oracle.NASTY_DAYS), clock=st.sampled_from(oracle.NASTY_TIMES), **ASKS
    )
    def begins(self, day: date, clock: Any, **asks: Any) -> None:
        self.now = oracle.at_london(day, clock)
        self.ask(**asks)

    # What the test knows

    def law(self) -> oracle.Law:
        added = frozenset(self.added) - self.withdrawn
        return oracle.Law(tuple(self.changes), added, frozenset(self.withdrawn))

    def timeline(self, person: Person) -> oracle.Timeline:
        since, holders = person.contact, []
        for acting, until in (*person.handed_over, (person.acting, None)):
            number = self.number_of(acting)
            holders.append(
                oracle.Responsible(
                    since, until, self.designated(number), duty_to_notify=number == 2
                )
            )
            since = until or since
        return oracle.Timeline(
            person.age_group, person.nation, person.birthday, person.events, tuple(holders)
        )

    def designated(self, number: int) -> tuple[tuple[date, date | None], ...]:
        steps = sorted(self.register[number])
        ends = [*[day for day, _ in steps], None][1:]
        return tuple((day, end) for (day, active), end in zip(steps, ends, strict=True) if active)

    def number_of(self, acting: Acting) -> int:
        return self.world.offices.index(acting) + 1

    def wanted(self, person: Person) -> set[Flag]:
        found = oracle.delayed(self.timeline(person), now=self.now, law=self.law())
        return {as_flag(delay) for delay in found}

    def stored(self, person: Person) -> set[Flag]:
        with person.acting.context():
            flags = DelayFlag.objects.standing().filter(referral=person.referral)
            return set(flags.values_list("rule", "severity", "breached_at", "started_at"))

    def holds(self, *people: Person) -> None:
        for person in people:
            person.last = self.stored(person)
            assert person.last == self.wanted(person), person

    def somebody(self, which: int) -> Person:
        return self.people[which % len(self.people)]

    # What happens to one person

    @precondition(lambda self: len(self.people) < 3)
    @rule(**ASKS)
    def somebody_asks_for_help(self, **asks: Any) -> None:
        self.ask(**asks)

    def ask(
        self,
        office: int,
        age_group: str,
        nation: str,
        before: timedelta,
        coming_of_age: int | None,
        risks: list[str],
    ) -> None:
        acting, contact = self.world.offices[office], self.now - before
        birthday = None
        if coming_of_age is not None:
            birthday = oracle.london_day(contact) + timedelta(days=coming_of_age)
        events = [Event(1, "initial_contact", contact)]
        events += [
            Event(2 + n, "risk_flag_added", contact, risk=said(risk))
            for n, risk in enumerate(risks)
        ]
        referral = factories.referral(
            acting,
            contact=contact,
            now=self.now,
            events=[self.happening(event) for event in events[1:]],
            age_group=age_group,
            nation=nation,
            turns_18_on=birthday,
        )
        with acting.context():
            written = WaitEvent.objects.filter(referral=referral).order_by("id")
            pks = list(written.values_list("id", flat=True))
        entries = [Entry(event, pk) for event, pk in zip(events, pks, strict=True)]
        person = Person(acting, referral, age_group, nation, birthday, entries)
        self.people.append(person)
        self.holds(person)

    def happening(self, event: Event) -> Any:
        facts: dict[str, Any] = {
            "consent_type": event.consent_type,
            "outcome": event.outcome,
            "dated_on": event.dated_on,
            "risk": event.risk,
        }
        if event.organisation:
            facts["organisation"] = self.world.offices[event.organisation - 1].organisation
        if event.code == "referral_submitted":
            facts["submitted_by"] = self.world.offices[2].organisation
        return factories.happening(event.code, event.happened_at, **facts)

    def at(self, person: Person, before: timedelta, beside: int | None) -> datetime:
        """Some instant that has passed: so long ago, or the same as that of another entry."""
        if beside is not None:
            return person.events[beside % len(person.events)].happened_at
        return max(person.contact, self.now - before)

    @rule(
        which=st.integers(0, 9),
        codes=st.one_of(
            st.lists(st.sampled_from(RECORDED), min_size=1, max_size=2),
            st.sampled_from(oracle.STORIES),
            st.sampled_from(oracle.STORIES),
        ),
        start=st.integers(0, 8),
        number=st.integers(1, 4),
        before=st.sampled_from(BEFORE_NOW),
        apart=st.sampled_from((timedelta(), timedelta(), HOUR, DAY, 3 * DAY)),
        beside=st.sampled_from((None, None, None, 0, 1, 2, 5)),
        data=st.data(),
    )
    def something_is_recorded(
        self,
        which: int,
        codes: list[str],
        start: int,
        number: int,
        before: timedelta,
        apart: timedelta,
        beside: int | None,
        data: st.DataObject,
    ) -> None:
        person = self.somebody(which)
        codes = [code for code in codes if code in RECORDED]
        start %= len(codes)
        at = self.at(person, before, beside)
        events = [
            self.drawn(data, person, n, code, min(at + n * apart, self.now))
            for n, code in enumerate(codes[start : start + number])
        ]
        self.record(person, events)

    def drawn(
        self, data: st.DataObject, person: Person, number: int, code: str, at: datetime
    ) -> Event:
        event = data.draw(oracle.events(len(person.entries) + 1 + number, code, at))
        if code == "pause_started":
            holds = data.draw(st.sampled_from(("survivor_asked", "safeguarding_hold")))
            return replace(event, outcome=holds)
        return replace(event, risk=said(event.risk))

    def record(self, person: Person, events: list[Event]) -> None:
        by = person.acting.manager
        try:
            with person.acting.context(by):
                written = record_wait_events(
                    referral=person.referral,
                    happenings=[self.happening(event) for event in events],
                    by=by,
                    now=self.now,
                )
        except ActionRefused:
            self.is_as_before(person)
            return
        person.entries += [Entry(e, row.pk) for e, row in zip(events, written, strict=True)]
        self.holds(person)

    def is_as_before(self, *people: Person) -> None:
        for person in people:
            assert self.stored(person) == person.last

    @rule(
        which=st.integers(0, 9),
        entry=st.integers(0, 30),
        before=st.sampled_from(BEFORE_NOW),
        beside=st.sampled_from((None, None, 0, 1, 2)),
        in_error=st.booleans(),
        data=st.data(),
    )
    def something_is_corrected(
        self,
        which: int,
        entry: int,
        before: timedelta,
        beside: int | None,
        in_error: bool,
        data: st.DataObject,
    ) -> None:
        person = self.somebody(which)
        stand = [each for each in person.entries if not each.in_error]
        wrong = stand[entry % len(stand)]
        was, at = wrong.event, self.at(person, before, beside)
        if was.code == "initial_contact":
            in_error, at = False, self.now - before
            right = replace(was, happened_at=at)
        elif was.code in ITS_OWN_STEP:
            right = replace(was, happened_at=at)
        else:
            right = replace(self.drawn(data, person, 0, was.code, at), id=was.id)
        self.correct(person, wrong, None if in_error else right)

    def correct(self, person: Person, wrong: Entry, right: Event | None) -> None:
        by = person.acting.manager
        try:
            with person.acting.context(by):
                row = correct_wait_event(
                    event=WaitEvent.objects.get(pk=wrong.row),
                    corrected=self.happening(right) if right else None,
                    reason="It was otherwise",
                    by=by,
                    now=self.now,
                )
        except ActionRefused:
            self.is_as_before(person)
            return
        assert row
        wrong.row, wrong.in_error = row.pk, right is None
        wrong.event = right or wrong.event
        self.holds(person)

    @rule(which=st.integers(0, 9))
    def it_is_closed_or_reopened(self, which: int) -> None:
        person = self.somebody(which)
        by = person.acting.manager
        with person.acting.context(by):
            referral = Referral.objects.get(pk=person.referral.pk)
            try:
                if referral.closed_at:
                    [row] = reopen_referral(referral=referral, by=by, now=self.now)
                else:
                    reason = CLOSE_REASONS[0]
                    [row] = close_referral(
                        referral=referral, reason=Outcome(reason), by=by, now=self.now
                    )
            except ActionRefused:
                row = None
        if row is None:
            self.is_as_before(person)
            return
        event = Event(len(person.entries) + 1, str(row.code), self.now)
        person.entries.append(Entry(event, row.pk))
        self.holds(person)

    @rule(
        which=st.integers(0, 9),
        further=st.sampled_from((2, 1)),
        after=st.sampled_from((HOUR, timedelta(), MINUTE, DAY, 4 * DAY)),
        answer=st.sampled_from(("capacity", "scope", "silence")),
    )
    def another_office_is_asked(
        self, which: int, further: int, after: timedelta, answer: str
    ) -> None:
        self.asks(self.somebody(which), further, after, answer)

    @rule(
        which=st.integers(0, 9),
        further=st.sampled_from((2, 1)),
        after=st.sampled_from((HOUR, timedelta(), MINUTE, DAY, 4 * DAY)),
    )
    def it_is_handed_over(self, which: int, further: int, after: timedelta) -> None:
        self.asks(self.somebody(which), further, after, "accept")

    @rule(
        which=st.integers(0, 9),
        further=st.sampled_from((2, 1)),
        waited=st.sampled_from((HOUR, DAY, 5 * DAY)),
    )
    def it_matters_who_is_responsible(self, which: int, further: int, waited: timedelta) -> None:
        """A duty to notify, which only the second office has, before a hand-over and after it."""
        second = [each for each in self.people if self.number_of(each.acting) == 2]
        person = second[0] if second else self.somebody(which)
        number = len(person.entries) + 1
        self.record(person, [Event(number, "consent_refused", self.now, consent_type="nrm")])
        self.now += waited
        self.swept()
        self.asks(person, further, HOUR, "accept")
        self.now += 5 * DAY
        self.swept()

    def asks(self, person: Person, further: int, after: timedelta, answer: str) -> None:
        """The office so many further, which may not be designated."""
        to = (self.number_of(person.acting) - 1 + further) % 3
        other = self.world.offices[to]
        number = len(person.entries) + 1
        self.record(person, [Event(number, "consent_recorded", self.now, consent_type="sharing")])
        try:
            with person.acting.context():
                [row] = ask_to_take(
                    referral=person.referral,
                    organisations=[other.organisation],
                    by=person.acting.caseworker,
                    now=self.now,
                )
        except ActionRefused:
            self.is_as_before(person)
            return
        self.wrote(person, "fro_approached", organisation=to + 1)
        self.now += after
        self.answered(person, row, to, answer)

    def answered(self, person: Person, row: HandOver, to: int, answer: str) -> None:
        other = self.world.offices[to]
        facts: dict[str, Any] = {"hand_over": row, "now": self.now}
        if answer == "silence":
            with person.acting.context():
                take_back(answered=False, by=person.acting.caseworker, **facts)
            self.wrote(person, "fro_no_response", organisation=to + 1)
            return
        if answer != "accept":
            with other.context():
                decline_hand_over(reason=answer, by=other.caseworker, **facts)
            self.wrote(person, f"fro_declined_{answer}", organisation=to + 1)
            return
        self.now += MINUTE  # nobody is responsible for no time at all
        with other.context():
            accept_hand_over(hand_over=row, by=other.caseworker, now=self.now)
        person.handed_over.append((person.acting, self.now))
        person.acting = other
        self.wrote(person, "fro_accepted", "handed_over", organisation=to + 1)

    def wrote(self, person: Person, *codes: str, organisation: int) -> None:
        """What the product put on the timeline by itself, last of all."""
        with person.acting.context():
            events = WaitEvent.objects.filter(referral=person.referral).order_by("-id")
            rows_ = list(events.values_list("id", "code")[: len(codes)])[::-1]
        assert [code for _, code in rows_] == list(codes)
        for pk, code in rows_:
            event = Event(len(person.entries) + 1, code, self.now, organisation=organisation)
            person.entries.append(Entry(event, pk))
        self.holds(person)

    # What changes for everybody

    @rule(
        code=st.one_of(st.sampled_from(OFTEN), st.sampled_from(CHANGEABLE)),
        by=st.sampled_from((-20, -9, -3, -1, 1, 2, 5)),
        ahead=st.sampled_from((None, None, None, 1, 2, 7)),
        seen=st.booleans(),
    )
    def a_threshold_is_changed(self, code: str, by: int, ahead: int | None, seen: bool) -> None:
        base = newest_version(rule=code)
        assert base
        limits = [spec | {"n": max(1, spec["n"] + by)} for spec in base.definition["limits"]]
        on = None if ahead is None else oracle.london_day(self.now) + timedelta(days=ahead)
        proposal = Proposal(
            definition=base.definition | {"limits": limits},  # type: ignore[typeddict-item]
            effective_on=on,
            reason="Too long",
        )
        cedar, rowan = self.world.cedar, self.world.rowan
        try:
            with factories.acts(cedar):
                draft = start_draft(base=base, proposal=proposal, by=cedar, now=self.now)
                ask_preview(draft=draft, by=cedar, now=self.now)
            run_previews(now=self.now)
            with factories.acts(rowan):
                approve_draft(draft=draft, revision=draft.revision, by=rowan, now=self.now)
        except ActionRefused:
            self.is_as_before(*self.people)
            return
        since = self.now if on is None else oracle.midnight(on)
        own = {spec["severity"]: LIMITS[spec["unit"]](spec["n"]) for spec in limits}
        self.changes.append((code, max(since, self.now), own))
        self.is_as_before(*self.people)
        self.owes(seen=seen)

    @rule(
        days=st.integers(-12, 20),
        places=st.sampled_from((("england",), ("wales",), ("scotland",), PLACES)),
        seen=st.booleans(),
    )
    def a_bank_holiday_is_added(self, days: int, places: tuple[str, ...], seen: bool) -> None:
        day = oracle.london_day(self.now) + timedelta(days=days)
        cedar = self.world.cedar
        try:
            with factories.acts(cedar):
                row = add_rest_day(
                    day=day,
                    name="Day of thanks",
                    nations=places,
                    source="The London Gazette",
                    known_from=day,
                    by=cedar,
                    now=self.now,
                )
        except RegisterRefused:
            return
        for place in places:
            self.added[place, day] = row
            self.withdrawn.discard((place, day))
        self.owes(seen=seen)

    @rule(which=st.integers(0, 200), seen=st.booleans())
    def a_bank_holiday_is_withdrawn(self, which: int, seen: bool) -> None:
        """One that was added, or one of the calendar's own near now."""
        near = RestDay.objects.standing().filter(
            day__range=(self.now - 12 * DAY, self.now + 20 * DAY)
        )
        found = list(near.order_by("id"))
        if not found:
            return
        row, cedar = found[which % len(found)], self.world.cedar
        with factories.acts(cedar):
            withdraw_rest_day(
                rest_day=row, source="A misreading", known_from=row.day, by=cedar, now=self.now
            )
        for place in row.nations:
            self.withdrawn.add((place, row.day))
            self.added.pop((place, row.day), None)
        self.owes(seen=seen)

    @rule(
        number=st.sampled_from((1, 1, 2)),
        days=st.integers(-15, 15),
        status=st.sampled_from(("active", "suspended", "withdrawn")),
        seen=st.booleans(),
    )
    def a_designation_changes(self, number: int, days: int, status: str, seen: bool) -> None:
        office, cedar = self.world.offices[number - 1].organisation, self.world.cedar
        day = oracle.london_day(self.now) + timedelta(days=days)
        try:
            factories.record_step(office, status=status, since=day, by=cedar, now=self.now)
        except RegisterRefused:
            return
        self.register[number].append((day, status == "active"))
        self.owes(seen=seen)

    def owes(self, *, seen: bool) -> None:
        """Everybody is to be assessed anew; sometimes the sweep sees to it before anything else."""
        self.owed = True
        if seen:
            self.swept()

    # Time, and what looks at it

    @rule(step=st.sampled_from(STEPS_IN_TIME))
    def time_passes(self, step: timedelta) -> None:
        self.now += step

    @rule(step=st.sampled_from((1, 1, 2, 3, 7, 14)), nudge=st.sampled_from((-1, 0, 0, 1)))
    def a_day_begins(self, step: int, nudge: int) -> None:
        midnight = oracle.midnight(oracle.london_day(self.now) + timedelta(days=step))
        self.now = max(self.now, midnight + timedelta(microseconds=nudge))

    @rule()
    def the_sweep_comes(self) -> None:
        self.swept()

    @rule(nudge=st.sampled_from((-1, 0)))
    def the_sweep_comes_when_the_next_deadline_passes(self, nudge: int) -> None:
        with purpose("nrm_sweep"):
            ahead = Referral.objects.filter(next_deadline_at__gt=self.now)
            at = (
                ahead.order_by("next_deadline_at")
                .values_list("next_deadline_at", flat=True)
                .first()
            )
        if at is None:
            return
        self.now = max(self.now, at + timedelta(microseconds=nudge))
        self.swept()

    def swept(self) -> None:
        run = sweep(now=self.now)
        assert run
        assert run.failed == 0
        self.owed = False
        self.holds(*self.people)
        again = sweep(now=self.now)
        assert again
        assert (again.visited, again.raised, again.ended, again.retracted) == (0, 0, 0, 0)

    @rule()
    def lists_are_opened(self) -> None:
        """They assess what is due, whether or not the sweep is alive."""
        for office in self.world.offices:
            with office.context():
                reassess_due_of(office.caseworker, now=self.now)
        if not self.owed:
            self.holds(*self.people)
        for person in self.people:
            person.last = self.stored(person)

    # What goes wrong

    @rule(which=st.integers(0, 9), before=st.sampled_from(BEFORE_NOW), data=st.data())
    def a_record_breaks_off(self, which: int, before: timedelta, data: st.DataObject) -> None:
        person = self.somebody(which)
        code = data.draw(st.sampled_from(RECORDED))
        event = self.drawn(data, person, 0, code, self.at(person, before, None))
        by = person.acting.manager
        try:
            with broken(), person.acting.context(by):
                record_wait_events(
                    referral=person.referral,
                    happenings=[self.happening(event)],
                    by=by,
                    now=self.now,
                )
        except (Crash, ActionRefused):
            pass
        self.is_as_before(person)
        with person.acting.context():
            known = WaitEvent.objects.filter(referral=person.referral).order_by("-id")
            assert known.first().pk == max(entry.row for entry in person.entries)  # type: ignore[union-attr]

    @rule()
    def a_sweep_breaks_off_and_the_next_one_mends_it(self) -> None:
        with broken():
            run = sweep(now=self.now)
        assert run
        if run.failed == len(self.people):
            self.is_as_before(*self.people)
        self.swept()

    @rule()
    def two_sweeps_come_at_once(self) -> None:
        others: list[SweepRun | None] = []

        def another(**_: Any) -> None:
            others.append(beside(lambda: sweep(now=self.now)))

        with mock.patch("referrals.actions.sweeping.escalate_due", another):
            sweep(now=self.now)
        assert others == [None]
        self.owed = False
        self.holds(*self.people)


def the_world(riverside: Acting) -> World:
    northgate = factories.organisation(
        "Northgate Trust (fictitious)", "northgate", designated=False, duty_to_notify=True
    )
    third = factories.organisation("Harbour House (fictitious)", "harbour")
    cedar = factories.administrator()
    return World((riverside, northgate, third), cedar, factories.fellow_administrator(cedar))


def test_a_hand_over_that_is_ignored_is_noticed(riverside: Acting) -> None:
    """By the oracle and by the engine: a duty to notify is of whoever has it, and the one who takes
    the referral has none. Had the first one held on, that delay would stand."""
    Timelines.world = the_world(riverside)
    machine = Timelines()
    try:
        machine.now = oracle.at_london(date(2026, 6, 1), time(10))
        machine.ask(1, "adult", "england", timedelta(), None, [])
        machine.it_matters_who_is_responsible(0, 1, 5 * DAY)
        [person] = machine.people
        timeline = machine.timeline(person)
        first, second = timeline.responsible
        assert (first.duty_to_notify, second.duty_to_notify) == (True, False)
        ignored = replace(timeline, responsible=(replace(first, until=None),))
        found = oracle.delayed(ignored, now=machine.now, law=machine.law())
        gone = {as_flag(each) for each in found} - machine.wanted(person)
        assert {rule for rule, *_ in gone} == {"duty-to-notify"}
    finally:
        machine.teardown()


def as_flag(delay: Delay) -> Flag:
    return delay.rule, delay.severity, delay.breached_at, delay.started_at


def said(risk: str) -> str:
    """The oracle's name for a risk that tightens nothing."""
    return "health_need" if risk == "isolated" else risk


def broken() -> Any:
    """Flags are written, and then something breaks, each time."""
    write = rows.insert

    def insert(flags: Any, **how: Any) -> None:
        write(flags, **how)
        raise Crash

    return mock.patch.object(rows, "insert", insert)


def beside(work: Callable[[], Any]) -> Any:
    """What comes of this in another session of the database, at the same time."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    [result] = found
    return result


def test_stored_flags_are_what_the_oracle_finds_whatever_happens(
    riverside: Acting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    Timelines.world = the_world(riverside)
    run_state_machine_as_test(
        Timelines,
        settings=settings(
            max_examples=LONG or 10,
            stateful_step_count=40 if LONG else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
