"""Who acts for an organisation."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from nrm_tracker.database import purpose
from organisations.actions.noting_members import Kind, note_member
from organisations.errors import NotAMember
from organisations.models import Membership, Organisation
from organisations.roles import Role


def add_member(
    *, email: str, name: str, organisation: str, role: Role, now: datetime
) -> Membership:
    """Let a person, new or known by e-mail address, act for an organisation (slug).

    Raises NotAMember: no such organisation, a role that does not go with it, or there already.
    """
    row = Organisation.objects.filter(slug=organisation).first()
    if row is None:
        raise NotAMember(f"No organisation is called {organisation}. The register shows them all.")
    if row.is_oversight != (role == Role.DESIGNATION_ADMINISTRATOR):
        raise NotAMember(f"{role.label} is not a role at {row}.")
    with transaction.atomic():
        user = User.objects.filter(email=email.strip().lower()).first()
        user = user or User.objects.create_user(email=email, name=name)
        with purpose("nrm_register"):
            if Membership.objects.filter(user=user, organisation=row, ended_at=None).exists():
                raise NotAMember(f"{user.email} acts for {row} already.")
            member = Membership.objects.create(
                user=user, organisation=row, role=role, started_at=now
            )
            note_member(Kind.ADDED, member, by=None, now=now)
            return member
