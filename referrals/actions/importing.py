"""Bring in a list: new referrals are opened, known ones get the events that they lack.

Repeating it changes nothing. Nobody is told of what is late already: whoever imports sees one
summary.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from audit import log
from audit.models import Action
from nrm_tracker import rows
from nrm_tracker.calendars import london_date
from organisations.actor import Actor
from organisations.models import Organisation
from referrals.actions.opening import Opening, open_referrals
from referrals.actions.reassessing import BATCH, reassess
from referrals.actions.recording import (
    DERIVED,
    Happening,
    check_submissions,
    derive,
    event_of,
)
from referrals.catalogue import EventCode, Precision
from referrals.models import ImportRun, Referral, WaitEvent

IMPORTS = 6_776_002  # with the organisation, the advisory lock of its imports
RISK = 5  # its place in the identity of an event


@dataclass(frozen=True, slots=True)
class Listed:
    """A referral as a list has it; its risks hold from its first event."""

    opening: Opening
    risks: tuple[str, ...] = ()

    def with_risks(self) -> Opening:
        first, *later = self.opening.happenings
        at, *times = self.opening.recorded_at
        added = [
            Happening(
                code=EventCode.RISK_FLAG_ADDED,
                happened_at=first.happened_at,
                precision=first.precision,
                risk=risk,
            )
            for risk in self.risks
        ]
        return replace(
            self.opening,
            happenings=[first, *added, *later],
            recorded_at=[at, *(at for _ in added), *times],
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would do, or did. `differing` are own references of known referrals whose
    facts (not events) differ from the list: they stay as they are. `handed_over`: own references
    of those that the organisation handed over, and when; nothing is opened or added."""

    new: tuple[Listed, ...]
    lacking: Mapping[int, Sequence[tuple[Happening, datetime]]]  # by referral
    complete: int
    differing: tuple[str, ...]
    handed_over: Mapping[str, datetime]

    @property
    def events(self) -> int:
        opened = sum(len(one.opening.happenings) + len(one.risks) for one in self.new)
        return opened + sum(len(each) for each in self.lacking.values())


def compare(listed: Sequence[Listed], *, by: Actor) -> Difference:
    """What the list has that the organisation's referrals have not."""
    known = _known(listed, by)
    events = _events_of([referral.pk for referral in known.values()])
    lacking, differing, complete = {}, [], 0
    for one in listed:
        referral = known.get(one.opening.own_reference)
        if referral is None:
            continue
        if missing := _missing(one.opening, events[referral.pk]):
            lacking[referral.pk] = missing
        else:
            complete += 1
        if _differs(one, referral, events[referral.pk]):
            differing.append(one.opening.own_reference)
    unknown = [one for one in listed if one.opening.own_reference not in known]
    gone = _handed_over(unknown)
    new = tuple(one for one in unknown if one.opening.own_reference not in gone)
    return Difference(new, lacking, complete, tuple(differing), gone)


@transaction.atomic
def import_referrals(
    *,
    listed: Sequence[Listed],
    by: Actor,
    now: datetime,
    run: ImportRun | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> Difference:
    """All or nothing. What the list said is checked already: see `referrals.importing`. `tell` is
    called with how many people are done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORTS, by.organisation_id])
    difference = compare(listed, by=by)
    open_referrals(
        openings=[one.with_risks() for one in difference.new],
        by=by,
        now=now,
        quiet=True,
        run=run,
        tell=tell,
    )
    _append(difference.lacking, by=by, now=now)
    counted = f"{len(difference.new)} new, {len(difference.lacking)} added to"
    log.record(Action.LIST_IMPORTED, by=by, now=now, subject=counted)
    return difference


class Named(NamedTuple):
    """What identifies an event that a list names again, and its free text."""

    identity: tuple[object, ...]
    detail: str


def _known(listed: Sequence[Listed], by: Actor) -> dict[str, Referral]:
    references = [one.opening.own_reference for one in listed]
    held = Referral.objects.filter(holder=by.organisation_id, own_reference__in=references)
    return {referral.own_reference: referral for referral in held}


def _handed_over(listed: Sequence[Listed]) -> dict[str, datetime]:
    """By the organisation acted for, which goes on calling them so. The database answers: of one
    that was restricted whoever brings the list may see no hand-over."""
    references = sorted({one.opening.own_reference for one in listed} - {""})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT own_reference, handed_over_at FROM nrm_handed_over(%s) ORDER BY own_reference",
            [references],
        )
        return dict(cursor.fetchall())


def _events_of(referrals: Collection[int]) -> dict[int, list[Named]]:
    """Every event that was ever recorded: one that was corrected since is not brought back."""
    found: dict[int, list[Named]] = defaultdict(list)
    for event in WaitEvent.objects.filter(referral__in=referrals):
        named = _named(event, event.organisation_id, event.submitted_by_id)
        found[event.referral_id].append(named)
    return found


def _named(event: WaitEvent | Happening, organisation: int | None, submitter: int | None) -> Named:
    at: date | datetime = event.happened_at
    if event.precision == Precision.DAY:
        at = london_date(event.happened_at)
    said = (event.code, at, event.consent_type, event.outcome, event.dated_on, event.risk)
    return Named((*said, organisation, submitter), event.detail)


def _id(organisation: Organisation | None) -> int | None:
    return organisation.pk if organisation else None


def _missing(opening: Opening, stored: Iterable[Named]) -> list[tuple[Happening, datetime]]:
    """Of each event as many as the list has more of; those whose text is the same are there."""
    standing = list(stored)
    there = Counter(named.identity for named in standing)
    texts = set(standing)
    said = [
        (_named(h, _id(h.organisation), _id(h.submitted_by)), h, at)
        for h, at in zip(opening.happenings, opening.recorded_at, strict=True)
    ]
    missing = []
    for named, happening, at in sorted(said, key=lambda each: each[0] not in texts):
        if there[named.identity]:
            there[named.identity] -= 1
        else:
            missing.append((happening, at))
    return missing


def _differs(one: Listed, referral: Referral, stored: Iterable[Named]) -> bool:
    risks = {named.identity[RISK] for named in stored}
    facts = (
        one.opening.pseudonym,
        one.opening.age_group,
        one.opening.nation,
        one.opening.turns_18_on,
    )
    held = (
        referral.pseudonym,
        referral.age_group_at_opening,
        referral.nation,
        referral.turns_18_on,
    )
    return facts != held or not risks.issuperset(one.risks)


def _append(
    lacking: Mapping[int, Sequence[tuple[Happening, datetime]]], *, by: Actor, now: datetime
) -> None:
    ids = sorted(lacking)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        locked = Referral.objects.select_for_update(of=("self",)).order_by("id")
        referrals = list(locked.filter(id__in=batch))
        check_submissions((h for pk in batch for h, _ in lacking[pk]), by=by, now=now)
        for referral in referrals:
            referral.version += 1
        rows.insert(
            [
                event_of(happening, referral=referral, by=by, recorded_at=at)
                for referral in referrals
                for happening, at in lacking[referral.pk]
            ]
        )
        _derive(referrals)
        reassess(batch, now=now, quiet=True)


def _derive(referrals: Sequence[Referral]) -> None:
    timelines: dict[int, list[WaitEvent]] = defaultdict(list)
    for event in WaitEvent.objects.filter(referral__in=referrals).standing():
        timelines[event.referral_id].append(event)
    for referral in referrals:
        derive(referral, timelines[referral.pk])
    Referral.objects.bulk_update(referrals, ["version", *DERIVED], batch_size=BATCH)
