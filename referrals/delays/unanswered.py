"""Nobody answers for a delay: when who else is told of it."""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from nrm_tracker.calendars import LONDON, MORNING, Calendar, london_date
from referrals.delays.counting import Clock, due
from referrals.delays.threshold import Limit


class Step(IntEnum):
    REVIEW = 0
    MANAGER = 1
    LEAD = 2


class Rung(NamedTuple):
    step: Step
    at: datetime


def ladder(
    limit: Limit | None, *, since: datetime, calendar: Calendar, review: bool
) -> tuple[Rung, ...]:
    """Whom a delay that nobody answers for since an instant goes to, and when, in order.

    To the manager when the limit of its severity passes, and to the safeguarding lead when as
    much time has passed again; to nobody where there is no limit for it. `review`: it was taken
    up, and is to be looked at again on the London day that begins at `since`: whoever took it up
    is told then, and the limit runs from the morning of that day.
    """
    start = _morning(since) if review else since
    rungs = [Rung(Step.REVIEW, since)] if review else []
    for step in (Step.MANAGER, Step.LEAD):
        at = due(_times(step, limit), Clock(start, calendar)) if limit else None
        if at is not None:
            rungs.append(Rung(step, at))
    return tuple(rungs)


def _times(step: Step, limit: Limit) -> Limit:
    """As much time, so many times over."""
    return Limit.from_spec(
        {
            "severity": limit.severity,
            "n": limit.n * step,
            "unit": limit.unit,
            "told": limit.told,
        }
    )


def _morning(since: datetime) -> datetime:
    """Not before it: a delay may come to stand anew later on that day."""
    return max(since, datetime.combine(london_date(since), MORNING, LONDON))
