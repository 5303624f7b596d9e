"""Keep the register. The Home Office decides; each action records what it decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time

from django.utils.text import slugify

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.errors import ChangedMeanwhile, NameTaken, NoSuchStep
from organisations.models import (
    STEPS,
    Application,
    Designation,
    Membership,
    Organisation,
    Reassessment,
    RegisterQuestion,
)
from organisations.models.organisation import monday_to_friday

Status = Designation.Status


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
    is_statutory: bool = False
    duty_to_notify: bool = False
    nations: list[str] = field(default_factory=list)
    email_domains: list[str] = field(default_factory=list)
    takes: str = ""
    telephone: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnFacts(Hours):
    """What an organisation says of itself."""

    lawful_basis: str = ""
    special_condition: str = ""


def add_organisation(*, facts: Facts, by: Membership, now: datetime) -> Organisation:
    """A new entry, neither designated nor applying yet. Raises NameTaken."""
    with purpose("nrm_register"):
        _refuse_taken(facts.name)
        made = Organisation.objects.create(
            slug=_free_slug(facts.name), last_reviewed_on=london_date(now), **_columns(facts)
        )
        _note(made, by=by, now=now)
        return made


def edit_organisation(
    *, organisation: Organisation, facts: Facts, version: int, by: Membership, now: datetime
) -> Organisation:
    """Change the facts, which counts as having checked them. Raises ChangedMeanwhile, NameTaken."""
    with _locked(organisation, version, by=by, now=now) as row:
        _refuse_taken(facts.name, besides=row)
        for column, value in _columns(facts).items():
            setattr(row, column, value)
        row.last_reviewed_on = london_date(now)
        row.save()
        _owe_reassessment(row, f"The register's facts on {row} changed", now=now)
        return row


def edit_own_organisation(
    *, facts: OwnFacts, version: int, by: Membership, now: datetime
) -> Organisation:
    """Its manager says when the organisation is open and on what it keeps records.
    Raises ChangedMeanwhile."""
    with _locked(by.organisation, version, by=by, now=now) as row:
        for column, value in _columns(facts).items():
            setattr(row, column, value)
        row.save()
        return row


def confirm_facts(
    *, organisation: Organisation, version: int, by: Membership, now: datetime
) -> None:
    """Somebody checked that the entry is still true."""
    with _locked(organisation, version, by=by, now=now) as row:
        row.last_reviewed_on = london_date(now)
        row.save()


def record_designation(
    *,
    organisation: Organisation,
    status: str,
    effective_from: date,
    known_from: date,
    source: str,
    reason: str = "",
    scope: str = "",
    version: int,
    by: Membership,
    now: datetime,
) -> Designation:
    """Record a designation, suspension or withdrawal from a London date on.

    Ends what was in force on that date; a later row that the register already has stays and ends
    this one. A designation decides an open application. Raises NoSuchStep, ChangedMeanwhile.
    """
    with _locked(organisation, version, by=by, now=now) as row:
        row.save()
        until = _make_room(row, status, effective_from)
        designation = Designation.objects.create(
            organisation=row,
            status=status,
            effective_from=effective_from,
            effective_until=until,
            known_from=known_from,
            scope=scope,
            reason=reason,
            source=source,
            recorded_by_id=by.user_id,
            recorded_at=now,
        )
        if status == Status.ACTIVE:
            _decide_application(row, effective_from)
        _owe_reassessment(row, f"{row}: {designation}", now=now)
        return designation


def record_application(
    *,
    organisation: Organisation,
    submitted_on: date,
    source: str,
    may_be_named: bool,
    version: int,
    by: Membership,
    now: datetime,
) -> Application:
    """The organisation has applied to become an FRO. Raises NoSuchStep, ChangedMeanwhile."""
    with _locked(organisation, version, by=by, now=now) as row:
        if Designation.objects.active(submitted_on).filter(organisation=row).exists():
            raise NoSuchStep(f"{row} was designated on that day. Check the date.")
        if Application.objects.filter(organisation=row, closed_on__isnull=True).exists():
            raise NoSuchStep(f"{row} has an application that is not decided yet.")
        row.save()
        return Application.objects.create(
            organisation=row,
            submitted_on=submitted_on,
            source=source,
            may_be_named=may_be_named,
            recorded_by_id=by.user_id,
            recorded_at=now,
        )


def add_oversight(*, name: str, now: datetime) -> Organisation:
    """A body that keeps the register and refers nobody. Raises NameTaken."""
    with purpose("nrm_register"):
        _refuse_taken(name)
        made = Organisation.objects.create(
            name=name, slug=_free_slug(name), is_oversight=True, last_reviewed_on=london_date(now)
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


def _columns(facts: Hours) -> dict[str, object]:
    return {each.name: getattr(facts, each.name) for each in fields(facts)}


def _refuse_taken(name: str, *, besides: Organisation | None = None) -> None:
    same = Organisation.objects.filter(name__iexact=name)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise NameTaken("The register has an organisation of that name. Open that one instead.")


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


@contextmanager
def _locked(
    organisation: Organisation, version: int, *, by: Membership, now: datetime
) -> Iterator[Organisation]:
    """The row, locked, in the register's own rights; its version goes up with the next save."""
    with purpose("nrm_register"):
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if row.version != version:
            raise ChangedMeanwhile(row.version)
        row.version += 1
        yield row
        _note(row, by=by, now=now)


def _note(organisation: Organisation, *, by: Membership, now: datetime) -> None:
    log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=f"organisation {organisation.pk}")


def _make_room(organisation: Organisation, status: str, since: date) -> date | None:
    """End what is in force on that date; the first date on which something else follows."""
    rows = Designation.objects.filter(organisation=organisation)
    before = rows.in_force(since).first()
    if (before.status if before else None) not in STEPS[status]:
        standing = f"{before.get_status_display().lower()}" if before else "not designated"
        raise NoSuchStep(
            f"On {since:%-d %B %Y} the register has {organisation} as {standing}, so this cannot "
            "follow. Check the date, or record the missing step first."
        )
    if before and before.effective_from == since:
        raise NoSuchStep("The register already has an entry from that very day. Check the date.")
    later = rows.filter(effective_from__gt=since).order_by("effective_from").first()
    if before:
        before.effective_until = since
        before.save()
    return later.effective_from if later else None


def _decide_application(organisation: Organisation, on: date) -> None:
    for application in Application.objects.filter(
        organisation=organisation, closed_on__isnull=True
    ):
        application.closed_on = max(on, application.submitted_on)
        application.outcome = Application.Outcome.APPROVED
        application.save()


def _owe_reassessment(organisation: Organisation, reason: str, *, now: datetime) -> None:
    Reassessment.objects.create(organisation=organisation, reason=reason[:300], created_at=now)
