"""A second, naive reading of rules 1 to 29 and 33, to compare the real engine with.

One short function a rule, written from the specification alone. Slow on purpose: every question
about an instant replays the events up to it, and working days are walked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

LONDON = ZoneInfo("Europe/London")
URGENT = {"still_in_exploitation", "trafficker_contact_within_week", "suicide_or_self_harm_risk"}
HOMELESS = {"destitute", "street_homeless"}
REMOVAL = {"detained", "imminent_removal"}
AGAIN = {"re_exploitation_concern"}
TIGHTEN = URGENT | HOMELESS | REMOVAL | AGAIN | {"destitute_within_two_weeks", "pregnant"}
DECLINED = ("fro_declined_capacity", "fro_declined_scope", "fro_declined_other")
ANSWERED = ("fro_accepted", "fro_waitlisted", "fro_no_response", *DECLINED)
CONSENTS = ("consent_recorded", "consent_refused", "consent_withdrawn", "consent_undecided")
TOOK_PART = (
    *("initial_contact", "contact_made", "contact_regained", "nrm_explained", *CONSENTS),
    *("appointment_attended", "interview_started", "interview_completed"),
    "contact_interval_agreed",
)
INTERVAL = ("contact_interval_agreed", "contact_interval_withdrawn")
NEVER, FAR = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    code: str
    happened_at: datetime
    organisation: int | None = None
    outcome: str = ""
    consent_type: str = ""
    dated_on: date | None = None
    risk: str = ""
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    since: datetime
    until: datetime | None
    designated: tuple[tuple[date, date | None], ...]
    duty_to_notify: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    age_group: str
    nation: str
    turns_18_on: date | None
    events: tuple[Event, ...]
    responsible: tuple[Responsible, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    rule: str
    severity: str
    breached_at: datetime
    started_at: datetime
    gross: timedelta
    net: timedelta


# --- Days ------------------------------------------------------------------------------------


def london_day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON).astimezone(UTC)


@cache
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    part = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}[nation]
    return frozenset(holidays.country_holidays("GB", subdiv=part, years=year))


Interval = tuple[datetime, datetime]  # half-open; FAR where it has no end yet
Due = Callable[["Case", datetime, list[Interval]], datetime | None]  # None while a pause holds it


@dataclass(frozen=True)
class Law:
    """What changed since the beginning: newer limits, days added to the calendar or withdrawn."""

    changes: tuple[tuple[str, datetime, dict[str, Due]], ...] = ()  # rule, since when, its limits
    added: frozenset[tuple[str, date]] = field(default_factory=frozenset)  # nation and day
    withdrawn: frozenset[tuple[str, date]] = field(default_factory=frozenset)

    def versions(self, rule: str, first: dict[str, Due]) -> list[tuple[datetime, dict[str, Due]]]:
        """The limits of a rule, each with the instant from which they hold, oldest first."""
        newer = [(since, limits) for code, since, limits in self.changes if code == rule]
        return [(NEVER, first), *sorted(newer, key=lambda change: change[0])]


def is_working_day(day: date, nation: str, law: Law) -> bool:
    rests = day in bank_holidays(nation, day.year) or (nation, day) in law.added
    return day.weekday() < 5 and (not rests or (nation, day) in law.withdrawn)


def working_days_between(after: date, until: date, nation: str, law: Law) -> int:
    """The working days in (after, until]."""
    days = (until - after).days
    return sum(is_working_day(after + timedelta(n + 1), nation, law) for n in range(days))


def end_of_working_day(after: date, number: int, nation: str, law: Law) -> datetime:
    day = after
    while number:
        day += timedelta(1)
        number -= is_working_day(day, nation, law)
    return midnight(day + timedelta(1))


# --- What is true at an instant --------------------------------------------------------------


@dataclass
class Moment:
    child: bool
    risks: set[str]
    consent: str  # the latest event about consent to the NRM
    said_no: bool  # refused or withdrew, and has not agreed again since
    support: bool  # latest consent to support is recorded
    decision_maker: str
    submitted: bool
    designated: bool
    duty_to_notify: bool
    england_or_wales: bool

    @property
    def adult(self) -> bool:
        return not self.child

    def any_risk(self, codes: set[str]) -> bool:
        return bool(self.risks & codes)


def is_about(event: Event, kind: str) -> bool:
    return event.code in CONSENTS and (event.consent_type or "nrm") == kind


class Case:
    """A timeline as it is known at `now`."""

    def __init__(self, timeline: Any, now: datetime, law: Law) -> None:
        self.timeline, self.now, self.law = timeline, now, law
        self.nation = timeline.nation
        known = [e for e in timeline.events if e.happened_at <= now]
        self.events = sorted(known, key=lambda e: (e.happened_at, e.id))
        self.moments: dict[datetime, Moment] = {}

    def of(self, *codes: str) -> list[Event]:
        return [e for e in self.events if e.code in codes]

    def instants(self, *codes: str) -> list[datetime]:
        return [e.happened_at for e in self.of(*codes)]

    def consents(self, kind: str, *codes: str) -> list[Event]:
        return [e for e in self.of(*(codes or CONSENTS)) if is_about(e, kind)]

    def contact(self) -> list[datetime]:
        return self.instants("initial_contact")[:1]

    # state

    def at(self, instant: datetime) -> Moment:
        if instant not in self.moments:
            self.moments[instant] = self._at(instant)
        return self.moments[instant]

    def _at(self, t: datetime) -> Moment:
        past = [e for e in self.events if e.happened_at <= t]
        nrm = [e.code for e in past if is_about(e, "nrm")]
        firm = [code for code in nrm if code != "consent_undecided"]
        support = [e.code for e in past if is_about(e, "support")]
        makers = [e.outcome for e in past if e.code == "allocated"]
        holder = self._holder(t)
        return Moment(
            child=self._child(past, t),
            risks=risks_after(past),
            consent=nrm[-1] if nrm else "",
            said_no=bool(firm) and firm[-1] != "consent_recorded",
            support=bool(support) and support[-1] == "consent_recorded",
            decision_maker=makers[-1] if makers else "",
            submitted=any(e.code == "referral_submitted" for e in past),
            designated=bool(holder) and is_designated(holder, london_day(t)),
            duty_to_notify=bool(holder) and holder.duty_to_notify,
            england_or_wales=self.nation in ("england", "wales"),
        )

    def _child(self, past: list[Event], t: datetime) -> bool:
        changes = [e.outcome for e in past if e.code == "age_group_changed"]
        group = [self.timeline.age_group, *changes][-1]
        birthday = self.timeline.turns_18_on
        return group in ("child", "not_sure") or bool(birthday and london_day(t) < birthday)

    def _holder(self, t: datetime) -> Any:
        for row in self.timeline.responsible:
            if row.since <= t and (row.until is None or t < row.until):
                return row
        return None

    # time

    def turning_points(self) -> list[datetime]:
        """Every instant at which anything about the person can change, oldest first."""
        points = {e.happened_at for e in self.events}
        if self.timeline.turns_18_on:
            points.add(midnight(self.timeline.turns_18_on))
        for row in self.timeline.responsible:
            points |= {row.since, row.until or FAR}
            for first, last in row.designated:
                points |= {midnight(first), midnight(last) if last else FAR}
        return sorted(p for p in points if p <= self.now)

    def intervals(self, holds: Callable[[Moment], bool]) -> list[Interval]:
        """The longest unbroken intervals in which a condition holds."""
        found: list[Interval] = []
        since = None
        for point in self.turning_points():
            true = holds(self.at(point))
            if true and since is None:
                since = point
            if not true and since is not None:
                found.append((since, point))
                since = None
        return [*found, (since, FAR)] if since is not None else found

    def closures(self) -> list[Interval]:
        found: list[Interval] = []
        closed = None
        for event in self.of("closed", "reopened"):
            if event.code == "closed" and closed is None:
                closed = event.happened_at
            if event.code == "reopened" and closed is not None:
                found.append((closed, event.happened_at))
                closed = None
        return [*found, (closed, FAR)] if closed is not None else found

    def pauses(self) -> list[Interval]:
        found: list[Interval] = []
        paused = None
        for event in self.of("pause_started", "pause_ended"):
            if event.code == "pause_started" and paused is None:
                paused = event.happened_at
            if event.code == "pause_ended" and paused is not None:
                found.append((paused, event.happened_at))
                paused = None
        return [*found, (paused, FAR)] if paused is not None else found

    def declined_to_enter(self) -> list[Interval]:
        return self.intervals(lambda m: m.adult and m.said_no)


def risks_after(events: Iterable[Event]) -> set[str]:
    risks: set[str] = set()
    for event in events:
        if event.code == "risk_flag_added":
            risks.add(event.risk)
        if event.code == "risk_flag_removed":
            risks.discard(event.risk)
        if event.code == "emergency_support_started" and event.outcome == "housed":
            risks -= HOMELESS
    return risks


def is_designated(holder: Any, day: date) -> bool:
    return any(a <= day and (b is None or day < b) for a, b in holder.designated)


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time, with overlapping intervals made one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return [(a, b) for a, b in found if a < b]


# --- Limits: when is a wait that started then due? --------------------------------------------


def hours(number: int) -> Due:
    return lambda _case, start, _stops: start + timedelta(hours=number)


def calendar_days(number: int) -> Due:
    def due(_case: Case, start: datetime, stops: list[Interval]) -> datetime | None:
        day = london_day(start) + timedelta(number + 1)
        for since, until in stops:
            if since < midnight(day):
                if until == FAR:
                    return None
                day += london_day(until) - london_day(since)
        return midnight(day)

    return due


def working_days(number: int, nation: str = "") -> Due:
    def due(case: Case, start: datetime, stops: list[Interval]) -> datetime | None:
        where = nation or case.nation
        days, begin = number, london_day(start)
        for since, until in stops:
            if since < end_of_working_day(begin, days, where, case.law):
                if until == FAR:
                    return None
                gone = (london_day(since), london_day(until))
                days += working_days_between(*gone, where, case.law)
        return end_of_working_day(begin, days, where, case.law)

    return due


def exactly(instant: datetime) -> Due:
    return lambda _case, _start, _stops: instant


# --- Waits -----------------------------------------------------------------------------------


def running(case: Case, start: datetime, ends: Iterable[datetime]) -> datetime | None:
    """The start of this wait as it runs now (a reopening starts it anew), None if it does not."""
    ends = sorted(ends)
    for closed, reopened in case.closures():
        if reopened <= start:
            continue
        horizon = reopened if closed < start else closed
        if reopened == FAR or any(start <= end <= horizon for end in ends):
            return None
        start = reopened
    ended = any(start <= end <= case.now for end in ends)
    return None if ended or start > case.now else start


def stands(
    case: Case,
    rule: str,
    start: datetime | None,
    limits: dict[str, Due],
    *,
    when: Callable[[Moment], bool] = lambda _m: True,
    k: bool = False,
    e: bool = False,
    p: bool = False,
) -> Iterator[Delay]:
    """The delays of one running wait that stand now."""
    held = [since for since, until in case.intervals(when) if since <= case.now < until]
    still = case.declined_to_enter() if e else []
    if start is None or not held or any(a <= case.now < b for a, b in still):
        return
    begin = max(start, held[0]) if k else start
    stops = joined([*case.pauses(), *still]) if p else []
    stops = [(max(a, begin), b) for a, b in stops if b > begin]
    versions = case.law.versions(rule, limits)
    found: dict[str, datetime] = {}
    for (since, own), until in zip(versions, [v[0] for v in versions[1:]] + [FAR], strict=True):
        for severity, limit in own.items():
            due = limit(case, begin, stops)
            if due is None:
                continue
            # a version judges what still waits when it takes effect; what it raised stays
            breached = max(due, held[0], since)
            breached = next((b for a, b in still if a <= breached < b), breached)
            if breached < until:
                found[severity] = min(breached, found.get(severity, FAR))
    for severity, breached in found.items():
        if breached <= case.now:
            gross = case.now - begin
            paused = [min(b, case.now) - a for a, b in stops if a < case.now]
            net = gross - sum(paused, timedelta())
            yield Delay(rule, severity, breached, begin, gross, net)


def entered(case: Case) -> list[datetime]:
    """The events of E (a refusal is not an end: the wait may be resumed)."""
    return case.instants("referral_submitted", "dtn_submitted")


def dated(event: Event) -> datetime:
    return noon(event.dated_on) if event.dated_on else event.happened_at


# --- The rules -------------------------------------------------------------------------------


def rule_01(case: Case) -> Iterator[Delay]:
    ends = [*case.instants("immediate_safety_checked"), *entered(case)]
    for contact in case.contact():
        start, limits = running(case, contact, ends), {"red": hours(24)}
        yield from stands(
            case, "safety-screen", start, limits, when=lambda m: not m.any_risk(URGENT)
        )


def newly_urgent(case: Case) -> list[datetime]:
    """The instants at which a risk that is urgent comes to be set."""
    found = []
    for number, event in enumerate(case.events):
        before = risks_after(case.events[:number])
        if event.code == "risk_flag_added" and event.risk in URGENT - before:
            found.append(event.happened_at)
    return found


def rule_02(case: Case) -> Iterator[Delay]:
    ends = case.instants("immediate_safety_checked")
    for contact in case.contact():
        for instant in newly_urgent(case):
            start, limits = running(case, max(contact, instant), ends), {"critical": hours(4)}
            yield from stands(
                *(case, "safety-screen-urgent", start, limits),
                when=lambda m: m.any_risk(URGENT),
                k=True,
            )


def child_starts(case: Case) -> list[datetime]:
    return case.instants("indicators_identified")[:1] or case.contact()


def rule_03(case: Case) -> Iterator[Delay]:
    for first in child_starts(case):
        start = running(case, first, case.instants("la_safeguarding_referred"))
        limits = {"critical": hours(24)}
        yield from stands(case, "child-la-referral", start, limits, when=lambda m: m.child, k=True)


def rule_04(case: Case) -> Iterator[Delay]:
    for referred in case.instants("la_safeguarding_referred"):
        start = running(case, referred, case.instants("la_acknowledged"))
        limits = {"red": working_days(1)}
        yield from stands(case, "la-acknowledgement", start, limits, when=lambda m: m.child)


def rule_05(case: Case) -> Iterator[Delay]:
    for first in child_starts(case):
        start = running(case, first, case.instants("ictg_referred"))
        yield from stands(
            *(case, "ictg-referral", start, {"amber": working_days(1)}),
            when=lambda m: m.child and m.england_or_wales,
            k=True,  # "as 3"
        )


def rule_06(case: Case) -> Iterator[Delay]:
    for contact in case.contact():
        start = running(case, contact, case.instants("referral_submitted"))
        limits = {"amber": working_days(5), "red": working_days(10)}
        yield from stands(case, "child-entry-wait", start, limits, when=lambda m: m.child)


def rule_07(case: Case) -> Iterator[Delay]:
    ends = case.instants("fro_approached", "fro_accepted", "signposted_statutory")
    for consent in case.consents("nrm", "consent_recorded")[:1]:
        start = running(case, consent.happened_at, [*ends, *entered(case)])
        yield from stands(
            *(case, "first-fro-approach", start, {"amber": working_days(2)}),
            when=lambda m: (
                m.adult and (m.consent == "consent_recorded" or m.said_no) and not m.designated
            ),
            e=True,
            p=True,
        )


def answers_to_approaches(case: Case) -> dict[int, list[datetime]]:
    """The instants at which each approach was answered, by the id of the approach."""
    approaches = case.of("fro_approached")
    answers: dict[int, list[datetime]] = {a.id: [] for a in approaches}
    for answer in case.of(*ANSWERED):
        then = Case(case.timeline, answer.happened_at, case.law)
        made = [a for a in approaches if a.happened_at <= answer.happened_at]
        for approach in answered(made, answer, then, answers):
            answers[approach.id].append(answer.happened_at)
    return answers


def answered(
    made: list[Event], answer: Event, then: Case, answers: dict[int, list[datetime]]
) -> list[Event]:
    if answer.code == "fro_accepted":
        return made
    if answer.organisation is None:
        return [a for a in made if is_unanswered(a, then, answers[a.id])][:1]
    return [a for a in made if a.organisation == answer.organisation]


def is_unanswered(approach: Event, then: Case, answers: list[datetime]) -> bool:
    """Open then; one made while the referral is closed is open too, until the reopening."""
    ends = [*answers, *entered(then)]
    made = approach.happened_at
    made_while_closed = any(a < made and b > then.now for a, b in then.closures())
    if made_while_closed:
        return not any(made <= end for end in ends)
    return running(then, made, ends) is not None


def rules_08_and_09(case: Case) -> Iterator[Delay]:
    answers = answers_to_approaches(case)
    at_risk = HOMELESS | AGAIN | REMOVAL
    for approach in case.of("fro_approached"):
        ends = [*answers[approach.id], *entered(case)]
        start = running(case, approach.happened_at, ends)
        yield from stands(
            *(case, "fro-reply", start, {"amber": working_days(2)}),
            when=lambda m: m.adult and not m.any_risk(at_risk),
            e=True,
        )
        yield from stands(
            *(case, "fro-reply-urgent", start, {"red": hours(24)}),
            when=lambda m: m.adult and m.any_risk(at_risk),
            k=True,
            e=True,
        )


def rules_10_to_12(case: Case) -> Iterator[Delay]:
    for contact in case.contact():
        start = running(case, contact, entered(case))
        days = {"amber": calendar_days(14), "red": calendar_days(28), "critical": calendar_days(56)}
        yield from stands(
            *(case, "entry-wait", start, days),
            when=lambda m: m.adult and not m.any_risk(TIGHTEN),
            e=True,
            p=True,
        )
        days = {"amber": working_days(5), "red": working_days(10), "critical": calendar_days(56)}
        yield from stands(
            *(case, "entry-wait-at-risk", start, days),
            when=lambda m: m.adult and m.any_risk(TIGHTEN) and not m.any_risk(REMOVAL),
            e=True,
        )
        yield from stands(
            *(case, "entry-wait-detained", start, {"critical": hours(24)}),
            when=lambda m: m.adult and m.any_risk(REMOVAL),
            k=True,
            e=True,
        )


def rule_13(case: Case) -> Iterator[Delay]:
    for listed in case.of("fro_waitlisted"):
        declined = [d for d in case.of(*DECLINED) if d.organisation == listed.organisation]
        ends = [
            *case.instants("appointment_offered", "fro_accepted"),
            *(d.happened_at for d in declined),
            *entered(case),
        ]
        start, limits = running(case, listed.happened_at, ends), {"amber": working_days(10)}
        yield from stands(
            case, "waiting-list", start, limits, when=lambda m: m.adult, e=True, p=True
        )


def rule_14(case: Case) -> Iterator[Delay]:
    beginnings = sorted([*case.contact(), *case.instants("fro_accepted", "reopened")])
    declines = case.of(*DECLINED, "fro_no_response")
    ends = [*case.instants("fro_accepted", "appointment_offered"), *entered(case)]
    for begin in sorted(set(beginnings)):
        who: set[object] = set()
        for decline in declines:
            at = decline.happened_at
            if max((b for b in beginnings if b <= at), default=None) != begin:
                continue
            who.add(decline.organisation or ("unnamed", decline.id))
            if len(who) == 3:
                ended = any(at <= end <= case.now for end in ends)
                closed = any(b > begin and a <= case.now < b for a, b in case.closures())
                reopened = any(b > begin and b <= case.now for _, b in case.closures())
                start = None if ended or closed or reopened else begin
                yield from stands(
                    *(case, "refusals", start, {"red": exactly(at)}),
                    when=lambda m: m.adult,
                    e=True,
                )
                break


def rule_15(case: Case) -> Iterator[Delay]:
    agreed = case.consents("nrm", "consent_recorded")
    earliest = agreed[0].happened_at if agreed else datetime.min.replace(tzinfo=UTC)
    starts, waiting = [], True
    for event in case.of("fro_accepted", "appointment_attended", "interview_completed"):
        if event.code == "interview_completed":
            waiting = True
        elif waiting:
            starts.append(event.happened_at)
            waiting = False
    ends = [*case.instants("interview_completed"), *entered(case)]
    for first in starts:
        # what ends the wait ends it also where the consent, and so the start, comes later
        since = [max(end, earliest) for end in ends if end >= first]
        start = running(case, max(first, earliest), since)
        yield from stands(
            *(case, "interview", start, {"amber": working_days(10)}),
            when=lambda m: m.adult,
            e=True,
            p=True,
        )


def since_latest(case: Case, starts: list[Event], ends: list[datetime]) -> datetime | None:
    """The wait since the latest of these events; each ends the wait of the one before."""
    return running(case, starts[-1].happened_at, ends) if starts else None


def rules_16_and_17(case: Case) -> Iterator[Delay]:
    saves = case.of("draft_started", "draft_last_saved")
    start = since_latest(case, saves, [*case.instants("draft_abandoned"), *entered(case)])
    yield from stands(case, "draft-age", start, {"amber": calendar_days(21)})
    yield from stands(case, "draft-deletion", start, {"critical": calendar_days(28 - 3)})


def rule_18(case: Case) -> Iterator[Delay]:
    consents = case.consents("nrm")
    if consents and consents[-1].code == "consent_recorded":
        start = since_latest(case, consents, entered(case))
        limits = {"info": calendar_days(28)}
        yield from stands(
            case, "consent-stale", start, limits, when=lambda m: m.adult, e=True, p=True
        )


def request_delays(
    case: Case, risks: set[str], unless: set[str], limits: dict[str, Due]
) -> Iterator[Delay]:
    def needed(m: Moment) -> bool:
        return m.adult and m.england_or_wales and m.support and m.any_risk(risks)

    requested = case.instants("emergency_support_requested")
    for since, until in case.intervals(needed):
        for begin in anew(case, since, until, requested):
            start = running(case, begin, [*requested, until])
            yield from stands(
                *(case, "emergency-request", start, limits),
                when=lambda m: needed(m) and not m.any_risk(unless),
                k=True,
            )


def rule_19(case: Case) -> Iterator[Delay]:
    yield from request_delays(case, HOMELESS, set(), {"critical": hours(4)})
    yield from request_delays(case, AGAIN, HOMELESS, {"red": hours(24)})


def anew(case: Case, since: datetime, until: datetime, ends: list[datetime]) -> list[datetime]:
    """Where the need for a request began, and each refusal after a request that began it anew."""
    starts = [since]
    for refused in case.instants("emergency_support_refused"):
        requested = any(starts[-1] <= end <= refused for end in ends)
        if since <= refused < until and requested:
            starts.append(refused)
    return starts


def rule_20(case: Case) -> Iterator[Delay]:
    ends = case.instants("emergency_support_started", "emergency_support_refused")
    for requested in case.instants("emergency_support_requested"):
        start, limits = running(case, requested, ends), {"critical": hours(24)}
        yield from stands(
            *(case, "emergency-start", start, limits),
            when=lambda m: m.adult and m.england_or_wales,
        )


def rule_21(case: Case) -> Iterator[Delay]:
    ends = case.instants("support_contacted", "emergency_support_started", "withdrawn_from_nrm")
    for submitted in case.instants("referral_submitted")[:1]:
        for since, until in case.intervals(lambda m: m.support):
            if until <= submitted:
                continue
            start = running(case, max(since, submitted), [*ends, until])
            yield from stands(
                *(case, "support-contact", start, {"amber": hours(48), "red": calendar_days(5)}),
                when=lambda m: m.adult and m.england_or_wales and m.support,
            )


def rules_22_and_23(case: Case) -> Iterator[Delay]:
    ends = [dated(e) for e in case.of("rg_decision")] + case.instants("withdrawn_from_nrm")
    submissions = [running(case, at, ends) for at in case.instants("referral_submitted")]
    five, ten, twenty = (working_days(n, "england") for n in (5, 10, 20))
    for start in submissions:
        limits = {"info": five, "amber": ten, "red": twenty}
        yield from stands(
            *(case, "rg-decision", start, limits), when=lambda m: m.decision_maker != "devolved"
        )
    for start in submissions[:1]:
        yield from stands(
            *(case, "rg-decision-devolved", start, {"red": calendar_days(45)}),
            when=lambda m: m.child and m.decision_maker == "devolved",
        )


def rule_24(case: Case) -> Iterator[Delay]:
    answers = case.instants("reconsideration_requested", "reconsideration_not_requested")
    for decision in case.of("rg_decision", "cg_decision"):
        start = dated(decision)
        answered = any(start <= answer for answer in answers)
        if decision.outcome == "negative" and start <= case.now and not answered:
            limits = {"amber": calendar_days(30 - 10), "critical": calendar_days(30 - 5)}
            yield from stands(case, "reconsideration-window", start, limits)


def said_yes(case: Case) -> list[Event]:
    """The decision by which Reasonable Grounds is positive now: a yes, or a no that became one."""
    grounds, by = "", []
    for event in case.of("rg_decision", "reconsideration_decided"):
        if event.code == "rg_decision":
            grounds, by = event.outcome, [event]
        elif event.outcome == "positive" and grounds != "positive":
            grounds, by = "positive", [event]
    return by if grounds == "positive" else []


def rules_25_and_26(case: Case) -> Iterator[Delay]:
    ends = case.instants("cg_decision", "withdrawn_from_nrm")
    days = {"info": calendar_days(180), "amber": calendar_days(365), "red": calendar_days(600)}
    for decision in said_yes(case):
        start = running(case, dated(decision), ends)
        yield from stands(case, "recovery-end", start, {"info": calendar_days(30)})
        yield from stands(case, "cg-age", start, days)


def rule_27(case: Case) -> Iterator[Delay]:
    birthday = case.timeline.turns_18_on
    for contact in case.contact():
        if birthday is None or birthday <= london_day(contact):
            return
        consents = case.consents("nrm", "consent_recorded", "consent_withdrawn")
        settled = [e for e in consents if london_day(e.happened_at) >= birthday]
        closed = any(a <= case.now < b for a, b in case.closures())
        if settled or closed or case.of("cg_decision", "age_group_changed"):
            return
        for severity, days in {"info": 100, "amber": 28, "red": 7}.items():
            due = max(midnight(birthday - timedelta(days)), contact)
            yield from stands(case, "turning-18", contact, {severity: exactly(due)})


def agreed_by(case: Case, instant: datetime) -> int | None:
    """How often the person agreed to be in touch, in days."""
    said = [e for e in case.of(*INTERVAL) if e.happened_at <= instant]
    return said[-1].every_days if said and said[-1].code == INTERVAL[0] else None


def to_be_in_touch(case: Case, start: datetime, instant: datetime) -> datetime:
    """Until when, by what is true at an instant."""
    stops = [(max(a, start), b) for a, b in joined(case.pauses()) if b > start]
    agreed = agreed_by(case, instant)
    days = min(7, agreed or 7) if case.at(instant).any_risk(TIGHTEN) else agreed or 28
    return calendar_days(days)(case, start, stops) or FAR


def rule_28(case: Case) -> Iterator[Delay]:
    latest = case.of(*TOOK_PART, "contact_lost")[-1]
    if latest.code == "contact_lost":
        return
    start = since_latest(case, [latest], case.instants("referral_submitted"))
    if start is None:
        return
    # each limit gives the same severity, so a change of risk does not break a delay
    since = None
    points = {start, *case.turning_points()}
    points |= {to_be_in_touch(case, start, point) for point in points}
    for point in sorted(point for point in points if start <= point <= case.now):
        late = point >= to_be_in_touch(case, start, point)
        since = (since or point) if late else None
    if since:
        limits = {"amber": exactly(since)}
        yield from stands(
            case, "lost-contact", start, limits, when=lambda m: not m.submitted, p=True
        )


def rule_29(case: Case) -> Iterator[Delay]:
    agreed = [e.happened_at for e in case.consents("nrm", "consent_recorded")]
    start = since_latest(case, case.consents("nrm", "consent_refused"), [*agreed, *entered(case)])
    yield from stands(
        *(case, "duty-to-notify", start, {"amber": working_days(2)}),
        when=lambda m: m.adult and m.england_or_wales and m.duty_to_notify,
    )


def rule_33(case: Case) -> Iterator[Delay]:
    for paused in case.instants("pause_started"):
        start = running(case, paused, case.instants("pause_ended"))
        yield from stands(case, "pause-maximum", start, {"red": calendar_days(28)})


RULES = (
    *(rule_01, rule_02, rule_03, rule_04, rule_05, rule_06, rule_07, rules_08_and_09),
    *(rules_10_to_12, rule_13, rule_14, rule_15, rules_16_and_17, rule_18, rule_19, rule_20),
    *(rule_21, rules_22_and_23, rule_24, rules_25_and_26, rule_27, rule_28, rule_29, rule_33),
)


def delayed(timeline: Any, *, now: datetime, law: Law | None = None) -> set[Delay]:
    """The waits that stand delayed at `now`: begun, beyond a limit, not ended by then."""
    case = Case(timeline, now, law or Law())
    return {delay for rule in RULES for delay in rule(case)}


# --- Timelines to try ------------------------------------------------------------------------

ORGANISATIONS = (None, 1, 2, 3)
RISKS = (*sorted(TIGHTEN), "isolated")
TYPES = ("", "", "", "nrm", "support", "support", "police", "sharing", "waiting_list")
DECISIONS = ("rg_decision", "cg_decision", "reconsideration_decided")
OUTCOMES = {
    "rg_decision": ("positive", "positive", "negative", "negative", ""),
    "cg_decision": ("positive", "negative", "negative"),
    "reconsideration_decided": ("positive", "positive", "negative"),
    "allocated": ("sca", "ieca", "devolved", "devolved"),
    "age_group_changed": ("adult", "child", "not_sure"),
    "ictg_referred": ("", "not_available"),
    "emergency_support_started": ("housed", "housed", ""),
}
AGREED = (1, 3, 7, 7, 10, 14, 28, 29, 56)
CATALOGUE = (
    *("indicators_identified", "immediate_safety_checked", "nrm_explained", *CONSENTS),
    *("fro_approached", *ANSWERED, "signposted_statutory", "appointment_offered"),
    *("appointment_attended", "appointment_missed", "interview_started", "interview_completed"),
    *("draft_started", "draft_last_saved", "draft_abandoned", "referral_submitted"),
    *("dtn_submitted", "emergency_support_requested", "emergency_support_started"),
    *("emergency_support_refused", "la_safeguarding_referred", "la_acknowledged"),
    *("ictg_referred", "rg_decision", "cg_decision", "reconsideration_requested"),
    *("reconsideration_not_requested", "contact_lost", "contact_regained", "contact_made"),
    *("risk_flag_added", "risk_flag_added", "risk_flag_removed", "support_contacted"),
    *("pause_started", "pause_ended", "allocated", "withdrawn_from_nrm", "age_group_changed"),
    *("closed", "reopened", "initial_contact", "handed_over", "evidence_requested"),
    *("contact_interval_agreed", "contact_interval_withdrawn", "reconsideration_decided"),
)
# What tends to belong together: the rest of a timeline is drawn from one or two of these. A
# detail (risk, type of consent or outcome) stands after the code where the story turns on it.
STORIES = tuple(
    story.split()
    for story in (
        "consent_recorded fro_approached fro_accepted interview_completed draft_started "
        "draft_last_saved referral_submitted rg_decision cg_decision",
        "fro_approached fro_declined_capacity fro_declined_scope fro_declined_other "
        "fro_no_response fro_approached fro_accepted closed reopened appointment_offered",
        "consent_recorded consent_refused consent_recorded consent_withdrawn closed "
        "consent_undecided consent_recorded pause_started pause_ended reopened",
        "risk_flag_added risk_flag_removed risk_flag_added immediate_safety_checked closed "
        "reopened fro_approached fro_no_response",
        "risk_flag_added consent_recorded emergency_support_requested risk_flag_added "
        "emergency_support_refused emergency_support_requested emergency_support_started "
        "consent_withdrawn consent_recorded support_contacted referral_submitted",
        "risk_flag_added:destitute risk_flag_added:re_exploitation_concern "
        "consent_recorded:support emergency_support_requested emergency_support_started:housed",
        "risk_flag_added:street_homeless consent_recorded:support emergency_support_requested "
        "emergency_support_refused risk_flag_added:re_exploitation_concern",
        "risk_flag_added:detained fro_approached risk_flag_removed:detained fro_no_response "
        "consent_recorded:nrm risk_flag_added:pregnant consent_withdrawn:nrm",
        "la_safeguarding_referred la_acknowledged ictg_referred age_group_changed "
        "referral_submitted allocated rg_decision indicators_identified",
        "referral_submitted allocated rg_decision reconsideration_requested rg_decision "
        "cg_decision reconsideration_not_requested withdrawn_from_nrm",
        "fro_waitlisted appointment_offered appointment_attended interview_completed "
        "pause_started pause_ended fro_accepted pause_started interview_completed",
        "contact_made contact_lost contact_regained closed reopened pause_started",
        "contact_interval_agreed risk_flag_added contact_made contact_interval_withdrawn closed "
        "contact_interval_agreed risk_flag_removed reopened contact_lost pause_started pause_ended",
        "referral_submitted rg_decision reconsideration_requested reconsideration_decided "
        "rg_decision cg_decision reconsideration_decided",
        "rg_decision reconsideration_requested reconsideration_decided",
        "consent_refused consent_undecided consent_refused closed reopened dtn_submitted",
        "allocated referral_submitted rg_decision",
        "fro_declined_scope fro_no_response fro_declined_capacity fro_accepted fro_declined_other",
    )
)
NASTY_DAYS = (
    *(date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 29), date(2026, 4, 2), date(2026, 4, 3)),
    *(date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 22), date(2026, 6, 12), date(2026, 7, 10)),
    *(date(2026, 7, 31), date(2026, 8, 28), date(2026, 10, 23), date(2026, 10, 24)),
    *(date(2026, 10, 25), date(2026, 11, 27), date(2026, 12, 23), date(2026, 12, 31)),
    *(date(2026, 3, 16), date(2026, 1, 1), date(2026, 6, 6), date(2026, 9, 19)),
)
NASTY_TIMES = (
    *(time(0), time(0, 1), time(0, 30), time(1, 30), time(9), time(12), time(11, 59)),
    *(time(16), time(23), time(23, 30), time(23, 59)),
)


def at_london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


@st.composite
def later(draw: st.DrawFn, instant: datetime, longest: int = 40) -> datetime:
    """An instant at or after this one: the same, minutes or hours later, or some other day."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return instant
    if kind <= 2:
        return instant + timedelta(minutes=draw(st.sampled_from((1, 59, 240, 241, 1439, 1440))))
    if kind == 3:
        return instant + timedelta(hours=draw(st.integers(1, 60)))
    days = draw(st.integers(0, longest if kind > 7 else 6))
    clock = draw(st.sampled_from(NASTY_TIMES))
    return max(instant, at_london(london_day(instant) + timedelta(days), clock))


@st.composite
def events(draw: st.DrawFn, number: int, told: str, instant: datetime) -> Event:
    code, _, detail = told.partition(":")
    letter = None
    if code in DECISIONS and draw(st.booleans()):
        letter = london_day(instant) - timedelta(draw(st.sampled_from((0, 0, 1, 3, 9, -1))))
    return Event(
        id=number,
        code=code,
        happened_at=instant,
        organisation=draw(st.sampled_from(ORGANISATIONS)) if code.startswith("fro_") else None,
        outcome=(detail or draw(st.sampled_from(OUTCOMES[code]))) if code in OUTCOMES else "",
        consent_type=(detail or draw(st.sampled_from(TYPES))) if code in CONSENTS else "",
        dated_on=letter,
        risk=(detail or draw(st.sampled_from(RISKS))) if code.startswith("risk_flag") else "",
        every_days=draw(st.sampled_from(AGREED)) if code == INTERVAL[0] else None,
    )


@st.composite
def codes(draw: st.DrawFn) -> list[str]:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.lists(st.sampled_from(CATALOGUE), max_size=13))
    chosen: list[str] = []
    for story in draw(st.lists(st.sampled_from(STORIES), min_size=1, max_size=2)):
        chosen += [code for code in story if draw(st.integers(0, 7)) != 7]
    chosen += draw(st.lists(st.sampled_from(CATALOGUE), max_size=3))
    kind = draw(st.integers(0, 7))
    if kind == 6:
        chosen = draw(st.permutations(chosen))
    if kind == 7:
        chosen = chosen[: draw(st.integers(1, 13))]
    return chosen[:13]


@st.composite
def histories(draw: st.DrawFn, begin: datetime) -> tuple[Event, ...]:
    together = draw(st.lists(st.sampled_from(("risk_flag_added", "indicators_identified"))))[:3]
    steps = [("initial_contact", begin), *((code, begin) for code in together)]
    instant = begin
    for code in draw(codes()):
        instant = draw(later(instant))
        steps.append((code, instant))
    steps = steps[:14]
    numbers = list(range(1, len(steps) + 1))
    if draw(st.integers(0, 4)) == 0:  # recorded in another order than it happened
        numbers = draw(st.permutations(numbers))
    found = [draw(events(n, *step)) for n, step in zip(numbers, steps, strict=True)]
    return tuple(draw(st.permutations(found)))


@st.composite
def responsibles(draw: st.DrawFn, begin: datetime) -> tuple[Responsible, ...]:
    handed_over = [draw(later(begin)) for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2))))]
    bounds = [begin - timedelta(days=3), *sorted(set(handed_over)), None]
    return tuple(
        Responsible(since, until, draw(designations(london_day(begin))), draw(st.booleans()))
        for since, until in pairwise(bounds)
    )


@st.composite
def designations(draw: st.DrawFn, day: date) -> tuple[tuple[date, date | None], ...]:
    kind = draw(st.integers(0, 3))
    first = day + timedelta(draw(st.integers(-5, 20)))
    second = first + timedelta(draw(st.integers(1, 20)))
    third = second + timedelta(draw(st.integers(1, 20)))
    always = date(2020, 1, 1)
    choices = ((), ((always, None),), ((always, first),), ((first, second), (third, None)))
    return choices[kind]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    day = draw(st.sampled_from(NASTY_DAYS))
    begin = at_london(day, draw(st.sampled_from(NASTY_TIMES)))
    near = st.sampled_from((-400, 0, 1, 2, 7, 8, 20, 28, 29, 60, 100, 101, 130, 3000))
    birthday = day + timedelta(draw(near)) if draw(st.integers(0, 2)) == 0 else None
    nations = ("england", "england", "wales", "scotland", "northern_ireland")
    return Timeline(
        age_group=draw(st.sampled_from(("adult", "adult", "adult", "child", "not_sure"))),
        nation=draw(st.sampled_from(nations)),
        turns_18_on=birthday,
        events=draw(histories(begin)),
        responsible=draw(responsibles(begin)),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Timeline, datetime]:
    """A timeline and the instant of the question, which likes the edges of days and limits."""
    timeline = draw(timelines())
    instants = sorted(e.happened_at for e in timeline.events)
    since = draw(st.sampled_from(instants))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return timeline, since + timedelta(hours=draw(st.sampled_from((0, 4, 24, 48))))
    if kind == 1:
        return timeline, instants[0] + timedelta(days=draw(st.integers(0, 700)))
    days = draw(st.integers(0, 120 if kind > 7 else 32))
    edge = midnight(london_day(since) + timedelta(days))
    nudge = timedelta(minutes=draw(st.sampled_from((0, 0, -1, 1, 720, 600))))
    return timeline, max(instants[0], edge + nudge)
