"""Whoever handed a referral over reads on, where the person agreed to it: what happened and what is
late, in codes. The database decides, and notes each reading where the referral is; see migration
0026."""

import json
from datetime import datetime
from typing import TypedDict, cast
from uuid import UUID

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.catalogue import FOR_A_CHILD, ConsentType
from referrals.consent import is_asked, may_share
from referrals.errors import NothingToReadOn
from referrals.models import HandOver, Referral, WaitEvent

Why = HandOver.ReadingEnded


class ToldEvent(TypedDict):
    code: str
    happened_at: str  # ISO 8601, as the other instants
    precision: str
    consent_type: str
    outcome: str
    organisation: str | None


class ToldDelay(TypedDict):
    rule: str
    severity: str
    breached_at: str


class ToldOn(TypedDict):
    first_contact_at: str
    submitted_at: str | None
    closed_at: str | None
    events: list[ToldEvent]
    delays: list[ToldDelay]


@transaction.atomic
def read_on(*, hand_over: HandOver, by: Membership, now: datetime) -> ToldOn:
    """Raises NothingToReadOn."""
    until = hand_over.reads_until
    told = None
    if until and now < until and hand_over.sender_id == by.organisation_id:
        told = _asked("nrm_read_on(%s, %s)", hand_over.pk, now)
    if told is None:
        raise NothingToReadOn(
            "You cannot read on: nobody agreed to it, or it has ended, or the referral went on."
        )
    log.record(Action.READ_ON, by=by, now=now, subject=f"hand-over {hand_over.pk}")
    return cast(ToldOn, json.loads(str(told)))


@transaction.atomic
def end_reading_on(*, hand_over: HandOver, why: str, by: Membership, now: datetime) -> None:
    """Whoever holds the referral ends it: on the person's word, or since nobody needs it any more.
    Raises NothingToReadOn."""
    if not _asked("nrm_end_reading_on(%s, %s, %s)", hand_over.pk, Why(why), now):
        raise NothingToReadOn("It has ended already.")
    log.record(
        Action.READING_ENDED,
        by=by,
        now=now,
        referral=hand_over.referral_id,
        subject=f"hand-over {hand_over.pk}",
    )


def end_with_sharing(referral: Referral, standing: list[WaitEvent], *, now: datetime) -> None:
    """Of a locked referral: who reads on does so no longer than sharing is agreed to."""
    if not any(
        each.consent_type == ConsentType.SHARING or each.code in FOR_A_CHILD for each in standing
    ):
        return  # nobody was asked, so nobody may
    if may_share(standing, asked=is_asked(referral, on=london_date(now))):
        return
    _end_each(referral, Why.CONSENT, now=now)


def end_with_restriction(referral: Referral, *, now: datetime) -> None:
    """Of a locked referral: nobody reads on about what is restricted, nor once that is lifted."""
    _end_each(referral, Why.RESTRICTED, now=now)


def _end_each(referral: Referral, why: Why, *, now: datetime) -> None:
    reading = HandOver.objects.read_on().filter(referral=referral, receiver=referral.holder_id)
    for pk in reading.values_list("pk", flat=True):
        _asked("nrm_end_reading_on(%s, %s, %s)", pk, why, now)


def _is_of_sharing(event: WaitEvent) -> bool:
    return event.consent_type == ConsentType.SHARING or event.code in FOR_A_CHILD


def _asked(call: str, asked: UUID, *facts: str | datetime) -> object:
    """What one of the two functions says; nothing but their names comes here."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", [asked, *facts])
        return cursor.fetchone()[0]
