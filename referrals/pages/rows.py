"""The rows of Today: delays, limits, tasks and appointments alike say who, what, and one button."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from nrm_tracker.calendars import london_date
from referrals.delays import Mark, Wait
from referrals.doors import RANG
from referrals.in_touch import RULE as IN_TOUCH
from referrals.in_touch import caution
from referrals.models import (
    Appointment,
    Attention,
    Delay,
    HandOver,
    Referral,
    Task,
    WaitEvent,
)
from referrals.pages import appointments
from referrals.pages.desk import Desk
from referrals.pages.hand_over import Asked
from referrals.pages.late import LateWords, at_risk_words
from referrals.pages.pauses import WHOSE
from referrals.pages.tasks import due_words
from referrals.pages.waits import due_in_words, gone_against

FRO = "fro"


@dataclass(frozen=True, slots=True)
class Button:
    """What a row asks for: a way to a page, or (`at_once`) a press that does it."""

    label: str
    url: str
    at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the list. Without a reference it is about nobody: the organisation's own."""

    reference: str = ""
    pseudonym: str = ""
    at_risk: str = ""
    words: str
    button: Button
    besides: Button | None = None  # a shorter way for what is often done
    severity: str = ""
    late: str = ""  # instead of the usual word for the severity
    due: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes rows, at an instant, for one desk."""

    desk: Desk
    now: datetime

    def delayed(self, delay: Delay, words: LateWords) -> Row:
        row = Row(
            words=words.of(delay),
            button=_step(delay.referral, delay.rule),
            besides=_rang(delay.referral) if FRO in words.who_can_end(delay) else None,
            severity=words.tone(delay),
            remarks=_said_of(delay.rule, due=delay.attention == Attention.DUE),
        )
        return self._of(delay.referral, row)

    def limit(self, wait: Wait, mark: Mark, referral: Referral) -> Row:
        gone = gone_against(wait, mark.severity, now=self.now)
        row = Row(
            words=f"{wait.threshold.title}: {gone}",
            button=_step(referral, wait.rule),
            remarks=_said_of(wait.rule),
            besides=_rang(referral) if FRO in wait.threshold.who_can_end else None,
            severity="due",
            due=due_in_words(mark.due_at, unit=mark.unit, now=self.now) if mark.due_at else "",
        )
        return self._of(referral, row)

    def new(self, referral: Referral) -> Row:
        button = Button("Open", reverse("referral", args=[referral.reference]))
        return self._of(referral, Row(words="You are now their caseworker.", button=button))

    def task(self, task: Task) -> Row:
        due = due_words(task.due_on, now=self.now) if task.due_on else ""
        is_late = task.due_on is not None and task.due_on < london_date(self.now)
        row = Row(
            words=task.words,
            button=Button("Done", reverse("task", args=[task.pk]), at_once=True),
            severity="amber" if is_late else "",
            late=f"Task due {due}" if is_late else "",
            due="" if is_late else due,
            remarks=self._remarks(task.assigned_to_id),
        )
        return _with(task.referral, row) if task.referral else row

    def pause(self, event: WaitEvent) -> Row:
        """A pause that is to be looked at again."""
        today, day = london_date(self.now), event.look_again_on
        due = due_words(day, now=self.now) if day else ""
        is_late = day is not None and day < today
        url = reverse("go_on", args=[event.referral.reference])
        row = Row(
            words=f"Paused, {WHOSE[event.outcome]}: does the wait go on?",
            button=Button("Look at it", url),
            severity="amber" if is_late else "",
            late=f"To look at again {due}" if is_late else "",
            due="" if is_late else due,
        )
        return self._of(event.referral, row)

    def asked_of_others(self, row: HandOver, asked: Asked) -> Row:
        """Another organisation was asked to take somebody: no answer in time, or a no."""
        said = "has not answered" if asked.unanswered else f"declined: {asked.reason.lower()}"
        url = reverse("hand_over", args=[row.referral.reference])
        found = Row(
            words=f"{asked.other} was asked to take them, and {said}",
            button=Button("Look at it" if asked.unanswered else "Ask another", url),
            severity="amber" if asked.late else "",
            late=asked.late,
        )
        return self._of(row.referral, found)

    def taken(self, asked: Asked) -> Row:
        """Another organisation took somebody, whom nobody here sees any more."""
        return Row(
            words=f"{asked.other} took {asked.reference}, which is theirs now",
            button=Button("See what you handed over", reverse("asked_of_us")),
        )

    def asked_of_us(self, asked: Asked) -> Row:
        """About somebody of whom nobody here knows who it is."""
        haste = ", at risk" if asked.at_risk else ""
        return Row(
            words=f"{asked.other} asks whether you take somebody: {asked.person}{haste}",
            button=Button("Answer", reverse("asked", args=[asked.id])),
            severity="amber" if asked.late else "due",
            late=asked.late,
            due=asked.due,
        )

    def appointment(self, row: Appointment) -> Row:
        """One of today."""
        said = f"{appointments.clock(row)} {appointments.title_of(row)}"
        words = ", ".join(part for part in (said, appointments.about(row)) if part)
        return self._of(row.referral, Row(words=words, button=_answer(row, now=self.now)))

    def unanswered(self, row: Appointment) -> Row:
        """One of an earlier day."""
        words = appointments.question(row, now=self.now)
        return self._of(row.referral, Row(words=words, button=_answer(row, now=self.now)))

    def _of(self, referral: Referral, row: Row) -> Row:
        """About a referral whose caseworker is to look at it."""
        remarks = (*row.remarks, *self._remarks(referral.assigned_to_id))
        return _with(referral, replace(row, remarks=remarks))

    def _remarks(self, responsible: int | None) -> tuple[str, ...]:
        remark = self.desk.remark(responsible)
        return (remark,) if remark else ()


def _with(referral: Referral, row: Row) -> Row:
    return replace(
        row,
        reference=referral.reference,
        pseudonym=referral.pseudonym,
        at_risk=at_risk_words(referral),
    )


def _step(referral: Referral, rule: str) -> Button:
    """To where it is recorded; of contact to what was agreed about it first."""
    if rule == IN_TOUCH:
        return Button("Check", reverse("in_touch", args=[referral.reference]))
    return Button("Record", reverse("record", args=[referral.reference]))


def _said_of(rule: str, *, due: bool = False) -> tuple[str, ...]:
    said = ("Due for review" if due else "", caution(rule))
    return tuple(each for each in said if each)


def _rang(referral: Referral) -> Button:
    """Where another organisation can end it, the door to what it answered."""
    return Button("I rang", reverse("record_door", args=[referral.reference, RANG]))


def _answer(row: Appointment, *, now: datetime) -> Button:
    label = "Say what came of it" if row.at <= now else "Open"
    return Button(label, reverse("appointment", args=[row.referral.reference, row.pk]))
