"""Whether somebody is still in touch, and how often they agreed to be: by what stands on the
timeline. Nothing here asks anybody to ring; see `CAUTION`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from referrals.catalogue import TOOK_PART, EventCode
from referrals.models import WaitEvent

RULE = "lost-contact"
CAUTION = "Check whether and how it is safe to make contact. Do not call because of this message."
CODES = (EventCode.CONTACT_INTERVAL_AGREED, EventCode.CONTACT_INTERVAL_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Interval:
    every_days: int
    agreed_at: datetime


def interval_of(standing: Iterable[WaitEvent]) -> Interval | None:
    """Of the events that stand; None where nothing is agreed, or no longer."""
    last = _latest(standing, CODES)
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


def last_in_touch(standing: Iterable[WaitEvent]) -> WaitEvent | None:
    """The latest event in which the person took part."""
    return _latest(standing, TOOK_PART)


def is_out_of_contact(standing: Iterable[WaitEvent]) -> bool:
    last = _latest(standing, (*TOOK_PART, EventCode.CONTACT_LOST))
    return last is not None and last.code == EventCode.CONTACT_LOST


def caution(rule: str) -> str:
    """What stands beside every word about a delay of this rule."""
    return CAUTION if rule == RULE else ""


def _latest(standing: Iterable[WaitEvent], codes: Collection[str]) -> WaitEvent | None:
    said = [event for event in standing if event.code in codes]
    return max(said, key=lambda e: (e.happened_at, e.root_id or e.pk), default=None)
