"""Ask other organisations to take a referral, and take that back.

What they are shown before they accept is copied into the hand-over: they see no row of the
referral itself, by both walls. See `actions.taking_over` for their answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.models import Membership, Organisation
from referrals.actions.keeping_true import is_at_risk
from referrals.actions.locking import check_version, lock
from referrals.actions.recording import Happening, append, settle
from referrals.actions.submitting import sent_before
from referrals.candidates import candidates
from referrals.catalogue import EventCode
from referrals.consent import agreed_to_share, is_asked
from referrals.errors import (
    CannotBeAsked,
    HandOverSettled,
    IsClosed,
    NobodyAsked,
    NobodyReadsOn,
    NoConsentToShare,
    OneAtATime,
)
from referrals.models import HandOver, Referral, SafeContact, WaitEvent

State, Reason = HandOver.State, HandOver.Reason


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the person agreed to, and the entry that says so."""

    consent: WaitEvent
    several: bool
    read_on_days: int | None


@transaction.atomic
def ask_to_take(
    *,
    referral: Referral,
    organisations: Sequence[Organisation],
    several_agreed: bool = False,
    read_on_days: int | None = None,
    by: Membership,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[HandOver]:
    """Send a hand-over to each; none, when the form was sent before.

    `several_agreed`: the person agreed that several are asked at once. `read_on_days`: how long
    they agreed that the organisation that asks reads on, once another one has accepted; None: not
    at all. Raises IsClosed, NoConsentToShare, NobodyAsked, CannotBeAsked, OneAtATime,
    NobodyReadsOn, ChangedMeanwhile.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return []
    check_version(locked, version)
    consent = _consent_to(locked, now=now)
    waiting = list(HandOver.objects.unanswered().filter(referral=locked))
    _check(locked, organisations, waiting, several_agreed=several_agreed, by=by, now=now)
    _check_reading(locked, read_on_days)
    agreed = Agreed(consent, several=several_agreed, read_on_days=read_on_days)
    made = HandOver.objects.bulk_create(
        _to(each, locked, agreed, by=by, now=now) for each in organisations
    )
    approached = [
        Happening(code=EventCode.FRO_APPROACHED, happened_at=now, organisation=each)
        for each in organisations
    ]
    append(locked, approached, by=by, now=now)
    settle(locked, now=now)
    for each in made:
        _note(Action.HAND_OVER_SENT, each, by=by, now=now)
    return made


@transaction.atomic
def take_back(*, hand_over: HandOver, by: Membership, now: datetime, answered: bool) -> None:
    """The organisation is asked no longer; where it was not even `answered` the timeline says so.

    Raises HandOverSettled.
    """
    locked = lock(hand_over.referral)
    standing = HandOver.objects.unanswered().select_for_update(of=("self",))
    row = standing.filter(pk=hand_over.pk, sender=by.organisation_id).first()
    if row is None:
        raise HandOverSettled("They have answered meanwhile, or it was taken back already.")
    state = State.WITHDRAWN if answered else State.LAPSED
    HandOver.objects.filter(pk=row.pk).update(
        state=state, reason=Reason.TAKEN_BACK, language="", ended_at=now, ended_by=by.user_id
    )
    if not answered:
        silent = Happening(
            code=EventCode.FRO_NO_RESPONSE, happened_at=now, organisation=row.receiver
        )
        append(locked, [silent], by=by, now=now)
        settle(locked, now=now)
    _note(Action.HAND_OVER_WITHDRAWN, row, by=by, now=now)


def _consent_to(referral: Referral, *, now: datetime) -> WaitEvent:
    if referral.closed_at:
        raise IsClosed("This referral is closed. Reopen it before you ask another organisation.")
    standing = list(WaitEvent.objects.filter(referral=referral).standing())
    agreed = agreed_to_share(standing, asked=is_asked(referral, on=london_date(now)))
    if agreed is None:
        raise NoConsentToShare(
            "Nobody may be asked yet: it is not recorded that sharing was agreed to. Ask the "
            "person, and record their answer first."
        )
    return agreed


def _check(
    referral: Referral,
    organisations: Sequence[Organisation],
    waiting: Sequence[HandOver],
    *,
    several_agreed: bool,
    by: Membership,
    now: datetime,
) -> None:
    if not organisations:
        raise NobodyAsked("Choose the organisation to ask.")
    asked = {each.receiver_id for each in waiting}
    found = candidates(referral, own=by.organisation_id, waiting=asked, now=now)
    possible = {each.organisation.pk for each in found if not each.why_not}
    if wrong := [each for each in organisations if each.pk not in possible]:
        raise CannotBeAsked(f"{wrong[0]} cannot be asked for this person. Choose another one.")
    at_once = len(organisations) + len(waiting) > 1
    agreed = several_agreed and all(each.several_agreed for each in waiting)
    if at_once and not agreed:
        raise OneAtATime(
            "Ask one organisation at a time, or say that the person agreed to several. One that "
            "was asked alone is taken back first."
        )


def _check_reading(referral: Referral, days: int | None) -> None:
    if days is None:
        return
    if referral.restricted:
        raise NobodyReadsOn("This referral is restricted: nobody reads on. Choose “No”.")
    if not 1 <= days <= HandOver.MOST_DAYS:
        raise NobodyReadsOn(f"Choose {HandOver.MOST_DAYS} days at most.")


def _to(
    organisation: Organisation,
    referral: Referral,
    agreed: Agreed,
    *,
    by: Membership,
    now: datetime,
) -> HandOver:
    contact = SafeContact.objects.filter(referral=referral).order_by("-version").first()
    return HandOver(
        referral=referral,
        sender=by.organisation,
        receiver=organisation,
        consent=agreed.consent,
        several_agreed=agreed.several,
        read_on_days=agreed.read_on_days,
        age_group=referral.age_group,
        nation=referral.nation,
        needs_interpreter=bool(contact.interpreter) if contact else None,
        at_risk=is_at_risk(referral),
        restricted=referral.restricted,
        sent_at=now,
        sent_by_id=by.user_id,
    )


def _note(action: Action, row: HandOver, *, by: Membership, now: datetime) -> None:
    log.record(action, by=by, now=now, referral=row.referral_id, subject=f"hand-over {row.pk}")
