"""The thresholds in force, read from their rows."""

from functools import lru_cache

from referrals.delays import Threshold
from referrals.models import ThresholdVersion


def all_thresholds() -> tuple[Threshold, ...]:
    """Every version of every rule, in the order of their codes and dates.

    Versions are only ever added, so the parsed ones are kept until another is there.
    """
    rows = ThresholdVersion.objects.order_by("id").values_list("id", "created_at")
    return _parsed(tuple(rows))


def threshold_of(rule: str) -> Threshold:
    """The newest version of a rule: for its title and words."""
    return [t for t in all_thresholds() if t.code == rule][-1]


@lru_cache(maxsize=2)
def _parsed(_rows: tuple[tuple[int, object], ...]) -> tuple[Threshold, ...]:
    return tuple(
        Threshold.from_definition(
            code=row.code, effective_from=row.effective_from, definition=row.definition
        )
        for row in ThresholdVersion.objects.order_by("number", "effective_from")
    )
