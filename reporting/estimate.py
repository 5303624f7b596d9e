"""How long people wait, with those who still wait counted. PURE.

A median over finished waits looks best exactly when the queue is worst. This is the estimate of
Kaplan and Meier (1958): whoever still waits, or left before entry, counts for as long as they did.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spell:
    """One person's wait so far, in whole days; `entered` when it ended with entry."""

    days: int
    entered: bool


def days_until(share: float, spells: Iterable[Spell]) -> int | None:
    """After how many days this share (0.5: half) had entered; None while that is not known yet.

    On a day on which some enter and others stop being seen, the entries come first.
    """
    ordered = sorted(spells, key=lambda spell: spell.days)
    waiting, at_risk = 1.0, len(ordered)
    for day in sorted({spell.days for spell in ordered}):
        same = [spell for spell in ordered if spell.days == day]
        waiting *= 1 - sum(spell.entered for spell in same) / at_risk
        at_risk -= len(same)
        if waiting <= 1 - share + 1e-12:
            return day
    return None
