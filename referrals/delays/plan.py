"""Which rules can matter to a kind of person, worked out once for each kind.

Two people with the same steps of facts and the same kinds of events share a plan; conditions and
families are judged when it is made, never for each person.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from nrm_tracker.calendars import Calendar
from referrals.delays.facts import Facts
from referrals.delays.rules import Rules, Version
from referrals.delays.starts import needed, present
from referrals.delays.threshold import Limit, StartSpec, Threshold
from referrals.delays.waits import Ends

Mask = tuple[bool, ...]


class Prepared(NamedTuple):
    """A version that can matter: its ends that occur, and each limit's truth at each step.

    `calendar` has the working days that count. None stands for a limit whose condition always
    holds. `began` is the truth of the condition that starts a wait, where the rule names one.
    """

    threshold: Threshold
    since: datetime
    until: datetime
    began: Mask | None
    starts: StartSpec
    ends: Ends
    limits: tuple[tuple[Limit, Mask | None], ...]
    shortest: timedelta
    calendar: Calendar


@lru_cache(8192)
def plan(rules: Rules, facts: tuple[Facts, ...], keys: frozenset[str]) -> tuple[Prepared, ...]:
    """The versions that can matter to someone with these steps of facts and these events."""
    found = (_prepare(rules, version, facts, keys) for version in rules.versions)
    return tuple(prepared for prepared in found if prepared)


def _prepare(
    rules: Rules, version: Version, facts: tuple[Facts, ...], keys: frozenset[str]
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
    calendar = rules.calendars[threshold.calendar or facts[0].nation]
    return Prepared(*version, began, starts, ends, limits, shortest, calendar)
