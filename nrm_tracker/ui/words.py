"""Instants and lengths of time in words, in Europe/London."""

from datetime import date, datetime, timedelta

from nrm_tracker.ui.moments import LONDON

DAY = timedelta(days=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def count(number: int, noun: str) -> str:
    """A number of things: "1 day", "2 days", "1,204 days"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(length: timedelta | float) -> str:
    """The largest whole unit: "61 days", "5 hours", "1 minute"; seconds where a number is given."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    size, noun = next((unit for unit in UNITS if abs(seconds) >= unit[0]), UNITS[-1])
    return count(abs(seconds) // size, noun)


def distance(day: date, *, today: date) -> str:
    """How far off a day is: "today", "yesterday", "4 days ago", "tomorrow", "in 3 days"."""
    days = (day - today).days
    named = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if days in named:
        return named[days]
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def day_in_words(day: date, *, today: date) -> str:
    """A day: "Tuesday 14 April", with the year where it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def near_day(day: date, *, today: date) -> str:
    """A day of this week or so by its name: "Monday"; one further off in full."""
    return f"{day:%A}" if abs((day - today).days) < 7 else day_in_words(day, today=today)


def instant_in_words(at: datetime, *, now: datetime) -> str:
    """An instant: "Tuesday 14 April, 4 days ago"; near by, "just now", minutes, or the time."""
    local, today = at.astimezone(LONDON), now.astimezone(LONDON).date()
    length = abs(now - at)
    if length < timedelta(hours=1):
        if length < timedelta(seconds=10):
            return "just now"
        words = duration(length)
        return f"{words} ago" if at <= now else f"in {words}"
    if abs((local.date() - today).days) <= 1:
        return f"{distance(local.date(), today=today)} at {local:%H:%M}"
    return f"{day_in_words(local.date(), today=today)}, {distance(local.date(), today=today)}"


def apart(word: str) -> str:
    """A word in a sentence that has no markup, whichever way its letters run."""
    return f"\u2068{word}\u2069"


def exact(at: datetime) -> str:
    """An instant in full: "Tuesday 14 April 2026, 09:12 BST"."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"
