"""When an organisation is open, and in words."""

from datetime import date, datetime, time, timedelta

from nrm_tracker.calendars import LONDON, MORNING, is_working_day
from nrm_tracker.ui.words import DAYS
from organisations.models import Nation, Organisation

FRIDAY = 5
READ = (  # all that this module looks at, and the name
    *("name", "nations", "on_call", "always_open", "open_days", "opens_at", "closes_at"),
)
EVENING = time(20)  # Europe/London: nothing that can stay is sent from here to the morning


def is_open(organisation: Organisation, at: datetime) -> bool:
    """Whether somebody answers at an instant; a bank holiday is that of its first nation."""
    local = at.astimezone(LONDON)
    in_time = organisation.opens_at <= local.time() <= organisation.closes_at
    return organisation.always_open or (opens_on(organisation, local.date()) and in_time)


def opens_on(organisation: Organisation, day: date) -> bool:
    """Whether somebody answers at some time of a London day."""
    if organisation.always_open:
        return True
    home = next(iter(organisation.nations), Nation.ENGLAND)
    holiday = day.isoweekday() <= FRIDAY and not is_working_day(home, day)
    return day.isoweekday() in organisation.open_days and not holiday


def works_on(organisation: Organisation, day: date) -> bool:
    """Whether people may be written to: an open day; a working day where none are recorded."""
    if organisation.open_days or organisation.always_open:
        return opens_on(organisation, day)
    return is_working_day(next(iter(organisation.nations), Nation.ENGLAND), day)


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
        return "Not recorded"
    times = f"{organisation.opens_at:%H:%M} to {organisation.closes_at:%H:%M}"
    return f"{_days(sorted(organisation.open_days))}, {times}, not on bank holidays"


def _days(days: list[int]) -> str:
    names = [DAYS[day - 1] for day in days]
    in_a_row = days[-1] - days[0] == len(days) - 1 > 1
    return f"{names[0]} to {names[-1]}" if in_a_row else ", ".join(names)
