"""The bank holidays that the installed `holidays` library knows."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version

import holidays

from organisations.models import Nation

SUBDIVISIONS: dict[str, str] = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}
YEARS = range(2000, 2101)
SOURCE = f"holidays {version('holidays')}"


@cache
def published() -> Mapping[tuple[date, str], tuple[str, ...]]:
    """The nations of each day and name. The same until the process ends: it takes a second."""
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    for nation, subdivision in SUBDIVISIONS.items():
        days = holidays.country_holidays("GB", subdiv=subdivision, years=YEARS)
        for day, name in days.items():
            found[(day, name)].append(nation)
    return {key: tuple(nations) for key, nations in sorted(found.items())}
