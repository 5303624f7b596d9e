"""Follow the link of an invitation. Nobody is signed in yet: all one has is the link's hash."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from nrm_tracker.database import context, purpose
from organisations.actions.inviting import has_manager
from organisations.actions.noting_members import Kind, note_member
from organisations.domains import domain_of
from organisations.errors import LinkRefused
from organisations.models import Invitation, Membership, Organisation
from organisations.roles import Permission


class Link(StrEnum):
    """How it stands with the link of an invitation."""

    OPEN = "open"
    UNKNOWN = "unknown"  # incomplete, or replaced by a later one
    EXPIRED = "expired"
    USED = "used"
    REVOKED = "revoked"


def follow_link(*, token_hash: str, now: datetime) -> tuple[Link, Invitation | None]:
    """How the link stands, and the invitation where it is open."""
    with purpose("nrm_register"):
        rows = Invitation.objects.select_related("organisation")
        found = rows.filter(token_hash=token_hash).first()
    link = _standing(found, now=now)
    return link, found if link == Link.OPEN else None


def has_account(*, email: str) -> bool:
    """Somebody signs in with this address. Asked by whoever holds the link alone."""
    user = User.objects.filter(email=email).first()
    return user is not None and (user.has_usable_password() or not user.is_active)


@transaction.atomic
def accept_as_new(
    *, token_hash: str, name: str, password: str, now: datetime
) -> tuple[User, Membership]:
    """With a password for an account that is made, or that nobody could sign in to yet. Raises
    LinkRefused."""
    invitation = _open(token_hash, now=now)
    if has_account(email=invitation.email):
        raise LinkRefused("There is an account with this address. Sign in to accept.")
    user = User.objects.filter(email=invitation.email).first() or User(email=invitation.email)
    user.name = name
    user.set_password(password)
    user.save()
    return user, _join(user, invitation, now=now)


@transaction.atomic
def accept_invitation(*, token_hash: str, user: User, now: datetime) -> Membership:
    """By who signed in with the address that was invited. Raises LinkRefused."""
    invitation = _open(token_hash, now=now)
    if user.email != invitation.email:
        raise LinkRefused("This invitation was sent to another address than yours.")
    return _join(user, invitation, now=now)


def _open(token_hash: str, *, now: datetime) -> Invitation:
    """Locked, after the organisation, so that a link that is followed twice at once works once."""
    with purpose("nrm_register"):
        rows = Invitation.objects.filter(token_hash=token_hash)
        whose = Organisation.objects.filter(pk__in=rows.values("organisation"))
        here = whose.select_for_update(of=("self",)).first()
        locked = rows.select_for_update(of=("self",)).select_related("organisation")
        found = locked.first() if here else None
        if here is None or found is None or _standing(found, now=now) != Link.OPEN:
            raise LinkRefused("This link no longer works. Open it again to see why.")
        _check_still_right(found, here)
    return found


def _check_still_right(invitation: Invitation, here: Organisation) -> None:
    """What held when it was sent may hold no longer."""
    if domain_of(invitation.email) not in here.email_domains:
        raise LinkRefused(
            f"{here} no longer uses addresses like yours. Ask whoever invited you to have the "
            "domain added, or to invite another address."
        )
    there = Membership.objects.filter(organisation=here, user=invitation.invited_by_id)
    if not there.who_may(Permission.MANAGE_MEMBERS).exists() and has_manager(organisation=here):
        raise LinkRefused(f"{here} has a manager by now. Ask them to invite you.")


def _join(user: User, invitation: Invitation, *, now: datetime) -> Membership:
    with purpose("nrm_register"):
        there = Membership.objects.filter(user=user, organisation=invitation.organisation)
        if there.filter(ended_at__isnull=True).exists():
            raise LinkRefused(f"You act for {invitation.organisation} already.")
        member = Membership.objects.create(
            user=user, organisation=invitation.organisation, role=invitation.role, started_at=now
        )
        invitation.accepted_at, invitation.accepted_by_id = now, user.pk
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    with context(user=user.pk, organisation=invitation.organisation_id):
        note_member(Kind.JOINED, member, by=member, now=now, invitation=invitation)
    return member


def _standing(invitation: Invitation | None, *, now: datetime) -> Link:
    if invitation is None:
        return Link.UNKNOWN
    if invitation.accepted_at:
        return Link.USED
    if invitation.revoked_at:
        return Link.REVOKED
    return Link.OPEN if now < invitation.expires_at else Link.EXPIRED
