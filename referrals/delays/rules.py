"""What the engine judges by: every version of every rule, and the working days of each nation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from nrm_tracker.calendars import Calendar
from referrals.delays.facts import BEGINNING, FOREVER, Facts
from referrals.delays.threshold import Threshold


class Version(NamedTuple):
    """A version of a rule, and its window [since, until)."""

    threshold: Threshold
    since: datetime
    until: datetime


@dataclass(frozen=True, eq=False)
class Rules:
    """All versions of all rules, and the calendars by nation. Two are never equal: what was worked
    out for one is kept as long as that one is used.

    `only` names the rules that judge, where not all of them do. The others keep their say on when
    facts change and which of a family goes first.
    """

    thresholds: tuple[Threshold, ...]
    calendars: Mapping[str, Calendar]
    only: frozenset[str] | None = None

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Each version of each rule, with its window."""
        return tuple(
            version
            for code in dict.fromkeys(threshold.code for threshold in self.thresholds)
            for version in _windows([t for t in self.thresholds if t.code == code])
        )

    @cached_property
    def judging(self) -> tuple[Version, ...]:
        """The versions of the rules that judge."""
        if self.only is None:
            return self.versions
        return tuple(v for v in self.versions if v.threshold.code in self.only)

    def on_account_of(self, rule: str) -> "Rules":
        """The same, of which only those judge that a change of this rule can concern: it, and
        whatever shares a family with one of its versions."""
        families = {t.family for t in self.thresholds if t.code == rule and t.family}
        related = {t.code for t in self.thresholds if t.family in families}
        return replace(self, only=frozenset({rule, *related}))

    @cached_property
    def epochs(self) -> tuple[datetime, ...]:
        """The instants at which a family's versions change."""
        related = [version for version in self.versions if version.threshold.family]
        return tuple(sorted({v.since for v in related} - {BEGINNING}))

    def goes_before(self, threshold: Threshold, facts: Facts) -> bool:
        """Whether another rule of the family applies to these facts, and goes first."""
        if not threshold.family:
            return False
        at = self.epochs[facts.epoch - 1] if facts.epoch else BEGINNING
        return any(
            other.threshold.family == threshold.family
            and other.threshold.order < threshold.order
            and other.since <= at < other.until
            and other.threshold.applies.holds(facts)
            for other in self.versions
        )


def _windows(versions: list[Threshold]) -> list[Version]:
    versions.sort(key=lambda version: version.effective_from or BEGINNING)
    starts = [version.effective_from or BEGINNING for version in versions]
    bounds = pairwise([*starts, FOREVER])
    return [Version(v, *window) for v, window in zip(versions, bounds, strict=True)]
