"""The inbox of notices: a reference, what became late, and when. Never a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from organisations.models import Membership
from referrals.models import Notice, Restriction
from referrals.thresholds import all_thresholds

SHOWN = 100
OPENED = "A restricted referral was opened in an emergency"
UNSEEN = "A restricted referral passed a limit, and nobody who is named is here"


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
        .select_related("flag")
        .prefetch_related("referral")
        .order_by(F("read_at").desc(nulls_first=True), "-id")
    )
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    shown = list(rows[:number])
    restricted = _references(membership, {notice.referral_id for notice in shown})
    return [_row(notice, titles, restricted) for notice in shown]


def _row(notice: Notice, titles: Mapping[str, str], restricted: Mapping[int, str]) -> NoticeRow:
    flag = notice.flag
    return NoticeRow(
        id=notice.pk,
        reference=restricted.get(notice.referral_id) or notice.referral.reference,
        title=titles[flag.rule] if flag else UNSEEN if notice.flag_id else OPENED,
        severity=flag.severity if flag else "",
        at=notice.created_at,
        read=notice.read_at is not None,
    )


def _references(membership: Membership, referrals: set[int]) -> dict[int, str]:
    """Of those that are or were restricted, which oneself may not see."""
    rows = Restriction.objects.visible_to(membership).filter(referral__in=referrals)
    return dict(rows.values_list("referral_id", "reference"))
