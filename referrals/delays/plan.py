"""Which rules can matter to a kind of person, worked out once for each kind.

Two people with the same steps of facts and the same kinds of events share a plan; conditions and
families are judged when it is made, never for each person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from nrm_tracker.calendars import Calendar
from referrals.delays.ends import Ends
from referrals.delays.facts import Facts, Held, held
from referrals.delays.rules import Rules, Version
from referrals.delays.starts import STARTS, Starting, Starts, needed
from referrals.delays.threshold import Limit, Threshold

Place = int  # a number in `Plan.places`
Limits = tuple[tuple[Limit, Place], ...]  # each with where its condition holds


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version that can matter: its starts and ends that occur, and where its limits hold.

    `find` gives its starts; `plain` says that events start and end it, and no more; `each` of them,
    or the first. `undisturbed`: only pauses can move its limits. `groups` are limits with the same
    waits, and where the condition holds that starts those, if one does. `calendar` has the working
    days that count.
    """

    threshold: Threshold
    since: datetime
    until: datetime
    find: Starts
    plain: bool
    each: bool
    undisturbed: bool
    starts: Starting
    ends: Ends
    groups: tuple[tuple[Limits, Place | None], ...]
    shortest: timedelta
    calendar: Calendar


class Plan(NamedTuple):
    """The versions that can matter, and where an adult's latest answer to the NRM is no.

    `places` are the steps in which some condition holds, each different answer once.
    """

    versions: tuple[Prepared, ...]
    places: tuple[Held, ...]
    own_time: Held


@lru_cache(8192)
def plan(rules: Rules, facts: tuple[Facts, ...], keys: frozenset[str]) -> Plan:
    """What can matter to someone with these steps of facts and these events."""
    places: dict[Held, Place] = {}
    found = [_prepare(rules, version, facts, keys, places) for version in rules.judging]
    own_time = held([f.said_no and not f.child for f in facts])
    return Plan(tuple(prepared for prepared in found if prepared), tuple(places), own_time)


def _prepare(
    rules: Rules,
    version: Version,
    facts: tuple[Facts, ...],
    keys: frozenset[str],
    places: dict[Held, Place],
) -> Prepared | None:
    threshold = version.threshold
    starting = needed(threshold)
    if starting is not None and starting.isdisjoint(keys):
        return None
    starts = Starting.of(threshold, keys)
    if starts.before_birthday and not facts[0].birthday_ahead:
        return None
    applies = [threshold.applies.holds(f) and not rules.goes_before(threshold, f) for f in facts]
    found = (
        (limit, held([a and holds for a, holds in zip(applies, where, strict=True)]))
        for limit, where in _limits(threshold, facts)
    )
    limits = [(limit, places.setdefault(where, len(places))) for limit, where in found if where]
    if not limits:
        return None
    ends = Ends.of(threshold, keys)
    return Prepared(
        *version,
        find=STARTS[threshold.kind],
        plain=starts.plain and not ends.special,
        each=threshold.kind == "each",
        undisturbed=not any(limit.to_birthday or limit.unit == "declines" for limit, _ in limits),
        starts=starts,
        ends=ends,
        groups=_groups(threshold, tuple(limits), applies, facts, places),
        shortest=min(limit.shortest for limit, _ in limits),
        calendar=rules.calendars[threshold.calendar or facts[0].nation],
    )


def _limits(threshold: Threshold, facts: Sequence[Facts]) -> Iterator[tuple[Limit, list[bool]]]:
    """Each limit, and of which facts it holds: one for each interval agreed with the person."""
    for limit in threshold.limits:
        true = [limit.when.holds(f) for f in facts]
        if not limit.agreed:
            yield limit, true
            continue
        own = [limit.as_agreed(f.contact_every) for f in facts]
        for one in dict.fromkeys(own):
            yield one, [a and b == one for a, b in zip(true, own, strict=True)]


def _groups(
    threshold: Threshold,
    limits: Limits,
    applies: Sequence[bool],
    facts: Sequence[Facts],
    places: dict[Held, Place],
) -> tuple[tuple[Limits, Place | None], ...]:
    """A wait that starts when a condition comes true has its own, or those of each limit."""
    if threshold.kind != "condition":
        return ((limits, None),)
    if threshold.starts_when is not None:
        where = held([threshold.starts_when.holds(f) for f in facts])
        return ((limits, places.setdefault(where, len(places))),)
    needs = [
        held([a and limit.starts_when.holds(f) for a, f in zip(applies, facts, strict=True)])
        for limit, _ in limits
    ]
    return tuple(
        ((limited,), places.setdefault(where, len(places)))
        for limited, where in zip(limits, needs, strict=True)
    )
