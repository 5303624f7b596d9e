"""A wrong event is never edited: another one supersedes it, and both stay visible."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals import life_cycle
from referrals.actions.judging import check_corrected
from referrals.actions.locking import check_version, lock
from referrals.actions.pausing import check_corrected_pause
from referrals.actions.recording import Happening, check_fact, event_of, settle
from referrals.actions.responding import check_may_act, is_responders_work
from referrals.actions.submitting import sent_before
from referrals.catalogue import EventCode
from referrals.errors import AlreadyCorrected, BeforeFirstContact, CannotBeUndone
from referrals.models import Custody, Referral, WaitEvent


def said_by(event: WaitEvent) -> Happening:
    """What an entry says, as it would be said again."""
    return Happening(**{field.name: getattr(event, field.name) for field in fields(Happening)})


@transaction.atomic
def correct_wait_event(
    *,
    event: WaitEvent,
    corrected: Happening | None,
    reason: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> WaitEvent | None:
    """Supersede an event by what really happened, or, with None, by "recorded in error".

    Raises AlreadyCorrected, CannotBeUndone (the first contact must stand, and so must a hand-over)
    or what `check` refuses.
    """
    referral = lock(event.referral)
    if sent_before(key=key, by=by, now=now, referral=referral):
        return None
    check_version(referral, version)
    if WaitEvent.objects.filter(supersedes=event).exists():
        raise AlreadyCorrected("This entry has been corrected already. Correct the newer one.")
    happening = corrected or Happening(
        code=EventCode.RECORDED_IN_ERROR, happened_at=event.happened_at
    )
    if not is_responders_work(said_by(event), by=by):  # else it is recorded already
        check_may_act([happening], by=by, now=now)
    _check(event, happening, referral=referral, by=by, now=now)
    _check_hand_over(event, happening, referral=referral)
    check_corrected_pause(referral, event, corrected, by=by)
    if corrected and corrected.code in life_cycle.RULES:
        check_corrected(event, corrected, referral=referral)
    referral.version += 1
    correction = event_of(happening, referral=referral, by=by, recorded_at=now)
    correction.supersedes = event
    correction.root_id = event.root_id or event.pk
    correction.correction_reason = reason
    correction.save(force_insert=True)
    settle(referral, now=now)
    log.record(
        Action.EVENT_CORRECTED, by=by, now=now, referral=referral.pk, subject=f"event {event.pk}"
    )
    return correction


def _check(
    event: WaitEvent, happening: Happening, *, referral: Referral, by: Actor, now: datetime
) -> None:
    if event.code != EventCode.INITIAL_CONTACT:
        check_fact(happening, referral=referral, by=by, now=now)
    elif happening.code != EventCode.INITIAL_CONTACT:
        raise CannotBeUndone("A wait starts with the first contact. Correct its date instead.")
    else:
        _check_first_contact(event, happening, referral=referral)
        referral.first_contact_at = happening.happened_at
        check_fact(happening, referral=referral, by=by, now=now)
        Custody.objects.filter(referral=referral, since=event.happened_at).update(
            since=happening.happened_at
        )


def _check_hand_over(event: WaitEvent, happening: Happening, *, referral: Referral) -> None:
    """Who was responsible when is a row of its own, which no entry may contradict. One that was
    recorded by hand, of a hand-over outside this product, moved nothing."""
    moved = Custody.objects.filter(referral=referral, until=event.happened_at)
    said = (event.code, event.happened_at, event.organisation)
    right = (happening.code, happening.happened_at, happening.organisation)
    if event.code == EventCode.HANDED_OVER and said != right and moved.exists():
        raise CannotBeUndone(
            "The referral changed hands then, and a correction does not change that: only the note "
            "can be corrected. Where it should not be yours, hand it back: ask the organisation "
            "that had it to take it again."
        )


def _check_first_contact(event: WaitEvent, happening: Happening, *, referral: Referral) -> None:
    """Nothing happens in a wait before it starts, and nobody hands it over."""
    over = Custody.objects.filter(referral=referral, until__lte=happening.happened_at)
    if over.exists():
        raise BeforeFirstContact("The referral was handed over before then. Check the date.")
    overtaken = (
        WaitEvent.objects.filter(referral=referral, happened_at__lt=happening.happened_at)
        .standing()
        .exclude(pk=event.pk)
        .order_by("happened_at", "id")
        .first()
    )
    if overtaken:
        label = EventCode(overtaken.code).label
        raise BeforeFirstContact(
            f"“{label}” would then stand before they first asked for help. Correct that first."
        )
