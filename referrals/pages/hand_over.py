"""What other organisations were asked, and what they ask of us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from nrm_tracker.calendars import london_date
from organisations.models import Membership, Nation, Organisation
from referrals.candidates import NOTHING_SAID, Candidate, candidates
from referrals.catalogue import AgeGroup
from referrals.consent import agreed_to_share, is_asked
from referrals.delays import Wait
from referrals.hand_over_limits import answers_awaited, is_late
from referrals.models import HandOver, Referral
from referrals.needs import Sought
from referrals.pages.approaches import Approach, approaches
from referrals.pages.timeline import standing_of
from referrals.pages.waits import due_in_words

State = HandOver.State
SHOWN = 100
LATELY = timedelta(days=7)
TONES = {State.SENT: "due", State.INTERESTED: "due"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One hand-over as either side may see it. `late` and `due` are "" once it was answered."""

    id: UUID
    other: str  # the organisation on the other side
    person: str  # "Adult in England"
    interpreter: str
    at_risk: bool
    restricted: bool
    reference: str
    state: str
    tone: str
    reason: str
    late: str
    due: str
    sent_at: datetime
    ended_at: datetime | None
    unanswered: bool
    interested: bool
    silent: str  # what an answer that did not come means, on this side
    reads_until: datetime | None  # who handed it over may read on, as far as the row says


@dataclass(frozen=True, slots=True)
class Tried:
    """An organisation that was asked here, or else rung."""

    asked: Asked | None
    rang: Approach | None
    at: datetime


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """`shares`: whether sharing is agreed to, without which nobody may be asked. `tried`: whom we
    asked or rang, the latest first."""

    shares: bool
    child: bool
    tried: list[Tried]
    to_ring: list[Organisation]
    possible: list[Candidate]
    excluded: list[Candidate]


@dataclass(frozen=True, slots=True)
class Inbox:
    waiting: list[Asked]
    answered: list[Asked]
    handed_over: list[Asked]


def hand_over_page(
    referral: Referral,
    *,
    membership: Membership,
    now: datetime,
    sought: Sought = NOTHING_SAID,
) -> HandOverPage:
    """`sought`: what somebody says for one look at whom to ask."""
    sent = HandOver.objects.visible_to(membership).sent_by(membership).filter(referral=referral)
    rows = list(sent.select_related("receiver").order_by("-sent_at", "id"))
    waiting = {row.receiver_id for row in rows if row.is_unanswered}
    found = candidates(
        referral, own=membership.organisation_id, waiting=waiting, now=now, sought=sought
    )
    standing = standing_of(referral, membership=membership)
    asked = is_asked(referral, on=london_date(now))
    return HandOverPage(
        shares=agreed_to_share(standing, asked=asked) is not None,
        child=not asked,
        tried=_tried(rows, _seen(rows, membership, now=now), approaches(standing)),
        to_ring=sorted((each.organisation for each in found), key=str),
        possible=[each for each in found if not each.why_not],
        excluded=[each for each in found if each.why_not],
    )


def _tried(
    rows: Sequence[HandOver], asked: Sequence[Asked], approached: Sequence[Approach]
) -> list[Tried]:
    """One list of both: a request stands on the timeline as an approach of its own, once."""
    here = {(row.receiver_id, row.sent_at) for row in rows}
    rang = [each for each in approached if (each.organisation.pk, each.at) not in here]
    found = [Tried(each, None, each.sent_at) for each in asked]
    found += [Tried(None, each, each.at) for each in rang]
    return sorted(found, key=lambda each: each.at, reverse=True)


def asked_for(referral: Referral, *, membership: Membership, now: datetime) -> list[Asked]:
    """Whom one's organisation asked to take this person, the latest first."""
    sent = HandOver.objects.visible_to(membership).sent_by(membership).filter(referral=referral)
    return _seen(sent.select_related("receiver").order_by("-sent_at", "id"), membership, now=now)


def inbox_of(membership: Membership, *, now: datetime) -> Inbox:
    """What was asked of us, and what we handed over."""
    mine = HandOver.objects.visible_to(membership).select_related("sender", "receiver")
    asked = mine.asked_of(membership)
    gone = mine.sent_by(membership).filter(state=State.ACCEPTED).order_by("-ended_at", "id")
    return Inbox(
        waiting=_seen(asked.unanswered().order_by("sent_at", "id"), membership, now=now),
        answered=_seen(
            asked.filter(ended_at__isnull=False).order_by("-ended_at", "id")[:SHOWN],
            membership,
            now=now,
        ),
        handed_over=_seen(gone[:SHOWN], membership, now=now),
    )


def seen(row: HandOver, *, membership: Membership, now: datetime) -> Asked:
    return _seen([row], membership, now=now)[0]


def to_look_at(membership: Membership, *, now: datetime) -> list[tuple[HandOver, Asked]]:
    """What we sent and somebody here is to look at, the oldest first: no answer in time, or a no
    of the last days after which nobody else was asked."""
    later = HandOver.objects.visible_to(membership).filter(
        referral=OuterRef("referral"), sent_at__gte=OuterRef("ended_at")
    )
    declined = Q(
        ~Exists(later),
        state=State.DECLINED,
        ended_at__gt=now - LATELY,
        referral__closed_at=None,
        referral__submitted_at=None,
        referral__holder=membership.organisation_id,
    )
    sent = HandOver.objects.visible_to(membership).sent_by(membership)
    found = sent.filter(Q(state__in=HandOver.UNANSWERED) | declined)
    rows = list(found.select_related("receiver", "referral").order_by("sent_at", "id"))
    both = zip(rows, _seen(rows, membership, now=now), strict=True)
    return [(row, asked) for row, asked in both if asked.late or not asked.unanswered]


def taken_lately(membership: Membership, *, now: datetime) -> list[Asked]:
    """What one asked for oneself, and was accepted in the last days, the latest first."""
    sent = HandOver.objects.visible_to(membership).sent_by(membership)
    mine = sent.filter(
        state=State.ACCEPTED, ended_at__gt=now - LATELY, sent_by=membership.user_id
    ).select_related("receiver")
    return _seen(mine.order_by("-ended_at", "id"), membership, now=now)


def waiting_here(membership: Membership, *, now: datetime) -> list[Asked]:
    """What was asked of us and has no answer, the oldest first."""
    asked = HandOver.objects.visible_to(membership).asked_of(membership).unanswered()
    return _seen(asked.select_related("sender").order_by("sent_at", "id"), membership, now=now)


def _seen(rows: Iterable[HandOver], membership: Membership, *, now: datetime) -> list[Asked]:
    found = list(rows)
    running: Sequence[HandOver] = [row for row in found if row.is_unanswered]
    awaited = answers_awaited(running, now=now) if running else {}
    return [_one(row, awaited.get(row.pk), membership, now=now) for row in found]


def _one(row: HandOver, wait: Wait | None, membership: Membership, *, now: datetime) -> Asked:
    sent = row.sender_id == membership.organisation_id
    late = wait is not None and is_late(wait, now=now)
    due_at = wait.due_at if wait and not late else None
    return Asked(
        id=row.pk,
        other=str(row.receiver if sent else row.sender),
        person=f"{AgeGroup(row.age_group).label} in {Nation(row.nation).label}",
        interpreter=_interpreter(row),
        at_risk=row.at_risk,
        restricted=row.restricted,
        reference=row.reference,
        state=row.get_state_display(),
        tone="amber" if late else TONES.get(State(row.state), "info"),
        reason=row.get_reason_display(),
        late="No answer in time" if late else "",
        due=due_in_words(due_at, unit=wait.unit, now=now) if wait and due_at else "",
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        unanswered=row.is_unanswered,
        interested=row.state == State.INTERESTED,
        silent=_silent(row, sent=sent, late=late),
        reads_until=until if (until := row.reads_until) and now < until else None,
    )


def _silent(row: HandOver, *, sent: bool, late: bool) -> str:
    """Nothing lapses by itself: whoever asked ends it."""
    if row.state == State.LAPSED:
        return "" if sent else "They took it back, since nobody here had answered."
    if not late:
        return ""
    if sent:
        return "It does not lapse by itself: take it back as unanswered, or ring them and wait on."
    return "Answer it still: it stands until whoever asked takes it back."


def _interpreter(row: HandOver) -> str:
    if row.language:
        return f"Interpreter needed: {row.language}"
    if row.needs_interpreter is None:
        return "Not recorded whether an interpreter is needed"
    return "Interpreter needed" if row.needs_interpreter else "No interpreter needed"
