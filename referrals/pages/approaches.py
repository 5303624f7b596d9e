"""Which organisations were asked, what they answered, and whom else to ring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from nrm_tracker.calendars import london_date
from organisations.hours import open_at
from organisations.models import Membership, Organisation
from organisations.pages.capacity import RoomSaid, capacities, room_of
from referrals.catalogue import ANSWER_CODES, EventCode
from referrals.models import Referral, WaitEvent
from referrals.pages.timeline import standing_of

# What was answered last says how likely a yes is: the best first.
LIKELY = (
    EventCode.FRO_ACCEPTED,
    None,  # never asked
    EventCode.FRO_WAITLISTED,
    EventCode.FRO_NO_RESPONSE,
    EventCode.FRO_DECLINED_OTHER,
    EventCode.FRO_DECLINED_CAPACITY,
    EventCode.FRO_DECLINED_SCOPE,
)


@dataclass(frozen=True, slots=True)
class Approach:
    """An organisation that was asked for this person; `answer` is None while it is awaited."""

    organisation: Organisation
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may take this person. `room`: what it says of how much it has. `code`:
    what it last answered to us, about anybody."""

    organisation: Organisation
    open_now: bool
    asked: bool
    room: RoomSaid | None
    code: EventCode | None
    answered_at: datetime | None

    @property
    def answer(self) -> str:
        return str(self.code.label) if self.code else ""


def open_approaches(standing: Iterable[WaitEvent]) -> list[WaitEvent]:
    """The latest unanswered approach to each organisation, newest first."""
    waiting: dict[int | None, WaitEvent] = {}
    for event in _in_order(standing):
        if event.code == EventCode.FRO_APPROACHED and event.organisation_id:
            waiting[event.organisation_id] = event
        elif event.code in ANSWER_CODES:
            waiting.pop(event.organisation_id, None)
    return sorted(waiting.values(), key=lambda e: e.happened_at, reverse=True)


def approaches(standing: Sequence[WaitEvent]) -> list[Approach]:
    """Each approach with its answer, the newest first."""
    found: list[Approach] = []
    for event in _in_order(standing):
        if event.organisation is None:
            continue
        if event.code == EventCode.FRO_APPROACHED:
            found.append(Approach(event.organisation, event.happened_at, "", None))
        elif event.code in ANSWER_CODES:
            _answer(found, event)
    return found[::-1]


def _answer(found: list[Approach], event: WaitEvent) -> None:
    """Beside the latest approach to that organisation; by itself where none was recorded."""
    label, organisation = EventCode(event.code).label, event.organisation
    if organisation is None:
        return
    asked = [n for n, each in enumerate(found) if each.organisation == organisation]
    if asked:
        at = found[asked[-1]].at
        found[asked[-1]] = Approach(organisation, at, label, event.happened_at)
    else:
        found.append(Approach(organisation, event.happened_at, label, event.happened_at))


def candidates(referral: Referral, *, membership: Membership, now: datetime) -> list[Candidate]:
    """Those designated today that take people in the referral's nation; the likeliest first, those
    that were asked for this person already last."""
    register = Organisation.objects.responders().with_standing(london_date(now))
    rows = [
        row
        for row in register.filter(nations__contains=[referral.nation]).order_by("name")
        if row.standing == "active" and row.pk != membership.organisation_id
    ]
    answers = _last_answers(rows, membership=membership)
    standing = standing_of(referral, membership=membership)
    asked = {each.organisation.pk for each in approaches(standing)}
    open_now, today = open_at(rows, now), london_date(now)
    rooms = {
        pk: room_of(said, today=today) for pk, said in capacities([row.pk for row in rows]).items()
    }
    found = [
        _candidate(row, answers.get(row.pk), asked, open_now, rooms.get(row.pk)) for row in rows
    ]
    return sorted(found, key=lambda each: (each.asked, LIKELY.index(each.code)))


def _candidate(
    row: Organisation,
    answer: WaitEvent | None,
    asked: set[int],
    open_now: set[int],
    room: RoomSaid | None,
) -> Candidate:
    return Candidate(
        organisation=row,
        open_now=row.pk in open_now,
        asked=row.pk in asked,
        room=room,
        code=EventCode(answer.code) if answer else None,
        answered_at=answer.happened_at if answer else None,
    )


def _last_answers(
    organisations: Sequence[Organisation], *, membership: Membership
) -> dict[int | None, WaitEvent]:
    """What each of them answered last to whoever acts, about anybody."""
    answers = WaitEvent.objects.visible_to(membership).answers_to(membership)
    latest = answers.filter(organisation=OuterRef("pk")).order_by("-happened_at", "-id")
    rows = Organisation.objects.filter(pk__in=[row.pk for row in organisations])
    last = rows.annotate(last=Subquery(latest.values("pk")[:1])).values_list("last", flat=True)
    events = answers.filter(pk__in=[pk for pk in last if pk])
    return {event.organisation_id: event for event in events}


def _in_order(standing: Iterable[WaitEvent]) -> list[WaitEvent]:
    return sorted(standing, key=lambda e: (e.happened_at, e.root_id or e.pk))
