"""What the role of a First Responder Organisation costs one of them, by its own entries and rates.

Evidence for a funding case: so the gaps are shown beside the sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.costs import (
    Costed,
    Total,
    costed,
    hours,
    mean_and_median,
    pounds,
    total_of,
    totals_by,
)
from referrals.models import Custody, Effort, EffortKind
from referrals.pages.costing import rates_of
from referrals.pages.listing import month_begins, month_ends

HEADING = ("Month", "Kind", "Time", "Minutes", "Expenses", "Cost of time", "Cost", "No rate")


@dataclass(frozen=True, slots=True)
class Row:
    month: str  # as YYYY-MM
    kind: str
    total: Total


@dataclass(frozen=True, slots=True)
class CostPage:
    """Of the months from `since` to `until` (their first and last day). `referrals`: how many the
    organisation held in that time, or logged something for; `logged`: of how many it did."""

    since: date
    until: date
    total: Total
    rows: tuple[Row, ...]
    referrals: int
    logged: int
    mean: str  # in words, as is the next one; "" where nothing is logged
    median: str


def cost(membership: Membership, *, since: str, until: str) -> CostPage:
    """In these months (YYYY-MM)."""
    begin, end = month_begins(since), month_ends(until)
    first, beyond = london_date(begin), london_date(end)
    said = Effort.objects.visible_to(membership).standing()
    efforts = said.filter(day__gte=first, day__lt=beyond)
    entries = costed(efforts, rates_of(membership))
    of_each = totals_by(entries, lambda each: each.referral)
    figures = mean_and_median([total.cost for total in of_each.values()])
    mean, median = map(pounds, figures) if figures else ("", "")
    held = _held(membership, begin, end)
    return CostPage(
        since=first,
        until=beyond - timedelta(days=1),
        total=total_of(entries),
        rows=_rows(entries),
        referrals=len(held | set(of_each)),
        logged=len(of_each),
        mean=mean,
        median=median,
    )


def _rows(entries: Sequence[Costed]) -> tuple[Row, ...]:
    """By month, the latest first, and kind."""
    by = totals_by(entries, lambda each: (f"{each.day:%Y-%m}", each.kind))
    kinds = list(EffortKind.values)
    order = sorted(by, key=lambda key: (key[0], -kinds.index(key[1])), reverse=True)
    return tuple(Row(m, str(EffortKind(k).label), by[m, k]) for m, k in order)


def _held(membership: Membership, begin: datetime, end: datetime) -> set[int]:
    """The referrals (ids) that the organisation was responsible for at some instant of these."""
    rows = Custody.objects.filter(organisation=membership.organisation_id, since__lt=end)
    still = Q(until__isnull=True) | Q(until__gt=begin)
    return set(rows.filter(still).values_list("referral_id", flat=True))


def table(page: CostPage) -> list[Sequence[str]]:
    """As it leaves the product: amounts in pounds, without a sign, so that they can be added."""
    return [HEADING, *(_cells(row) for row in page.rows)]


def _cells(row: Row) -> Sequence[str]:
    total = row.total
    return (
        row.month,
        row.kind,
        hours(total.minutes),
        str(total.minutes),
        plain(total.expenses),
        plain(total.time),
        plain(total.cost),
        str(total.unpriced),
    )


def plain(pence: int) -> str:
    """ "1234.50"."""
    return f"{pence // 100}.{pence % 100:02d}"
