"""The rules in force, read from their rows."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from nrm_tracker.calendars import Calendar
from organisations.calendars import calendars
from referrals.delays import Rules, Threshold
from referrals.delays.threshold import REFERRAL
from referrals.models import ThresholdVersion


def rules(
    subject: str = REFERRAL,
    *,
    days: Mapping[str, frozenset[date]] | None = None,
    changed: str = "",
) -> Rules:
    """What a referral, or another subject, is judged by: the versions of its rules, and the working
    days, by the days of rest that are known now or by others. `changed` is a rule: by what a change
    of it can concern, and by nothing else."""
    return _rules(all_thresholds(subject), tuple(calendars(days).items()), changed)


@lru_cache(maxsize=16)
def _rules(
    thresholds: tuple[Threshold, ...], working: tuple[tuple[str, Calendar], ...], changed: str
) -> Rules:
    everything = Rules(thresholds, dict(working))
    return everything.on_account_of(changed) if changed else everything


def all_thresholds(subject: str = REFERRAL) -> tuple[Threshold, ...]:
    """Every version of every rule on one kind of subject, in the order of their codes and dates.

    Versions are only ever added, so the parsed ones are kept until another is there.
    """
    rows = ThresholdVersion.objects.order_by("id").values_list("id", "created_at")
    return _parsed(tuple(rows)).get(subject, ())


def threshold_of(rule: str, *, subject: str = REFERRAL) -> Threshold:
    """The newest version of a rule: for its title and words."""
    return [t for t in all_thresholds(subject) if t.code == rule][-1]


@lru_cache(maxsize=2)
def _parsed(_rows: tuple[tuple[int, object], ...]) -> dict[str, tuple[Threshold, ...]]:
    found: dict[str, list[Threshold]] = defaultdict(list)
    for row in ThresholdVersion.objects.order_by("number", "effective_from"):
        threshold = Threshold.from_definition(
            code=row.code, effective_from=row.effective_from, definition=row.definition
        )
        found[threshold.subject].append(threshold)
    return {subject: tuple(thresholds) for subject, thresholds in found.items()}
