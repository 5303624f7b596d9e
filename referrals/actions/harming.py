"""Harm that came to a person while they waited: recorded, corrected, decided on; all appended."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.sealing import Place, seal, unseal
from organisations.models import Membership
from referrals.actions.locking import lock
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.errors import ErasedAlready, NotYetHappenedOn
from referrals.models import Harm, Referral, Survivor

TABLE, SEALED = "referrals_harm", ("what", "done", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmSaid:
    """What somebody says of it. Dates are London's."""

    kind: str
    happened_on: date
    known_on: date
    what: str = field(repr=False)
    done: str = field(default="", repr=False)
    told: tuple[str, ...] = ()
    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenedHarm:
    """A version with its words; None where the key that opens them was erased."""

    row: Harm
    said: HarmSaid | None


@transaction.atomic
def record_harm(
    *, referral: Referral, said: HarmSaid, by: Membership, now: datetime, key: UUID | None = None
) -> UUID | None:
    """The incident; None when the form was sent before. A closed referral's harm is recorded too.
    Raises NotYetHappenedOn, ErasedAlready."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    _check(said, now=now)
    first = uuid4()
    row = Harm(id=first, incident=first, number=1, referral=locked, opened_by_id=by.user_id)
    _keep(row, said, by=by, now=now)
    _note(Action.HARM_RECORDED, row, by=by, now=now)
    return first


@transaction.atomic
def correct_harm(
    *,
    referral: Referral,
    incident: UUID,
    said: HarmSaid,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
) -> bool:
    """Another version; the former ones stay to be read, and a decision stands as it was."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    _check(said, now=now)
    before = _last(locked, incident)
    former = _opened(before, key=survivor_of(locked, now=now)[1])
    row = _next(before)
    _keep(row, replace(said, why=former.why), by=by, now=now)
    _note(Action.HARM_RECORDED, row, by=by, now=now)
    return True


@transaction.atomic
def decide_harm(
    *,
    referral: Referral,
    incident: UUID,
    decision: str,
    why: str,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
) -> bool:
    """Whether it is reported to the regulator, and why; another decision may follow."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    before = _last(locked, incident)
    said = _opened(before, key=survivor_of(locked, now=now)[1])
    row = _next(before)
    row.decision, row.decided_by_id, row.decided_at = decision, by.user_id, now
    _keep(row, replace(said, why=why), by=by, now=now)
    _note(Action.HARM_DECIDED, row, by=by, now=now, reason=decision)
    return True


def opened_harm(
    *, referral: Referral, versions: Sequence[Harm], by: Membership, now: datetime
) -> list[OpenedHarm]:
    """The versions of an incident with their words, after noting who read them."""
    _note(Action.HARM_SHOWN, versions[0], by=by, now=now)
    try:
        key = key_of(Survivor.objects.get(referral=referral))
    except ErasedAlready:
        return [OpenedHarm(row, None) for row in versions]
    return [OpenedHarm(row, _opened(row, key=key)) for row in versions]


def harm_counted(*, referral: Referral | None = None) -> tuple[int, int, int]:
    """Incidents of the organisation acted for, or of one referral that it holds: all, those while
    the person waited to enter, those not decided. Numbers, also for who may not read them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nrm_harm_counted(%s)", [referral.pk if referral else None])
        found: tuple[int, int, int] = cursor.fetchone()
    return found


def _check(said: HarmSaid, *, now: datetime) -> None:
    if said.known_on < said.happened_on:
        raise NotYetHappenedOn("Enter a day on or after the day it happened.")
    if said.known_on > london_date(now):
        raise NotYetHappenedOn("Enter a day that has come.")


def _last(referral: Referral, incident: UUID) -> Harm:
    return Harm.objects.filter(referral=referral, incident=incident).latest().get()


def _next(before: Harm) -> Harm:
    return Harm(
        incident=before.incident,
        number=before.number + 1,
        referral_id=before.referral_id,
        opened_by_id=before.opened_by_id,
        decision=before.decision,
        decided_by_id=before.decided_by_id,
        decided_at=before.decided_at,
    )


def _keep(row: Harm, said: HarmSaid, *, by: Membership, now: datetime) -> None:
    key = survivor_of(row.referral, now=now)[1]
    row.recorded_by_id, row.by_id, row.recorded_at = by.organisation_id, by.user_id, now
    row.kind, row.happened_on, row.known_on = said.kind, said.happened_on, said.known_on
    row.told = list(said.told)
    for name in SEALED:
        if words := getattr(said, name):
            setattr(row, name, seal(words, key=key, place=Place(TABLE, name, row.pk)))
    row.save(force_insert=True)


def _opened(row: Harm, *, key: bytes) -> HarmSaid:
    words = {
        name: unseal(bytes(sealed), key=key, place=Place(TABLE, name, row.pk))
        for name in SEALED
        if (sealed := getattr(row, name)) is not None
    }
    return HarmSaid(
        kind=row.kind,
        happened_on=row.happened_on,
        known_on=row.known_on,
        told=tuple(row.told),
        **words,
    )


def _note(action: Action, row: Harm, *, by: Membership, now: datetime, reason: str = "") -> None:
    log.record(
        action,
        by=by,
        now=now,
        referral=row.referral_id,
        subject=f"harm {row.incident}",
        reason=reason,
    )
