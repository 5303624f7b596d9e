"""What somebody holds who is to leave, before it is handed on."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Invitation, Membership
from referrals.holding import (
    appointments_ahead,
    cover_ahead,
    duties_ahead,
    open_referrals,
    open_tasks,
    restricted_to,
    restricted_to_nobody_else,
)
from referrals.models import Cover
from referrals.models.restriction import RestrictionQuerySet


@dataclass(frozen=True, slots=True)
class Holds:
    """`restricted`: references of those on which they are named; `alone`: of those on which nobody
    else who works here is."""

    referrals: int
    tasks: int
    appointments: int
    cover: tuple[str, ...]
    duties: int
    restricted: tuple[str, ...]
    alone: tuple[str, ...]
    invitations: int
    on_call: str  # what the organisation says of who acts out of hours

    @property
    def nothing(self) -> bool:
        numbers = (self.referrals, self.tasks, self.duties, self.invitations)
        return not any((*numbers, self.cover, self.restricted))


def holds(member: Membership, *, seen_by: Membership, now: datetime) -> Holds:
    person = member.user_id
    invited = Invitation.objects.visible_to(seen_by).waiting().filter(invited_by=person)
    return Holds(
        referrals=open_referrals(person, seen_by=seen_by).count(),
        tasks=open_tasks(person, seen_by=seen_by).count(),
        appointments=appointments_ahead(person, seen_by=seen_by, now=now).count(),
        cover=_cover(person, seen_by=seen_by, now=now),
        duties=len(duties_ahead(person, seen_by=seen_by, now=now)),
        restricted=_references(restricted_to(person, seen_by=seen_by)),
        alone=_references(restricted_to_nobody_else(person, seen_by=seen_by)),
        invitations=invited.count(),
        on_call=seen_by.organisation.on_call,
    )


def handed_on(before: Holds) -> str:
    """What became of it, in a sentence."""
    parts = [
        count(number, noun)
        for number, noun in (
            (before.referrals, "referral"),
            (before.tasks, "task"),
            (len(before.restricted), "restricted referral"),
        )
        if number
    ]
    return f"Handed on: {', '.join(parts)}." if parts else ""


def _cover(person: int, *, seen_by: Membership, now: datetime) -> tuple[str, ...]:
    rows = cover_ahead(person, seen_by=seen_by, now=now).select_related("away", "covered_by")
    return tuple(_of(row, person, now=now) for row in rows.order_by("first_on", "id"))


def _of(row: Cover, person: int, *, now: datetime) -> str:
    today = london_date(now)
    first, last = (day_in_words(day, today=today) for day in (row.first_on, row.last_on))
    if row.away_id == person:
        return f"{row.covered_by.name} covers for them, {first} to {last}"
    return f"They cover for {row.away.name}, {first} to {last}"


def _references(rows: RestrictionQuerySet) -> tuple[str, ...]:
    return tuple(sorted(row.reference for row in rows))
