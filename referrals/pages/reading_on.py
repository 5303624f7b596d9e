"""What whoever handed a referral over reads on, and who reads on about one's own."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Entry
from nrm_tracker.ui.words import count
from organisations.models import Membership
from referrals.actions.reading_on import ToldEvent, ToldOn
from referrals.catalogue import ConsentType, EventCode, Outcome, Precision
from referrals.models import HandOver, Referral
from referrals.pages.timeline import PRECISION_WORDS
from referrals.thresholds import all_thresholds


@dataclass(frozen=True, slots=True)
class Late:
    title: str
    severity: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """`waited`: "12 days since first contact", until the NRM referral where it was submitted."""

    waited: str
    stands: str
    delays: list[Late]
    timeline: list[Entry]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads on about a referral, and until when."""

    hand_over: HandOver
    until: datetime


def reading_page(told: ToldOn, *, now: datetime) -> ReadingPage:
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    first, submitted, closed = (
        _instant(told[key]) for key in ("first_contact_at", "submitted_at", "closed_at")
    )
    end = submitted or closed or now
    waited = (london_date(end) - london_date(first or end)).days
    return ReadingPage(
        waited=f"{count(waited, 'day')} since first contact",
        stands="Submitted" if submitted else "Closed" if closed else "Waits to enter",
        delays=[
            Late(titles[row["rule"]], row["severity"], datetime.fromisoformat(row["breached_at"]))
            for row in told["delays"]
        ],
        timeline=[_entry(event) for event in told["events"]],
    )


def readers_of(referral: Referral, *, membership: Membership, now: datetime) -> list[Reader]:
    """Who handed it over to us and may read on now."""
    rows = HandOver.objects.visible_to(membership).asked_of(membership).read_on()
    found = rows.filter(referral=referral).select_related("sender").order_by("-ended_at")[:1]
    return [
        Reader(row, row.reads_until) for row in found if row.reads_until and now < row.reads_until
    ]


def _entry(event: ToldEvent) -> Entry:
    details = (
        ConsentType(event["consent_type"]).label if event["consent_type"] else "",
        Outcome(event["outcome"]).label if event["outcome"] else "",
        event["organisation"] or "",
    )
    said = ", ".join(detail for detail in details if detail)
    label = EventCode(event["code"]).label
    return Entry(
        title=f"{label}: {said}" if said else label,
        at=datetime.fromisoformat(event["happened_at"]),
        byline="",
        about=PRECISION_WORDS.get(Precision(event["precision"]), ""),
    )


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
