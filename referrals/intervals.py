"""How often somebody agreed to be in touch: the latest word of it that stands on the timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from referrals.catalogue import EventCode
from referrals.models import WaitEvent

CODES = (EventCode.CONTACT_INTERVAL_AGREED, EventCode.CONTACT_INTERVAL_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Interval:
    every_days: int
    agreed_at: datetime


def interval_of(standing: Iterable[WaitEvent]) -> Interval | None:
    """Of the events that stand; None where nothing is agreed, or no longer."""
    said = [event for event in standing if event.code in CODES]
    last = max(said, key=lambda e: (e.happened_at, e.root_id or e.pk), default=None)
    if last is None or last.every_days is None:
        return None
    return Interval(last.every_days, last.happened_at)


def every(days: int) -> str:
    """ "every 10 days"; "every day"."""
    return "every day" if days == 1 else f"every {days} days"


def in_words(interval: Interval, *, today: date) -> str:
    """ "Agreed on Sunday 3 May: in touch at least every 10 days"."""
    day = day_in_words(london_date(interval.agreed_at), today=today)
    return f"Agreed on {day}: in touch at least {every(interval.every_days)}"
