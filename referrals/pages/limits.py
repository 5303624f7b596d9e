"""Every threshold in words, for the page that shows when a wait is too long, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.moments import sentence
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import count
from referrals.catalogue import Risk, Severity
from referrals.delays.threshold import Definition, LimitSpec
from referrals.models import ThresholdVersion, Told
from referrals.stages import BESIDES, RULES_OF

BASIS_WORDS: dict[str, str] = {
    "statutory": "Statutory: an Act or regulations set this time.",
    "guidance": "Guidance: published guidance asks for this time.",
    "contract": "Contract: a contract of the state promises this time.",
    "analogy": "By analogy: nobody sets a time for this; it follows one that is set for its like.",
    "house": "House policy: nobody sets a time for this; it is this product's own limit.",
}
WHO: dict[str, str] = {
    "us": "us",
    "fro": "a First Responder Organisation",
    "local_authority": "the local authority",
    "support": "the support provider",
    "home_office": "the Home Office",
    "register": "whoever keeps the register",
}
UNITS: dict[str, str] = {"h": "hour", "cd": "day", "wd": "working day", "declines": "answer"}

AGREED: dict[str, str] = {
    "": "",
    "instead": ", or the interval agreed with the person",
    "sooner": ", or sooner where that is agreed with the person",
}
FEW = 3  # risks that a line has room for


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rule: `since` None means for all time before the next one."""

    since: date | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it stands, and as it stood before."""

    code: str
    title: str
    source: str
    newest: Version
    older: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rules: tuple[Rule, ...]


def groups() -> list[Group]:
    """All rules: by stage of the way, then those that watch something else than a referral."""
    versions: dict[str, list[ThresholdVersion]] = {}
    for row in ThresholdVersion.objects.order_by("number", "effective_from", "id"):
        versions.setdefault(row.code, []).append(row)
    titled = {str(stage.label): codes for stage, codes in RULES_OF.items()} | BESIDES
    return [
        Group(title, tuple(_rule(versions[code]) for code in codes if code in versions))
        for title, codes in titled.items()
        if versions.keys() & set(codes)
    ]


def _rule(rows: Sequence[ThresholdVersion]) -> Rule:
    """Of versions in the order of their dates; the one for all time sorts last, and is first."""
    ordered = sorted(rows, key=lambda row: (row.effective_from is not None, row.effective_from))
    *older, newest = [_version(row) for row in ordered]
    definition: Definition = ordered[-1].definition
    return Rule(
        code=rows[0].code,
        title=definition["title"],
        source=definition["source"],
        newest=newest,
        older=tuple(reversed(older)),
    )


def _version(row: ThresholdVersion) -> Version:
    since = row.effective_from
    return Version(since=london_date(since) if since else None, lines=lines_of(row.definition))


def lines_of(definition: Definition) -> tuple[Line, ...]:
    """A version of a rule in words."""
    return (
        Line("Who it is about", definition["applies_to"]),
        Line("Limits", limits_in_words(definition["limits"])),
        Line("Time that does not count", _pauses(definition)),
        Line("What to do", definition["to_do"]),
        Line("Who can end the wait", sentence(_who(definition["who_can_end"]))),
        Line("Who is told", _told(definition["limits"])),
        Line("Basis", BASIS_WORDS[definition["basis"]]),
    )


def limits_in_words(limits: Sequence[LimitSpec]) -> str:
    """Such as "5 working days: delayed; 10 working days: seriously delayed"."""
    return "; ".join(
        f"{_length(limit)}{_when(limit.get('when'))}{AGREED[limit.get('agreed', '')]}: "
        f"{Severity(limit['severity']).label.lower()}"
        for limit in limits
    )


def _length(limit: LimitSpec) -> str:
    n, before = limit["n"], limit.get("before")
    if limit["unit"] == "declines":
        return f"{n} times no capacity or no answer"
    if limit.get("to_birthday"):
        return f"{count(n, 'day')} before the 18th birthday"
    if before:
        return f"{count(before, 'day')} before the end of day {n}"
    return count(n, UNITS[limit["unit"]])


def _when(condition: Mapping[str, object] | None) -> str:
    """Which risks a limit asks for; a long list of them is being at risk."""
    asked = (condition or {}).get("any_risk")
    if not isinstance(asked, list):
        return ""
    risks = [str(Risk(risk).label).lower() for risk in asked]
    return f" ({' or '.join(risks) if len(risks) <= FEW else 'at risk'})"


def _pauses(definition: Definition) -> str:
    parts = []
    if definition.get("pause"):
        parts.append("Stops while the survivor has asked for time.")
    if definition.get("stops_without_consent"):
        parts.append("Stands still while an adult's answer to the NRM is no.")
    return " ".join(parts) or "None: the clock does not stop."


def _told(limits: Sequence[LimitSpec]) -> str:
    """Each level once, in the order of the limits."""
    by_level: dict[str, list[str]] = {}
    for limit in limits:
        by_level.setdefault(limit["told"], []).append(Severity(limit["severity"]).label.lower())
    if len(by_level) == 1:
        return str(Told(next(iter(by_level))).label)
    said = ((", ".join(levels), str(Told(told).label)) for told, levels in by_level.items())
    return sentence("; ".join(f"{who}: {how[:1].lower()}{how[1:]}" for who, how in said))


def _who(codes: Sequence[str]) -> str:
    return " or ".join(WHO[code] for code in codes)
