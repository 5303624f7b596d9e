"""What was agreed about reaching a person, and the one guard that stands before every display of
a number or an address: not asked means do not."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from nrm_tracker.calendars import LONDON, london_date
from nrm_tracker.sealing import Place, seal, unseal
from nrm_tracker.ui.words import DAYS, day_in_words
from referrals.identity import Identity
from referrals.models import SafeContact

Method = SafeContact.Method
ASK_AGAIN_AFTER = timedelta(days=28)
TABLE, SEALED = "referrals_safecontact", ("who_answers", "code_word", "never")
SEALED_IN_WORDS = {
    "code_word": "a code word is set",
    "never": "some people must never be contacted",
    "who_answers": "somebody else may answer",
}
NOT_ASKED = "Not asked: do not call"
CLEAR = ("in_words", "since", "until", "interpreter", "interpreter_gender", "worker_gender")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed, at an instant. Days are 1 to 7 from Monday, none means any; the hours are
    Europe/London's. A method in neither list was not asked about."""

    agreed_at: datetime
    safe: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    since: time | None = None
    until: time | None = None
    in_words: str = ""
    interpreter: str = ""
    interpreter_gender: str = ""
    worker_gender: str = ""
    who_answers: str = field(default="", repr=False)
    code_word: str = field(default="", repr=False)
    never: str = field(default="", repr=False)
    recorded: frozenset[str] = field(default=frozenset(), compare=False)  # sealed, opened or not

    @property
    def is_sealed(self) -> bool:
        return any(getattr(self, name) for name in SEALED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this way of reaching the person is safe now, and in words why."""

    allowed: bool
    words: str


def may_contact(terms: Terms | None, method: str, *, now: datetime) -> Verdict:
    """The guard. Whatever shows a number or an address, or is sent, asks it first."""
    if terms is None or method not in {*terms.safe, *terms.unsafe}:
        return Verdict(allowed=False, words="Not asked: do not use it")
    if method in terms.unsafe:
        return Verdict(allowed=False, words="Not safe: do not use it")
    if not _in_hours(terms, now):
        return Verdict(allowed=False, words=f"Not now. Safe {hours_in_words(terms)}")
    said = f"Safe {hours_in_words(terms)}."
    if terms.in_words:  # which nothing here can judge
        said += f" It is {now.astimezone(LONDON):%A %H:%M} now: check that this fits."
    again = " Ask again at the next contact." if _is_old(terms, now) else ""
    return Verdict(allowed=True, words=f"{said}{again}")


def reachable_at(
    identity: Identity, terms: Terms | None, *, now: datetime, danger: bool = False
) -> list[tuple[str, str, str]]:
    """Each number and address that is kept: what it is, what may be shown of it, and the words of
    the guard. In danger all are shown, with the same words."""
    kept = (
        (Method.TELEPHONE, identity.telephone),
        (Method.EMAIL, identity.email),
        (Method.POST, identity.address),
    )
    judged = [(method, text, may_contact(terms, method, now=now)) for method, text in kept if text]
    return [
        (
            "Address" if method == Method.POST else str(method.label),
            text if verdict.allowed or danger else "",
            verdict.words,
        )
        for method, text, verdict in judged
    ]


def calling(terms: Terms | None, *, now: datetime) -> str:
    """In a line: what was agreed about calling, and whether to ask again."""
    if terms is None:
        return NOT_ASKED
    return f"{_calling(terms, now=now)}{before_calling(terms)}"


def _calling(terms: Terms, *, now: datetime) -> str:
    if Method.TELEPHONE not in {*terms.safe, *terms.unsafe}:
        return f"{NOT_ASKED}." if before_calling(terms) else NOT_ASKED
    day = day_in_words(london_date(terms.agreed_at), today=london_date(now))
    if Method.TELEPHONE in terms.unsafe:
        said = f"Agreed on {day}: do not call."
    else:
        voicemail = "voicemail is safe" if Method.VOICEMAIL in terms.safe else "no voicemail"
        said = f"Agreed on {day}: call {hours_in_words(terms)}, {voicemail}."
    return f"{said} Ask again at the next contact." if _is_old(terms, now) else said


def before_calling(terms: Terms) -> str:
    """What else to know before a call: that something is sealed, not what it says."""
    kept = [words for name, words in SEALED_IN_WORDS.items() if name in terms.recorded]
    said = f" {' · '.join(kept).capitalize()}: look before you call." if kept else ""
    interpreter = interpreter_in_words(terms)
    return f"{said} Interpreter: {interpreter}." if interpreter else said


def interpreter_in_words(terms: Terms) -> str:
    """ "Tigrinya, a woman"; "" where none was spoken of."""
    gender = dict(SafeContact.Gender.choices).get(terms.interpreter_gender, "")
    if not terms.interpreter:
        return str(gender)
    return f"{terms.interpreter}, {str(gender).lower()}" if gender else terms.interpreter


def hours_in_words(terms: Terms) -> str:
    """ "Monday, Tuesday, 10:00 to 15:00", else "at any time"."""
    days = ", ".join(DAYS[day - 1] for day in sorted(terms.days))
    hours = f"{terms.since:%H:%M} to {terms.until:%H:%M}" if terms.since and terms.until else ""
    return ", ".join(part for part in (days, hours, terms.in_words) if part) or "at any time"


def read(row: SafeContact, *, key: bytes | None) -> Terms:
    """The terms in a row; without a key the sealed ones are left out."""
    opened: dict[str, Any] = {
        name: unseal(bytes(sealed), key=key, place=Place(TABLE, name, row.pk))
        for name in SEALED
        if key and (sealed := getattr(row, name)) is not None
    }
    clear: dict[str, Any] = {name: getattr(row, name) for name in CLEAR}
    return Terms(
        agreed_at=row.agreed_at,
        safe=tuple(row.safe),
        unsafe=tuple(row.unsafe),
        days=tuple(row.days),
        recorded=frozenset(name for name in SEALED if getattr(row, name) is not None),
        **clear,
        **opened,
    )


def put(row: SafeContact, terms: Terms, *, key: bytes | None) -> None:
    """Write the terms into a row, which is to be saved; the sealed ones need a key."""
    row.agreed_at = terms.agreed_at
    row.safe, row.unsafe, row.days = list(terms.safe), list(terms.unsafe), list(terms.days)
    for name in CLEAR:
        setattr(row, name, getattr(terms, name))
    for name in SEALED:
        if (text := getattr(terms, name)) and key:
            setattr(row, name, seal(text, key=key, place=Place(TABLE, name, row.pk)))


def _in_hours(terms: Terms, now: datetime) -> bool:
    local = now.astimezone(LONDON)
    on_day = not terms.days or local.isoweekday() in terms.days
    if terms.since is None or terms.until is None:
        return on_day
    return on_day and terms.since <= local.time() < terms.until


def _is_old(terms: Terms, now: datetime) -> bool:
    return now - terms.agreed_at > ASK_AGAIN_AFTER
