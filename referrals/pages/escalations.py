"""To whom a delay was passed on because nobody answered for it, in words."""

from collections.abc import Sequence
from datetime import datetime

from nrm_tracker.ui.words import instant_in_words
from organisations.models import Membership
from referrals.colleagues import caseworkers_of
from referrals.models import Escalation, Referral

Step = Escalation.Step
WHY = {
    Step.REVIEW: "The day to look again had come",
    Step.MANAGER: "Nobody had taken it up",
    Step.LEAD: "Still nobody had taken it up",
}
GONE = "somebody who has left"


def passed_on(referral: Referral, *, membership: Membership, now: datetime) -> dict[int, list[str]]:
    """By flag: what happened since nobody answers for it, the earliest first."""
    rows = list(
        Escalation.objects.visible_to(membership).filter(referral=referral).order_by("at", "step")
    )
    latest = {row.flag_id: row.since for row in sorted(rows, key=lambda row: row.since)}
    names = caseworkers_of(membership.organisation_id) if rows else {}
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.since == latest[row.flag_id]:
            told = [names.get(user, GONE) for user in row.told]
            found.setdefault(row.flag_id, []).append(_words(row, told, now=now))
    return found


def _words(row: Escalation, told: Sequence[str], *, now: datetime) -> str:
    whom = f"to {', '.join(told)}" if told else row.get_step_display()
    return f"{WHY[Step(row.step)]}: passed on {whom}, {_when(row.at, now=now)}."


def _when(at: datetime, *, now: datetime) -> str:
    words = instant_in_words(at, now=now)
    return words if words[0].islower() or words[0].isdigit() else f"on {words}"
