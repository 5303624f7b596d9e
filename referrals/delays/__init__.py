"""The rules on waiting, as a pure function of a timeline and an instant.

No Django, no clock, no database: whoever calls gives the events that stand, the dated facts, the
rules (versions of the thresholds, calendars), and `now`.
"""

from referrals.delays.bars import Mark, Wait, waits
from referrals.delays.breach import Breach
from referrals.delays.conditions import Condition
from referrals.delays.counting import Pause
from referrals.delays.engine import assess, breaches, next_deadline
from referrals.delays.rules import Rules
from referrals.delays.threshold import (
    BASES,
    SEVERITIES,
    TOLD,
    UNITS,
    Definition,
    Limit,
    Threshold,
)
from referrals.delays.timeline import Event, Responsible, Timeline
from referrals.delays.why import Agreed, Known, Move, Skipped, Standing, Still, Tightened, Why, why

__all__ = [
    "BASES",
    "SEVERITIES",
    "TOLD",
    "UNITS",
    "Agreed",
    "Breach",
    "Condition",
    "Definition",
    "Event",
    "Known",
    "Limit",
    "Mark",
    "Move",
    "Pause",
    "Responsible",
    "Rules",
    "Skipped",
    "Standing",
    "Still",
    "Threshold",
    "Tightened",
    "Timeline",
    "Wait",
    "Why",
    "assess",
    "breaches",
    "next_deadline",
    "waits",
    "why",
]
