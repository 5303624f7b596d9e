"""What the caseworker reads once a referral is saved: what to do next, until when, and who acts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from organisations.models import Membership, Organisation
from referrals.delays import Wait
from referrals.models import Referral, Submission
from referrals.pages.consequences import waits_of
from referrals.pages.waits import due_in_words, out_of_hours

THINGS = 2


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do. `closed` says who acts if it falls due while the office is closed."""

    title: str
    to_do: str
    due: str
    late: bool
    closed: str


def saved_with(key: UUID, *, membership: Membership) -> Referral | None:
    """The referral that the form with this key has made."""
    made = Submission.objects.visible_to(membership).filter(key=key).values("referral")
    return Referral.objects.visible_to(membership).filter(pk__in=made).first()


def opened_page(referral: Referral, *, organisation: Organisation, now: datetime) -> list[Thing]:
    """The two nearest limits that we can keep or break."""
    running = [
        (wait.due_at, wait)
        for wait in waits_of(referral, now=now)
        if wait.running and wait.due_at and "us" in wait.threshold.who_can_end
    ]
    nearest = sorted(running, key=lambda pair: (pair[0], pair[1].rule))[:THINGS]
    return [_thing(wait, due_at, organisation, now=now) for due_at, wait in nearest]


def _thing(wait: Wait, due_at: datetime, organisation: Organisation, *, now: datetime) -> Thing:
    hours = wait.unit == "h"
    return Thing(
        title=wait.threshold.title,
        to_do=wait.threshold.to_do,
        due=due_in_words(due_at, unit=wait.unit, now=now),
        late=due_at <= now,
        closed=out_of_hours(organisation, due_at) if hours and due_at > now else "",
    )
