"""Another role for a colleague, and the end of a membership: both at once, for every open page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from accounts.models import User
from nrm_tracker.database import purpose
from organisations.actions.inviting import revoke_all_of
from organisations.actions.noting_members import Kind, note_member
from organisations.errors import NobodyElse, NotAMember, NotOneself, NotThatRole
from organisations.models import Membership, Organisation
from organisations.roles import ROLE_PERMISSIONS, Permission, Role, roles_at


@transaction.atomic
def change_role(*, member: Membership, role: str, by: Membership, now: datetime) -> bool:
    """Their sign-ins end, so that no page stays open that the role no longer shows. False where
    they have the role. Raises NotOneself, NotThatRole, NobodyElse, NotAMember."""
    with _in_hand(member, by=by) as row:
        if role not in roles_at(oversight=row.organisation.is_oversight):
            raise NotThatRole("Choose a role that goes with this organisation.")
        if row.role == role:
            return False
        if Permission.MANAGE_MEMBERS not in ROLE_PERMISSIONS[Role(role)]:
            _check_somebody_stays(row)
            revoke_all_of(row, by=by, now=now)
        row.role = role
        row.save(update_fields=["role"])
    _end_sign_ins(row, now=now)
    note_member(Kind.ROLE, row, by=by, now=now)
    return True


@transaction.atomic
def close_membership(
    *,
    member: Membership,
    by: Membership,
    now: datetime,
    hand_on: Callable[[], object] = lambda: None,
) -> Membership:
    """They act for the organisation no longer. What they were doing there is handed on by
    `referrals.actions.end_membership`, before anything is noted: whoever records something locks
    the referral, and the chain of the audit last. Raises NotOneself, NobodyElse, NotAMember."""
    with _in_hand(member, by=by) as row:
        _check_somebody_stays(row)
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        elsewhere = Membership.objects.filter(user=row.user_id, ended_at__isnull=True).exists()
    hand_on()
    with purpose("nrm_register"):
        revoke_all_of(row, by=by, now=now)
    if not elsewhere:
        _end_sign_ins(row, now=now)
    note_member(Kind.ENDED, row, by=by, now=now)
    return row


@contextmanager
def _in_hand(member: Membership, *, by: Membership) -> Iterator[Membership]:
    """A colleague's row. Of an organisation one at a time changes: two managers who lower each
    other at once would else leave it with none."""
    if member.organisation_id != by.organisation_id:
        raise NotAMember("Only who acts for your own organisation can be changed here.")
    if member.user_id == by.user_id:
        raise NotOneself("This is you. Ask another manager to do this.")
    with purpose("nrm_register"):
        Organisation.objects.select_for_update().get(pk=by.organisation_id)
        _check_still_may(by)
        rows = Membership.objects.select_related("organisation").select_for_update(of=("self",))
        found = rows.filter(pk=member.pk, ended_at__isnull=True).first()
        if found is None:
            raise NotAMember("Their membership has ended meanwhile.")
        yield found


def _check_still_may(by: Membership) -> None:
    there = Membership.objects.filter(pk=by.pk).who_may(Permission.MANAGE_MEMBERS)
    if not there.exists():
        raise NotAMember("Your own role was changed meanwhile. Nothing is done.")


def _check_somebody_stays(row: Membership) -> None:
    others = Membership.objects.filter(organisation=row.organisation_id).exclude(pk=row.pk)
    if not others.who_may(Permission.MANAGE_MEMBERS).exists():
        raise NobodyElse(
            "Nobody else could invite and change members. Make a colleague a manager first."
        )


def _end_sign_ins(row: Membership, *, now: datetime) -> None:
    User.objects.filter(pk=row.user_id).update(signed_out_at=now)
