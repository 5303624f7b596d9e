"""Whether mail goes out: for the readiness page, and for the operator's."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from nrm_tracker.database import purpose
from nrm_tracker.ui.words import count
from referrals.models import Email

PATIENCE = timedelta(minutes=30)
REMEMBERED = timedelta(days=7)
Trouble = Email.Trouble


def check(now: datetime) -> str:
    """What is wrong, "" when nothing is. Not of addresses that are refused: see `undelivered`."""
    if not settings.EMAIL_IS_SENT:
        return ""
    with purpose("nrm_sweep"):
        late = (
            Email.objects.waiting()
            .filter(next_try_at__lte=now + PATIENCE, created_at__lte=now - PATIENCE)
            .exclude(trouble=Trouble.REFUSED)
            .exclude(attempts=0, next_try_at__gt=now - PATIENCE)
            .aggregate(number=Count("id"), since=Min("created_at"))
        )
    if not late["number"]:
        return ""
    since = late["since"].isoformat(timespec="seconds")
    return f"{count(late['number'], 'e-mail')} could not be sent, the oldest of {since}."


def undelivered(now: datetime) -> str:
    """Where mail did not arrive: organisations, and how many of their members it concerns."""
    with purpose("nrm_sweep"):
        rows = (
            Email.objects.filter(created_at__gte=now - REMEMBERED, sent_at__isnull=True)
            .filter(trouble__in=[Trouble.REFUSED, Trouble.LATER, Trouble.NO_ANSWER])
            .values_list("organisation__name")
            .annotate(number=Count("user", distinct=True) + Count("invitation", distinct=True))
            .order_by("organisation__name")
        )
        return ", ".join(f"{name} ({number})" for name, number in rows)
