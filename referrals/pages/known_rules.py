"""The rules and calendars as they were known at an instant, and the names of days of rest.

The one place from which "Why this date?" learns of them: whatever keeps them is asked here.
"""

from datetime import date, datetime

import holidays

from organisations.calendars import SUBDIVISIONS
from organisations.models import Nation
from referrals.delays import Rules
from referrals.thresholds import rules


def rules_at(_at: datetime) -> Rules:
    """By what a wait was judged at an instant. Each version of a rule says when it took effect;
    the calendars are those known now."""
    return rules()


def calendar_changes() -> list[datetime]:
    """When a day of rest was added or withdrawn: none, as long as they are the library's."""
    return []


def name_of_rest(nation: str, day: date) -> str:
    """The bank holiday that a day is in a nation: "Good Friday"."""
    part = SUBDIVISIONS[Nation(nation)]
    return str(holidays.country_holidays("GB", subdiv=part, years=day.year).get(day, "Day of rest"))
