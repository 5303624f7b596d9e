"""A proof of wait: what its one page says. The same record gives the same words on the same day.

It names organisations, days and what they answered: no colleague, nobody else, and nothing that
anybody wrote in their own words.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from referrals.catalogue import EventCode, Outcome, Precision
from referrals.consent import no_to_the_nrm
from referrals.models import WaitEvent

CODE = 8  # letters of the hash that stand on the paper as its check code
NOT_NAMED = "An organisation"
WORDS: dict[str, str] = {
    EventCode.INITIAL_CONTACT: "Asked {recorded_by} for help.",
    EventCode.FRO_APPROACHED: "{organisation} was asked to take the request.",
    EventCode.FRO_NO_RESPONSE: "{organisation} had not answered.",
    EventCode.FRO_DECLINED_CAPACITY: "{organisation} had no capacity.",
    EventCode.FRO_DECLINED_SCOPE: "{organisation} said that this is outside what it takes.",
    EventCode.FRO_DECLINED_OTHER: "{organisation} could not take the request.",
    EventCode.FRO_WAITLISTED: "{organisation} put the person on its waiting list.",
    EventCode.FRO_ACCEPTED: "{organisation} agreed to take the request.",
    EventCode.APPOINTMENT_OFFERED: "A referral meeting was offered.",
    EventCode.APPOINTMENT_ATTENDED: "A referral meeting was held.",
    EventCode.APPOINTMENT_CANCELLED_BY_FRO: "The organisation cancelled a referral meeting.",
    EventCode.INTERPRETER_UNAVAILABLE: "No interpreter was available.",
    EventCode.EMERGENCY_SUPPORT_REQUESTED: "Emergency support was asked for.",
    EventCode.EMERGENCY_SUPPORT_STARTED: "Emergency support started.",
    EventCode.EMERGENCY_SUPPORT_REFUSED: "Emergency support was not granted.",
    EventCode.PAUSE_STARTED: "The person asked for time.",
    EventCode.PAUSE_ENDED: "The time that the person asked for ended.",
    EventCode.REFERRAL_SUBMITTED: "{submitted_by} submitted an NRM referral.",
    EventCode.CLOSED: "The request for help was closed.",
    EventCode.REOPENED: "The request for help was opened again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """All that the page says. `lines` are a day and what happened on it, in words."""

    reference: str
    name: str
    issued_by: str
    issued_on: str
    wait: str
    asked_for: str
    lines: tuple[tuple[str, str], ...]
    rests_on: tuple[int, ...]

    def named(self, name: str) -> "Chronology":
        return replace(self, name=name)

    def __repr__(self) -> str:
        return "Chronology(...)"  # may hold a name


def chronology_of(
    standing: Iterable[WaitEvent], *, reference: str, issued_by: str, now: datetime
) -> Chronology:
    """From the events that stand, with the organisations that they name."""
    events = sorted(standing, key=lambda event: (event.happened_at, event.root_id or event.pk))
    told = _without_holds([event for event in events if event.code in WORDS])
    return Chronology(
        reference=reference,
        name="",
        issued_by=issued_by,
        issued_on=_day(london_date(now)),
        wait=_wait(events, now=now),
        asked_for=_asked_for(told, now=now),
        lines=tuple((_when(event), _said(event)) for event in told),
        rests_on=tuple(event.pk for event in told),
    )


def text_of(said: Chronology) -> str:
    """The page as plain words: what is hashed, and what anybody can hash again."""
    about = [f"Reference: {said.reference}", *([f"Name: {said.name}"] if said.name else [])]
    waited = [said.wait, *([said.asked_for] if said.asked_for else [])]
    lines = [f"{day}: {words}" for day, words in said.lines]
    head = ["Proof of wait", *about, f"Issued by: {said.issued_by}", f"Date: {said.issued_on}"]
    return "\n".join([*head, *waited, *lines]) + "\n"


def hash_of(said: Chronology) -> str:
    return hashlib.sha256(text_of(said).encode()).hexdigest()


def to_sign(number: str, content_hash: str) -> str:
    """What the signature is over: this number was given to this page."""
    return f"{number} {content_hash}"


def packed(said: Chronology) -> str:
    return json.dumps(asdict(said), ensure_ascii=False, sort_keys=True)


def unpacked(text: str) -> Chronology:
    stored = json.loads(text)
    stored["lines"] = tuple((day, words) for day, words in stored["lines"])
    return Chronology(**stored | {"rests_on": tuple(stored["rests_on"])})


def _without_holds(told: Sequence[WaitEvent]) -> list[WaitEvent]:
    """Only the time that the person asked for: why somebody else held a wait is not told here."""
    found: list[WaitEvent] = []
    theirs = False
    for event in told:
        if event.code == EventCode.PAUSE_STARTED:
            theirs = event.outcome == Outcome.SURVIVOR_ASKED
        pause = event.code in {EventCode.PAUSE_STARTED, EventCode.PAUSE_ENDED}
        if theirs or not pause:
            found.append(event)
    return found


def _said(event: WaitEvent) -> str:
    return WORDS[event.code].format(
        organisation=event.organisation or NOT_NAMED,
        recorded_by=event.recorded_by,
        submitted_by=event.submitted_by or NOT_NAMED,
    )


def _when(event: WaitEvent) -> str:
    about = "About " if event.precision == Precision.ABOUT else ""
    return f"{about}{_day(london_date(event.happened_at))}"


def _wait(events: Sequence[WaitEvent], *, now: datetime) -> str:
    """How long it was, in a sentence that stays true of somebody who does not want to enter."""
    started = [e.happened_at for e in events if e.code == EventCode.INITIAL_CONTACT]
    since = london_date(min(started, default=events[0].happened_at))
    entered = [e.happened_at for e in events if e.code == EventCode.REFERRAL_SUBMITTED]
    if entered:
        day = london_date(min(entered))
        return (
            f"From first asking for help to the NRM referral on {_day(day)} they waited "
            f"{count((day - since).days, 'day')}."
        )
    today = london_date(now)
    days = count((today - since).days, "day")
    closed = next((e for e in reversed(events) if e.code in CLOSING), None)
    if no_to_the_nrm(events) or (closed and closed.code == EventCode.CLOSED):
        return f"They first asked for help on {_day(since)}, {days} before this page was issued."
    return (
        f"On {_day(today)} they had waited {days} since they first asked for help, and no NRM "
        "referral had been submitted."
    )


CLOSING = (EventCode.CLOSED, EventCode.REOPENED)


def _asked_for(told: Sequence[WaitEvent], *, now: datetime) -> str:
    days, since = 0, None
    for event in told:
        if event.code == EventCode.PAUSE_STARTED:
            since = since or london_date(event.happened_at)
        elif since and event.code in {EventCode.PAUSE_ENDED, EventCode.REFERRAL_SUBMITTED}:
            days, since = days + (london_date(event.happened_at) - since).days, None
    days += (london_date(now) - since).days if since else 0
    return f"Of these, they asked for {count(days, 'day')} themselves." if days else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
