"""Answer another organisation that asks to take a referral. The database moves the referral, and
to nobody but whoever was asked: see migration 0025."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals import identity as sealed
from referrals.actions.locking import lock
from referrals.actions.marking import mark_names
from referrals.actions.reassessing import reassess
from referrals.actions.recording import settle
from referrals.actions.survivors import key_of
from referrals.errors import ErasedAlready, HandOverSettled
from referrals.models import HandOver, Referral, Survivor

TOO_LATE = "This was answered already, or taken back by whoever asked."


@transaction.atomic
def show_interest(*, hand_over: HandOver, by: Membership, now: datetime) -> None:
    """From now on the hand-over says which language. Raises HandOverSettled."""
    if not _asked("nrm_show_interest", hand_over.pk, now):
        raise HandOverSettled(TOO_LATE)
    _note(Action.HAND_OVER_LOOKED_AT, hand_over, by=by, now=now)


@transaction.atomic
def decline_hand_over(*, hand_over: HandOver, reason: str, by: Membership, now: datetime) -> None:
    """The answer stands on the sender's timeline; nothing stays here. Raises HandOverSettled."""
    referral = _asked("nrm_decline_hand_over", hand_over.pk, reason, now)
    if referral is None:
        raise HandOverSettled(TOO_LATE)
    with purpose("nrm_sweep"):  # nobody here sees that referral
        reassess([referral], now=now)
    _note(Action.HAND_OVER_DECLINED, hand_over, by=by, now=now)


@transaction.atomic
def accept_hand_over(*, hand_over: HandOver, by: Membership, now: datetime) -> Referral:
    """The referral is the organisation's from now on, and who accepts its caseworker. The wait goes
    on as it began. Raises HandOverSettled."""
    pk = _asked("nrm_accept_hand_over", hand_over.pk, now)
    if pk is None:
        raise HandOverSettled(TOO_LATE)
    referral = lock(Referral(pk=pk))
    _mark(referral)
    settle(referral, now=now)
    log.record(
        Action.HAND_OVER_ACCEPTED,
        by=by,
        now=now,
        referral=referral.pk,
        subject=f"hand-over {hand_over.pk}",
    )
    return referral


def _mark(referral: Referral) -> None:
    """What names are found by is made with a key of each organisation's own."""
    survivor = Survivor.objects.filter(referral=referral).first()
    if survivor is None:
        return
    try:
        mark_names(referral, sealed.read(survivor, key=key_of(survivor)))
    except ErasedAlready:
        return


def _asked(function: str, asked: UUID, *facts: str | datetime) -> int | None:
    """What one of the functions that answer says; only their names come here."""
    places = ", ".join(["%s"] * (1 + len(facts)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({places})", [asked, *facts])
        answer: int | None = cursor.fetchone()[0]
    return answer


def _note(action: Action, row: HandOver, *, by: Membership, now: datetime) -> None:
    """Without the referral, which nobody here knows of."""
    log.record(action, by=by, now=now, subject=f"hand-over {row.pk}")
