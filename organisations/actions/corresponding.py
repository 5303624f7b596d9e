"""What is said of an application: with the Home Office, by and to whoever keeps the register, and
whether it may be named."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions.applying import Happened, note, record_stage, side_of, writing_as
from organisations.errors import RecordedByOthers
from organisations.models import (
    Application,
    ApplicationMessage,
    Correspondence,
    Membership,
    NamingConsent,
    Organisation,
    Side,
)
from organisations.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    on: date
    direction: str
    channel: str
    gist: str


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
    """The organisation has applied, says whoever keeps the register. Raises NoSuchStep."""
    del version  # nothing of the entry itself changes
    today = london_date(now)
    happened = Happened(
        stage=Stage.SUBMITTED, happened_on=submitted_on, known_on=today, source=source
    )
    application = record_stage(organisation=organisation, happened=happened, by=by, now=now)
    if may_be_named:
        say_naming(application=application, given=True, on=today, told=source[:300], by=by, now=now)
    return application


def check_application(*, application: Application, by: Membership, now: datetime) -> None:
    """Whoever keeps the register looked at the evidence: it is counted in public."""
    with purpose("nrm_register"):
        Application.objects.filter(pk=application.pk, checked_at__isnull=True).update(
            checked_at=now, checked_by=by.user_id
        )
        note(application, by=by, now=now, reason="evidence_checked")


def say_naming(
    *, application: Application, given: bool, on: date, told: str, by: Membership, now: datetime
) -> None:
    """Whether the applicant agrees to be named in public, which counts at once."""
    with writing_as(by):
        NamingConsent.objects.create(
            organisation_id=application.organisation_id,
            application=application,
            side=side_of(by),
            given=given,
            on=on,
            told=told,
            recorded_by_id=by.user_id,
            recorded_at=now,
        )
    with purpose("nrm_register"):
        Application.objects.filter(pk=application.pk).update(may_be_named=given)
        note(application, by=by, now=now, reason="naming_given" if given else "naming_withdrawn")


def log_correspondence(
    *, application: Application, word: Word, by: Membership, now: datetime
) -> None:
    """Something said between the applicant and the Home Office."""
    with writing_as(by):
        Correspondence.objects.create(
            organisation_id=application.organisation_id,
            application=application,
            side=side_of(by),
            recorded_by_id=by.user_id,
            recorded_at=now,
            **asdict(word),
        )
        note(application, by=by, now=now, reason="correspondence_logged")


def strike_correspondence(*, letter: Correspondence, by: Membership, now: datetime) -> None:
    """It was not so: it stays in sight, struck out. Raises RecordedByOthers."""
    if letter.side != side_of(by) == Side.APPLICANT:
        raise RecordedByOthers("The register recorded this. Send a message to have it struck out.")
    with writing_as(by):
        changed = (
            Correspondence.objects.standing()
            .filter(pk=letter.pk)
            .update(struck_at=now, struck_by=by.user_id)
        )
        if changed:
            note(letter.application, by=by, now=now, reason="correspondence_struck_out")


def send_message(*, organisation: Organisation, text: str, by: Membership, now: datetime) -> None:
    """To whoever keeps the register, or from them to the applicant."""
    with writing_as(by):
        made = ApplicationMessage.objects.create(
            organisation=organisation,
            side=side_of(by),
            text=text,
            sent_by_id=by.user_id,
            sent_at=now,
        )
        log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=f"message {made.pk}")


def read_messages(*, organisation: Organisation, by: Membership, now: datetime) -> None:
    """Somebody of this side has read what the other side sent."""
    with writing_as(by):
        changed = (
            ApplicationMessage.objects.unread_by(side_of(by))
            .filter(organisation=organisation)
            .update(read_at=now, read_by=by.user_id)
        )
        if changed:
            subject = f"organisation {organisation.pk}"
            log.record(
                Action.REGISTER_CHANGED, by=by, now=now, subject=subject, reason="messages_read"
            )
