"""One version of one rule, built from its definition: data that an administrator can edit.

The vocabulary (every key but `limits` and `starts` may be left out):

- An event is named by its code, or by code and detail: `rg_decision:negative` (outcome),
  `consent_recorded:nrm` (type of consent). `rg_reconsidered:positive` is a reconsideration that
  made a Reasonable Grounds decision positive.
- `subject` is what the rule watches, one of SUBJECTS; a referral where it is left out.
- `applies` and a limit's `when` are conditions, all of which must hold: see
  `referrals.delays.conditions`.
- `starts` has one kind of start: one of START_KINDS, see `referrals.delays.starts`. `dated` counts
  it from the date on the letter. With `not_before` it is the first of those events where that is
  later. A wait that begins while the referral is closed begins when it is reopened.
- `ends` are events at or after the start. `same_organisation` are those that must come from the
  organisation that the start names; with `unnamed_ends_oldest` one that names none ends the
  oldest wait. `until_next` are those that follow in order, such as the next save of a draft.
  `dated_ends` count at the date on the letter, `birthday_ends` on or after the 18th birthday.
- `closing` false: closing the referral does not end it.
- `from_condition`: the hours run from when the condition holds, if that is later (K).
- `pause`: stops while the survivor asked for time or a manager holds (P).
- `stops_without_consent`: stands still while an adult's latest answer to the NRM is no (E).
- `family` and `order`: of one family only the first that applies is measured.
- `calendar`: whose working days, if not those of the referral's nation.
- A limit: `severity`, `n`, `unit` (h, cd, wd, declines), `told` (at_once, today, list, measured),
  and perhaps `before` (calendar days before the end of n), `to_birthday` (n calendar days before
  it), `again_before` (a second notice, calendar days before the end of n), `when`. `agreed`: where
  an interval is agreed with the person it counts `instead` of n, or only where it is `sooner`.
  A wait that starts as a condition comes true starts with `when`, or with `starts_when` if sooner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict, cast

from referrals.delays.conditions import Condition, ConditionSpec

SEVERITIES = ("info", "amber", "red", "critical")
BASES = ("statutory", "guidance", "contract", "analogy", "house")
UNITS = ("h", "cd", "wd", "declines")
REFERRAL = "referral"
SUBJECTS = (REFERRAL, "delay", "hand_over", "application", "organisation", "member")
START_KINDS = (
    "first",
    "each",
    "first_since",
    "risk_set",
    "condition",
    "distinct",
)
AGREED = ("", "instead", "sooner")
TOLD = ("at_once", "today", "list", "measured")

StartSpec = Mapping[str, object]


class LimitSpec(TypedDict):
    severity: str
    n: int
    unit: str
    told: str
    before: NotRequired[int]
    again_before: NotRequired[int]
    to_birthday: NotRequired[bool]
    when: NotRequired[ConditionSpec]
    starts_when: NotRequired[ConditionSpec]
    agreed: NotRequired[str]


class Definition(TypedDict):
    title: str
    applies_to: str
    to_do: str
    basis: str
    source: str
    who_can_end: Sequence[str]
    starts: StartSpec
    limits: Sequence[LimitSpec]
    subject: NotRequired[str]
    applies: NotRequired[ConditionSpec]
    family: NotRequired[str]
    order: NotRequired[int]
    ends: NotRequired[Sequence[str]]
    dated_ends: NotRequired[Sequence[str]]
    birthday_ends: NotRequired[Sequence[str]]
    same_organisation: NotRequired[Sequence[str]]
    until_next: NotRequired[Sequence[str]]
    unnamed_ends_oldest: NotRequired[bool]
    closing: NotRequired[bool]
    from_condition: NotRequired[bool]
    pause: NotRequired[bool]
    stops_without_consent: NotRequired[bool]
    calendar: NotRequired[str]


ALWAYS_TRUE = Condition(())


@dataclass(frozen=True, slots=True)
class Limit:
    """How long is too long, how much it matters, and who is told."""

    severity: str
    n: int
    unit: str
    told: str
    before: int | None = None
    again_before: int | None = None
    to_birthday: bool = False
    when: Condition = ALWAYS_TRUE
    starts_when: Condition = ALWAYS_TRUE
    agreed: str = ""
    shortest: timedelta = timedelta()  # no wait passes the limit sooner than this
    length: timedelta = timedelta()  # see _length

    @classmethod
    def from_spec(cls, spec: LimitSpec) -> "Limit":
        _one_of("severity", spec["severity"], SEVERITIES)
        _one_of("unit", spec["unit"], UNITS)
        _one_of("told", spec["told"], TOLD)
        _one_of("agreed", spec.get("agreed", ""), AGREED)
        if spec.get("agreed") and (spec["unit"] != "cd" or "before" in spec):
            raise ValueError("An interval agreed with the person counts in calendar days")
        return cls(
            severity=spec["severity"],
            n=spec["n"],
            unit=spec["unit"],
            told=spec["told"],
            before=spec.get("before"),
            again_before=spec.get("again_before"),
            to_birthday=spec.get("to_birthday", False),
            when=Condition.from_spec(spec.get("when", {})),
            starts_when=Condition.from_spec(spec.get("starts_when", spec.get("when", {}))),
            agreed=spec.get("agreed", ""),
            shortest=_shortest(spec),
            length=_length(spec),
        )

    def as_agreed(self, days: int) -> "Limit":
        """The same, with an interval agreed with the person; 0 where none is."""
        if not days or not self.agreed or (self.agreed == "sooner" and days >= self.n):
            return self
        shortest, length = timedelta(days=days, hours=-2), timedelta(days=days + 1)
        return replace(self, n=days, shortest=shortest, length=length)


def _shortest(spec: LimitSpec) -> timedelta:
    """It saves working out when exactly."""
    if spec.get("to_birthday"):
        return timedelta(days=-36500)
    hours = {"h": spec["n"], "declines": 0}
    days = spec["n"] - spec.get("before", 0)
    return timedelta(hours=hours.get(spec["unit"], days * 24 - 2))


def _length(spec: LimitSpec) -> timedelta:
    """The hours; the days from the start's to the midnight that passes the limit, or before the
    birthday; of working days, from the last one to that midnight."""
    if spec["unit"] == "h":
        return timedelta(hours=spec["n"])
    days = 1 - spec.get("before", 0)
    if spec["unit"] == "cd":
        days = spec["n"] if spec.get("to_birthday") else spec["n"] + days
    return timedelta(days=days)


def _frozen(value: object) -> object:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def _kind(spec: StartSpec) -> str:
    kinds = [kind for kind in START_KINDS if kind in spec]
    if len(kinds) != 1:
        raise ValueError(f"A start has one of these: {', '.join(START_KINDS)}")
    return kinds[0]


def _starts_when(spec: StartSpec) -> Condition | None:
    own = spec.get("condition")
    return Condition.from_spec(cast(ConditionSpec, own)) if isinstance(own, Mapping) else None


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}, not {value}")


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """One version of a rule. `effective_from` None: in force for all time before the next one."""

    code: str
    effective_from: datetime | None
    subject: str
    title: str
    applies_to: str
    to_do: str
    basis: str
    source: str
    who_can_end: tuple[str, ...]
    kind: str
    starts: StartSpec
    starts_when: Condition | None
    limits: tuple[Limit, ...]
    applies: Condition
    family: str
    order: int
    ends: tuple[str, ...]
    dated_ends: tuple[str, ...]
    birthday_ends: tuple[str, ...]
    same_organisation: tuple[str, ...]
    until_next: tuple[str, ...]
    unnamed_ends_oldest: bool
    closing: bool
    from_condition: bool
    pause: bool
    stops_without_consent: bool
    calendar: str

    @classmethod
    def from_definition(
        cls, *, code: str, effective_from: datetime | None, definition: Definition
    ) -> "Threshold":
        """Build a version from its stored definition. KeyError or ValueError when it makes none."""
        unknown = definition.keys() - Definition.__annotations__.keys() - {"code", "number"}
        if unknown:
            raise ValueError(f"Unknown key in a definition: {', '.join(sorted(unknown))}")
        _one_of("basis", definition["basis"], BASES)
        _one_of("subject", definition.get("subject", REFERRAL), SUBJECTS)
        return cls(
            code=code,
            effective_from=effective_from,
            subject=definition.get("subject", REFERRAL),
            title=definition["title"],
            applies_to=definition["applies_to"],
            to_do=definition["to_do"],
            basis=definition["basis"],
            source=definition["source"],
            who_can_end=tuple(definition["who_can_end"]),
            kind=_kind(definition["starts"]),
            starts={name: _frozen(value) for name, value in definition["starts"].items()},
            starts_when=_starts_when(definition["starts"]),
            limits=tuple(Limit.from_spec(spec) for spec in definition["limits"]),
            applies=Condition.from_spec(definition.get("applies", {})),
            family=definition.get("family", ""),
            order=definition.get("order", 0),
            ends=tuple(definition.get("ends", ())),
            dated_ends=tuple(definition.get("dated_ends", ())),
            birthday_ends=tuple(definition.get("birthday_ends", ())),
            same_organisation=tuple(definition.get("same_organisation", ())),
            until_next=tuple(definition.get("until_next", ())),
            unnamed_ends_oldest=definition.get("unnamed_ends_oldest", False),
            closing=definition.get("closing", True),
            from_condition=definition.get("from_condition", False),
            pause=definition.get("pause", False),
            stops_without_consent=definition.get("stops_without_consent", False),
            calendar=definition.get("calendar", ""),
        )
