"""The working days of each nation."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays

from nrm_tracker.calendars import FIRST_DAY, LAST_DAY, Calendar, calendar
from organisations.models import Nation

SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}


def calendars() -> Mapping[str, Calendar]:
    """The calendar of each nation; the same ones as long as no day of rest is added."""
    return {nation: calendar(days) for nation, days in rest_days().items()}


@cache
def rest_days() -> Mapping[str, frozenset[date]]:
    """The bank holidays of each nation, as the `holidays` library knows them."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    return {
        nation.value: frozenset(holidays.country_holidays("GB", subdiv=part, years=years))
        for nation, part in SUBDIVISIONS.items()
    }
