"""The inbox of notices: a reference, what became late, and when. Never a name."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from organisations.models import Membership
from referrals.models import Notice
from referrals.thresholds import all_thresholds

SHOWN = 100


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`at`: when the person was told; `read` where they have opened it."""

    id: int
    reference: str
    title: str
    severity: str
    at: datetime
    read: bool


def inbox(membership: Membership, *, number: int = SHOWN) -> list[NoticeRow]:
    """Unread ones first, then those read last; at most so many."""
    rows = (
        Notice.objects.visible_to(membership)
        .select_related("referral", "flag")
        .order_by(F("read_at").desc(nulls_first=True), "-id")
    )
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    return [_row(notice, titles[notice.flag.rule]) for notice in rows[:number]]


def _row(notice: Notice, title: str) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        reference=notice.referral.reference,
        title=title,
        severity=notice.flag.severity,
        at=notice.created_at,
        read=notice.read_at is not None,
    )
