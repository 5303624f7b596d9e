"""What the register's pages show: plain reads, in the words of the field."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices

from accounts.models import User
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import day_in_words
from organisations.hours import hours_in_words
from organisations.models import (
    STEPS,
    Application,
    Closure,
    Designation,
    Membership,
    Nation,
    Organisation,
    RegisterQuestion,
)
from organisations.roles import PERMISSION_WORDS, ROLE_PERMISSIONS, Permission, Role
from organisations.scope import Exploitation, Gender, Kind, Takes

UNKNOWN = "Not known"
STANDINGS: dict[str, str] = {
    "active": "Designated",
    "applicant": "Applicant",
    "suspended": "Suspended",
    "withdrawn": "Withdrawn",
    "disputed": "Lists disagree",
    "listed": "On published lists, not confirmed here",
    "none": "Not designated",
}


def rights_of(membership: Membership) -> AbstractContextManager[None]:
    """Whoever keeps the register sees all of it; others what is public, and their own."""
    keeper = membership.can(Permission.MANAGE_REGISTER)
    return purpose("nrm_register") if keeper else nullcontext()


def nations_in_words(nations: Sequence[str]) -> str:
    if set(nations) == set(Nation.values):
        return "All of the UK"
    return ", ".join(Nation(nation).label for nation in nations) or UNKNOWN


def questions() -> list[RegisterQuestion]:
    return list(
        RegisterQuestion.objects.filter(answered_at__isnull=True)
        .select_related("organisation")
        .order_by("asked_at")
    )


def facts_in_words(organisation: Organisation, *, keeper: bool, today: date) -> list[Line]:
    reviewed = organisation.last_reviewed_on
    lines = [
        Line("Kind", organisation.get_kind_display() or UNKNOWN),
        Line("Public authority", _authority(organisation)),
        Line("Duty to Notify", _yes_no(organisation, organisation.duty_to_notify)),
        *scope_in_words(organisation),
        Line("Telephone for referrals", organisation.telephone or UNKNOWN),
        Line("Open", hours_in_words(organisation)),
        *_closed(organisation, today=today),
        Line("On call out of hours", organisation.on_call or "Nobody is named"),
        Line("Facts last checked", day_in_words(reviewed, today=today) if reviewed else "Never"),
    ]
    if keeper:
        domains = ", ".join(organisation.email_domains) or UNKNOWN
        lines.append(Line("E-mail domains of its staff", domains))
    return lines


def scope_in_words(organisation: Organisation) -> list[Line]:
    """Whom it takes; what is not known is said to be so."""
    return [
        Line("Where it takes people", nations_in_words(organisation.nations)),
        Line("Whom it can take", organisation.takes or UNKNOWN),
        Line("Adults, children", _chosen(Takes, organisation.age_groups)),
        Line("Women, men", _chosen(Gender, organisation.genders)),
        Line("Exploitation", _chosen(Exploitation, organisation.exploitation)),
        Line("Particular group", organisation.client_group or UNKNOWN),
        Line("Languages", organisation.languages or UNKNOWN),
        Line("Access", organisation.access or UNKNOWN),
        Line(
            "May people ask it for help themselves?",
            organisation.get_self_referral_display() or UNKNOWN,
        ),
    ]


def _chosen(choices: type[TextChoices], values: Sequence[str]) -> str:
    return ", ".join(str(choices(value).label) for value in values) or UNKNOWN


def _authority(organisation: Organisation) -> str:
    if organisation.kind == Kind.CHARITY:
        return "No"
    return _yes_no(organisation, organisation.is_statutory)


def _yes_no(organisation: Organisation, value: bool) -> str:  # noqa: FBT001 - a column
    """A yes that a source gave; a no that somebody checked."""
    if value:
        return "Yes"
    return "No" if organisation.last_reviewed_on else UNKNOWN


@dataclass(frozen=True, slots=True)
class ClosureRow:
    id: int
    days: str
    why: str


def closures(organisation: Organisation, *, now: datetime) -> list[ClosureRow]:
    """When its office is closed, from today on."""
    today = london_date(now)
    return [
        ClosureRow(row.pk, _days_of(row, today=today), row.why)
        for row in Closure.objects.not_over(today).filter(organisation=organisation)
    ]


def _closed(organisation: Organisation, *, today: date) -> list[Line]:
    rows = Closure.objects.not_over(today).filter(organisation=organisation)
    words = "; ".join(f"{_days_of(row, today=today)} ({row.why})" for row in rows)
    return [Line("Closed", words)] if words else []


def _days_of(closure: Closure, *, today: date) -> str:
    first, last = (day_in_words(day, today=today) for day in (closure.first_on, closure.last_on))
    return first if first == last else f"{first} to {last}"


@dataclass(frozen=True, slots=True)
class Step:
    """A line of an organisation's history. `until`: the first London date no longer covered."""

    what: str
    since: date
    until: date | None
    known_from: date | None
    words: str
    cause: str
    told_by: str
    source: str
    recorded_by: str
    recorded_at: datetime


def history(organisation: Organisation) -> list[Step]:
    """Designations and applications, newest first."""
    designations = Designation.objects.filter(organisation=organisation).select_related("proposal")
    applications = Application.objects.filter(organisation=organisation).exclude(
        outcome=Application.Outcome.ERROR
    )
    recorders = [row.recorded_by_id for rows in (designations, applications) for row in rows]
    recorders += [
        row.proposal.settled_by_id
        for row in designations
        if hasattr(row, "proposal") and row.proposal.settled_by_id
    ]
    names = dict(User.objects.filter(id__in=recorders).values_list("id", "name"))
    steps = [
        Step(
            what=row.get_status_display(),
            since=row.effective_from,
            until=row.effective_until,
            known_from=row.known_from,
            words=" ".join(filter(None, [row.reason, row.scope and f"Scope: {row.scope}"])),
            cause=row.get_cause_display(),
            told_by=row.get_told_by_display(),
            source=row.source,
            recorded_by=_recorders(row, names),
            recorded_at=row.recorded_at,
        )
        for row in designations
    ]
    steps += [
        Step(
            what="Applied to become a First Responder Organisation",
            since=row.submitted_on or london_date(row.recorded_at),
            until=row.closed_on,
            known_from=None,
            words=row.get_stage_display(),
            cause="",
            told_by="",
            source=row.source,
            recorded_by=names[row.recorded_by_id],
            recorded_at=row.recorded_at,
        )
        for row in applications
    ]
    return sorted(steps, key=lambda step: step.since, reverse=True)


def _recorders(row: Designation, names: dict[int, str]) -> str:
    recorded = names[row.recorded_by_id]
    confirmed = row.proposal.settled_by_id if hasattr(row, "proposal") else None
    if confirmed is None:
        return recorded
    if confirmed == row.recorded_by_id:
        return f"{recorded} alone, after 24 hours"
    return f"{recorded}, confirmed by {names[confirmed]}"


def steps_that_follow(organisation: Organisation, *, today: date) -> list[str]:
    """The designation steps that may be recorded from today on; none of a kind of body."""
    if organisation.is_group:
        return []
    current = Designation.objects.filter(organisation=organisation).in_force(today).first()
    return [
        step for step, before in STEPS.items() if (current.status if current else None) in before
    ]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Who may do one thing: `may` in the order of the roles."""

    words: str
    may: tuple[bool, ...]


def matrix() -> list[MatrixRow]:
    """The whole table of roles.py, for the page that shows it."""
    return [
        MatrixRow(words, tuple(permission in ROLE_PERMISSIONS[role] for role in Role))
        for permission, words in PERMISSION_WORDS.items()
    ]
