"""What the product notes of itself is thrown away after a while; what it notes of people, never."""

from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from referrals.models import Digest, Email, SweepRun

KEPT = timedelta(days=30)


def throw_old_rows_away(*, now: datetime) -> None:
    """Sweeps but the last one, mornings, and e-mails that were sent or given up."""
    before = now - KEPT
    with purpose("nrm_sweep"):
        last = SweepRun.objects.filter(checked_until__isnull=False).order_by("-checked_until")
        kept = list(last.values_list("pk", flat=True)[:1])
        SweepRun.objects.filter(started_at__lt=before).exclude(pk__in=kept).delete()
        Digest.objects.filter(day__lt=london_date(before)).delete()
        Email.objects.filter(created_at__lt=before).exclude(
            pk__in=Email.objects.waiting().values("pk")
        ).delete()
