"""What came of referrals, in one organisation: how many are open, and why the others were closed.

Counts of its own people, for itself. Each number is a link to the list that makes it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.catalogue import CLOSE_REASONS, LEFT
from referrals.forms.filters import LEFT_EARLY, UNSAID
from referrals.models import Referral
from referrals.pages.listing import month_begins, month_ends

MONTHS = 12
NOT_SAID = "No reason is recorded"


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One reason: before an NRM referral or Duty to Notify was made, after it, and together."""

    reason: str
    before: Figure
    after: Figure
    all: Figure


@dataclass(frozen=True, slots=True)
class Outcomes:
    since: date
    until: date
    open: Figure
    out_of_contact: Figure
    closed: Figure
    left: Figure
    rows: tuple[Row, ...]


def usual_period(*, now: datetime) -> tuple[str, str]:
    """The last twelve months, this one among them, as YYYY-MM."""
    today = london_date(now)
    months = today.year * 12 + today.month - 1
    first = months - MONTHS + 1
    return f"{first // 12:04d}-{first % 12 + 1:02d}", f"{today:%Y-%m}"


def outcomes(membership: Membership, *, since: str, until: str) -> Outcomes:
    """Of those closed in these months (YYYY-MM); the open ones as they are now."""
    mine = Referral.objects.visible_to(membership)
    closed = mine.filter(closed_at__gte=month_begins(since), closed_at__lt=month_ends(until))
    counted = Counter(closed.counted_by_reason())
    link = _Link(since, until)
    reasons = [(each.value, str(each.label)) for each in CLOSE_REASONS]
    known = {code for code, _ in reasons}
    unsaid = [("", NOT_SAID)] if any(code not in known for code, _ in counted) else []
    return Outcomes(
        since=date.fromisoformat(f"{since}-01"),
        until=date.fromisoformat(f"{until}-01"),
        open=Figure(mine.open().count(), _url(state="open")),
        out_of_contact=Figure(mine.out_of_contact().count(), _url(contact="lost")),
        closed=Figure(counted.total(), link()),
        left=Figure(sum(counted[each.value, True] for each in LEFT), link(closed_as=LEFT_EARLY)),
        rows=tuple(_row(code, label, counted, link) for code, label in (*reasons, *unsaid)),
    )


class _Link:
    """To the list of those closed in the period."""

    def __init__(self, since: str, until: str) -> None:
        self.period = {"state": "closed", "closed_since": since, "closed_until": until}

    def __call__(self, **more: str) -> str:
        return _url(**self.period, **more)


def _row(code: str, label: str, counted: Counter[tuple[str, bool]], link: _Link) -> Row:
    asked = code or UNSAID
    before, after = counted[code, True], counted[code, False]
    return Row(
        reason=label,
        before=Figure(before, link(closed_as=asked, submitted="no")),
        after=Figure(after, link(closed_as=asked, submitted="yes")),
        all=Figure(before + after, link(closed_as=asked)),
    )


def _url(**chosen: str) -> str:
    return f"{reverse('referrals')}?{urlencode(chosen)}"
