"""What one's organisation spent on a referral, and what an hour costs it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.costs import Total, costed, hours, pounds, total_of
from referrals.models import Effort, EffortKind, Rate, Referral

ANY_KIND = "Every kind that has no rate of its own"


@dataclass(frozen=True, slots=True)
class EffortRow:
    """`withdrawn` says why it was taken back, if it was."""

    id: UUID
    words: str
    by: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Spending:
    """On one referral. `said` is the sum in words, "" where nothing is logged."""

    said: str
    rows: list[EffortRow]


def spending_on(referral: Referral, *, membership: Membership) -> str:
    """The sum in words, for the referral's own page."""
    efforts = Effort.objects.visible_to(membership).filter(referral=referral.pk).standing()
    return in_words(total_of(costed(efforts, rates_of(membership))))


def spending(referral: Referral, *, membership: Membership, now: datetime) -> Spending:
    """Every entry, the latest day first."""
    today = london_date(now)
    rows = (
        Effort.objects.visible_to(membership)
        .filter(referral=referral.pk)
        .select_related("by")
        .order_by("-day", "-at")
    )
    return Spending(
        spending_on(referral, membership=membership), [_row(each, today=today) for each in rows]
    )


def in_words(total: Total) -> str:
    """ "3 h 30 min, and £12.50 of expenses: £100.00 in all"."""
    if not total.minutes and not total.expenses:
        return ""
    said = hours(total.minutes)
    if total.expenses:
        said += f", and {pounds(total.expenses)} of expenses"
    if total.time or total.unpriced < total.minutes:
        said += f": {pounds(total.cost)} in all"
    if total.unpriced:
        said += f". No rate holds for {hours(total.unpriced)} of it"
    return said


def _row(effort: Effort, *, today: date) -> EffortRow:
    spent = [hours(effort.minutes)] if effort.minutes else []
    spent += [pounds(effort.pence)] if effort.pence else []
    kind = EffortKind(effort.kind).label
    return EffortRow(
        id=effort.pk,
        words=f"{kind}: {' and '.join(spent)}, {day_in_words(effort.day, today=today)}",
        by=effort.by.name,
        withdrawn=effort.get_withdrawn_why_display() if effort.withdrawn_at else "",
    )


def rates_of(membership: Membership) -> list[Rate]:
    return list(Rate.objects.visible_to(membership))


@dataclass(frozen=True, slots=True)
class RateRow:
    kind: str
    amount: str
    valid_from: date
    by: str
    at: datetime


def rate_rows(membership: Membership) -> list[RateRow]:
    """What was said last first."""
    rows = Rate.objects.visible_to(membership).select_related("by").order_by("-id")
    return [
        RateRow(
            kind=str(EffortKind(each.kind).label) if each.kind else ANY_KIND,
            amount=pounds(each.pence_an_hour),
            valid_from=each.valid_from,
            by=each.by.name,
            at=each.at,
        )
        for each in rows
    ]
