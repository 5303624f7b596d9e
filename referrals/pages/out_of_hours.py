"""Limits in hours that are passed while the office is closed, and who acts on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from organisations.hours import is_open
from organisations.models import Membership
from referrals.delays import Wait
from referrals.models import Referral, Undertaking
from referrals.pages.consequences import waits_of
from referrals.pages.waits import due_in_words, out_of_hours

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class OutOfHours:
    """One limit. `who` is "" while nobody has said who acts."""

    title: str
    to_do: str
    due: str
    who: str
    on_call: str  # who that is, or that nobody is


def due_out_of_hours(
    referral: Referral, waits: Sequence[Wait], *, membership: Membership, now: datetime
) -> list[Wait]:
    """Those that run, in hours, and pass their limit while the organisation is closed."""
    return [
        wait
        for wait in waits
        if wait.running
        and wait.unit == "h"
        and "us" in wait.threshold.who_can_end
        and wait.due_at
        and wait.due_at > now
        and not is_open(membership.organisation, wait.due_at)
        and not referral.closed_at
    ]


def out_of_hours_of(
    referral: Referral, waits: Sequence[Wait], *, membership: Membership, now: datetime
) -> list[OutOfHours]:
    closed = due_out_of_hours(referral, waits, membership=membership, now=now)
    said = _said(referral, membership) if closed else {}
    return [
        OutOfHours(
            title=wait.threshold.title,
            to_do=wait.threshold.to_do,
            due=due_in_words(wait.due_at, unit="h", now=now),
            who=_who(said.get((wait.rule, wait.started_by)), wait, membership),
            on_call=out_of_hours(membership.organisation, wait.due_at),
        )
        for wait in closed
        if wait.due_at
    ]


def asked_about(referral: Referral, *, membership: Membership, now: datetime) -> list[Wait]:
    """What the form is about."""
    waits = waits_of(referral, now=now)
    return due_out_of_hours(referral, waits, membership=membership, now=now)


def _said(referral: Referral, membership: Membership) -> dict[Key, Undertaking]:
    """By colleagues: what an organisation said that had the referral before counts no longer."""
    colleagues = Membership.objects.visible_to(membership).filter(user=OuterRef("by"))
    rows = (
        Undertaking.objects.visible_to(membership)
        .filter(Exists(colleagues), referral=referral)
        .select_related("person", "by")
        .order_by("id")
    )
    return {(row.rule, row.started_by_id): row for row in rows}


def _who(said: Undertaking | None, wait: Wait, membership: Membership) -> str:
    """Not what was said of another hour: a limit that moved is asked about anew."""
    if said is None or said.due_at != wait.due_at:
        return ""
    if said.person is None:
        return f"Whoever is on call acts, said {said.by.name}."
    you = " (you)" if said.person_id == membership.user_id else ""
    by = "" if said.person_id == said.by_id else f", said {said.by.name}"
    return f"{said.person.name}{you} acts{by}."
