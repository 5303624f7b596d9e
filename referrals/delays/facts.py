"""The facts of a person along their timeline: what the conditions of the rules are judged on.

`steps()` walks the events once and notes each instant at which the facts change. Most people have
three or four steps, and people are alike: that is what the cache of plans lives on.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, Protocol

from nrm_tracker.calendars import midnight
from referrals.delays.timeline import Designated, Event, Responsible, Timeline

BEGINNING = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
CHILD_GROUPS = frozenset({"child", "not_sure"})
HOUSED_ENDS = frozenset({"destitute", "street_homeless"})
_when = itemgetter(0)


class Facts(NamedTuple):
    nation: str
    age_group: str
    birthday_ahead: bool
    risks: frozenset[str]
    consents: frozenset[tuple[str, str]]
    said_no: bool
    decision_maker: str
    reasonable_grounds: str
    submitted: bool
    designated: bool
    duty_to_notify: bool
    epoch: int
    contact_every: int = 0  # days, as agreed with the person; 0 where nothing is

    @property
    def child(self) -> bool:
        return self.birthday_ahead or self.age_group in CHILD_GROUPS


class Step(NamedTuple):
    """From `at` on these are the facts; `by` is the event that made them so, if one did."""

    at: datetime
    facts: Facts
    by: int | None


class Change(Hashable, Protocol):
    """What happens to the facts on a date, whatever the events are."""

    def __call__(self, facts: Facts, /) -> Facts: ...


class Told(NamedTuple):
    """What an event says, apart from when and of whom."""

    code: str
    outcome: str
    consent_type: str
    risk: str
    every_days: int | None


Held = tuple[tuple[int, int], ...]  # where a condition holds: the steps [i, j), without a break


class Run(NamedTuple):
    """A stretch [start, end) in which a condition holds without a break."""

    start: datetime
    end: datetime
    by: int | None


def _risk_added(facts: Facts, event: Told) -> Facts:
    return facts._replace(risks=facts.risks | {event.risk})


def _risk_removed(facts: Facts, event: Told) -> Facts:
    return facts._replace(risks=facts.risks - {event.risk})


def _support_started(facts: Facts, event: Told) -> Facts:
    if event.outcome != "housed":
        return facts
    return facts._replace(risks=facts.risks - HOUSED_ENDS)


def _consent(facts: Facts, event: Told) -> Facts:
    kind, state = event.consent_type or "nrm", event.code.removeprefix("consent_")
    said_no = facts.said_no
    if kind == "nrm":
        if said_no and state == "undecided":
            return facts  # a no stands until the next yes
        said_no = state in ("refused", "withdrawn")
    others = {pair for pair in facts.consents if pair[0] != kind}
    return facts._replace(consents=frozenset(others | {(kind, state)}), said_no=said_no)


def _allocated(facts: Facts, event: Told) -> Facts:
    return facts._replace(decision_maker=event.outcome)


def _decided(facts: Facts, event: Told) -> Facts:
    return facts._replace(reasonable_grounds=event.outcome)


def _reconsidered(facts: Facts, event: Told) -> Facts:
    """A no becomes a yes. Where Reasonable Grounds was a yes, this is about the other decision."""
    return facts._replace(reasonable_grounds="positive") if event.outcome == "positive" else facts


def _agreed(facts: Facts, event: Told) -> Facts:
    return facts._replace(contact_every=event.every_days or 0)


def _age_group_changed(facts: Facts, event: Told) -> Facts:
    return facts._replace(age_group=event.outcome)


def _submitted(facts: Facts, _event: Told) -> Facts:
    return facts._replace(submitted=True)


CHANGES: dict[str, Callable[[Facts, Told], Facts]] = {
    "risk_flag_added": _risk_added,
    "risk_flag_removed": _risk_removed,
    "emergency_support_started": _support_started,
    "consent_recorded": _consent,
    "consent_refused": _consent,
    "consent_withdrawn": _consent,
    "consent_undecided": _consent,
    "allocated": _allocated,
    "rg_decision": _decided,
    "reconsideration_decided": _reconsidered,
    "contact_interval_agreed": _agreed,
    "contact_interval_withdrawn": _agreed,
    "age_group_changed": _age_group_changed,
    "referral_submitted": _submitted,
}


@lru_cache(65536)
def _after(
    facts: Facts, code: str, outcome: str, consent_type: str, risk: str, every_days: int | None
) -> Facts:
    """The facts after an event: equal where it changed none."""
    return CHANGES[code](facts, Told(code, outcome, consent_type, risk, every_days))


def steps(timeline: Timeline, events: Sequence[Event], epochs: tuple[datetime, ...]) -> list[Step]:
    """The steps of the facts, the first one from the beginning of time.

    Dates ahead are steps too: a birthday, a designation that ends. What changed on a date before
    the first event counts as having been so always.
    """
    first = events[0].happened_at if events else BEGINNING
    dated = _dated(timeline, epochs)
    before = tuple([change for at, change in dated if at <= first])
    ahead = [(at, change) for at, change in dated if at > first]
    born = timeline.turns_18_on is not None
    return _walk(
        _opening(timeline.nation, timeline.age_group, birthday=born, changes=before), events, ahead
    )


@lru_cache(4096)
def _opening(nation: str, age_group: str, *, birthday: bool, changes: tuple[Change, ...]) -> Facts:
    facts = Facts(
        nation=nation,
        age_group=age_group,
        birthday_ahead=birthday,
        risks=frozenset(),
        consents=frozenset(),
        said_no=False,
        decision_maker="",
        reasonable_grounds="",
        submitted=False,
        designated=False,
        duty_to_notify=False,
        epoch=0,
    )
    for change in changes:
        facts = change(facts)
    return facts


@lru_cache(65536)
def _on_a_date(facts: Facts, change: Change) -> Facts:
    """The facts after a date: for the same facts the same object, as plans are found by them."""
    return change(facts)


def _walk(
    facts: Facts, events: Sequence[Event], ahead: list[tuple[datetime, Change]]
) -> list[Step]:
    found = [Step(BEGINNING, facts, None)]
    for event in events:
        while ahead and ahead[0][0] <= event.happened_at:
            at, dated = ahead.pop(0)
            facts = _on_a_date(facts, dated)
            found.append(Step(at, facts, None))
        if event.code in CHANGES:
            said = (event.code, event.outcome, event.consent_type, event.risk, event.every_days)
            changed = _after(facts, *said)
            if changed is not facts and changed != facts:  # equal facts may be two objects
                facts = changed
                found.append(Step(event.happened_at, facts, event.id))
    for at, dated in ahead:
        facts = _on_a_date(facts, dated)
        found.append(Step(at, facts, None))
    return found


def _dated(timeline: Timeline, epochs: tuple[datetime, ...]) -> Sequence[tuple[datetime, Change]]:
    found = responsibility(timeline.responsible)
    if epochs:
        found = _with_epochs(found, epochs)
    if timeline.turns_18_on is None:
        return found
    return sorted([*found, (midnight(timeline.turns_18_on), _birthday)], key=_when)


@lru_cache(4096)
def _with_epochs(
    found: tuple[tuple[datetime, Change], ...], epochs: tuple[datetime, ...]
) -> tuple[tuple[datetime, Change], ...]:
    numbered = [(at, _Epoch(number)) for number, at in enumerate(epochs, 1)]
    return tuple(sorted([*found, *numbered], key=_when))


def _birthday(facts: Facts) -> Facts:
    return facts._replace(birthday_ahead=False)


class _Epoch(NamedTuple):
    number: int

    def __call__(self, facts: Facts, /) -> Facts:
        return facts._replace(epoch=self.number)


class _Held(NamedTuple):
    designated: bool
    duty_to_notify: bool

    def __call__(self, facts: Facts, /) -> Facts:
        return facts._replace(designated=self.designated, duty_to_notify=self.duty_to_notify)


def responsibility(rows: tuple[Responsible, ...]) -> tuple[tuple[datetime, Change], ...]:
    """When the responsible organisation, its designation or its duty changed."""
    if len(rows) != 1:
        return _responsibility(rows)
    [row] = rows  # the first one answers from the beginning, so most people are alike
    return _alone(row.until, row.designated, duty_to_notify=row.duty_to_notify)


@lru_cache(4096)
def _alone(
    until: datetime | None, designated: Designated, *, duty_to_notify: bool
) -> tuple[tuple[datetime, Change], ...]:
    return _responsibility((Responsible(BEGINNING, until, designated, duty_to_notify),))


@lru_cache(4096)
def _responsibility(rows: tuple[Responsible, ...]) -> tuple[tuple[datetime, Change], ...]:
    if not rows:
        return ()
    first = min(rows, key=lambda row: row.since)
    spans = [
        (
            BEGINNING if row is first else row.since,
            row.until or FOREVER,
            row.duty_to_notify,
            [(midnight(a), midnight(b) if b else FOREVER) for a, b in row.designated],
        )
        for row in rows
    ]
    instants = {at for since, until, _, _ in spans for at in (since, until)}
    instants |= {at for *_, active in spans for window in active for at in window}
    return tuple((at, _held(at, spans)) for at in sorted(instants - {FOREVER}))


Span = tuple[datetime, datetime, bool, list[tuple[datetime, datetime]]]


def _held(at: datetime, spans: list[Span]) -> Change:
    now = [span for span in spans if span[0] <= at < span[1]]
    return _Held(
        designated=any(a <= at < b for *_, active in now for a, b in active),
        duty_to_notify=any(duty for _, _, duty, _ in now),
    )


def held(mask: Sequence[bool]) -> Held:
    """Where the mask, one truth for each step, is true."""
    edges = zip([False, *mask], [*mask, False], strict=True)
    changes = [number for number, (before, after) in enumerate(edges) if before != after]
    return tuple(zip(changes[::2], changes[1::2], strict=True))


def runs(where: Held, steps: Sequence[Step]) -> list[Run]:
    """The stretches of time in which a condition holds.

    Steps at one instant are taken in their order; what lasts no time does not count.
    """
    if not where:
        return []
    last = len(steps)
    if len(where) == 1:
        [(first, after)] = where
        start, end = steps[first].at, steps[after].at if after < last else FOREVER
        return [Run(start, end, steps[first].by)] if end > start else []
    found: list[Run] = []
    for first, after in where:
        start, _, by = steps[first]
        end = steps[after].at if after < last else FOREVER
        if found and found[-1].end == start:
            found[-1] = Run(found[-1].start, end, found[-1].by)
        elif end > start or after > first + 1:
            found.append(Run(start, end, by))
    return [run for run in found if run.end > run.start]
