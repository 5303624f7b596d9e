"""What stands recorded here of what the Home Office's form needs: nothing is asked twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.actions import OpenedPage, agreed_terms
from referrals.catalogue import AgeGroup, ConsentType, EventCode, Risk
from referrals.consent import layers
from referrals.contact import Method, Terms, interpreter_in_words
from referrals.models import Referral, WaitEvent
from referrals.pages.consent import in_a_line
from referrals.pages.intake import is_named
from referrals.questions import INTAKE, NOT_ASKED, SAID, Question
from referrals.risks import current_risks

NAMED = "Recorded under who this is, where it is noted who looks"
FROM_RISKS: Mapping[str, Risk] = {
    "still_in": Risk.STILL_IN_EXPLOITATION,
    "last_contact": Risk.TRAFFICKER_CONTACT_WITHIN_WEEK,
    "again": Risk.RE_EXPLOITATION_CONCERN,
}
FROM_CONSENT: Mapping[str, ConsentType] = {
    "nrm": ConsentType.NRM,
    "support": ConsentType.SUPPORT,
    "cooperation": ConsentType.POLICE,
}
FROM_INTAKE: Mapping[str, str] = {  # the answer that the form needs: the question of the intake
    "communication": "communication",
    "town_now": "town",
    "involved": "helpers",
    "children": "children",
}
QUESTIONS: Mapping[str, tuple[str, Question]] = {
    question.code: (page, question) for page, asked in INTAKE.items() for question in asked
}


def known_answers(
    referral: Referral,
    standing: list[WaitEvent],
    pages: Mapping[str, OpenedPage],
    *,
    membership: Membership,
    now: datetime,
) -> dict[str, str]:
    """In words, by the code of what is needed; nothing that says who the person is."""
    found = {"under_18": str(AgeGroup(referral.age_group).label)}
    found |= _from_events(standing, now=now)
    found |= _from_terms(agreed_terms(referral))
    found |= {code: _answered(pages, asked) for code, asked in FROM_INTAKE.items()}
    found["organisation"] = membership.organisation.name
    found["own_reference"] = referral.own_reference
    if is_named(referral, membership=membership):
        found |= dict.fromkeys(("first_name", "last_name"), NAMED)
    return {code: words for code, words in found.items() if words}


def _from_events(standing: list[WaitEvent], *, now: datetime) -> dict[str, str]:
    risks, said = current_risks(standing), layers(standing)
    found = {code: f"At risk: {r.label.lower()}" for code, r in FROM_RISKS.items() if r in risks}
    for code, kind in FROM_CONSENT.items():
        if event := said[kind]:
            found[code] = in_a_line(event, now=now)
    if told := _first(standing, EventCode.LA_SAFEGUARDING_REFERRED):
        day = day_in_words(london_date(told.happened_at), today=london_date(now))
        found["la_name"] = f"Told on {day}"
    return found


def _from_terms(terms: Terms | None) -> dict[str, str]:
    if terms is None:
        return {}
    safe = [str(m.label) for m in (Method.EMAIL, Method.POST) if m in terms.safe]
    return {
        "interpreter": interpreter_in_words(terms),
        "safe_address": f"Agreed as safe: {', '.join(safe).lower()}" if safe else "",
    }


def _answered(pages: Mapping[str, OpenedPage], code: str) -> str:
    page, question = QUESTIONS[code]
    opened = pages.get(page)
    chosen = opened.says(question.code) if opened else ""
    if opened is None or chosen in {"", NOT_ASKED}:
        return ""
    words = opened.says(question.box)
    label = "" if chosen == SAID else dict(question.answers).get(chosen, "")
    return ". ".join(part for part in (label, _counted(opened, question), words) if part)


def _counted(opened: OpenedPage, question: Question) -> str:
    """Such as "3 in all: children under 5: 1, children of 5 to 11: 2"."""
    numbers = {label: opened.says(name) for name, label in question.counts.items()}
    said = {label.lower(): int(number) for label, number in numbers.items() if number}
    each = ", ".join(f"{label}: {number}" for label, number in said.items())
    return f"{sum(said.values())} in all: {each}" if said else ""


def _first(standing: Iterable[WaitEvent], code: str) -> WaitEvent | None:
    return next((event for event in standing if event.code == code), None)
