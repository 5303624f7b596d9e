"""Why a deadline is the one it is, in words: "Why this date?"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count, day_in_words, exact
from organisations.models import Membership
from referrals.catalogue import EventCode, Precision, Risk, Severity
from referrals.delays import Agreed, Mark, Move, Skipped, Standing, Still, Tightened, Wait, Why, why
from referrals.delays.facts import FOREVER
from referrals.delays.why import ONE_DAY, REST, SAID_NO, WEEKEND
from referrals.models import Referral, WaitEvent
from referrals.pages.known_rules import calendar_changes, name_of_rest, rules_at
from referrals.pages.limits import BASIS_WORDS
from referrals.pages.pauses import WHOSE
from referrals.pages.timeline import PRECISION_WORDS, byline, events_of, every, title_of
from referrals.pages.waits import length, row_of
from referrals.timelines import case_of, known_of

COUNTED_FROM = {
    "h": "Hours are counted as they pass, at night and at weekends too.",
    "cd": "In days, the day on which the wait began is day 0, and a limit is passed at midnight at "
    "the end of its last day, by the clock in the United Kingdom.",
    "wd": "Of working days, the day on which the wait began is day 0, and Saturdays, Sundays and "
    "bank holidays do not count; a limit is passed at midnight at the end of its last day.",
    "declines": "What is counted is answers, one for each organisation.",
}


NOT_LONGER = (
    "They are at risk, so the shorter limit stands: what was agreed can bring it forward, not put "
    "it off."
)


@dataclass(frozen=True, slots=True)
class LimitLine:
    severity: str
    words: str  # "10 working days"
    last: str  # the last day, or instant, that is in time
    at: datetime | None  # the exact instant at which it is passed
    passed: bool


@dataclass(frozen=True, slots=True)
class Began:
    title: str
    at: datetime
    about: str
    byline: str


@dataclass(frozen=True, slots=True)
class Moved:
    at: datetime
    because: list[str]
    effects: list[str]


@dataclass(frozen=True, slots=True)
class WhyPage:
    title: str
    rule: str
    version: str
    applies_to: str
    basis: str
    source: str
    progress: str
    due: str
    whole: str
    counted: str
    limits: list[LimitLine]
    began: Began | None
    tightened: list[str]
    agreed: str
    skipped: list[str]
    stops: str
    still: list[str]
    moved: list[Moved]
    ended_at: datetime | None


def why_page(
    referral: Referral, event: WaitEvent, rule: str, *, membership: Membership, now: datetime
) -> WhyPage | None:
    """None where this event starts no wait of this rule."""
    case = case_of(referral)
    found = why(
        case.timeline,
        known_of(referral),
        rule=rule,
        started_by=event.root_id or event.pk,
        rules_at=rules_at,
        changed=calendar_changes(),
        now=now,
    )
    if found is None:
        return None
    return _Words(found, referral, membership, now).page()


class _Words:
    """Puts it into words."""

    def __init__(
        self, found: Why, referral: Referral, membership: Membership, now: datetime
    ) -> None:
        self.found, self.wait, self.referral = found, found.wait, referral
        self.membership, self.now, self.today = membership, now, london_date(now)
        self.events = {e.pk: e for e in events_of(referral, membership=membership)}

    def page(self) -> WhyPage:
        wait, threshold = self.wait, self.wait.threshold
        row = row_of(wait, now=self.now)
        since = threshold.effective_from
        return WhyPage(
            title=threshold.title,
            rule=wait.rule,
            version=(
                f"The version in force since {self._day(london_date(since))}."
                if since
                else "The first version, in force from the beginning."
            ),
            applies_to=threshold.applies_to,
            basis=BASIS_WORDS[threshold.basis],
            source=threshold.source,
            progress=row.words,
            due=row.due,
            whole=row.whole,
            counted=_counted(wait),
            limits=[self._limit(mark) for mark in wait.marks],
            began=self._began(),
            tightened=[self._risk(each) for each in self.found.tightened],
            agreed=self._agreed(self.found.agreed),
            skipped=[self._skipped(each) for each in self.found.skipped],
            stops=_stops(wait),
            still=[self._still(each) for each in self.found.still],
            moved=[self._moved(move) for move in self.found.moves],
            ended_at=wait.ended_at,
        )

    def _day(self, day: date) -> str:
        return day_in_words(day, today=self.today)

    def _limit(self, mark: Mark) -> LimitLine:
        at = mark.due_at
        end = min(self.wait.ended_at or self.now, self.now)
        return LimitLine(
            severity=mark.severity,
            words=self._length(mark.severity, mark.n, mark.unit),
            last=self._due(at, mark.unit) if at else "held off while time stands still",
            at=at,
            passed=at is not None and at <= end,
        )

    def _length(self, severity: str, n: int, unit: str) -> str:
        limits = self.wait.threshold.limits
        limit = next((x for x in limits if (x.severity, x.n, x.unit) == (severity, n, unit)), None)
        if limit and limit.to_birthday:
            return f"{count(n, 'day')} before the 18th birthday"
        if limit and limit.before:
            return f"{count(limit.before, 'day')} before the end of day {n}"
        return length(n, unit)

    def _due(self, at: datetime, unit: str) -> str:
        """The last day that is in time; for hours the instant."""
        if unit in ("h", "declines"):
            return exact(at)
        return f"the end of {self._day(london_date(at - timedelta(seconds=1)))}"

    def _standing(self, root: int | None) -> WaitEvent | None:
        """The version of an entry that stands, by the id of the first one."""
        versions = [e for e in self.events.values() if (e.root_id or e.pk) == root]
        return max(versions, key=lambda e: e.pk, default=None)

    def _began(self) -> Began | None:
        event = self._standing(self.wait.started_by)
        if event is None:
            return None
        return Began(
            title=title_of(event),
            at=self.wait.started_at,
            about=PRECISION_WORDS.get(Precision(event.precision), ""),
            byline=byline(event, membership=self.membership),
        )

    def _risk(self, each: Tightened) -> str:
        event = self._standing(each.by)
        since = exact(each.since)
        said = f", {byline(event, membership=self.membership)}" if event else ""
        return f"{Risk(each.risk).label}, since {since}{said}"

    def _agreed(self, each: Agreed | None) -> str:
        if each is None:
            return ""
        event = self._standing(each.by)
        said = f", {byline(event, membership=self.membership)}" if event else ""
        words = f"Agreed on {self._day(london_date(each.since))}: {every(each.every_days)}{said}."
        lengths = {mark.n for mark in self.wait.marks}
        return words if lengths == {each.every_days} else f"{words} {NOT_LONGER}"

    def _skipped(self, each: Skipped) -> str:
        if each.first == each.last:
            days = self._day(each.first)
        elif each.last - each.first == ONE_DAY:
            days = f"{self._day(each.first)} and {self._day(each.last)}"
        else:
            days = f"{self._day(each.first)} to {self._day(each.last)}"
        return f"{days}: {self._reason(each)}"

    def _reason(self, each: Skipped) -> str:
        if each.reason == WEEKEND:
            return "weekend"
        if each.reason == REST:
            nation = self.wait.threshold.calendar or self.referral.nation
            return name_of_rest(nation, each.first)
        if each.reason == SAID_NO:
            return "they did not consent"
        return WHOSE[each.reason]

    def _still(self, each: Still) -> str:
        event = self._standing(each.by)
        until = "still now" if each.end == FOREVER else f"until {exact(each.end)}"
        whose = "they did not consent" if each.kind == SAID_NO else WHOSE[each.kind]
        said = f". {byline(event, membership=self.membership).capitalize()}" if event else ""
        return f"{exact(each.start)} {until}: {whose}{said}"

    def _moved(self, move: Move) -> Moved:
        entries = [self.events[pk] for pk in move.entries if pk in self.events]
        return Moved(
            at=move.at,
            because=list(self._because(entries, move.at)) or [self._other_cause(move)],
            effects=list(self._effects(move)),
        )

    def _because(self, entries: Iterable[WaitEvent], at: datetime) -> Iterable[str]:
        """What was recorded then: new entries, and corrections with what they replaced."""
        for event in entries:
            newer = getattr(event, "superseded_by", None)
            if newer and newer.recorded_at == at:
                if newer.code == EventCode.RECORDED_IN_ERROR:
                    yield f"{title_of(event)}: recorded in error. {newer.correction_reason}"
            elif event.supersedes_id:
                yield f"{self._said(event)}: corrected. {event.correction_reason}"
            else:
                yield self._said(event)

    def _said(self, event: WaitEvent) -> str:
        return f"{title_of(event)}, on {exact(event.happened_at)}"

    def _other_cause(self, move: Move) -> str:
        if move.at in calendar_changes():
            return "The calendar changed"
        return "Another version of the limit took effect"

    def _effects(self, move: Move) -> Iterable[str]:
        before, after = move.before, move.after
        if after is None:
            yield "This wait was no longer measured."
            return
        if before is None:
            yield f"First measured, by “{after.title}”: {self._all_of(after)}."
            return
        if before.rule != after.rule:
            yield f"Measured by “{after.title}” instead of “{before.title}”: {self._all_of(after)}."
        else:
            yield from self._limits_moved(before, after)
        if after.ended_at and after.ended_at != before.ended_at:
            yield f"Ended on {exact(after.ended_at)}."
        elif before.ended_at and not after.ended_at:
            yield "Not ended after all: the wait goes on."

    def _limits_moved(self, before: Standing, after: Standing) -> Iterable[str]:
        old = {severity: at for severity, _, _, at in before.marks}
        for severity, n, unit, at in after.marks:
            was = old.get(severity)
            if severity in old and was != at:
                label = Severity(severity).label
                yield f"{label}: from {self._or_held(was, unit)} to {self._or_held(at, unit)}."
            elif severity not in old:
                yield f"A limit more, {self._length(severity, n, unit)}: {self._or_held(at, unit)}."

    def _all_of(self, standing: Standing) -> str:
        said = (
            f"{self._length(severity, n, unit)}, {self._or_held(at, unit)}"
            for severity, n, unit, at in standing.marks
        )
        return "; ".join(said)

    def _or_held(self, at: datetime | None, unit: str) -> str:
        return self._due(at, unit) if at else "held off while time stands still"


def _counted(wait: Wait) -> str:
    """How each unit of its limits is counted."""
    return " ".join(COUNTED_FROM[unit] for unit in dict.fromkeys(m.unit for m in wait.marks))


def _stops(wait: Wait) -> str:
    threshold = wait.threshold
    if not threshold.pause and not threshold.stops_without_consent:
        return "This clock never stops: it guards the person's safety, or is not ours to stop."
    parts = []
    if threshold.pause:
        parts.append("stops while the survivor has asked for time or a manager holds")
    if threshold.stops_without_consent:
        parts.append("stands still while an adult's answer to the NRM is no")
    return f"This clock {', and '.join(parts)}."
