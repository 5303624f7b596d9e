"""London days, and working days as a matter of data: what is not a weekend or a day of rest.

Days are days of Europe/London; instants are aware and in UTC.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FIRST_NUMBER = FIRST_DAY.toordinal()
SATURDAY = 5
FURTHEST_AHEAD = 22  # London's clock is up to two hours ahead of UTC, and never behind it
MORNING = time(8)  # Europe/London: when a working day's e-mail is sent


class Calendar:
    """The working days that some days of rest leave: the n-th one, and how many up to a day.

    Two look-ups for 2000 to 2100; before and after, only weekends are days of rest. Never changed;
    `calendar()` gives the same one for the same days.
    """

    __slots__ = ("_count", "_days", "rest_days")

    def __init__(self, rest_days: frozenset[date]) -> None:
        self.rest_days = rest_days
        self._days: list[date] = []
        self._count: list[int] = []
        for offset in range((LAST_DAY - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=offset)
            if day.weekday() < SATURDAY and day not in rest_days:
                self._days.append(day)
            self._count.append(len(self._days))

    def working_day(self, start: date, n: int) -> date:
        """The n-th working day after `start`. The start itself is day 0, whatever day it is."""
        number = self._until(start) + n
        return self._days[number - 1] if 0 < number <= len(self._days) else self._beyond(number)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in (start, end]: 0 when end is not after start."""
        return self._until(end) - self._until(start) if end > start else 0

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day: no weekend, no day of rest."""
        return self.working_days_between(day - timedelta(days=1), day) == 1

    def _until(self, day: date) -> int:
        """How many working days there were from the first day of the calendar up to this one."""
        offset = day.toordinal() - FIRST_NUMBER
        if offset < 0:
            return -_weekdays(day, FIRST_DAY - timedelta(days=1))
        if offset >= len(self._count):
            return len(self._days) + _weekdays(LAST_DAY, day)
        return self._count[offset]

    def _beyond(self, number: int) -> date:
        """The working day with this number, outside the calendar, whose first one is number 1."""
        if number < 1:
            return _weekday(FIRST_DAY, number - 1)
        return _weekday(LAST_DAY, number - len(self._days))


def _weekdays(after: date, until: date) -> int:
    """Monday to Friday in (after, until]."""
    weeks, rest = divmod((until - after).days, 7)
    days = (after + timedelta(days=d) for d in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < SATURDAY for day in days)


def _weekday(start: date, n: int) -> date:
    """The n-th Monday to Friday after the start; before it where n is negative."""
    day, step = start, 1 if n > 0 else -1
    while n:
        day += timedelta(days=step)
        n -= step * (day.weekday() < SATURDAY)
    return day


@lru_cache(64)
def calendar(rest_days: frozenset[date]) -> Calendar:
    """The calendar with these days of rest."""
    return Calendar(rest_days)


@lru_cache(65536)
def midnight(day: date) -> datetime:
    """00:00 Europe/London at the beginning of the day, as an instant in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


@lru_cache(4096)
def noon(day: date) -> datetime:
    """12:00 Europe/London, in UTC: where a date without a time of day is placed."""
    return datetime.combine(day, time(12), LONDON).astimezone(UTC)


def london_date(instant: datetime) -> date:
    """The day that an aware instant falls on in Europe/London."""
    if instant.tzinfo is UTC and instant.hour < FURTHEST_AHEAD:
        return instant.date()
    return instant.astimezone(LONDON).date()


def coming_of_age(born: date) -> date:
    """The eighteenth birthday. Who was born on 29 February is 18 on 1 March."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)
