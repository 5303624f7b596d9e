"""One row of a list: a referral, or an event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.moments import Unreadable
from organisations.models import Nation, Organisation
from referrals.actions.importing import Listed
from referrals.actions.opening import Opening
from referrals.actions.recording import Happening
from referrals.catalogue import (
    CONSENT_CODES,
    OUTCOMES_OF,
    RISK_CODES,
    AgeGroup,
    ConsentType,
    EventCode,
    Risk,
)
from referrals.closings import closed_in_words
from referrals.importing import cells
from referrals.importing.tables import Columns, Row

REFERRALS = Columns(
    file="REFERRALS.csv",
    needed=("own_reference", "pseudonym", "age_group", "nation", "risk_flags"),
    optional=("date_of_birth", "assigned_to"),
)
EVENTS = Columns(
    file="WAIT_EVENTS.csv",
    needed=("own_reference", "event", "happened_at"),
    optional=(
        "recorded_at",
        "outcome",
        "consent_type",
        "dated_on",
        "every_days",
        "organisation",
        "submitted_by",
        "detail",
    ),
)
AGE_GROUPS, NATIONS, RISKS, CONSENTS, IMPORTED_CODES = (
    dict(each.choices) for each in (AgeGroup, Nation, Risk, ConsentType, EventCode)
)
del IMPORTED_CODES[EventCode.RECORDED_IN_ERROR]
LONGEST = {"own_reference": 60, "pseudonym": 40}


@dataclass(frozen=True, slots=True)
class Known:
    """What cells may refer to: organisations by slug, active members by e-mail address."""

    organisations: Mapping[str, Organisation]
    members: Mapping[str, int]
    now: datetime

    def organisation(self, slug: str) -> Organisation:
        return self.organisations[cells.code(slug, self.organisations)]

    def member(self, email: str) -> int:
        user = self.members.get(email.lower())
        if user is None:
            raise Unreadable(
                f"{cells.quoted(email)} is not the e-mail address of an active member of your "
                "organisation. Correct it, or leave the cell empty"
            )
        return user


@dataclass(frozen=True, slots=True)
class EventLine:
    """A row of events; `happening` is None where it has faults."""

    row: Row
    happening: Happening | None
    recorded_at: datetime


def read_event(row: Row, known: Known) -> EventLine:
    now, before = known.now, len(row.faults)
    code = row.need("event", lambda text: cells.code(text, IMPORTED_CODES)) or ""
    at = row.need("happened_at", lambda text: cells.moment(text, now=now))
    recorded = row.read("recorded_at", lambda text: cells.moment(text, now=now))
    dated_on = row.read("dated_on", lambda text: cells.letter_date(text, now=now))
    every = _every_days(row, code)
    organisation = row.read("organisation", known.organisation)
    submitted_by = row.read("submitted_by", known.organisation)
    consent = _consent(row, code)
    meaning = _meaning(row, code)
    happening = None
    if at and len(row.faults) == before:
        happening = Happening(
            code=code,
            happened_at=at.at,
            precision=at.precision,
            organisation=organisation,
            submitted_by=submitted_by,
            consent_type=consent,
            outcome=meaning.outcome,
            dated_on=dated_on,
            risk=meaning.risk,
            every_days=every,
            detail=meaning.detail,
        )
    return EventLine(row, happening, recorded.at if recorded else now)


def read_referral(row: Row, lines: Sequence[EventLine], known: Known) -> Listed | None:
    """The referral with its events in the order in which they happened."""
    before = len(row.faults)
    own = row.need("own_reference", _short("own_reference"))
    pseudonym = row.need("pseudonym", _short("pseudonym"))
    age_group = row.need("age_group", lambda text: cells.code(text, AGE_GROUPS))
    nation = row.need("nation", lambda text: cells.code(text, NATIONS))
    risks = row.read("risk_flags", _risks) or ()
    birthday = row.read(
        "date_of_birth", lambda text: cells.eighteenth_birthday(text, now=known.now)
    )
    assigned_to = row.read("assigned_to", known.member)
    if own and not lines:
        row.fault("own_reference", f"There is no event of it in {EVENTS.file}. Add its first one")
    known_events = [(line.happening, line.recorded_at) for line in lines if line.happening]
    if len(known_events) < len(lines) or not lines or len(row.faults) > before:
        return None
    known_events.sort(key=lambda pair: pair[0].happened_at)
    opening = Opening(
        pseudonym=pseudonym or "",
        age_group=age_group or "",
        nation=nation or "",
        happenings=[happening for happening, _ in known_events],
        own_reference=own or "",
        assigned_to=assigned_to,
        turns_18_on=birthday,
        recorded_at=[recorded for _, recorded in known_events],
    )
    return Listed(opening=opening, risks=risks)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event's outcome and detail say, each where the timeline keeps it."""

    outcome: str = ""
    risk: str = ""
    detail: str = ""


def _meaning(row: Row, code: str) -> Meaning:
    if code in RISK_CODES:
        return Meaning(risk=row.need("detail", lambda text: cells.code(text, RISKS)) or "")
    if code == EventCode.AGE_GROUP_CHANGED and not row.cells.get("outcome"):
        return Meaning(outcome=row.need("detail", lambda t: cells.code(t, AGE_GROUPS)) or "")
    if code == EventCode.CLOSED and not row.cells.get("outcome"):
        reason, detail = closed_in_words(row.cells.get("detail", ""))
        return Meaning(outcome=reason, detail=detail)
    allowed = {outcome.value: outcome.label for outcome in OUTCOMES_OF.get(code, ())}
    outcome = row.read("outcome", lambda text: _only_if(allowed, text, code))
    return Meaning(outcome=outcome or "", detail=row.cells.get("detail", ""))


def _consent(row: Row, code: str) -> str:
    allowed = CONSENTS if code in CONSENT_CODES else {}
    return row.read("consent_type", lambda text: _only_if(allowed, text, code)) or (
        ConsentType.NRM if code in CONSENT_CODES else ""
    )


def _every_days(row: Row, code: str) -> int | None:
    if code == EventCode.CONTACT_INTERVAL_AGREED:
        return row.need("every_days", cells.interval)
    return row.read("every_days", lambda text: _no_interval(text, code))


def _no_interval(text: str, code: str) -> int:
    raise Unreadable(f"{cells.quoted(text)}: an event {code} has no days. Leave the cell empty")


def _only_if(allowed: Mapping[str, object], text: str, code: str) -> str:
    if code and not allowed:
        raise Unreadable(f"An event {code} has no such answer. Leave the cell empty, or use detail")
    return cells.code(text, allowed) if code else text


def _risks(text: str) -> tuple[str, ...]:
    codes = [part.strip() for part in text.split(";")]
    return tuple(dict.fromkeys(cells.code(each, RISKS) for each in codes if each))


def _short(column: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > LONGEST[column]:
            raise Unreadable(f"This is longer than {LONGEST[column]} characters. Shorten it")
        return " ".join(text.split())

    return read
