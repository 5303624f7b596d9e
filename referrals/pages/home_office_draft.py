"""The draft in the Home Office's own service, as a card: the service deletes what nobody saves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count, day_in_words
from referrals.catalogue import EventCode
from referrals.delays import Wait
from referrals.models import WaitEvent
from referrals.pages.waits import LATER_WORDS, deadline

RULE = "draft-deletion"
ALIVE = (EventCode.DRAFT_STARTED, EventCode.DRAFT_LAST_SAVED)
OVER = (EventCode.DRAFT_ABANDONED, EventCode.REFERRAL_SUBMITTED, EventCode.DTN_SUBMITTED)
NEAR = 7  # days from which on the card warns, as the service does


@dataclass(frozen=True, slots=True)
class DraftCard:
    """`left` says how long the service still keeps it."""

    saved: str
    left: str
    near: bool


def draft_card(
    standing: Iterable[WaitEvent], waits: Iterable[Wait], *, now: datetime
) -> DraftCard | None:
    """None where no draft is known of."""
    told = [event for event in standing if event.code in {*ALIVE, *OVER}]
    last = max(told, key=lambda e: (e.happened_at, e.root_id or e.pk), default=None)
    if last is None or last.code not in ALIVE:
        return None
    today = london_date(now)
    day = day_in_words(london_date(last.happened_at), today=today)
    what = "Started" if last.code == EventCode.DRAFT_STARTED else "Last saved"
    running = (wait for wait in waits if wait.rule == RULE and wait.running)
    ends = max((end for wait in running if (end := deadline(wait))), default=None)
    if ends is None:
        return DraftCard(f"{what} on {day}.", "", near=False)
    kept_until = london_date(ends - timedelta(seconds=1))
    left = (kept_until - today).days
    return DraftCard(f"{what} on {day}.", _left(left, kept_until, today=today), near=left <= NEAR)


def _left(days: int, until: date, *, today: date) -> str:
    if days < 0:
        return f"{LATER_WORDS[RULE]} Look, and say here whether it was saved or is given up."
    on = day_in_words(until, today=today)
    if days == 0:
        return f"It is deleted at the end of today, {on}. Save it in the service now."
    return f"{count(days, 'day')} left: the service deletes it after {on}, unless it is saved."
