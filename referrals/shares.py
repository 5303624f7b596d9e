"""Whose wait it was: the share of each organisation in a wait, by who was responsible when.

In days, as every wait: a day is of whoever was responsible as it began (00:00 Europe/London), and
the day of the first contact is day 0.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from nrm_tracker.calendars import london_date


class Held(NamedTuple):
    """An organisation (id) was responsible in [since, until), or still is."""

    organisation: int
    since: datetime
    until: datetime | None


def shares(held: Iterable[Held], *, start: datetime, end: datetime) -> dict[int, int]:
    """By organisation, its days of [start, end); they add up to the days of the whole wherever
    somebody was responsible all along."""
    found: dict[int, int] = {}
    for each in held:
        until = min(each.until or end, end)
        mine = (london_date(until) - london_date(max(each.since, start))).days
        found[each.organisation] = found.get(each.organisation, 0) + max(mine, 0)
    return found
