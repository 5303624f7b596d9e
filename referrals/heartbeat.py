"""How late the sweep is: every page says so when it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min

from nrm_tracker.database import purpose
from referrals.models import Referral, SweepRun

# Of two machines, harmlessly. A sweep further ahead than that says nothing about now.
CLOCKS_DIFFER_BY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SweepStatus:
    """`oldest_unchecked`: the earliest deadline, of those one may see, that passed unlooked-at."""

    last_checked: datetime | None
    late: bool
    oldest_unchecked: datetime | None = None


def sweep_status(*, now: datetime) -> SweepStatus:
    last = SweepRun.objects.filter(checked_until__lte=now + CLOCKS_DIFFER_BY).aggregate(
        last=Max("checked_until")
    )["last"]
    if last is not None and now - last <= settings.SWEEP_LATE_AFTER:
        return SweepStatus(last_checked=last, late=False)
    oldest = Referral.objects.due(now).aggregate(oldest=Min("next_deadline_at"))["oldest"]
    return SweepStatus(last_checked=last, late=True, oldest_unchecked=oldest)


def check(now: datetime) -> str:
    """For the readiness page: what is wrong with the sweep, "" when it is on time."""
    with purpose("nrm_sweep"):  # of every organisation: it says an instant and nothing else
        status = sweep_status(now=now)
    if not status.late:
        return ""
    if status.last_checked is None:
        return "Delays have never been checked. Is the Celery worker and beat running?"
    last = f"Delays were last checked at {_exact(status.last_checked)}."
    if status.oldest_unchecked is None:
        return last
    return f"{last} The oldest limit unchecked was due at {_exact(status.oldest_unchecked)}."


def _exact(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
