"""Which rules can matter to a kind of person, worked out once for each kind.

Two people with the same steps of facts and the same kinds of events share a plan; conditions and
families are judged when it is made, never for each person.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from nrm_tracker.calendars import Calendar
from referrals.delays.facts import Facts, Held, held
from referrals.delays.rules import Rules, Version
from referrals.delays.starts import Starting, needed
from referrals.delays.threshold import Limit, Threshold
from referrals.delays.waits import Ends

Limits = tuple[tuple[Limit, Held], ...]  # each with where its condition holds


class Prepared(NamedTuple):
    """A version that can matter: its starts and ends that occur, and where its limits hold.

    `groups` are limits with the same waits, and where the condition holds that starts those, if
    one does. `calendar` has the working days that count.
    """

    threshold: Threshold
    since: datetime
    until: datetime
    starts: Starting
    ends: Ends
    groups: tuple[tuple[Limits, Held], ...]
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
    starting = needed(threshold)
    if starting is not None and starting.isdisjoint(keys):
        return None
    applies = [threshold.applies.holds(f) and not rules.goes_before(threshold, f) for f in facts]
    found = (
        (limit, held([a and limit.when.holds(f) for a, f in zip(applies, facts, strict=True)]))
        for limit in threshold.limits
    )
    limits = tuple((limit, where) for limit, where in found if where)
    if not limits:
        return None
    return Prepared(
        *version,
        starts=Starting.of(threshold, keys),
        ends=Ends.of(threshold, keys),
        groups=_groups(threshold, limits, facts),
        shortest=min(limit.shortest for limit, _ in limits),
        calendar=rules.calendars[threshold.calendar or facts[0].nation],
    )


def _groups(
    threshold: Threshold, limits: Limits, facts: Sequence[Facts]
) -> tuple[tuple[Limits, Held], ...]:
    """A wait that starts when a condition comes true has its own, or those of each limit."""
    if threshold.kind != "condition":
        return ((limits, ()),)
    own = threshold.starts_when
    if own is None:
        return tuple((((limit, where),), where) for limit, where in limits)
    return ((limits, held([own.holds(f) for f in facts])),)
