"""The notes on a referral, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from organisations.models import Membership
from referrals.actions import OpenedNote, notes_of
from referrals.models import Referral

NEWEST = 3


@dataclass(frozen=True, slots=True)
class NoteRow:
    """`words` is None where they were erased; `struck` says who struck it through and why."""

    id: UUID
    words: str | None
    by: str
    at: datetime
    struck: str


@dataclass(frozen=True, slots=True)
class Notes:
    newest: Sequence[NoteRow]
    rest: Sequence[NoteRow]
    erased: bool


def notes_page(referral: Referral, *, membership: Membership) -> Notes:
    rows = [_row(note, membership) for note in notes_of(referral=referral)]
    return Notes(
        newest=rows[:NEWEST], rest=rows[NEWEST:], erased=any(row.words is None for row in rows)
    )


def _row(note: OpenedNote, membership: Membership) -> NoteRow:
    row = note.row
    who = "you" if row.by_id == membership.user_id else str(row.by.name if row.by else "")
    if row.recorded_by_id != membership.organisation_id:
        who = f"{who}, {row.recorded_by}" if who else str(row.recorded_by)
    return NoteRow(id=row.pk, words=note.words, by=who, at=row.written_at, struck=_struck(note))


def _struck(note: OpenedNote) -> str:
    row = note.row
    if row.withdrawn_at is None:
        return ""
    who = f" by {row.withdrawn_by.name}" if row.withdrawn_by else ""
    return f"Struck through{who}: {str(row.get_withdrawn_why_display()).lower()}"
