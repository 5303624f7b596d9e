"""The rules and calendars as they were known at an instant, and the names of days of rest.

The one place from which "Why this date?" learns of them: whatever keeps them is asked here.
"""

from datetime import date, datetime

from organisations.models import RestDay
from organisations.rest_days import known_at
from referrals.delays import Rules
from referrals.thresholds import rules


def rules_at(at: datetime) -> Rules:
    """By what a wait was judged at an instant: the calendar as it was known then. Each version of
    a rule says itself when it took effect."""
    return rules(days=known_at(at))


def calendar_changes() -> list[datetime]:
    """When a day of rest was added or withdrawn."""
    rows = RestDay.objects.learnt().order_by("recorded_at")
    return list(rows.values_list("recorded_at", flat=True).distinct())


def name_of_rest(nation: str, day: date) -> str:
    """The bank holiday that a day is in a nation: "Good Friday"."""
    named = RestDay.objects.standing().filter(day=day, nations__contains=[nation])
    return named.values_list("name", flat=True).order_by("id").first() or "Day of rest"
