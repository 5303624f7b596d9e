"""Consent in its layers, from the events that stand; and of whom it is not asked at all.

Consent to the NRM is not the lawful basis for keeping a record: see `organisations.lawful_basis`.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from referrals.catalogue import CONSENT_CODES, FOR_A_CHILD, AgeGroup, ConsentType, EventCode
from referrals.models import Referral, WaitEvent

SAID_NO = (EventCode.CONSENT_REFUSED, EventCode.CONSENT_WITHDRAWN)
UNDECIDED = EventCode.CONSENT_UNDECIDED
NO_STANDS_UNTIL = (EventCode.CONSENT_RECORDED, *SAID_NO)  # being undecided changes no answer


def is_asked(referral: Referral, *, on: date) -> bool:
    """Whether the person is asked for consent on a London date: an adult is; a child, and who
    might be one, is not; who has turned 18 is asked to go on."""
    if referral.turns_18_on:
        return referral.turns_18_on <= on
    return referral.age_group == AgeGroup.ADULT


def layers(standing: Iterable[WaitEvent]) -> dict[ConsentType, WaitEvent | None]:
    """The last word on each layer, in the catalogue's order; None where nobody asked."""
    said: dict[str, WaitEvent] = {}
    for event in sorted(standing, key=lambda e: (e.happened_at, e.root_id or e.pk)):
        if event.code in CONSENT_CODES:
            said[event.consent_type or ConsentType.NRM] = event
    return {kind: said.get(kind) for kind in ConsentType}


def no_to_the_nrm(standing: Iterable[WaitEvent]) -> WaitEvent | None:
    """The event by which the person did not consent to the NRM referral, where that stands."""
    answers = (
        event
        for event in standing
        if event.code in NO_STANDS_UNTIL and is_about_the_nrm(event.consent_type)
    )
    last = max(answers, key=lambda e: (e.happened_at, e.root_id or e.pk), default=None)
    return last if last and last.code in SAID_NO else None


def may_share(standing: Sequence[WaitEvent], *, asked: bool) -> bool:
    """Whether what is recorded may be given on. `asked`: the person is one who is asked.

    Of a child two voices count, their own and that of who may speak for them: one says yes, and
    neither says no. That is about sharing alone: the NRM referral of a child waits for neither.
    """
    own = layers(standing)[ConsentType.SHARING]
    said = [own.code == EventCode.CONSENT_RECORDED] if own and own.code != UNDECIDED else []
    spoke_for = said_for_the_child(standing)
    if spoke_for and not asked:
        said.append(spoke_for.code == EventCode.SHARING_AGREED_FOR)
    return bool(said) and all(said)


def agreed_to_share(standing: Sequence[WaitEvent], *, asked: bool) -> WaitEvent | None:
    """The entry on which sharing rests; None where it is not agreed to."""
    if not may_share(standing, asked=asked):
        return None
    own = layers(standing)[ConsentType.SHARING]
    if own and own.code == EventCode.CONSENT_RECORDED:
        return own
    return said_for_the_child(standing)


def said_for_the_child(standing: Iterable[WaitEvent]) -> WaitEvent | None:
    """The last word on sharing of a person with parental responsibility or a local authority."""
    said = (event for event in standing if event.code in FOR_A_CHILD)
    return max(said, key=lambda e: (e.happened_at, e.root_id or e.pk), default=None)


def is_about_the_nrm(kind: str) -> bool:
    return kind in {"", ConsentType.NRM}
