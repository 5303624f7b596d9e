"""Log a request for help: the referral, its first events, and its clocks, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker import rows
from organisations.actor import Actor
from referrals.actions.agreeing import Calling, agree_callings
from referrals.actions.linking import link_referrals
from referrals.actions.reassessing import BATCH, reassess
from referrals.actions.recording import (
    Happening,
    check_submissions,
    derive,
    event_of,
)
from referrals.actions.submitting import sent_before
from referrals.errors import NotYetHappened
from referrals.links import RELATIONS, Relation, said
from referrals.models import Custody, ImportRun, Referral, Submission, WaitEvent
from referrals.references import new_reference


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody whose referral is there already, and what the new person is to them."""

    referral: Referral
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known when a referral is opened. `happenings` begin with the first contact."""

    pseudonym: str
    age_group: str
    nation: str
    happenings: Sequence[Happening]
    own_reference: str = ""
    assigned_to: int | None = None
    turns_18_on: date | None = None
    made_contact: str = ""
    channel: str = ""
    calling: Calling | None = None
    follows: Referral | None = None
    beside: Beside | None = None
    opened_at: datetime | None = None  # where it is not now
    recorded_at: Sequence[datetime] = field(default=())  # of each happening, where known


@transaction.atomic
def open_referral(
    *, opening: Opening, by: Actor, now: datetime, key: UUID | None = None
) -> Referral:
    """The new referral; the same one again when the form was sent before."""
    sent = sent_before(key=key, by=by, now=now, referral=None)
    if sent and sent.referral:
        return sent.referral
    [referral] = open_referrals(openings=[opening], by=by, now=now)
    if key:
        Submission.objects.filter(key=key).update(referral=referral)
    if beside := _beside(opening):
        facts = said(beside.referral, referral, relation=beside.relation)
        link_referrals(said=facts, by=by, now=now)
    log.record(Action.REFERRAL_OPENED, by=by, now=now, referral=referral.pk)
    return referral


def _beside(opening: Opening) -> Beside | None:
    """Who asks again is linked with the request before."""
    if opening.follows:
        return Beside(opening.follows, RELATIONS["same"])
    return opening.beside


@transaction.atomic
def open_referrals(
    *,
    openings: Sequence[Opening],
    by: Actor,
    now: datetime,
    quiet: bool = False,
    run: ImportRun | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Referral]:
    """Many at once, in bulk: the import and the demonstration. All or nothing.

    `quiet`: whatever is late already sends no notice. `tell` is called with how many are done.
    """
    happenings = [happening for opening in openings for happening in opening.happenings]
    if any(happening.happened_at > now for happening in happenings):
        raise NotYetHappened("Enter a time that has passed.")
    check_submissions(happenings, by=by, now=now)
    referrals = [_referral(opening, by=by, now=now, run=run) for opening in openings]
    events = [
        _events(opening, referral, by=by, now=now)
        for opening, referral in zip(openings, referrals, strict=True)
    ]
    for referral, timeline in zip(referrals, events, strict=True):
        derive(referral, timeline)
    _write(referrals, events, by=by)
    agreed = [(r, o.calling) for r, o in zip(referrals, openings, strict=True) if o.calling]
    agree_callings(agreed, by=by, now=now)
    for start in range(0, len(referrals), BATCH):
        batch = referrals[start : start + BATCH]
        reassess([referral.pk for referral in batch], now=now, quiet=quiet)
        tell(start + len(batch))
    return referrals


def _write(
    referrals: Sequence[Referral], timelines: Sequence[Sequence[WaitEvent]], *, by: Actor
) -> None:
    rows.insert(referrals)
    for referral, timeline in zip(referrals, timelines, strict=True):
        for event in timeline:
            event.referral_id = referral.pk
    rows.insert([event for timeline in timelines for event in timeline])
    rows.insert(
        [
            Custody(referral_id=r.pk, organisation_id=by.organisation_id, since=r.first_contact_at)
            for r in referrals
        ]
    )


def _referral(opening: Opening, *, by: Actor, now: datetime, run: ImportRun | None) -> Referral:
    return Referral(
        reference=new_reference(),
        pseudonym=opening.pseudonym,
        holder_id=by.organisation_id,
        own_reference=opening.own_reference,
        assigned_to_id=opening.assigned_to,
        age_group_at_opening=opening.age_group,
        age_group=opening.age_group,
        nation=opening.nation,
        turns_18_on=opening.turns_18_on,
        made_contact=opening.made_contact,
        channel=opening.channel,
        follows=opening.follows,
        imported_by=run,
        opened_at=opening.opened_at or now,
        first_contact_at=opening.happenings[0].happened_at,
    )


def _events(opening: Opening, referral: Referral, *, by: Actor, now: datetime) -> list[WaitEvent]:
    times = opening.recorded_at or [now] * len(opening.happenings)
    return [
        event_of(happening, referral=referral, by=by, recorded_at=at)
        for happening, at in zip(opening.happenings, times, strict=True)
    ]
