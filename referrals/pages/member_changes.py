"""What changed of who acts for an organisation, in words with names of staff."""

from dataclasses import dataclass
from datetime import datetime

from organisations.models import MemberChange, Membership
from organisations.roles import Role

LATELY = 20
Kind = MemberChange.Kind
SAID: dict[str, str] = {
    Kind.INVITED: "{by} invited {whom} as {role}",
    Kind.SENT_AGAIN: "{by} sent the invitation of {whom} again",
    Kind.REVOKED: "{by} revoked the invitation of {whom}",
    Kind.JOINED: "{whom} accepted the invitation, as {role}",
    Kind.ADDED: "{by} added {whom} as {role}",
    Kind.ROLE: "{by} changed the role of {whom} to {role}",
    Kind.ENDED: "{by} ended the membership of {whom}",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    words: str
    at: datetime


def changes_of_members(membership: Membership) -> list[ChangeRow]:
    """The latest first."""
    rows = MemberChange.objects.visible_to(membership).order_by("-at", "-id")
    rows = rows.select_related("membership__user", "by", "invitation")
    rows = rows.defer("invitation__token_hash")
    return [ChangeRow(said_of(row), row.at) for row in rows[:LATELY]]


def said_of(change: MemberChange) -> str:
    """For behind the sign-in: a mail says nothing of this."""
    if change.membership is not None:
        whom = change.membership.user.name
    else:
        whom = change.invitation.name if change.invitation else ""
    return SAID[change.kind].format(
        by=change.by.name if change.by else "The operator",
        whom=whom,
        role=Role(change.role).label.lower(),
    )
