"""A delay: a wait that outlasted a limit, and how several with one key become one."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from referrals.delays.counting import Pause, within
from referrals.delays.facts import FOREVER

in_order = attrgetter("breached_at", "rule", "severity", "started_by")
Key = tuple[str, str, int]  # rule, severity, event that started the wait
Said = tuple[datetime, datetime, datetime | None, str, str]


class Breach(NamedTuple):
    """A wait that passed a limit. One for each (rule, severity, started_by).

    `breached_at` is the limit's own instant, never that of the look. `ended_at` None: it stands.
    `end_reason` is "", "ended" or "no_longer_applies". `again_at` is when a second notice is due.
    """

    rule: str
    severity: str
    started_by: int
    started_at: datetime
    breached_at: datetime
    ended_at: datetime | None
    end_reason: str
    told: str
    again_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def key(self) -> Key:
        return self[:3]

    @property
    def said(self) -> Said:
        """What a flag keeps of it, and what is compared to see whether that changed."""
        return self[3:8]

    def gross(self, at: datetime) -> timedelta:
        """How long the wait had lasted at an instant, or at its end where that came first."""
        return max(self._until(at) - self.started_at, timedelta())

    def net(self, at: datetime) -> timedelta:
        """The gross wait without the pauses that stop this rule (the survivor's own time too)."""
        parts = within(self.pauses, self.started_at, self._until(at))
        return self.gross(at) - sum((part.end - part.start for part in parts), timedelta())

    def _until(self, at: datetime) -> datetime:
        return at if self.ended_at is None else min(at, self.ended_at)


def one_of_each(found: list[Breach]) -> list[Breach]:
    """One for each (rule, severity, started_by), in the order of their limits."""
    if len({breach[:3] for breach in found}) < len(found):
        same: dict[Key, list[Breach]] = {}
        for breach in found:
            same.setdefault(breach.key, []).append(breach)
        found = [_one(several) for several in same.values()]
    found.sort(key=in_order)
    return found


def _one(same: list[Breach]) -> Breach:
    """One breach of several with one key: what overlaps is joined, else the latest counts."""
    same.sort(key=lambda breach: breach.breached_at)
    result = same[0]
    for breach in same[1:]:
        if result.ended_at is not None and breach.breached_at > result.ended_at:
            result = breach
        elif (breach.ended_at or FOREVER) > (result.ended_at or FOREVER):
            result = result._replace(ended_at=breach.ended_at, end_reason=breach.end_reason)
    return result
