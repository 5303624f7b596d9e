"""Short ways to a world worth testing. Everything goes through the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from nrm_tracker.database import context, purpose
from organisations.actions import (
    Decided,
    confirm_designation,
    propose_designation,
    record_designation,
    withdraw_designation,
)
from organisations.errors import RegisterRefused
from organisations.models import Designation, Membership, Organisation
from organisations.roles import Role
from referrals.actions import Happening, Opening, open_referral, record_wait_events
from referrals.catalogue import EventCode
from referrals.models import Referral

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Acting:
    """An organisation and two people who act for it."""

    organisation: Organisation
    caseworker: Membership
    manager: Membership

    def context(self, member: Membership | None = None) -> Any:
        return acts(member or self.caseworker)


def acts(member: Membership) -> Any:
    """The context in which a member acts."""
    return context(user=member.user_id, organisation=member.organisation_id)


def organisation(name: str, slug: str, *, designated: bool = True, **facts: Any) -> Acting:
    caseworker = person(f"caseworker@{slug}.example", "Ash Caseworker")
    manager = person(f"manager@{slug}.example", "Bay Manager")
    with purpose("nrm_register"):
        made = Organisation.objects.create(name=name, slug=slug, **facts)
        if designated:
            designate(made, since=date(2015, 11, 1), by=manager)
        members = [
            Membership.objects.create(user=user, organisation=made, role=role, started_at=LONG_AGO)
            for user, role in ((caseworker, Role.CASEWORKER), (manager, Role.MANAGER))
        ]
    return Acting(made, *members)


def safeguarding_lead(acting: Acting) -> Membership:
    slug = acting.organisation.slug
    user = person(f"lead@{slug}.example", "Dale Lead")
    with purpose("nrm_register"):
        return Membership.objects.create(
            user=user,
            organisation=acting.organisation,
            role=Role.SAFEGUARDING_LEAD,
            started_at=LONG_AGO,
        )


def administrator() -> Membership:
    user = person("administrator@register.example", "Cedar Administrator")
    with purpose("nrm_register"):
        desk = Organisation.objects.create(
            name="Register Desk (fictitious)", slug="register-desk", is_oversight=True
        )
        return Membership.objects.create(
            user=user,
            organisation=desk,
            role=Role.DESIGNATION_ADMINISTRATOR,
            started_at=LONG_AGO,
        )


def fellow_administrator(of: Membership, name: str = "Rowan Administrator") -> Membership:
    """Another person who may do the same in the same oversight body."""
    user = person(f"{name.split()[0].lower()}@register.example", name)
    with purpose("nrm_register"):
        return Membership.objects.create(
            user=user, organisation=of.organisation, role=of.role, started_at=LONG_AGO
        )


def colleague_of(member: Membership) -> Membership:
    """Who may do the same beside them, made where there is nobody yet."""
    with purpose("nrm_register"):
        others = Membership.objects.filter(organisation=member.organisation, role=member.role)
        found = others.exclude(pk=member.pk).first()
    return found or fellow_administrator(member)


def person(email: str, name: str) -> User:
    return User.objects.create_user(email=email, name=name, password=None)


def designate(
    organisation: Organisation, *, since: date, by: User, until: date | None = None
) -> Designation:
    return Designation.objects.create(
        organisation=organisation,
        status=Designation.Status.ACTIVE,
        effective_from=since,
        effective_until=until,
        known_from=since,
        source="invented for a test",
        recorded_by=by,
        recorded_at=LONG_AGO,
    )


def record_step(
    organisation: Organisation, *, status: str, since: date, by: Membership, now: datetime
) -> None:
    """As the register's keeper records it; a designation is confirmed by a colleague."""
    decided = Decided(
        effective_from=since,
        known_from=min(since, now.date()),
        source="letter",
        reason="said so",
    )
    with purpose("nrm_register"):
        version = Organisation.objects.get(pk=organisation.pk).version
    about: dict[str, Any] = {"organisation": organisation, "decided": decided, "version": version}
    if status != Designation.Status.ACTIVE:
        with acts(by):
            record_designation(status=status, by=by, now=now, **about)
        return
    with acts(by):
        proposal = propose_designation(by=by, now=now, **about)
    colleague = colleague_of(by)
    try:
        with acts(colleague):
            confirm_designation(proposal=proposal, by=colleague, now=now)
    except RegisterRefused:
        with acts(by):
            withdraw_designation(proposal=proposal, by=by, now=now)
        raise


def happening(code: str, at: datetime, **facts: Any) -> Happening:
    return Happening(code=EventCode(code), happened_at=at, **facts)


def referral(
    acting: Acting,
    *,
    contact: datetime,
    now: datetime | None = None,
    events: Sequence[Happening] = (),
    pseudonym: str = "Heron",
    age_group: str = "adult",
    nation: str = "england",
    **facts: Any,
) -> Referral:
    """A referral opened at `now` (default: a minute after the last event), in its own context."""
    happenings = [happening("initial_contact", contact), *events]
    opened = now or max(h.happened_at for h in happenings) + timedelta(minutes=1)
    with acting.context():
        return open_referral(
            opening=Opening(
                pseudonym=pseudonym,
                age_group=age_group,
                nation=nation,
                happenings=happenings,
                assigned_to=acting.caseworker.user_id,
                **facts,
            ),
            by=acting.caseworker,
            now=opened,
        )


def record(acting: Acting, referral: Referral, *happenings: Happening, now: datetime) -> None:
    with acting.context():
        record_wait_events(referral=referral, happenings=happenings, by=acting.caseworker, now=now)
