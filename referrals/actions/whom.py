"""Who is told: of a delay, of one that nobody answers for, of an emergency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from organisations.roles import Role
from referrals.models import Cover, Escalation, NamedStaff, OutboxMessage, Referral

Member = tuple[int, str]  # a user and the role
Step = Escalation.Step
STEP_ROLES = {Step.MANAGER: Role.MANAGER, Step.LEAD: Role.SAFEGUARDING_LEAD}


@dataclass(frozen=True, slots=True)
class People:
    """Who works on the referrals of some organisations, who is named and who covers today."""

    members: Mapping[int, list[Member]]  # by organisation
    named: Mapping[int, set[int]]  # by restricted referral
    covers: Mapping[tuple[int, int | None], set[int]]  # by organisation and who is away

    @classmethod
    def around(cls, referrals: set[Referral], *, now: datetime) -> "People":
        holders = {referral.holder_id for referral in referrals}
        restricted = {referral.pk for referral in referrals if referral.restricted}
        return cls(members_of(holders), _named(restricted), _who_covers(holders, now=now))

    def told(self, message: OutboxMessage) -> list[int]:
        """Of an emergency the safeguarding lead, else the manager. Of a delay whoever is
        responsible; of one that nobody answers for, those whose turn it is. Of a restricted
        referral only the people named, else the safeguarding lead."""
        referral, step = message.about, message.escalation
        members = self.members.get(referral.holder_id, [])
        if message.flag_id is None:
            return first_of(members, Role.SAFEGUARDING_LEAD, Role.MANAGER)
        if referral.restricted:
            members = self._who_are_named(referral)
            if not members:
                return self._instead_of_the_named(referral)
        if step is None:
            return (
                [user for user, _ in members] if referral.restricted else self.responsible(referral)
            )
        if step.step == Step.REVIEW:
            answers = step.taken_up.by_id if step.taken_up else None
            there = [user for user, _ in members if user == answers]
            return there or first_of(members, Role.MANAGER)
        return first_of(members, STEP_ROLES[Step(step.step)], Role.MANAGER)

    def responsible(self, referral: Referral) -> list[int]:
        """Managers, the responsible caseworker and who covers for them; everybody where none is
        left."""
        members = self.members.get(referral.holder_id, [])
        concerned = self.caseworkers(referral)
        told = [user for user, role in members if role == Role.MANAGER or user in concerned]
        return told or [user for user, _ in members]

    def who_waits(self, referral: Referral) -> list[int]:
        """Whoever is responsible; of a restricted referral all who are named, else whoever could
        name somebody."""
        if not referral.restricted:
            return self.responsible(referral)
        named = [user for user, _ in self._who_are_named(referral)]
        return named or self._instead_of_the_named(referral)

    def at_work(self, referral: Referral) -> list[int]:
        """The responsible caseworker and who covers; else the managers, else everybody; of a
        restricted referral all who are named."""
        if referral.restricted:
            return [user for user, _ in self._who_are_named(referral)]
        members = self.members.get(referral.holder_id, [])
        concerned = self.caseworkers(referral)
        there = [user for user, _ in members if user in concerned]
        return there or first_of(members, Role.MANAGER)

    def caseworkers(self, referral: Referral) -> set[int | None]:
        away = referral.assigned_to_id
        return {away, *self.covers.get((referral.holder_id, away), ())}

    def sees(self, user: int, referral: Referral) -> bool:
        return not referral.restricted or user in self.named.get(referral.pk, ())

    def _who_are_named(self, referral: Referral) -> list[Member]:
        named = self.named.get(referral.pk, set())
        return [each for each in self.members.get(referral.holder_id, []) if each[0] in named]

    def _instead_of_the_named(self, referral: Referral) -> list[int]:
        members = self.members.get(referral.holder_id, [])
        return first_of(members, Role.SAFEGUARDING_LEAD, Role.MANAGER)


def first_of(members: list[Member], *roles: Role) -> list[int]:
    """All of the first of these roles that anybody has; everybody where nobody has one."""
    by_role = ([user for user, role in members if role == wanted] for wanted in roles)
    return next(filter(None, by_role), [user for user, _ in members])


def members_of(organisations: set[int]) -> dict[int, list[Member]]:
    """Those of each organisation who work on its referrals."""
    rows = Membership.objects.doing_casework().filter(organisation__in=organisations)
    found: dict[int, list[Member]] = {}
    for organisation, user, role in rows.values_list("organisation_id", "user_id", "role"):
        found.setdefault(organisation, []).append((user, role))
    return found


def _named(referrals: set[int]) -> dict[int, set[int]]:
    """Who may see each restricted referral."""
    rows = NamedStaff.objects.standing().filter(referral__in=referrals)
    found: dict[int, set[int]] = {}
    for referral, user in rows.values_list("referral_id", "user_id"):
        found.setdefault(referral, set()).add(user)
    return found


def _who_covers(
    organisations: set[int], *, now: datetime
) -> dict[tuple[int, int | None], set[int]]:
    """Who covers today."""
    rows = (
        Cover.objects.standing_on(london_date(now))
        .filter(organisation__in=organisations)
        .values_list("organisation_id", "away_id", "covered_by_id")
    )
    covers: dict[tuple[int, int | None], set[int]] = {}
    for organisation, away, covered_by in rows:
        covers.setdefault((organisation, away), set()).add(covered_by)
    return covers
