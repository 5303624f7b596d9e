"""When an organisation is open, and in words."""

from collections.abc import Collection
from datetime import date, datetime

from nrm_tracker.calendars import LONDON, Calendar
from nrm_tracker.ui.words import DAYS
from organisations.calendars import calendars
from organisations.models import Closure, Nation, Organisation

FRIDAY = 5


def is_open(organisation: Organisation, at: datetime) -> bool:
    """Whether somebody answers at an instant."""
    return organisation.pk in open_at([organisation], at)


def open_at(organisations: Collection[Organisation], at: datetime) -> set[int]:
    """The ids of those where somebody answers at an instant: two queries for any number."""
    local = at.astimezone(LONDON)
    working = working_on(organisations, local.date())
    return {
        each.pk
        for each in organisations
        if each.pk in working
        and (each.always_open or each.opens_at <= local.time() <= each.closes_at)
    }


def working_on(organisations: Collection[Organisation], day: date) -> set[int]:
    """The ids of those whose office works on a London day: one of its days, no bank holiday of its
    first nation, and not closed. One that answers day and night works unless it is closed."""
    ids = [each.pk for each in organisations]
    closed = set(
        Closure.objects.on(day)
        .filter(organisation__in=ids)
        .values_list("organisation_id", flat=True)
    )
    working_days = calendars()
    return {
        each.pk
        for each in organisations
        if each.pk not in closed
        and (each.always_open or _is_one_of_its_days(each, day, working_days[_home(each)]))
    }


def _is_one_of_its_days(organisation: Organisation, day: date, calendar: Calendar) -> bool:
    if day.isoweekday() not in organisation.open_days:
        return False
    return day.isoweekday() > FRIDAY or calendar.is_working_day(day)


def _home(organisation: Organisation) -> str:
    return next(iter(organisation.nations), Nation.ENGLAND.value)


def hours_in_words(organisation: Organisation) -> str:
    """Such as "Monday to Friday, 09:00 to 17:00, not on bank holidays"."""
    if organisation.always_open:
        return "Day and night"
    if not organisation.open_days:
        return "Not recorded"
    times = f"{organisation.opens_at:%H:%M} to {organisation.closes_at:%H:%M}"
    return f"{_days(sorted(organisation.open_days))}, {times}, not on bank holidays"


def _days(days: list[int]) -> str:
    names = [DAYS[day - 1] for day in days]
    in_a_row = days[-1] - days[0] == len(days) - 1 > 1
    return f"{names[0]} to {names[-1]}" if in_a_row else ", ".join(names)
