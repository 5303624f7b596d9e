"""What is said of an application: with the Home Office, and with whoever keeps the register."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from audit import log
from audit.models import Action
from organisations.actions.applying import note, side_of, writing_as
from organisations.errors import RecordedByOthers
from organisations.models import (
    Application,
    ApplicationMessage,
    Correspondence,
    Membership,
    Organisation,
    Side,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    on: date
    direction: str
    channel: str
    gist: str


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
