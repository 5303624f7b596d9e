"""Notes on a referral: sealed with the survivor's key, never changed, struck through when wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import LONDON
from nrm_tracker.sealing import Place, seal, unseal
from organisations.actor import Actor
from referrals.actions.locking import lock
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.errors import ErasedAlready, StruckThroughAlready, WrittenAlready
from referrals.models import Note, Referral, Survivor

TABLE, SEALED = "referrals_note", "text"
AGAIN_WITHIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note with its words; None where the key that opens them was erased."""

    row: Note
    words: str | None


@transaction.atomic
def add_note(
    *, referral: Referral, words: str, by: Actor, now: datetime, key: UUID | None = None
) -> Note | None:
    """Keep a note; None when the form was sent before. It takes nothing from anybody, so no
    version is asked. Raises ErasedAlready, and WrittenAlready where the same person kept the same
    words last: Back shows the box anew, with the words and another key."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    sealing = survivor_of(locked, now=now)[1]
    _refuse_again(locked, words, key=sealing, by=by, now=now)
    note = Note(
        referral=locked, written_at=now, recorded_by_id=by.organisation_id, by_id=by.user_id
    )
    note.text = seal(words, key=sealing, place=_place(note))
    note.save(force_insert=True)
    log.record(Action.NOTE_ADDED, by=by, now=now, referral=locked.pk, subject=f"note {note.pk}")
    return note


def _refuse_again(referral: Referral, words: str, *, key: bytes, by: Actor, now: datetime) -> None:
    since = Note.objects.filter(referral=referral, written_at__gt=now - AGAIN_WITHIN)
    last = since.filter(by=by.user_id, withdrawn_at=None).order_by("written_at", "id").last()
    if last and unseal(bytes(last.text), key=key, place=_place(last)) == words:
        raise WrittenAlready(
            f"You wrote this note at {last.written_at.astimezone(LONDON):%H:%M}, and it is kept. "
            "If it happened again, say so in the note."
        )


@transaction.atomic
def withdraw_note(*, note: Note, why: Note.Why, by: Actor, now: datetime) -> None:
    """Strike it through; it stays to be read. Raises StruckThroughAlready."""
    locked = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.withdrawn_at:
        raise StruckThroughAlready("This note is struck through already.")
    locked.withdrawn_at, locked.withdrawn_by_id, locked.withdrawn_why = now, by.user_id, why
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    log.record(
        Action.NOTE_WITHDRAWN,
        by=by,
        now=now,
        referral=locked.referral_id,
        subject=f"note {note.pk}",
        reason=why,
    )


def notes_of(*, referral: Referral) -> Iterator[OpenedNote]:
    """The notes that the context shows, the newest first."""
    notes = list(
        Note.objects.filter(referral=referral)
        .select_related("by", "recorded_by", "withdrawn_by")
        .order_by("-written_at", "-id")
    )
    key = _key(referral) if notes else None
    for note in notes:
        words = unseal(bytes(note.text), key=key, place=_place(note)) if key else None
        yield OpenedNote(note, words)


def _key(referral: Referral) -> bytes | None:
    try:
        return key_of(Survivor.objects.get(referral=referral))
    except ErasedAlready:
        return None


def _place(note: Note) -> Place:
    return Place(TABLE, SEALED, note.pk)
