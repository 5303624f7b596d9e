"""Keep the register. The Home Office decides; each action records what it decided."""

from dataclasses import dataclass, field, fields
from datetime import datetime, time

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions.keeping import free_slug, locked, note, owe_reassessment, refuse_taken
from organisations.models import (
    Membership,
    Organisation,
    RegisterQuestion,
)
from organisations.models.organisation import monday_to_friday


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When an organisation is open, Europe/London, and who is on call when it is not."""

    on_call: str = ""
    always_open: bool = False
    open_days: list[int] = field(default_factory=monday_to_friday)
    opens_at: time = time(9)
    closes_at: time = time(17)


@dataclass(frozen=True, kw_only=True)
class Facts(Hours):
    """What the register says of an organisation beside its designation."""

    name: str
    kind: str = ""
    is_statutory: bool = False
    duty_to_notify: bool = False
    nations: list[str] = field(default_factory=list)
    email_domains: list[str] = field(default_factory=list)
    takes: str = ""
    telephone: str = ""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whom an organisation takes, beside the words of its facts. Empty: not known."""

    age_groups: list[str] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    exploitation: list[str] = field(default_factory=list)
    client_group: str = ""
    languages: str = ""
    access: str = ""
    self_referral: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnFacts(Hours):
    """What an organisation says of itself."""

    lawful_basis: str = ""
    special_condition: str = ""


def add_organisation(*, facts: Facts, by: Membership, now: datetime) -> Organisation:
    """A new entry, neither designated nor applying yet. Raises NameTaken."""
    with purpose("nrm_register"):
        refuse_taken(facts.name)
        made = Organisation.objects.create(
            slug=free_slug(facts.name),
            last_reviewed_on=london_date(now),
            changed_at=now,
            changed_by_id=by.user_id,
            **_columns(facts),
        )
        note(made, by=by, now=now)
        return made


def edit_organisation(
    *, organisation: Organisation, facts: Facts, version: int, by: Membership, now: datetime
) -> Organisation:
    """Change the facts, which counts as having checked them. Raises ChangedMeanwhile, NameTaken."""
    with locked(organisation, version, by=by, now=now) as row:
        refuse_taken(facts.name, besides=row)
        for column, value in _columns(facts).items():
            setattr(row, column, value)
        row.last_reviewed_on = london_date(now)
        row.save()
        owe_reassessment(row, f"The register's facts on {row} changed", now=now)
        return row


def edit_scope(
    *, organisation: Organisation, scope: Scope, version: int, by: Membership, now: datetime
) -> Organisation:
    """Change whom it takes: nobody has checked the other facts by that. Raises ChangedMeanwhile."""
    with locked(organisation, version, by=by, now=now) as row:
        for column, value in _columns(scope).items():
            setattr(row, column, value)
        row.save()
        return row


def edit_own_organisation(
    *, facts: OwnFacts, version: int, by: Membership, now: datetime
) -> Organisation:
    """Its manager says when the organisation is open and on what it keeps records.
    Raises ChangedMeanwhile."""
    with locked(by.organisation, version, by=by, now=now) as row:
        for column, value in _columns(facts).items():
            setattr(row, column, value)
        row.save()
        return row


def confirm_facts(
    *, organisation: Organisation, version: int, by: Membership, now: datetime
) -> None:
    """Somebody checked that the entry is still true."""
    with locked(organisation, version, by=by, now=now) as row:
        row.last_reviewed_on = london_date(now)
        row.save()


def add_oversight(*, name: str, now: datetime) -> Organisation:
    """A body that keeps the register and refers nobody. Raises NameTaken."""
    with purpose("nrm_register"):
        refuse_taken(name)
        made = Organisation.objects.create(
            name=name, slug=free_slug(name), is_oversight=True, last_reviewed_on=london_date(now)
        )
        log.record(Action.REGISTER_CHANGED, by=None, now=now, subject=f"organisation {made.pk}")
        return made


def answer_question(*, question: RegisterQuestion, by: Membership, now: datetime) -> None:
    """The register was checked for that day."""
    with purpose("nrm_register"):
        RegisterQuestion.objects.filter(pk=question.pk, answered_at__isnull=True).update(
            answered_at=now, answered_by=by.user_id
        )
        log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=f"question {question.pk}")


def _columns(facts: Hours | Scope) -> dict[str, object]:
    return {each.name: getattr(facts, each.name) for each in fields(facts)}
