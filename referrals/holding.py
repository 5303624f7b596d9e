"""What a person holds in an organisation, and who may take it over."""

from collections.abc import Collection
from datetime import datetime

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from organisations.roles import Role
from referrals.models import (
    Appointment,
    Cover,
    NamedStaff,
    Referral,
    Restriction,
    Task,
    Undertaking,
)
from referrals.models.appointment import AppointmentQuerySet
from referrals.models.cover import CoverQuerySet
from referrals.models.referral import ReferralQuerySet
from referrals.models.restriction import RestrictionQuerySet
from referrals.models.task import TaskQuerySet


def open_referrals(person: int, *, seen_by: Membership) -> ReferralQuerySet:
    """Of which they are the caseworker: those that who asks may see."""
    return Referral.objects.visible_to(seen_by).open().filter(assigned_to=person)


def open_tasks(person: int, *, seen_by: Membership) -> TaskQuerySet:
    return Task.objects.visible_to(seen_by).open().filter(assigned_to=person)


def appointments_ahead(person: int, *, seen_by: Membership, now: datetime) -> AppointmentQuerySet:
    """Of the people whose caseworker they are."""
    rows = Appointment.objects.visible_to(seen_by).unanswered()
    return rows.filter(at__gte=now, referral__assigned_to=person)


def cover_ahead(person: int, *, seen_by: Membership, now: datetime) -> CoverQuerySet:
    """That stands or will, with them on either side."""
    rows = Cover.objects.visible_to(seen_by).filter(
        ended_at__isnull=True, last_on__gte=london_date(now)
    )
    return rows.filter(away=person) | rows.filter(covered_by=person)


def duties_ahead(person: int, *, seen_by: Membership, now: datetime) -> list[Undertaking]:
    """Limits out of hours on which they said they act: the last word of each."""
    rows = Undertaking.objects.visible_to(seen_by).filter(due_at__gt=now).order_by("id")
    last = {(row.referral_id, row.rule, row.started_by_id): row for row in rows}
    return [row for row in last.values() if row.person_id == person]


def restricted_to(person: int, *, seen_by: Membership) -> RestrictionQuerySet:
    """Restricted referrals, seen or not, that they are named on."""
    theirs = NamedStaff.objects.visible_to(seen_by).standing().filter(user=person)
    rows = Restriction.objects.visible_to(seen_by).held()
    return rows.filter(referral__in=theirs.values("referral"))


def restricted_to_nobody_else(person: int, *, seen_by: Membership) -> RestrictionQuerySet:
    """Of these, those that nobody else who works here is named on."""
    working = Membership.objects.visible_to(seen_by).doing_casework().exclude(user=person)
    others = NamedStaff.objects.visible_to(seen_by).standing()
    others = others.filter(user__in=working.values("user"))
    return restricted_to(person, seen_by=seen_by).exclude(referral__in=others.values("referral"))


def successors(leaver: Membership, *, by: Membership) -> list[Membership]:
    """Who may take over a restricted referral: leads first, who ends the membership last. To name
    oneself would be a way in that nobody is told of, where there is anybody else."""
    rows = Membership.objects.visible_to(by).doing_casework().exclude(pk=leaver.pk)
    found = sorted(rows.select_related("user"), key=lambda row: _before(row, by=by))
    return [row for row in found if row.pk != by.pk] or found


def usual_successor(people: Collection[Membership]) -> Membership | None:
    """Where nobody is chosen: a safeguarding lead, else a manager, else whoever is there."""
    return next(iter(people), None)


def _before(row: Membership, *, by: Membership) -> tuple[bool, int, str]:
    order = (Role.SAFEGUARDING_LEAD, Role.MANAGER, Role.CASEWORKER)
    return row.pk == by.pk, order.index(Role(row.role)), row.user.name
