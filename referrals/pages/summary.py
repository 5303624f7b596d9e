"""A page or two about one referral, for a desk without a screen.

It says what is recorded, in the words of the product: nothing that anybody wrote, since that can
name other people, and no number or address, since whether one is safe to use is asked each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import LONDON, london_date
from nrm_tracker.ui.parts import Line
from organisations.models import Membership
from referrals.catalogue import Precision
from referrals.models import Referral, WaitEvent
from referrals.pages.delays import DelayCard
from referrals.pages.referral import Next, page_of
from referrals.pages.timeline import standing_of, title_of
from referrals.pages.waits import WaitRow

ENTRIES = 30  # with which two pages are enough
ON_SCREEN = ("Restricted to", "Intake", "Home Office form")
YOU = " (you)"  # which is somebody else once the paper lies on another desk
LEFT_OUT = (
    (
        "Telephone numbers and addresses",
        "whether one is safe to use depends on the hour. Ask under Who this is.",
    ),
    (
        "What anybody wrote: notes, details of entries, plans, tasks",
        "it can name other people. It stands on the page of the referral.",
    ),
    (
        "The answers of the intake, and the notes for the Home Office form",
        "they stand on pages of their own; the notes have a print of their own.",
    ),
    (
        "Linked people",
        "whoever finds the paper would learn of others. Look there before you meet: one may be a "
        "danger.",
    ),
    ("Harm that came to them", "your safeguarding lead reads it, and whoever recorded it."),
    ("Who recorded each entry, and what was corrected", "it stands on the timeline."),
)
NOT_ASKED = ("Who they are", "nobody asked for it.")


@dataclass(frozen=True, slots=True)
class Summary:
    """`planned` holds meetings; of tasks only how many. `left_out`: what, and why."""

    who: Sequence[Line]
    closed: bool
    next: Next | None
    delays: Sequence[DelayCard]
    waits: Sequence[WaitRow]
    planned: Sequence[tuple[str, str]]
    tasks: int
    entries: Sequence[tuple[str, str]]
    left_out: Sequence[tuple[str, str]]


def summary_of(
    referral: Referral, *, membership: Membership, named: bool, now: datetime
) -> Summary:
    """`named`: who the person is stands on it."""
    page = page_of(referral, membership=membership, now=now)
    standing = standing_of(referral, membership=membership)
    return Summary(
        who=[
            Line(line.key, line.value.removesuffix(YOU))
            for line in page.who
            if line.key not in ON_SCREEN
        ],
        closed=page.closed is not None,
        next=page.next,
        delays=[*page.delays, *page.known],
        waits=page.running,
        planned=[(row.when, row.title) for row in page.planned.appointments],
        tasks=len(page.planned.tasks),
        entries=[(_when(event), title_of(event)) for event in reversed(standing[:ENTRIES])],
        left_out=_left_out(len(standing) - ENTRIES, named=named),
    )


def _left_out(earlier: int, *, named: bool) -> list[tuple[str, str]]:
    cut = [(f"Earlier entries: {earlier}", "so that two pages are enough.")] if earlier > 0 else []
    return [*([] if named else [NOT_ASKED]), *LEFT_OUT, *cut]


def _when(event: WaitEvent) -> str:
    """ "14 April 2026, 09:12", "about" where it is; the day alone where no time is known."""
    day = london_date(event.happened_at)
    said = f"{day.day} {day:%B %Y}"
    if event.precision == Precision.DAY:
        return said
    about = "about " if event.precision == Precision.ABOUT else ""
    return f"{said}, {about}{event.happened_at.astimezone(LONDON):%H:%M}"
