"""Whose wait it was: the share of each organisation in a wait, by who was responsible when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Held(NamedTuple):
    """An organisation (id) was responsible in [since, until), or still is."""

    organisation: int
    since: datetime
    until: datetime | None


def shares(held: Iterable[Held], *, start: datetime, end: datetime) -> dict[int, timedelta]:
    """By organisation, what it held of [start, end); they add up to the whole wherever somebody
    was responsible all along."""
    found: dict[int, timedelta] = {}
    for each in held:
        until = min(each.until or end, end)
        mine = max(until - max(each.since, start), timedelta())
        found[each.organisation] = found.get(each.organisation, timedelta()) + mine
    return found
