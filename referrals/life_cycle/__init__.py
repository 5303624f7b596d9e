"""The life cycle, as a pure function of the events that stand: no database and no clock."""

from referrals.life_cycle.allowed import (
    AFTER_CLOSING,
    POSSIBLE,
    RULES,
    Answer,
    Verdict,
    judge,
    verdict,
)
from referrals.life_cycle.moves import (
    MOVES,
    ONWARD,
    OVER,
    RECOVERY_DAYS,
    WINDOW_DAYS,
    Place,
    in_order,
    place_of,
    state_of,
)
from referrals.life_cycle.states import WORDS, State

__all__ = [
    "AFTER_CLOSING",
    "MOVES",
    "ONWARD",
    "OVER",
    "POSSIBLE",
    "RECOVERY_DAYS",
    "RULES",
    "WINDOW_DAYS",
    "WORDS",
    "Answer",
    "Place",
    "State",
    "Verdict",
    "in_order",
    "judge",
    "place_of",
    "state_of",
    "verdict",
]
