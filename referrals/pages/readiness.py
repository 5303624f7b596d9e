"""How ready a referral is for the Home Office's form: its sections, and what each still needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Step
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Membership, Organisation
from referrals.actions import home_office_reference, pages_of
from referrals.catalogue import ConsentType, EventCode
from referrals.consent import is_asked, layers, no_to_the_nrm
from referrals.home_office import SECTIONS, Needed, Whom, needed, sections_of
from referrals.models import Referral, WaitEvent, WrittenPage
from referrals.pages.consequences import waits_of
from referrals.pages.home_office_draft import DraftCard, draft_card
from referrals.pages.known_answers import known_answers
from referrals.pages.timeline import standing_of, title_of

Page, State = WrittenPage.Page, WrittenPage.State
NOT_OF_A_CHILD = "A child is not asked for consent."
WAS_NOT = "Was not marked as ready"
OTHER_WAY = "Only for an adult who does not consent. Nothing is prepared for it here."


@dataclass(frozen=True, slots=True)
class Readiness:
    """`said_no`: the person did not consent, so that no NRM referral is made. `designated`: one's
    own organisation is, today; else it hands the referral over to one that is."""

    said_no: bool
    designated: bool
    steps: Sequence[Step]
    settled: int
    draft: DraftCard | None
    submitted: str
    reference: str
    consent_missing: bool

    @property
    def total(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Answer:
    words: str
    have: bool
    known: str  # what of it stands recorded here


@dataclass(frozen=True, slots=True)
class PrintedSection:
    title: str
    mark: str
    answers: Sequence[Answer]
    notes: str


def readiness_of(referral: Referral, *, membership: Membership, now: datetime) -> Readiness:
    standing = standing_of(referral, membership=membership)
    whom, pages = whom_of(referral, standing, now=now), pages_of(referral=referral)
    states = {page: opened.row for page, opened in pages.items()}
    known = known_answers(referral, standing, pages, membership=membership, now=now)
    submitted = submitted_in_words(standing, now=now)
    consent = layers(standing)[ConsentType.NRM]
    given = consent is not None and consent.code == EventCode.CONSENT_RECORDED
    return Readiness(
        said_no=says_no(referral, standing, now=now),
        designated=_is_designated(membership, now=now),
        steps=[
            _step(referral, section, whom, states, known=known, sent=bool(submitted))
            for section in SECTIONS
        ],
        settled=settled(states, whom),
        draft=draft_card(standing, waits_of(referral, now=now), now=now),
        submitted=submitted,
        reference=home_office_reference(referral=referral),
        consent_missing=not whom.child and not given,
    )


def _is_designated(membership: Membership, *, now: datetime) -> bool:
    own = Organisation.objects.with_standing(london_date(now)).get(pk=membership.organisation_id)
    return own.standing == "active"


def says_no(referral: Referral, standing: Iterable[WaitEvent], *, now: datetime) -> bool:
    """Whether the way to an NRM referral ends here: of such a person nothing is prepared that says
    who they are."""
    if not is_asked(referral, on=london_date(now)):
        return False
    return no_to_the_nrm(standing) is not None


def whom_of(referral: Referral, standing: Iterable[WaitEvent], *, now: datetime) -> Whom:
    support = layers(standing)[ConsentType.SUPPORT]
    child = not is_asked(referral, on=london_date(now))
    supported = support is not None and support.code == EventCode.CONSENT_RECORDED
    return Whom(child=child, supported=supported and not child)


def settled(states: Mapping[str, WrittenPage], whom: Whom) -> int:
    """How many sections are ready or do not apply."""
    return sum(_state(section, whom, states) != State.NOT_YET for section in SECTIONS)


def in_short(
    referral: Referral,
    standing: list[WaitEvent],
    states: Mapping[str, WrittenPage],
    *,
    now: datetime,
) -> str:
    """The line on the page of the referral."""
    if submitted := submitted_in_words(standing, now=now):
        return submitted
    if says_no(referral, standing, now=now):
        return "No NRM referral is prepared: they did not consent"
    whom = whom_of(referral, standing, now=now)
    return f"{settled(states, whom)} of {len(SECTIONS)} sections settled"


def submitted_in_words(standing: Iterable[WaitEvent], *, now: datetime) -> str:
    """ "NRM referral submitted: by Riverside Support, on Tuesday 14 April"."""
    sent = next((e for e in standing if e.code == EventCode.REFERRAL_SUBMITTED), None)
    if sent is None:
        return ""
    day = day_in_words(london_date(sent.happened_at), today=london_date(now))
    return f"{title_of(sent)}, on {day}"


def missing(section: str, whom: Whom, states: Mapping[str, WrittenPage]) -> list[Needed]:
    have = states[section].have if section in states else []
    return [each for each in needed(section, whom) if each.code not in have]


def printed(referral: Referral, *, membership: Membership, now: datetime) -> list[PrintedSection]:
    """Everything that was prepared, in the form's order."""
    standing = standing_of(referral, membership=membership)
    whom, pages = whom_of(referral, standing, now=now), pages_of(referral=referral)
    states = {page: opened.row for page, opened in pages.items()}
    known = known_answers(referral, standing, pages, membership=membership, now=now)
    return [
        PrintedSection(
            title=Page(section).label,
            mark=State(_state(section, whom, states)).label,
            answers=[
                Answer(
                    each.words,
                    section in states and each.code in states[section].have,
                    known.get(each.code, ""),
                )
                for each in asked
            ],
            notes=pages[section].says("notes") if section in pages else "",
        )
        for section, asked in sections_of(whom)
    ]


def _state(section: str, whom: Whom, states: Mapping[str, WrittenPage]) -> str:
    """As it was marked; ready only while nothing is missing that is needed of this person now."""
    if not needed(section, whom):
        return State.DOES_NOT_APPLY
    row = states.get(section)
    if row is None or (row.state == State.READY and missing(section, whom, states)):
        return State.NOT_YET
    return row.state


def _step(
    referral: Referral,
    section: str,
    whom: Whom,
    states: Mapping[str, WrittenPage],
    *,
    known: Collection[str],
    sent: bool,
) -> Step:
    """`sent`: the form was sent, so that nothing is missing any more."""
    title, label = Page(section).label, str(State.DOES_NOT_APPLY.label)
    if section == Page.NOTIFICATION:
        return Step(title, "", label, hint=OTHER_WAY)
    if not needed(section, whom):
        return Step(title, "", label, hint=NOT_OF_A_CHILD)
    state = _state(section, whom, states)
    url = reverse("readiness_section", args=[referral.reference, section])
    if state != State.NOT_YET or sent:
        return Step(title, url, str(State(state).label) if state != State.NOT_YET else WAS_NOT)
    lacks = missing(section, whom, states)
    tone = "light-blue" if section in states else "blue"
    return Step(title, url, str(State.NOT_YET.label), tone, hint=_lacking(lacks, known))


def _lacking(lacks: Sequence[Needed], known: Collection[str]) -> str:
    """What nobody knows yet, apart from what only waits to be ticked: it is recorded here."""
    if not lacks:
        return "Nothing is missing: mark it as ready."
    unknown = [each.words for each in lacks if each.code not in known]
    here = [each.words for each in lacks if each.code in known]
    parts = [f"{count(len(unknown), 'answer')} missing. {'. '.join(unknown)}."] if unknown else []
    parts += [f"{len(here)} recorded here: look, and tick. {'. '.join(here)}."] if here else []
    return " ".join(parts)
