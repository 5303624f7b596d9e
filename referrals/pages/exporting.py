"""The worklist as a table that leaves the product. Never who anybody is."""

from collections.abc import Sequence
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.catalogue import Severity
from referrals.pages.listing import Chosen, Row, every_row

HEADING = (
    "Reference",
    "Your reference",
    "Word for the person",
    "About",
    "Asked for help on",
    "Waiting",
    "Worst delay",
    "How bad",
    "Attention",
    "Caseworker",
)
MARK = "Confidential: about survivors of modern slavery. Keep it where only you can open it"


def marked(in_words: str, *, membership: Membership, now: datetime) -> str:
    """The first row: what this is, of what, by whom and when."""
    who = f"{membership.user.name}, {membership.organisation}"
    return f"{MARK}. {in_words}. Exported by {who}, {exact(now)}."


def table(membership: Membership, *, chosen: Chosen, now: datetime) -> list[Sequence[str]]:
    rows = every_row(membership, chosen=chosen, now=now)
    return [HEADING, *(_cells(row) for row in rows)]


def _cells(row: Row) -> Sequence[str]:
    return (
        row.reference,
        row.own_reference,
        row.pseudonym,
        row.about,
        london_date(row.since).isoformat(),
        row.waited,
        row.delay,
        Severity(row.severity).label if row.severity in Severity.values else "",
        row.attention,
        row.responsible,
    )
