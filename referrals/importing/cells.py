"""What one cell of a spreadsheet says. Each reading returns a value or raises Unreadable with a
sentence that says what to write instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches

from nrm_tracker.calendars import coming_of_age, london_date, noon
from nrm_tracker.ui.moments import Unreadable, instant_of
from referrals.catalogue import EVERY_DAYS, Precision

EARLIEST = date(2000, 1, 1)
OLDEST_BIRTHDAY = date(1900, 1, 1)
HINT = "Write it as 2026-04-02T16:00, or as 2026-04-02 where the time is not known"
BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
SHOWN = 40  # characters of a cell that a message repeats


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, and whether the time of day was given (`exact`) or not (`day`)."""

    at: datetime
    precision: str


def moment(text: str, *, now: datetime) -> Moment:
    """As `instant`; a date alone is 12:00, or now if earlier."""
    if (day := _date(text)) is not None:
        _recent(day, text, today=london_date(now))
        return Moment(min(noon(day), now), Precision.DAY)
    at = instant(text)
    _recent(london_date(at), text, today=london_date(now))
    if at > now:
        raise Unreadable(f"{quoted(text)} has not happened yet. Enter a time that has passed")
    return Moment(at, Precision.EXACT)


def instant(text: str) -> datetime:
    """ISO 8601, or the day first as in 02/04/2026 16:00; in UTC. Without an offset it is
    Europe/London, a date alone is 12:00 there."""
    if (day := _date(text)) is not None:
        return noon(day)
    try:
        at = datetime.fromisoformat(_iso(text))
        if at.tzinfo is None:
            return instant_of(at.date(), at.time())
        return at.astimezone(UTC)
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{quoted(text)} is not a date and time. {HINT}") from error


def letter_date(text: str, *, now: datetime) -> date:
    """The date on a letter: a day, not in the future."""
    day = _day(text)
    _recent(day, text, today=london_date(now))
    return day


def interval(text: str) -> int:
    """A number of days that somebody agreed to."""
    if not text.isascii() or not text.isdigit() or int(text[:9]) not in EVERY_DAYS:
        least, most = EVERY_DAYS[0], EVERY_DAYS[-1]
        raise Unreadable(f"{quoted(text)} is not a number of days from {least} to {most}")
    return int(text)


def eighteenth_birthday(text: str, *, now: datetime) -> date:
    """From a date of birth, which is not kept."""
    born = _day(text)
    if not OLDEST_BIRTHDAY <= born <= london_date(now):
        raise Unreadable(f"{quoted(text)} cannot be a date of birth. Check the year")
    return coming_of_age(born)


def code(text: str, known: Mapping[str, object]) -> str:
    """One of the known codes, however it is written, or by what it means; else a sentence with
    the nearest one."""
    if text in known:
        return text
    written = _letters(text)
    if written in known:
        return written
    meant = [code for code, meaning in known.items() if _letters(str(meaning)) == written]
    if len(meant) == 1:
        return meant[0]
    codes = sorted(known)
    near = get_close_matches(written[:SHOWN], codes, n=1)
    instead = f"Did you mean {near[0]}?" if near else f"Use one of: {_listed(codes)}"
    raise Unreadable(f"{quoted(text)} is not known. {instead}")


def _letters(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= SHOWN else f"“{text[:SHOWN]}…”"


def _listed(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 20 else "those in the list of codes on the help page"


def _iso(text: str) -> str:
    """A date as spreadsheets in the United Kingdom write it, day first, as ISO 8601."""
    found = BRITISH.fullmatch(text)
    if found is None:
        return text
    day, month, year, clock = found.groups()
    said = f"{year}-{month:0>2}-{day:0>2}"
    return f"{said}T{clock if clock[1].isdigit() else f'0{clock}'}" if clock else said


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(_iso(text))
    except ValueError:
        return None


def _day(text: str) -> date:
    day = _date(text)
    if day is None:
        raise Unreadable(f"{quoted(text)} is not a date. Write it as 2026-04-02")
    return day


def _recent(day: date, text: str, *, today: date) -> None:
    if day > today:
        raise Unreadable(f"{quoted(text)} has not happened yet. Enter a day that has passed")
    if day < EARLIEST:
        raise Unreadable(f"{quoted(text)} is before the year {EARLIEST.year}. Check the year")
