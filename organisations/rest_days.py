"""The days on which nobody works, as the product knows them: its own rows, never a library's say.

What the library says is compared with the rows (`actions.learn_rest_days`), and only ever adds.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

from organisations.models import Nation, RestDay
from organisations.models.rest_day import RestDayQuerySet

Change = tuple[int, date, tuple[str, ...], int | None]


def rest_days() -> Mapping[str, frozenset[date]]:
    """By nation (a code of `Nation`), the days that do not count beside Saturdays and Sundays.

    Readable in every context and purpose. The answer is kept until a day is added or withdrawn;
    asking whether one was is a query for the few rows that were not there from the beginning.
    """
    return _by_nation(_changes(RestDay.objects.learnt()))


def known_at(at: datetime) -> Mapping[str, frozenset[date]]:
    """The same, as it was known at an instant."""
    return _by_nation(_changes(RestDay.objects.learnt().filter(recorded_at__lte=at)))


def before(change: RestDay) -> Mapping[str, frozenset[date]]:
    """The same, as the product knew it just before this change of the calendar was recorded."""
    return _by_nation(_changes(RestDay.objects.learnt().filter(id__lt=change.pk)))


def after(change: RestDay) -> Mapping[str, frozenset[date]]:
    """The same, just after it was recorded."""
    return _by_nation(_changes(RestDay.objects.learnt().filter(id__lte=change.pk)))


def _changes(rows: RestDayQuerySet) -> tuple[Change, ...]:
    found = rows.order_by("id").values_list("id", "day", "nations", "withdraws_id")
    return tuple((pk, day, tuple(nations), withdraws) for pk, day, nations, withdraws in found)


@lru_cache(maxsize=32)
def _by_nation(changes: tuple[Change, ...]) -> Mapping[str, frozenset[date]]:
    """The days of the beginning, with these changes made to them."""
    days: dict[int, tuple[date, tuple[str, ...]]] = {
        pk: (day, tuple(nations))
        for pk, day, nations in RestDay.objects.filter(known_from__isnull=True).values_list(
            "id", "day", "nations"
        )
    }
    for pk, day, nations, withdraws in changes:
        if withdraws is None:
            days[pk] = (day, nations)
        else:
            days.pop(withdraws, None)
    found: dict[str, set[date]] = defaultdict(set)
    for day, nations in days.values():
        for nation in nations:
            found[nation].add(day)
    return MappingProxyType({nation: frozenset(found[nation]) for nation in Nation.values})
