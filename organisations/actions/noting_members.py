"""What changed of who acts for an organisation: for the trail, and for the other managers."""

from datetime import datetime

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.models import Invitation, MemberChange, Membership

Kind = MemberChange.Kind


def note_invitation(kind: Kind, invitation: Invitation, *, by: Membership, now: datetime) -> None:
    MemberChange.objects.create(
        organisation_id=invitation.organisation_id,
        kind=kind,
        invitation=invitation,
        role=invitation.role,
        by_id=by.user_id,
        at=now,
    )
    subject = f"invitation {invitation.pk}"
    log.record(Action.MEMBER_CHANGED, by=by, now=now, subject=subject, reason=kind)


def note_member(
    kind: Kind,
    member: Membership,
    *,
    by: Membership | None,
    now: datetime,
    invitation: Invitation | None = None,
) -> None:
    """`by` is None where a command at the shell did it."""
    with purpose("nrm_register"):
        MemberChange.objects.create(
            organisation_id=member.organisation_id,
            kind=kind,
            membership_id=member.pk,
            invitation=invitation,
            role=member.role,
            by_id=by.user_id if by else None,
            at=now,
        )
    subject = f"membership {member.pk}"
    log.record(Action.MEMBER_CHANGED, by=by, now=now, subject=subject, reason=kind)
