"""When an organisation is open, and in words."""

from datetime import datetime

from nrm_tracker.calendars import LONDON
from nrm_tracker.ui.words import DAYS
from organisations.calendars import calendars
from organisations.models import Nation, Organisation

FRIDAY = 5


def is_open(organisation: Organisation, at: datetime) -> bool:
    """Whether somebody answers at an instant; a bank holiday is that of its first nation."""
    if organisation.always_open:
        return True
    local = at.astimezone(LONDON)
    day, home = local.date(), next(iter(organisation.nations), Nation.ENGLAND)
    if day.isoweekday() not in organisation.open_days:
        return False
    if day.isoweekday() <= FRIDAY and not calendars()[home].is_working_day(day):
        return False
    return organisation.opens_at <= local.time() <= organisation.closes_at


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
