"""Appointments. What is said of a referral meeting stands on the timeline as well, as events."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals.actions.locking import check_version, lock
from referrals.actions.recording import Happening, record_wait_events
from referrals.actions.submitting import sent_before
from referrals.catalogue import EventCode, Precision
from referrals.errors import AnsweredAlready, AppointmentNotAhead, AppointmentStillAhead, IsClosed
from referrals.models import Appointment, Referral

Interpreter, Outcome = Appointment.Interpreter, Appointment.Outcome
SAYS_OF_INTERPRETER: dict[str, EventCode] = {
    Interpreter.REQUESTED: EventCode.INTERPRETER_REQUESTED,
    Interpreter.NONE_AVAILABLE: EventCode.INTERPRETER_UNAVAILABLE,
}
SAYS_OF_OUTCOME: dict[str, EventCode] = {
    Outcome.HELD: EventCode.APPOINTMENT_ATTENDED,
    Outcome.MISSED: EventCode.APPOINTMENT_MISSED,
    Outcome.CANCELLED: EventCode.APPOINTMENT_CANCELLED_BY_FRO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An appointment that is not yet made. `place`: with whom and where, without names."""

    at: datetime
    purpose: str
    place: str = ""
    interpreter: str = Interpreter.NOT_NEEDED
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is newly known of an appointment: the interpreter, and, once known, its outcome."""

    interpreter: str
    language: str = ""
    outcome: str = ""
    account_completed: bool = False


@transaction.atomic
def make_appointment(
    *,
    referral: Referral,
    meeting: Meeting,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Appointment | None:
    """Offering a referral meeting is an event; None when the form was sent before. Raises
    AppointmentNotAhead, IsClosed, ChangedMeanwhile."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    check_version(locked, version)
    if locked.closed_at:
        raise IsClosed("This referral is closed. Reopen it to make an appointment.")
    if meeting.at <= now:
        raise AppointmentNotAhead(
            "Enter a time that is still to come. What has happened is recorded under "
            "“Record what happened”."
        )
    appointment = Appointment.objects.create(
        referral=locked,
        at=meeting.at,
        purpose=meeting.purpose,
        place=meeting.place,
        interpreter=meeting.interpreter,
        language=meeting.language,
        made_at=now,
        recorded_by_id=by.organisation_id,
        made_by_id=by.user_id,
    )
    codes = [EventCode.APPOINTMENT_OFFERED, *_of_interpreter("", meeting.interpreter)]
    _record(appointment, [Happening(code=code, happened_at=now) for code in codes], by, now)
    _note(Action.APPOINTMENT_MADE, appointment, by, now)
    return appointment


@transaction.atomic
def answer_appointment(
    *,
    appointment: Appointment,
    answer: Answer,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Appointment | None:
    """Say how it stands with the interpreter, and what came of it; None when the form was sent
    before. Raises AppointmentStillAhead, AnsweredAlready, IsClosed, ChangedMeanwhile."""
    locked = lock(appointment.referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    check_version(locked, version)
    row = Appointment.objects.get(pk=appointment.pk)
    if row.outcome:
        raise AnsweredAlready(
            "What came of it is recorded already. Correct the entry on the timeline."
        )
    if answer.outcome in {Outcome.HELD, Outcome.MISSED} and row.at > now:
        raise AppointmentStillAhead("It is still to come. Record this once it has begun.")
    happenings = _answers(row, answer, now=now)
    row.interpreter, row.language = answer.interpreter, answer.language
    row.outcome, row.outcome_at = answer.outcome, now if answer.outcome else None
    row.save(update_fields=["interpreter", "language", "outcome", "outcome_at"])
    _record(row, happenings, by, now)
    _note(Action.APPOINTMENT_CHANGED, row, by, now, reason=answer.outcome)
    return row


def _answers(row: Appointment, answer: Answer, *, now: datetime) -> list[Happening]:
    """Each at its instant: a meeting was held when it was, and is cancelled now if it is ahead."""
    codes = _of_interpreter(row.interpreter, answer.interpreter)
    found = [Happening(code=code, happened_at=min(now, row.at)) for code in codes]
    if answer.outcome:
        code = SAYS_OF_OUTCOME[answer.outcome]
        found.append(Happening(code=code, happened_at=min(now, row.at)))
    if answer.outcome == Outcome.HELD and answer.account_completed:
        found.append(
            Happening(
                code=EventCode.INTERVIEW_COMPLETED,
                happened_at=row.at,
                precision=Precision.ABOUT,
            )
        )
    return found


def _of_interpreter(before: str, after: str) -> list[EventCode]:
    code = SAYS_OF_INTERPRETER.get(after)
    return [code] if code and before != after else []


def _record(row: Appointment, happenings: list[Happening], by: Actor, now: datetime) -> None:
    if happenings and row.purpose == Appointment.Purpose.REFERRAL_MEETING:
        record_wait_events(referral=row.referral, happenings=happenings, by=by, now=now)


def _note(action: Action, row: Appointment, by: Actor, now: datetime, reason: str = "") -> None:
    subject = f"appointment {row.pk}"
    log.record(action, by=by, now=now, referral=row.referral_id, subject=subject, reason=reason)
