"""How long people wait, with those who still wait counted. PURE.

A median over finished waits looks best exactly when the queue is worst. This is the estimate of
Kaplan and Meier (1958): whoever still waits counts for as long as they have.

Who left before entry, or whose way in ended otherwise, can no longer enter: a competing event. They
count as waiting up to the day on which it ended, and not after it (cause-specific censoring). Left
out, the hard waits that people give up would vanish from the figure; counted as waiting for ever,
one organisation's wait would look longer than another's because more of its people chose not to go
on. So the figure says how long entry takes as long as somebody waits for it, and it is too short
where those leave who would have waited longest: the share lost before entry stands beside it, and
the share that entered within so many days counts them among those who did not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

HALF, NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Spell:
    """One person's wait so far, in whole days; `entered` when it ended with entry."""

    days: int
    entered: bool


def days_until(share: float, spells: Iterable[Spell]) -> int | None:
    """After how many days this share (0.5: half) had entered; None while that is not known yet.

    On a day on which some enter and others stop being seen, the entries come first.
    """
    seen: Counter[int] = Counter()
    entered: Counter[int] = Counter()
    for spell in spells:
        seen[spell.days] += 1
        entered[spell.days] += spell.entered
    waiting, at_risk = 1.0, seen.total()
    for day in sorted(seen):
        waiting *= 1 - entered[day] / at_risk
        at_risk -= seen[day]
        if waiting <= 1 - share + 1e-12:
            return day
    return None
