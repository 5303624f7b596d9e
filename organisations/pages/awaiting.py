"""Applications that await a decision, as everybody may read of them.

Counted are those of which whoever keeps the register has seen evidence. Those who may not be named
are counted by a role that cannot read whose they are, and no number of days is said of them.
"""

from dataclasses import dataclass
from datetime import date

from nrm_tracker.database import purpose
from nrm_tracker.ui.words import day_in_words
from organisations.models import Application, Organisation
from organisations.pages.applying import days_waited


@dataclass(frozen=True, slots=True)
class Named:
    organisation: Organisation
    since: str
    days: int


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Longest first; `others` did not agree to be named."""

    named: list[Named]
    others: int

    @property
    def all(self) -> int:
        return len(self.named) + self.others


def awaiting(*, today: date) -> Awaiting:
    waiting = Application.objects.undecided(today).filter(checked_at__isnull=False)
    named = waiting.filter(may_be_named=True).select_related("organisation")
    rows = [
        Named(row.organisation, day_in_words(row.submitted_on, today=today), days)
        for row in named.order_by("submitted_on", "organisation__name")
        if row.submitted_on and (days := days_waited(row, today=today)) is not None
    ]
    with purpose("nrm_figures"):
        others = waiting.filter(may_be_named=False).values("id").count()
    return Awaiting(rows, others)
