"""How far an application to become a First Responder Organisation is, recorded.

The Home Office decides, or does not. An applicant records what it did itself, as itself; whoever
keeps the register records the rest.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.errors import AlreadySettled, NoSuchStep, RecordedByOthers
from organisations.models import (
    Application,
    Designation,
    Membership,
    Organisation,
    Side,
    StageEntry,
)
from organisations.roles import Permission
from organisations.stages import APPLICANTS, ENDS, FOLLOWS, Outcome, Stage, misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The stage it came to, on which London date, since when we know, and how."""

    stage: str
    happened_on: date
    known_on: date
    source: str
    words: str = ""


def side_of(by: Membership) -> str:
    return Side.REGISTER if by.can(Permission.MANAGE_REGISTER) else Side.APPLICANT


def writing_as(by: Membership) -> AbstractContextManager[None]:
    """An applicant writes with its own rights, behind its own wall."""
    return purpose("nrm_register") if by.can(Permission.MANAGE_REGISTER) else nullcontext()


def note(application: Application, *, by: Membership, now: datetime, reason: str) -> None:
    subject = f"application {application.pk}"
    log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=subject, reason=reason)


def record_stage(
    *, organisation: Organisation, happened: Happened, by: Membership, now: datetime
) -> Application:
    """What became of an organisation's application; the first entry begins one. Raises
    NoSuchStep where it does not fit what is recorded before and after that date, and
    RecordedByOthers where it is not the applicant's to record."""
    _refuse_what_is_the_registers(happened.stage, by)
    with purpose("nrm_register"):
        lock(organisation)
        application = Application.objects.filter(
            organisation=organisation, closed_on__isnull=True
        ).first() or _begun(organisation, happened, by=by, now=now)
        _check_fits(_standing(application), happened, organisation)
    _append(application, happened, by=by, now=now)
    _settle(application, side=side_of(by), now=now)
    note(application, by=by, now=now, reason=f"stage_{happened.stage}")
    return application


def correct_stage(
    *, entry: StageEntry, happened: Happened, by: Membership, now: datetime
) -> Application:
    """Another entry takes the place of one; “recorded in error” of none. Raises AlreadySettled,
    RecordedByOthers, NoSuchStep."""
    if happened.stage != Stage.NOT_SO:
        _refuse_what_is_the_registers(happened.stage, by)
    if entry.side != side_of(by) == Side.APPLICANT:
        raise RecordedByOthers("The register recorded this. Send a message to have it corrected.")
    with purpose("nrm_register"):
        lock(entry.organisation)
        standing = _standing(entry.application)
        if entry not in standing:
            raise AlreadySettled("This entry was corrected already.")
        others = [each for each in standing if each != entry]
        if happened.stage != Stage.NOT_SO:
            _check_fits(others, happened, entry.organisation)
        elif misfit([each.stage for each in others]) is not None:
            raise NoSuchStep("What follows would not fit without this entry. Correct that first.")
        _refuse_a_second(entry.application, [*(each.stage for each in others), happened.stage])
    _append(entry.application, happened, by=by, now=now, supersedes=entry)
    _settle(entry.application, side=side_of(by), now=now)
    note(entry.application, by=by, now=now, reason="stage_corrected")
    return entry.application


def decide_by_designation(
    *, organisation: Organisation, on: date, known_on: date, source: str, by: int, now: datetime
) -> None:
    """The organisation is designated from that date, so what was undecided is approved. Within
    nrm_register; `by` (id) recorded the designation."""
    application = Application.objects.filter(
        organisation=organisation, closed_on__isnull=True
    ).first()
    if application is None:
        return
    latest = max((each.happened_on for each in _standing(application)), default=on)
    StageEntry.objects.create(
        organisation=organisation,
        application=application,
        side=Side.REGISTER,
        stage=Stage.APPROVED,
        happened_on=max(on, latest),
        known_on=known_on,
        source=source,
        recorded_by_id=by,
        recorded_at=now,
    )
    _settle(application, side=Side.REGISTER, now=now)


def _refuse_what_is_the_registers(stage: str, by: Membership) -> None:
    if side_of(by) == Side.APPLICANT and stage not in APPLICANTS:
        raise RecordedByOthers("Whoever keeps the register records this. Send them a message.")


def lock(organisation: Organisation) -> None:
    """One record of an applicant at a time."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def _begun(
    organisation: Organisation, happened: Happened, *, by: Membership, now: datetime
) -> Application:
    if None not in FOLLOWS[happened.stage]:
        raise NoSuchStep(f"No application of {organisation} is undecided. Record one first.")
    is_registers = side_of(by) == Side.REGISTER
    return Application.objects.create(
        organisation=organisation,
        stage=happened.stage,
        source=happened.source,
        checked_at=now if is_registers else None,
        checked_by_id=by.user_id if is_registers else None,
        recorded_by_id=by.user_id,
        recorded_at=now,
    )


def _standing(application: Application) -> list[StageEntry]:
    rows = StageEntry.objects.standing().filter(application=application)
    return list(rows.order_by("happened_on", "id"))


def _check_fits(
    standing: Sequence[StageEntry], happened: Happened, organisation: Organisation
) -> None:
    on, label = happened.happened_on, Stage(happened.stage).label
    if happened.stage == Stage.SUBMITTED and (
        Designation.objects.active(on).filter(organisation=organisation).exists()
    ):
        raise NoSuchStep(f"{organisation} was designated on that day. Check the date.")
    before = [each.stage for each in standing if each.happened_on <= on]
    after = [each.stage for each in standing if each.happened_on > on]
    if misfit([*before, happened.stage, *after]) is None:
        return
    had = f"“{Stage(before[-1]).label}”" if before else "nothing"
    more = f", and “{Stage(after[0]).label}” after it" if after else ""
    raise NoSuchStep(
        f"On {on:%-d %B %Y} the record has {had}{more}: “{label}” does not fit there. Check the "
        "date, or record the missing stage first."
    )


def _refuse_a_second(application: Application, stages: Sequence[str]) -> None:
    """A correction that opens an application again must not make two of them."""
    others = Application.objects.filter(
        organisation=application.organisation_id, closed_on__isnull=True
    ).exclude(pk=application.pk)
    if others.exists() and not set(stages) & set(ENDS):
        raise NoSuchStep("Another application of this organisation is undecided.")


def _append(
    application: Application,
    happened: Happened,
    *,
    by: Membership,
    now: datetime,
    supersedes: StageEntry | None = None,
) -> None:
    with writing_as(by):
        StageEntry.objects.create(
            organisation_id=application.organisation_id,
            application=application,
            side=side_of(by),
            stage=happened.stage,
            happened_on=happened.happened_on,
            known_on=happened.known_on,
            words=happened.words,
            source=happened.source,
            supersedes=supersedes,
            recorded_by_id=by.user_id,
            recorded_at=now,
        )


def _settle(application: Application, *, side: str, now: datetime) -> None:
    """Make the application equal to its entries. Whoever keeps the register looked at the evidence
    of one day: where the applicant says another one, nobody has looked yet."""
    with purpose("nrm_register"):
        rows = _standing(application)
        sent = next((row.happened_on for row in rows if row.stage == Stage.SUBMITTED), None)
        if side == Side.APPLICANT and sent != application.submitted_on:
            application.checked_at = application.checked_by = None
        application.submitted_on = sent
        application.stage = rows[-1].stage if rows else Stage.NOT_SO
        application.outcome = ENDS.get(application.stage, "") if rows else Outcome.ERROR
        ended = rows[-1].happened_on if rows else london_date(now)
        application.closed_on = ended if application.outcome else None
        columns = ["submitted_on", "stage", "outcome", "closed_on", "checked_at", "checked_by"]
        application.save(update_fields=columns)
