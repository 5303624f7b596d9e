"""The intake as a task list: what is known already, what may be asked, and how far it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from nrm_tracker.ui.parts import Step
from organisations.models import Membership
from referrals.actions import agreed_terms, states_of
from referrals.catalogue import AgeGroup, EventCode
from referrals.contact import calling
from referrals.models import Referral, Survivor, WaitEvent, WrittenPage
from referrals.pages.consent import in_short
from referrals.pages.risks import in_words
from referrals.pages.timeline import standing_of
from referrals.questions import INTAKE
from referrals.risks import current_risks

Page, State = WrittenPage.Page, WrittenPage.State
TO_DO, UNDER_WAY = "blue", "light-blue"


@dataclass(frozen=True, slots=True)
class Intake:
    known: list[Step]
    asked: list[Step]
    words: str


def intake_of(referral: Referral, *, membership: Membership, now: datetime) -> Intake:
    states = states_of(referral=referral)
    standing = standing_of(referral, membership=membership)
    return Intake(
        known=list(_known(referral, standing, membership=membership, now=now)),
        asked=[_step(referral, page, states) for page in INTAKE],
        words=how_far(states),
    )


def how_far(states: Mapping[str, WrittenPage]) -> str:
    """In a line, for the page of the referral."""
    begun = [states[page].state for page in INTAKE if page in states]
    done, total = begun.count(State.NOTHING_MORE), len(INTAKE)
    if not begun:
        return "Not started"
    rest = f", {len(begun) - done} in progress" if len(begun) > done else ""
    return f"{done} of {total} pages with nothing more to ask{rest}"


def _step(referral: Referral, page: str, states: Mapping[str, WrittenPage]) -> Step:
    row = states.get(page)
    done = row is not None and row.state == State.NOTHING_MORE
    return Step(
        title=Page(page).label,
        url=reverse("intake_page", args=[referral.reference, page]),
        status=State(row.state).label if row else "Not started",
        tone="" if done else UNDER_WAY if row else TO_DO,
        hint=" ".join(question.label for question in INTAKE[page]),
    )


def _known(
    referral: Referral, standing: list[WaitEvent], *, membership: Membership, now: datetime
) -> Iterator[Step]:
    """What is asked elsewhere, once: each leads there."""

    def step(title: str, view: str, *more: str, known: bool, hint: str) -> Step:
        url = reverse(view, args=[referral.reference, *more])
        return Step(title, url, "Recorded" if known else "Not asked", "" if known else TO_DO, hint)

    risks, codes = current_risks(standing), {event.code for event in standing}
    screened = EventCode.IMMEDIATE_SAFETY_CHECKED in codes
    terms = agreed_terms(referral)
    age = f"{AgeGroup(referral.age_group).label}, {referral.get_nation_display()}"
    yield step("Age and nation", "record_door", EventCode.AGE_GROUP_CHANGED, known=True, hint=age)
    yield step("Risks", "risks", known=bool(risks) or screened, hint=in_words(risks, now=now))
    yield step(
        "How contact is safe, the interpreter and the worker",
        "contact",
        known=terms is not None,
        hint=calling(terms, now=now),
    )
    yield step(
        "Consent",
        "consent",
        known=any(code.startswith("consent_") for code in codes),
        hint=in_short(referral, standing, now=now),
    )
    yield step(
        "Who they are",
        "person",
        known=is_named(referral, membership=membership),
        hint="Name, date of birth, nationality and languages. Shown to nobody who does not ask.",
    )


def is_named(referral: Referral, *, membership: Membership) -> bool:
    """Whether a name is recorded; it is not opened."""
    named = Q(given_names__isnull=False) | Q(family_name__isnull=False)
    rows = Survivor.objects.visible_to(membership)
    return rows.filter(named, referral=referral).exists()
