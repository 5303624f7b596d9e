"""Where a person stands: everything that the page of a referral shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Entry, Line
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.actions import agreed_terms, states_of
from referrals.catalogue import URGENT_RISKS, AgeGroup, EventCode
from referrals.closings import closed_in_words
from referrals.consent import is_asked
from referrals.contact import calling
from referrals.delays import Wait
from referrals.models import Custody, Referral, WaitEvent
from referrals.pages.after_submission import AfterSubmission, after_submission
from referrals.pages.appointments import AppointmentRow, appointments_of
from referrals.pages.causes import WaitedFor, waited_for
from referrals.pages.consent import in_short
from referrals.pages.consequences import waits_in, waits_of
from referrals.pages.delays import DelayCard, delay_cards
from referrals.pages.hand_over import Asked, asked_for
from referrals.pages.in_touch import in_touch_line
from referrals.pages.intake import how_far
from referrals.pages.life_cycle import stage_of
from referrals.pages.linked import Linked, linked_people
from referrals.pages.moved import moves
from referrals.pages.notes import Notes, notes_page
from referrals.pages.out_of_hours import OutOfHours, out_of_hours_of
from referrals.pages.pauses import Paused, paused_now
from referrals.pages.readiness import in_short as readiness_in_short
from referrals.pages.reading_on import Reader, readers_of
from referrals.pages.restricted import named_for
from referrals.pages.retracted import Retracted, retracted_of
from referrals.pages.risks import Danger, danger, in_words
from referrals.pages.shares import Share, shares_of
from referrals.pages.tasks import TaskRow, tasks_of
from referrals.pages.timeline import entries, events_of, stands
from referrals.pages.waits import WaitRow, deadline, row_of
from referrals.risks import current_risks
from referrals.timelines import case_of


@dataclass(frozen=True, slots=True)
class Next:
    """What falls due next."""

    title: str
    words: str  # "7 of 10 working days gone, due Tuesday 21 April"
    to_do: str
    rule: str
    started_by: int


@dataclass(frozen=True, slots=True)
class Planned:
    appointments: list[AppointmentRow]
    tasks: list[TaskRow]

    @property
    def number(self) -> int:
        return len(self.appointments) + len(self.tasks)


@dataclass(frozen=True, slots=True)
class Closed:
    """Why, in the words of the field and then in somebody's own, and when."""

    reason: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReferralPage:
    who: list[Line]
    danger: Danger | None
    closed: Closed | None
    next: Next | None
    paused: Paused | None
    out_of_hours: list[OutOfHours]
    delays: list[DelayCard]
    known: list[DelayCard]  # delays that ring no bell
    retracted: list[Retracted]
    running: list[WaitRow]
    ended: list[WaitRow]
    planned: Planned
    past: Planned
    linked: list[Linked]
    asked: list[Asked]
    readers: list[Reader]
    shares: list[Share]
    notes: Notes
    waited_for: WaitedFor | None
    after: AfterSubmission | None
    timeline: list[Entry]


def page_of(referral: Referral, *, membership: Membership, now: datetime) -> ReferralPage:
    events = events_of(referral, membership=membership)
    case = case_of(referral)
    waits = waits_in(case, now=now)
    rows = [row_of(wait, now=now) for wait in waits]
    standing = [event for event in events if stands(event)]
    cards = delay_cards(referral, waits, membership=membership, now=now)
    appointments = appointments_of(referral, membership=membership, now=now)
    tasks = tasks_of(referral, membership=membership, now=now)
    return ReferralPage(
        who=[
            Line("Stage", stage_of(referral, case.timeline.events, now=now)),
            *_who(referral, standing, membership=membership, now=now),
        ],
        danger=_danger(referral, standing, membership=membership, now=now),
        closed=_closed(referral, standing),
        next=_next(waits, now=now),
        out_of_hours=out_of_hours_of(referral, waits, membership=membership, now=now),
        paused=None if referral.closed_at else paused_now(standing, now=now),
        delays=[card for card in cards if card.rings],
        known=[card for card in cards if not card.rings],
        retracted=retracted_of(referral, events, membership=membership),
        asked=asked_for(referral, membership=membership, now=now),
        readers=readers_of(referral, membership=membership, now=now),
        shares=shares_of(referral, now=now),
        running=sorted((r for r in rows if not r.ended_at), key=lambda r: r.order, reverse=True),
        ended=[row for row in reversed(rows) if row.ended_at],
        planned=Planned(
            [row for row in appointments if not row.answered],
            [row for row in tasks if not row.ended],
        ),
        past=Planned(
            [row for row in appointments if row.answered], [row for row in tasks if row.ended]
        ),
        linked=linked_people(referral, membership=membership),
        notes=notes_page(referral, membership=membership),
        waited_for=waited_for(case, now=now),
        after=after_submission(referral, standing, case.timeline.events, now=now),
        timeline=_timeline(referral, events, membership=membership, now=now),
    )


def _timeline(
    referral: Referral, events: list[WaitEvent], *, membership: Membership, now: datetime
) -> list[Entry]:
    """What was recorded, and the deadlines that the calendar moved meanwhile; newest first."""
    recorded = entries(events, referral=referral, membership=membership)
    calendar = moves(referral, events, now=now)
    return sorted([*calendar, *recorded], key=lambda each: each.at, reverse=True)


def card_of(
    referral: Referral, delay: int, *, membership: Membership, now: datetime
) -> DelayCard | None:
    cards = delay_cards(referral, waits_of(referral, now=now), membership=membership, now=now)
    return next((card for card in cards if card.id == delay), None)


def _who(
    referral: Referral, standing: list[WaitEvent], *, membership: Membership, now: datetime
) -> list[Line]:
    age, nation = _age(referral, now=now), referral.get_nation_display()
    return [
        *_above(referral, membership=membership),
        Line(
            "Person",
            f"{age}, {nation}{_birthday(referral, now=now)}",
            url=reverse("person", args=[referral.reference]),
            action="Who this is",
        ),
        Line("Responsible", _responsible(referral, membership=membership, now=now)),
        Line(
            "At risk",
            in_words(current_risks(standing), now=now),
            url=reverse("risks", args=[referral.reference]),
            action="Ask again",
        ),
        Line(
            "Consent",
            in_short(referral, standing, now=now),
            url=reverse("consent", args=[referral.reference]),
        ),
        Line(
            "Caseworker",
            _caseworker(referral, membership=membership),
            url=reverse("caseworker", args=[referral.reference]),
        ),
        Line(
            "Calling",
            calling(agreed_terms(referral), now=now),
            url=reverse("contact", args=[referral.reference]),
        ),
        *in_touch_line(referral, standing, now=now),
        *_prepared(referral, standing, now=now),
        *_follows(referral),
    ]


def _above(referral: Referral, *, membership: Membership) -> Iterator[Line]:
    """Who else may see it, where they are named; and what the organisation calls it."""
    if referral.restricted:
        named = ", ".join(each.user.name for each in named_for(referral, membership=membership))
        url = reverse("restrict", args=[referral.reference])
        yield Line("Restricted to", named, url=url)
    if referral.own_reference:
        yield Line("Your reference", referral.own_reference)


def _follows(referral: Referral) -> Iterator[Line]:
    """The former request of the same person."""
    if referral.follows:
        former = referral.follows.reference
        yield Line("Follows", former, url=reverse("referral", args=[former]), action="Open")


def _prepared(referral: Referral, standing: list[WaitEvent], *, now: datetime) -> list[Line]:
    """How far the intake and the Home Office's form are."""
    states = states_of(referral=referral)
    ready = readiness_in_short(referral, standing, states, now=now)
    lines = (("Intake", how_far(states), "intake"), ("Home Office form", ready, "readiness"))
    return [
        Line(key, words, url=reverse(view, args=[referral.reference]), action="Open")
        for key, words, view in lines
    ]


def _age(referral: Referral, *, now: datetime) -> str:
    """A date of birth beats what was thought before."""
    if referral.age_group == AgeGroup.ADULT and not is_asked(referral, on=london_date(now)):
        return "Child by the date of birth"
    return str(AgeGroup(referral.age_group).label)


def _birthday(referral: Referral, *, now: datetime) -> str:
    day, today = referral.turns_18_on, london_date(now)
    return f", turns 18 on {day_in_words(day, today=today)}" if day and day > today else ""


def _caseworker(referral: Referral, *, membership: Membership) -> str:
    if referral.assigned_to is None:
        return "Nobody"
    you = " (you)" if referral.assigned_to_id == membership.user_id else ""
    return f"{referral.assigned_to.name}{you}"


def _responsible(referral: Referral, *, membership: Membership, now: datetime) -> str:
    custody = Custody.objects.select_related("organisation").get(referral=referral, until=None)
    you = " (you)" if custody.organisation_id == membership.organisation_id else ""
    since = day_in_words(london_date(custody.since), today=london_date(now))
    return f"{custody.organisation} since {since}{you}"


def _danger(
    referral: Referral, standing: list[WaitEvent], *, membership: Membership, now: datetime
) -> Danger | None:
    """Whom to call, while an urgent risk stands."""
    if referral.closed_at or not current_risks(standing).keys() & set(URGENT_RISKS):
        return None
    return danger(membership.organisation, nation=referral.nation, now=now)


def _closed(referral: Referral, standing: list[WaitEvent]) -> Closed | None:
    if not referral.closed_at:
        return None
    event = next(event for event in standing if event.code == EventCode.CLOSED)
    _, words = closed_in_words(event.detail)
    reason = event.get_outcome_display() if event.outcome else "No reason is recorded"
    return Closed(reason=reason, words=words, at=event.happened_at)


def _next(waits: list[Wait], *, now: datetime) -> Next | None:
    ahead = [
        (end, wait)
        for wait in waits
        if wait.running
        and (end := deadline(wait))
        and end > now
        and "home_office" not in wait.threshold.who_can_end
    ]
    if not ahead:
        return None
    _, wait = min(ahead, key=lambda pair: (pair[0], pair[1].rule))
    row = row_of(wait, now=now)
    return Next(
        title=wait.threshold.title,
        words=f"{row.words} gone, {row.due}",
        to_do=wait.threshold.to_do,
        rule=wait.rule,
        started_by=wait.started_by,
    )
