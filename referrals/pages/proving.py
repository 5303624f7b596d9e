"""Proofs of wait: what has been issued of a referral, and what a check of one answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from organisations.models import Membership
from referrals.actions import checked
from referrals.models import Proof, Referral


@dataclass(frozen=True, slots=True)
class Issued:
    id: UUID
    number: str
    at: datetime
    by: str
    whom: str
    named: bool
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a proof stands, and what to know of it."""

    stands: bool
    issued_at: datetime
    withdrawn_at: datetime | None
    later_at: datetime | None
    corrected: bool


def issued_of(referral: Referral, *, membership: Membership) -> list[Issued]:
    """The newest first."""
    rows = Proof.objects.visible_to(membership).filter(referral=referral)
    return [
        Issued(
            id=row.pk,
            number=row.number,
            at=row.issued_at,
            by="you" if row.by_id == membership.user_id else str(row.by.name if row.by else ""),
            whom=row.get_addressed_to_display(),
            named=row.names_person,
            withdrawn=row.get_withdrawn_why_display() if row.withdrawn_at else "",
        )
        for row in rows.select_related("by").order_by("-issued_at")
    ]


def check_of(number: str, code: str) -> Checked | None:
    """None where no proof with both was issued: which of them is wrong is not said."""
    found = checked(number=number, code=code) if number and code else None
    if found is None:
        return None
    issued_at, withdrawn_at, later_at, corrected = found
    stands = withdrawn_at is None and later_at is None and not corrected
    return Checked(stands, issued_at, withdrawn_at, later_at, corrected)
