"""After the NRM referral: what was decided, what runs now, and what can come next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Nation
from referrals import life_cycle
from referrals.catalogue import EventCode, Outcome
from referrals.consent import is_asked
from referrals.delays import Event
from referrals.doors import OF_DOORS, WROTE
from referrals.life_cycle import RECOVERY_DAYS, WINDOW_DAYS, Answer, Place, State
from referrals.life_cycle.states import AFTER_CG, AFTER_RG_YES, BEFORE, OUT, UNDECIDED
from referrals.models import Referral, WaitEvent
from referrals.pages.life_cycle import can_come, does_not_fit, place_now

C = EventCode
NOT_YET = "Not recorded"
# Each line of the panel: what it is called, and the events on it. The first ones are always there.
ALWAYS: Mapping[str, tuple[EventCode, ...]] = {
    "Submitted": (C.REFERRAL_SUBMITTED,),
    "Acknowledged": (C.REFERRAL_ACKNOWLEDGED,),
    "Who decides": (C.ALLOCATED,),
    "Reasonable Grounds": (C.RG_DECISION,),
}
WHERE_RECORDED: Mapping[str, tuple[EventCode, ...]] = {
    "Conclusive Grounds": (C.CG_DECISION,),
    "Reconsideration": (
        C.RECONSIDERATION_REQUESTED,
        C.RECONSIDERATION_NOT_REQUESTED,
        C.RECONSIDERATION_DECIDED,
    ),
    "Left the NRM": (C.WITHDRAWN_FROM_NRM,),
    "Disqualified": (C.PUBLIC_ORDER_DISQUALIFICATION,),
    "Emergency support": (
        C.EMERGENCY_SUPPORT_REQUESTED,
        C.EMERGENCY_SUPPORT_STARTED,
        C.EMERGENCY_SUPPORT_REFUSED,
    ),
    "Support": (C.SUPPORT_CONTACTED, C.SUPPORT_STARTED, C.SUPPORT_ENDED),
    "Child trafficking guardian": (C.ICTG_REFERRED, C.ICTG_APPOINTED),
}
LINES = {**ALWAYS, **WHERE_RECORDED}
SHORT: Mapping[str, str] = {  # where the line's own name says the rest
    C.REFERRAL_SUBMITTED: "",
    C.REFERRAL_ACKNOWLEDGED: "",
    C.ALLOCATED: "",
    C.RG_DECISION: "Decided",
    C.CG_DECISION: "Decided",
    C.WITHDRAWN_FROM_NRM: "",
    C.PUBLIC_ORDER_DISQUALIFICATION: "",
    C.RECONSIDERATION_REQUESTED: "Requested",
    C.RECONSIDERATION_NOT_REQUESTED: "Will not be requested",
    C.RECONSIDERATION_DECIDED: "Decided",
    C.EMERGENCY_SUPPORT_REQUESTED: "Requested",
    C.EMERGENCY_SUPPORT_STARTED: "Began",
    C.EMERGENCY_SUPPORT_REFUSED: "Not granted",
    C.SUPPORT_CONTACTED: "The provider made contact",
    C.SUPPORT_STARTED: "Began",
    C.SUPPORT_ENDED: "Ended",
    C.ICTG_REFERRED: "Referred",
    C.ICTG_APPOINTED: "Appointed",
}
WITH_THEM = "With the Home Office for"
TOLD_AHEAD = 100  # days before an 18th birthday
RG_BASIS = (
    "Guidance: the aim is 5 working days from the NRM referral, where possible; 45 days where a "
    "local authority's panel decides."
)
CG_BASIS = "Not before the recovery period is over. No time limit is published."
RECOVERY_BASIS = (
    "At least 30 calendar days from a positive Reasonable Grounds decision (45 until December "
    "2022). Conclusive Grounds is not decided before, except by a local authority's panel."
)
TURNING_18 = (
    "Guidance: they must say whether they consent to stay in the NRM or leave it, and whether they "
    "want support as an adult. Record both under Consent, on the birthday or after it."
)
SUPPORT: Mapping[str, tuple[int, str]] = {
    Nation.SCOTLAND: (
        90,
        "Scotland: from the decision, or until Conclusive Grounds where that comes first. It may "
        "be given before and after too. Regulations, in force since 1 April 2018.",
    ),
    Nation.NORTHERN_IRELAND: (
        45,
        "Northern Ireland: from the decision, or longer where the Department thinks it necessary. "
        "It may begin before the decision. Section 18 of the Human Trafficking and Exploitation "
        "Act (Northern Ireland) 2015.",
    ),
}
WINDOW_BASIS = (
    "Guidance: 30 calendar days from the date on the letter, for new evidence or where the "
    "decision does not follow the guidance; longer only in exceptional circumstances. Since "
    "17 September 2025 some people who face removal to another country cannot ask."
)


@dataclass(frozen=True, slots=True)
class Running:
    """What runs now, in days, and what it rests on."""

    words: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class AfterSubmission:
    recorded: list[Line]
    running: list[Running]
    next: list[tuple[str, str]]  # where to record it, and what
    does_not_fit: list[str]


def after_submission(
    referral: Referral,
    standing: Sequence[WaitEvent],
    events: Sequence[Event],
    *,
    now: datetime,
) -> AfterSubmission | None:
    """None before the NRM referral, unless something that follows it is recorded already.

    `standing` and `events` are the same, as rows and as the rules read them.
    """
    place = place_now(referral, events, now=now)
    codes = {event.code for event in standing}
    entered = place.state not in BEFORE
    if not entered and not codes & {code for line in LINES.values() for code in line}:
        return None
    child = not is_asked(referral, on=london_date(now))
    return AfterSubmission(
        recorded=list(_recorded(standing, entered=entered, today=london_date(now))),
        running=[] if place.closed else list(_running(referral, standing, place, now=now)),
        next=_next(referral, place, child=child),
        does_not_fit=[EventCode(each.code).label for each in does_not_fit(events, child=child)],
    )


def _recorded(standing: Sequence[WaitEvent], *, entered: bool, today: date) -> Iterator[Line]:
    oldest_first = sorted(standing, key=lambda each: (each.happened_at, each.root_id or each.pk))
    for name, codes in LINES.items():
        said = [_said(event, today=today) for event in oldest_first if event.code in codes]
        if said or (entered and name in ALWAYS):
            yield Line(name, ". ".join(said) or NOT_YET)


def _said(event: WaitEvent, *, today: date) -> str:
    """Such as "Positive, letter dated Tuesday 3 March, arrived Thursday 5 March"."""
    day = day_in_words(london_date(event.happened_at), today=today)
    what = Outcome(event.outcome).label if event.outcome else SHORT[event.code]
    if event.dated_on:
        dated = f"letter dated {day_in_words(event.dated_on, today=today)}"
        parts = [what, dated, f"arrived {day}"]
    else:
        parts = [what, day]
    if event.submitted_by:
        parts.append(f"by {event.submitted_by}")
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def _running(
    referral: Referral, standing: Sequence[WaitEvent], place: Place, *, now: datetime
) -> Iterator[Running]:
    """What waits for the Home Office in days, and the dates that lie ahead. No colour: nobody here
    can end it, except the window, which the delays watch too."""
    today = london_date(now)
    gone = (today - place.since).days
    if place.state in UNDECIDED:
        sent = [e.happened_at for e in standing if e.code == EventCode.REFERRAL_SUBMITTED]
        days = (today - london_date(max(sent))).days if sent else gone
        yield Running(f"{WITH_THEM} {count(days, 'day')}: Reasonable Grounds", RG_BASIS)
    elif place.state == State.RECOVERY:
        last = day_in_words(place.since + timedelta(days=RECOVERY_DAYS), today=today)
        yield Running(
            f"Recovery period: day {gone} of {RECOVERY_DAYS}, until {last} at least", RECOVERY_BASIS
        )
    elif place.state == State.CG_AWAITED:
        yield Running(
            f"{WITH_THEM} {count(gone, 'day')} since Reasonable Grounds: Conclusive Grounds",
            CG_BASIS,
        )
    elif place.state in (State.RG_RECONSIDERED, State.CG_RECONSIDERED):
        yield Running(f"{WITH_THEM} {count(gone, 'day')}: the reconsideration")
    elif place.state in (State.RG_NEGATIVE, State.CG_NEGATIVE):
        yield _window(place, today=today)
    if place.state in AFTER_RG_YES and referral.nation in SUPPORT:
        yield _support(referral.nation, gone=gone)
    if turning := _turning_18(referral, place, today=today):
        yield turning


def _window(place: Place, *, today: date) -> Running:
    last = place.since + timedelta(days=WINDOW_DAYS)
    left = count((last - today).days, "day")
    return Running(
        f"Reconsideration can be asked for until {day_in_words(last, today=today)}: {left} left",
        WINDOW_BASIS,
    )


def _support(nation: str, *, gone: int) -> Running:
    days, basis = SUPPORT[nation]
    return Running(f"Support: day {gone} of {days}", basis)


def _turning_18(referral: Referral, place: Place, *, today: date) -> Running | None:
    """Who turns 18 before Conclusive Grounds is asked two things; the delays watch the answer."""
    day = referral.turns_18_on
    if day is None or place.state in (*AFTER_CG, *OUT):
        return None
    away = (day - today).days
    if not 0 <= away <= TOLD_AHEAD:
        return None
    when = day_in_words(day, today=today)
    return Running(f"Turns 18 on {when}, in {count(away, 'day')}", TURNING_18)


def _next(referral: Referral, place: Place, *, child: bool) -> list[tuple[str, str]]:
    """Links to what can be recorded next, letters through their own door."""
    state = State.CLOSED if place.closed else place.state
    codes = [c for c in can_come(place.state) if life_cycle.verdict(c, state).answer == Answer.YES]
    again = place.state not in BEFORE  # a second NRM referral is possible, and not the next thing
    left_out = {C.WITHDRAWN_FROM_NRM: child, C.REFERRAL_SUBMITTED: again}
    codes = [code for code in codes if not left_out.get(code)]
    doors = [(WROTE if code in OF_DOORS[WROTE] else code, code.label) for code in codes]
    return [
        (reverse("record_door", args=[referral.reference, door]), str(label))
        for door, label in doors
    ]
