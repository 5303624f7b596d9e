"""Invitations that were not answered yet."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from nrm_tracker.ui.words import exact
from organisations.invitations import new_token
from organisations.models import Invitation, Membership, Organisation
from organisations.models.invitation import InvitationQuerySet
from organisations.roles import Role


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`link` in the demonstration alone, where no mail is sent and everybody is invented."""

    id: str
    name: str
    email: str
    role: str
    by: str
    until: str
    expired: bool
    link: str


def invitations_for(membership: Membership, *, now: datetime) -> list[InvitationRow]:
    """One's own organisation's."""
    return _rows(Invitation.objects.visible_to(membership), now=now)


def invitations_of(organisation: Organisation, *, now: datetime) -> list[InvitationRow]:
    """For who keeps the register: asked as nrm_register."""
    return _rows(organisation.invitations.all(), now=now)


def _rows(rows: InvitationQuerySet, *, now: datetime) -> list[InvitationRow]:
    waiting = rows.waiting().order_by("-expires_at", "pk")
    inviters = dict(waiting.values_list("pk", "invited_by__name"))
    return [
        InvitationRow(
            id=str(row.pk),
            name=row.name,
            email=row.email,
            role=str(Role(row.role).label),
            by=inviters[row.pk],
            until=exact(row.expires_at),
            expired=row.expires_at <= now,
            link=_link(row) if settings.NRM_DEMONSTRATION else "",
        )
        for row in waiting
    ]


def _link(row: Invitation) -> str:
    return reverse("invitation_link", args=[new_token(row.pk, number=row.links)])
