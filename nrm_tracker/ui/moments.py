"""What people type as a date or a time, read in Europe/London."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))? ?(am|pm)?", re.ASCII)
WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
HALF_DAY = 12


@dataclass(frozen=True)
class When:
    """An instant in UTC and how sure it is: "exact", "about", or "day" (the time is not known)."""

    at: datetime
    precision: str


class Unreadable(ValueError):
    """What was typed is not a day or time. The message says what to do; `parts` is what to mend."""

    def __init__(self, message: str, *parts: int) -> None:
        super().__init__(message)
        self.message = message
        self.parts = parts


def sentence(what: str) -> str:
    """At the start of a message: "The date of the call"."""
    return what[:1].upper() + what[1:]


def read_date(day: str, month: str, year: str, *, what: str) -> date:
    """The day that three boxes name; `what` names it in messages ("the date of first contact")."""
    boxes = {"day": day, "month": month, "year": year}
    missing = [name for name, text in boxes.items() if not text]
    if missing:
        indexes = [list(boxes).index(name) for name in missing]
        raise Unreadable(f"{sentence(what)} must include a {' and a '.join(missing)}", *indexes)
    if _number(year) is not None and len(year) != 4:
        raise Unreadable("Enter the year as 4 numbers, like 2026", 2)
    try:
        return _possible(date(_number(year) or 0, _month(month) or 0, _number(day) or 0))
    except (ValueError, OverflowError) as error:
        wrong = [
            i for i, text in enumerate((_number(day), _month(month), _number(year))) if not text
        ]
        message = f"{sentence(what)} must be a real date, like 27 3 2026"
        raise Unreadable(message, *(wrong or [0, 1, 2])) from error


def read_time(text: str) -> time:
    """The time of day in "14:30", "1430", "2.30pm", "9am" or "noon"."""
    typed = " ".join(text.lower().split())
    if typed in WORDS:
        return WORDS[typed]
    found = TIME.fullmatch(typed)
    if found is None or (typed.isdigit() and len(typed) < 3):
        raise Unreadable("Enter the time like 14:30 or 2:30pm", 3)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= HALF_DAY:
        raise Unreadable("Enter the time like 14:30 or 2:30pm", 3)
    if half:
        hour = hour % HALF_DAY + (HALF_DAY if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Unreadable("Enter a time between 00:00 and 23:59", 3) from error


def instant_of(day: date, at: time) -> datetime:
    """The instant in UTC of a London wall clock.

    When the clocks go back a time comes twice: the first is meant. When they go forward an hour
    never comes: refused.
    """
    local = datetime.combine(day, at, tzinfo=LONDON)
    instant = local.astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        message = (
            f"The clocks went forward on {day.day} {day:%B %Y}, so {at:%H:%M} did not happen. "
            "Enter a time before 01:00 or from 02:00"
        )
        raise Unreadable(message, 3)
    return instant


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    if text[:3].lower() in MONTHS and text.isalpha():
        return MONTHS.index(text[:3].lower()) + 1
    return _number(text)


def _possible(day: date) -> date:
    if not 1900 <= day.year <= 2100:
        raise ValueError(day)
    return day
