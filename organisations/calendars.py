"""The working days of each nation."""

from collections.abc import Mapping
from datetime import date

from nrm_tracker.calendars import Calendar, calendar
from organisations.rest_days import rest_days


def calendars(days: Mapping[str, frozenset[date]] | None = None) -> Mapping[str, Calendar]:
    """The calendar of each nation, by these days of rest or by those that are known now; the same
    ones as long as no day is added or withdrawn."""
    return {nation: calendar(rest) for nation, rest in (days or rest_days()).items()}
