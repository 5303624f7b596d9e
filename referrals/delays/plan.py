"""Which rules can matter to a kind of person, worked out once for each kind.

Two people with the same steps of facts and the same kinds of events share a plan; conditions and
families are judged when it is made, never for each person.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from referrals.delays.facts import BEGINNING, FOREVER, Facts
from referrals.delays.starts import needed, present
from referrals.delays.threshold import Limit, StartSpec, Threshold
from referrals.delays.waits import Ends

Mask = tuple[bool, ...]


class Version(NamedTuple):
    """A version of a rule, and its window [since, until)."""

    threshold: Threshold
    since: datetime
    until: datetime


class Prepared(NamedTuple):
    """A version that can matter: its ends that occur, and each limit's truth at each step.

    None stands for a limit whose condition always holds. `began` is the truth of the condition that
    starts a wait, where the rule names one of its own.
    """

    threshold: Threshold
    since: datetime
    until: datetime
    began: Mask | None
    starts: StartSpec
    ends: Ends
    limits: tuple[tuple[Limit, Mask | None], ...]
    shortest: timedelta


class Book:
    """All versions of all rules, and the instants at which a family's versions change."""

    def __init__(self, thresholds: Sequence[Threshold]) -> None:
        self.versions = tuple(
            version
            for code in dict.fromkeys(threshold.code for threshold in thresholds)
            for version in _windows([t for t in thresholds if t.code == code])
        )
        related = [version for version in self.versions if version.threshold.family]
        self.epochs = tuple(sorted({v.since for v in related} - {BEGINNING}))

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


@lru_cache(64)
def book(thresholds: tuple[Threshold, ...]) -> Book:
    return Book(thresholds)


@lru_cache(8192)
def plan(rules: Book, facts: tuple[Facts, ...], keys: frozenset[str]) -> tuple[Prepared, ...]:
    """The versions that can matter to someone with these steps of facts and these events."""
    found = (_prepare(rules, version, facts, keys) for version in rules.versions)
    return tuple(prepared for prepared in found if prepared)


def _prepare(
    rules: Book, version: Version, facts: tuple[Facts, ...], keys: frozenset[str]
) -> Prepared | None:
    threshold = version.threshold
    starting = needed(threshold.kind, threshold.starts)
    if starting is not None and starting.isdisjoint(keys):
        return None
    applies = [threshold.applies.holds(f) and not rules.goes_before(threshold, f) for f in facts]
    masks = (
        (limit, tuple(a and limit.when.holds(f) for a, f in zip(applies, facts, strict=True)))
        for limit in threshold.limits
    )
    limits = tuple((limit, None if all(mask) else mask) for limit, mask in masks if any(mask))
    if not limits:
        return None
    shortest = min(limit.shortest for limit, _ in limits)
    starts, ends = present(threshold.starts, keys), Ends.of(threshold, keys)
    own = threshold.starts_when
    began = tuple(own.holds(f) for f in facts) if own else None
    return Prepared(*version, began, starts, ends, limits, shortest)
