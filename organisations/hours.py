"""When an organisation is open, and in words."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from nrm_tracker.calendars import LONDON, MORNING, Calendar
from nrm_tracker.ui.words import DAYS
from organisations.calendars import calendars
from organisations.models import Closure, Nation, Organisation

FRIDAY = 5
READ = (  # all that this module looks at, and the name
    *("name", "nations", "on_call", "always_open", "open_days", "opens_at", "closes_at"),
)
EVENING = time(20)  # Europe/London: nothing that can stay is sent from here to the morning


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


def works_on(organisation: Organisation, day: date) -> bool:
    """Whether people may be written to: an open day; a working day where none are recorded."""
    if organisation.open_days or organisation.always_open:
        return organisation.pk in working_on([organisation], day)
    return calendars()[_home(organisation)].is_working_day(day)


def is_quiet(organisation: Organisation, at: datetime) -> bool:
    """Whether only what cannot stay may be sent: before the morning, after the evening, and on
    days on which nobody works."""
    local = at.astimezone(LONDON)
    return not (works_on(organisation, local.date()) and MORNING <= local.time() < EVENING)


def not_quiet_from(organisation: Organisation, at: datetime) -> datetime:
    """The instant itself, else the morning that ends the quiet."""
    if not is_quiet(organisation, at):
        return at
    local = at.astimezone(LONDON)
    day = local.date() + timedelta(days=local.time() >= MORNING)
    while not works_on(organisation, day):
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, LONDON)


def hours_in_words(organisation: Organisation) -> str:
    """Such as "Monday to Friday, 09:00 to 17:00, not on bank holidays"."""
    if organisation.always_open:
        return "Day and night"
    if not organisation.open_days:
        return "Not known"
    times = f"{organisation.opens_at:%H:%M} to {organisation.closes_at:%H:%M}"
    return f"{_days(sorted(organisation.open_days))}, {times}, not on bank holidays"


def _days(days: list[int]) -> str:
    names = [DAYS[day - 1] for day in days]
    in_a_row = days[-1] - days[0] == len(days) - 1 > 1
    return f"{names[0]} to {names[-1]}" if in_a_row else ", ".join(names)
