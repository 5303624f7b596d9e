"""Ask somebody by e-mail to act for an organisation. The mail itself is written where mails are:
see `MemberChange`."""

from datetime import datetime
from uuid import uuid4

from nrm_tracker.database import purpose
from organisations.actions.noting_members import Kind, note_invitation
from organisations.domains import domain_of
from organisations.errors import (
    InvitedAlready,
    LinkRefused,
    NotAMember,
    NotThatRole,
    NotTheirDomain,
)
from organisations.invitations import VALID, hashed, new_token
from organisations.models import Invitation, Membership, Organisation
from organisations.roles import Permission, Role, roles_at


def invite(
    *, organisation: Organisation, email: str, name: str, role: str, by: Membership, now: datetime
) -> Invitation:
    """`email` as `domains.address` gives it. Whether the address has an account makes no
    difference. Raises NotThatRole, NotTheirDomain, NotAMember, InvitedAlready."""
    with purpose("nrm_register"):
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _check_may_give(role, row, by=by)
        _check_address(email, row)
        _make_room(email, row, by=by, now=now)
        pk = uuid4()
        made = Invitation.objects.create(
            id=pk,
            organisation=row,
            email=email,
            name=name,
            role=role,
            token_hash=hashed(new_token(pk, number=1)),
            invited_by_id=by.user_id,
            invited_at=now,
            expires_at=now + VALID,
        )
        note_invitation(Kind.INVITED, made, by=by, now=now)
        return made


def send_invitation_again(*, invitation: Invitation, by: Membership, now: datetime) -> None:
    """With another link; the one before leads nowhere from now on. Raises LinkRefused, NotThatRole,
    NotTheirDomain."""
    with purpose("nrm_register"):
        row = _waiting(invitation)
        _check_may_give(row.role, row.organisation, by=by)
        _check_address(row.email, row.organisation)
        row.links += 1
        row.token_hash = hashed(new_token(row.pk, number=row.links))
        row.expires_at = now + VALID
        row.save(update_fields=["links", "token_hash", "expires_at"])
        note_invitation(Kind.SENT_AGAIN, row, by=by, now=now)


def revoke_invitation(*, invitation: Invitation, by: Membership, now: datetime) -> None:
    """The link leads nowhere from now on. Raises LinkRefused."""
    with purpose("nrm_register"):
        _revoke(_waiting(invitation), by=by, now=now)


def revoke_all_of(member: Membership, *, by: Membership, now: datetime) -> None:
    """Whom somebody had invited who leaves; of who kept the register, the first managers elsewhere
    too. Asked as nrm_register."""
    theirs = Invitation.objects.waiting().filter(invited_by=member.user_id)
    if member.organisation.is_oversight:
        still = Membership.objects.filter(user=member.user_id, ended_at__isnull=True)
        theirs = theirs.exclude(organisation__in=still.values("organisation"))
    else:
        theirs = theirs.filter(organisation=member.organisation_id)
    for row in theirs.select_for_update().order_by("pk"):
        _revoke(row, by=by, now=now)


def has_manager(*, organisation: Organisation) -> bool:
    """Somebody there invites others. Asked as nrm_register."""
    there = Membership.objects.filter(organisation=organisation.pk)
    return there.who_may(Permission.MANAGE_MEMBERS).exists()


def _check_may_give(role: str, organisation: Organisation, *, by: Membership) -> None:
    """One's own organisation's roles; who keeps the register gives the first manager of another."""
    own = by.organisation_id == organisation.pk and by.can(Permission.MANAGE_MEMBERS)
    if own and role in roles_at(oversight=organisation.is_oversight):
        return
    keeps = by.can(Permission.MANAGE_REGISTER) and not organisation.is_oversight
    if not own and keeps and role == Role.MANAGER:
        if has_manager(organisation=organisation):
            raise NotThatRole(f"{organisation} has a manager, who invites the others.")
        return
    raise NotThatRole("You cannot give this role. Choose another one.")


def _check_address(email: str, organisation: Organisation) -> None:
    if domain_of(email) in organisation.email_domains:
        return
    known = ", ".join(organisation.email_domains)
    allowed = f"{organisation} uses {known}." if known else f"No domain of {organisation} is known."
    raise NotTheirDomain(
        f"“{domain_of(email)}” is no e-mail domain of this organisation. {allowed} Check the "
        "address, or ask whoever keeps the register to add the domain."
    )


def _make_room(email: str, organisation: Organisation, *, by: Membership, now: datetime) -> None:
    there = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    if there.filter(user__email=email).exists():
        raise NotAMember(f"{email} acts for {organisation} already.")
    before = Invitation.objects.waiting().filter(organisation=organisation, email=email).first()
    if before is None:
        return
    if before.expires_at > now:
        raise InvitedAlready(
            f"{email} is invited already. Send that invitation again, or revoke it first."
        )
    _revoke(before, by=by, now=now)


def _waiting(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.waiting().select_for_update(of=("self",))
    found = rows.select_related("organisation").filter(pk=invitation.pk).first()
    if found is None:
        raise LinkRefused("This invitation was accepted or revoked meanwhile.")
    return found


def _revoke(row: Invitation, *, by: Membership, now: datetime) -> None:
    row.revoked_at, row.revoked_by_id = now, by.user_id
    row.save(update_fields=["revoked_at", "revoked_by"])
    note_invitation(Kind.REVOKED, row, by=by, now=now)
