"""Record what happened while somebody waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.actor import Actor
from organisations.models import Designation, Organisation, RegisterQuestion
from referrals import notification
from referrals.actions.agreeing import Calling, agree_calling
from referrals.actions.answering_plans import PlanAnswer, answer_plans
from referrals.actions.judging import check_open, check_possible
from referrals.actions.keeping_true import keep_hand_overs_true
from referrals.actions.locking import check_version, lock
from referrals.actions.pausing import check_pauses
from referrals.actions.reading_on import end_with_sharing
from referrals.actions.reassessing import reassess
from referrals.actions.responding import check_may_act
from referrals.actions.submitting import sent_before
from referrals.catalogue import CONSENT_CODES, EVERY_DAYS, ConsentType, EventCode, Precision
from referrals.consent import is_asked
from referrals.errors import (
    BeforeFirstContact,
    NoSuchInterval,
    NoSuchRoute,
    NotDesignatedThen,
    NothingToWithdraw,
    NotYetHappened,
)
from referrals.models import Referral, WaitEvent
from referrals.risks import current_risks

DID: dict[str, Action] = {
    EventCode.CLOSED: Action.REFERRAL_CLOSED,
    EventCode.REOPENED: Action.REFERRAL_REOPENED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What somebody says happened: an event that is not yet recorded. Instants are aware."""

    code: str
    happened_at: datetime
    precision: str = Precision.EXACT
    organisation: Organisation | None = None
    submitted_by: Organisation | None = None
    consent_type: str = ""
    given: str = ""
    outcome: str = ""
    dated_on: date | None = None
    risk: str = ""
    look_again_on: date | None = None
    every_days: int | None = None
    detail: str = ""
    alike: UUID | None = None  # the same on what is recorded with it for others


@transaction.atomic
def record_wait_events(
    *,
    referral: Referral,
    happenings: Sequence[Happening],
    calling: Calling | None = None,
    all_the_same: str = "",
    plans: Sequence[PlanAnswer] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[WaitEvent]:
    """Append these to the timeline and reassess; none, when the same form was sent before.

    `version` is the referral's when the form was opened. `all_the_same`: why what is asked about
    first is recorded in spite of it. Raises an ActionRefused.

    Then it is known which delays stand, and what was said of their plans is noted.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return []
    check_version(locked, version)
    check_may_act(happenings, by=by, now=now)
    happenings = _checked(happenings, locked, all_the_same=all_the_same, by=by, now=now)
    check_pauses(locked, happenings, by=by)
    events = append(locked, happenings, by=by, now=now)
    if calling:
        agree_calling(locked, calling, by=by, now=now)
    settle(locked, now=now)
    answer_plans(locked, plans, by=by, now=now)
    codes = [happening.code for happening in happenings]
    did = next((DID[code] for code in codes if code in DID), Action.EVENTS_RECORDED)
    log.record(did, by=by, now=now, referral=locked.pk, fields=set(codes))
    return events


def _checked(
    happenings: Sequence[Happening],
    referral: Referral,
    *,
    all_the_same: str,
    by: Actor,
    now: datetime,
) -> list[Happening]:
    """Each with the reason for recording it all the same, where it was asked about."""
    found: list[Happening] = []
    for each in happenings:
        check(each, referral=referral, by=by, now=now)
        because = check_possible(each, referral=referral, earlier=found, all_the_same=all_the_same)
        detail = "\n".join(part for part in (each.detail, because) if part)
        found.append(replace(each, detail=detail))
    return found


def check(happening: Happening, *, referral: Referral, by: Actor, now: datetime) -> None:
    """Refuse what cannot be recorded, in words that say what to do."""
    check_open(happening, referral=referral)
    check_fact(happening, referral=referral, by=by, now=now)
    if happening.code == EventCode.CONSENT_WITHDRAWN:
        _check_withdrawal(happening, referral=referral)


def _check_withdrawal(happening: Happening, *, referral: Referral) -> None:
    kind = ConsentType(happening.consent_type or ConsentType.NRM)
    kinds = {kind, ""} if kind == ConsentType.NRM else {kind}
    standing = WaitEvent.objects.filter(referral=referral).standing()
    if not standing.filter(code=EventCode.CONSENT_RECORDED, consent_type__in=kinds).exists():
        raise NothingToWithdraw(
            f"No consent is recorded that could be withdrawn: {kind.label}. Record first that they "
            "consented, and when, or choose “Does not consent”.",
            kind=kind,
        )


def check_fact(happening: Happening, *, referral: Referral, by: Actor, now: datetime) -> None:
    """Refuse what cannot have happened. A closed referral's facts may still be corrected."""
    if happening.happened_at > now:
        raise NotYetHappened("Enter a time that has passed. Record it once it has happened.")
    if happening.happened_at < referral.first_contact_at:
        raise BeforeFirstContact(
            "This is before they first asked for help. Check the date, or correct the first "
            "contact on the timeline."
        )
    if happening.code == EventCode.CONTACT_INTERVAL_AGREED:
        _check_interval(happening)
    if happening.code == EventCode.DTN_SUBMITTED and not _may_be_notified(referral, happening):
        raise NoSuchRoute(
            "A Duty to Notify is for adults in England and Wales. For a child the NRM referral is "
            "made without a consent question; elsewhere nothing is sent in its place."
        )
    if happening.code == EventCode.REFERRAL_SUBMITTED:
        if happening.submitted_by is None:
            raise NotDesignatedThen("Choose the organisation that submitted the NRM referral.")
        check_submissions([happening], by=by, now=now)


def _check_interval(happening: Happening) -> None:
    if happening.every_days not in EVERY_DAYS:
        raise NoSuchInterval(f"Enter a number of days from {EVERY_DAYS[0]} to {EVERY_DAYS[-1]}.")


def _may_be_notified(referral: Referral, happening: Happening) -> bool:
    adult = is_asked(referral, on=london_date(happening.happened_at))
    return adult and notification.is_possible(referral.nation)


def check_submissions(happenings: Iterable[Happening], *, by: Actor, now: datetime) -> None:
    """A submission is a fact, not a permission; only "we did" needs a designation on that day.

    Of the others, those that the register does not have as designated then are asked about.
    """
    undesignated = not_designated_then(happenings)
    for submitter, day in undesignated:
        if submitter.pk == by.organisation_id:
            raise NotDesignatedThen(
                f"{submitter} was not designated on {day:%-d %B %Y}, so it cannot have submitted "
                "an NRM referral. If another organisation did, choose that one. If nobody did, "
                "hand the referral over: ask an organisation that is designated."
            )
    RegisterQuestion.objects.bulk_create(
        [RegisterQuestion(organisation=who, about=day, asked_at=now) for who, day in undesignated],
        ignore_conflicts=True,
    )


def not_designated_then(happenings: Iterable[Happening]) -> list[tuple[Organisation, date]]:
    """Who is said to have submitted on a London date on which the register has no designation."""
    said = {
        (happening.submitted_by, london_date(happening.happened_at))
        for happening in happenings
        if happening.code == EventCode.REFERRAL_SUBMITTED and happening.submitted_by
    }
    designations = Designation.objects.filter(
        organisation__in={submitter for submitter, _ in said}, status=Designation.Status.ACTIVE
    ).values_list("organisation", "effective_from", "effective_until")
    spans = [(pk, since, until or date.max) for pk, since, until in designations]
    return [
        (submitter, day)
        for submitter, day in sorted(said, key=lambda pair: (pair[1], pair[0].pk))
        if not any(pk == submitter.pk and since <= day < until for pk, since, until in spans)
    ]


def append(
    referral: Referral, happenings: Sequence[Happening], *, by: Actor, now: datetime
) -> list[WaitEvent]:
    """The events themselves, with the referral's next version on them."""
    referral.version += 1
    return WaitEvent.objects.bulk_create(
        [event_of(happening, referral=referral, by=by, recorded_at=now) for happening in happenings]
    )


def event_of(
    happening: Happening, *, referral: Referral, by: Actor, recorded_at: datetime
) -> WaitEvent:
    consent = happening.code in CONSENT_CODES
    return WaitEvent(
        referral=referral,
        code=happening.code,
        happened_at=happening.happened_at,
        precision=happening.precision,
        recorded_at=recorded_at,
        recorded_by_id=by.organisation_id,
        by_id=by.user_id,
        organisation=happening.organisation,
        submitted_by=happening.submitted_by,
        consent_type=happening.consent_type or (ConsentType.NRM if consent else ""),
        given=happening.given,
        outcome=happening.outcome,
        dated_on=happening.dated_on,
        risk=happening.risk,
        look_again_on=happening.look_again_on,
        every_days=happening.every_days,
        detail=happening.detail,
        alike=happening.alike,
        version=referral.version,
    )


def settle(referral: Referral, *, now: datetime) -> None:
    """After the timeline changed: what lists show of it, and what the rules say of it."""
    standing = list(WaitEvent.objects.filter(referral=referral).standing())
    derive(referral, standing)
    referral.save(update_fields=["version", *DERIVED])
    keep_hand_overs_true(referral, standing, now=now)
    end_with_sharing(referral, standing, now=now)
    reassess([referral.pk], now=now)


DERIVED = ("age_group", "risks", "first_contact_at", "submitted_at", "closed_at")


def derive(referral: Referral, standing: Iterable[WaitEvent]) -> None:
    """The facts that stand on the referral for lists, from the events that stand."""
    timeline = sorted(standing, key=lambda event: (event.happened_at, event.root_id or event.pk))
    referral.age_group = referral.age_group_at_opening
    referral.risks = sorted(risk.value for risk in current_risks(timeline))
    referral.submitted_at = referral.closed_at = None
    contacts = [e.happened_at for e in timeline if e.code == EventCode.INITIAL_CONTACT]
    referral.first_contact_at = min(contacts, default=timeline[0].happened_at)
    for event in timeline:
        if event.code == EventCode.AGE_GROUP_CHANGED:
            referral.age_group = event.outcome
        elif event.code in {EventCode.REFERRAL_SUBMITTED, EventCode.DTN_SUBMITTED}:
            referral.submitted_at = referral.submitted_at or event.happened_at
        elif event.code == EventCode.CLOSED:
            referral.closed_at = event.happened_at
        elif event.code == EventCode.REOPENED:
            referral.closed_at = None
