"""Appointments in words."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import LONDON, london_date
from nrm_tracker.ui.words import day_in_words, near_day
from organisations.models import Membership
from referrals.models import Appointment, Referral

Interpreter = Appointment.Interpreter
INTERPRETER_WORDS: dict[str, str] = {
    Interpreter.NOT_NEEDED: "",
    Interpreter.NEEDED: "interpreter needed, not yet requested",
    Interpreter.REQUESTED: "interpreter requested, not yet booked",
    Interpreter.BOOKED: "interpreter booked",
    Interpreter.NONE_AVAILABLE: "no interpreter available",
}


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """A line on the page of a referral. `answered`: what came of it, "" while nobody has said."""

    id: int
    title: str
    when: str
    about: str
    answered: str


def appointments_of(
    referral: Referral, *, membership: Membership, now: datetime
) -> list[AppointmentRow]:
    """Those still to be answered first, the nearest on top; then the others, the latest on top."""
    rows = Appointment.objects.visible_to(membership).filter(referral=referral).order_by("at")
    made = [_row(row, now=now) for row in rows]
    return [
        *(row for row in made if not row.answered),
        *(row for row in reversed(made) if row.answered),
    ]


def title_of(row: Appointment) -> str:
    return str(row.get_purpose_display())


def about(row: Appointment) -> str:
    """Where and with whom, and the interpreter: "our office, interpreter booked (Tigrinya)"."""
    return ", ".join(part for part in (row.place, interpreter_words(row)) if part)


def interpreter_words(row: Appointment) -> str:
    words = INTERPRETER_WORDS[row.interpreter]
    return f"{words} ({row.language})" if words else ""


def clock(row: Appointment) -> str:
    return f"{row.at.astimezone(LONDON):%H:%M}"


def question(row: Appointment, *, now: datetime) -> str:
    """ "Referral meeting of Monday 11:00: what came of it?" """
    day = near_day(london_date(row.at), today=london_date(now))
    return f"{title_of(row)} of {day} {clock(row)}: what came of it?"


def when_in_words(row: Appointment, *, now: datetime) -> str:
    return f"{day_in_words(london_date(row.at), today=london_date(now))}, {clock(row)}"


def _row(row: Appointment, *, now: datetime) -> AppointmentRow:
    return AppointmentRow(
        id=row.pk,
        title=title_of(row),
        when=when_in_words(row, now=now),
        about=about(row),
        answered=str(row.get_outcome_display()) if row.outcome else "",
    )
