"""Whether an organisation takes somebody, by its entry on the register, and how far it is from
what they need. What is not known excludes nobody: it is said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nrm_tracker.ui.words import apart
from organisations.capacity import Slots
from organisations.models import Nation, Organisation
from organisations.scope import Exploitation, Gender
from referrals.catalogue import AgeGroup
from referrals.needs import Needs

AGES: dict[str, str] = {
    AgeGroup.ADULT: "adults",
    AgeGroup.CHILD: "children",
    AgeGroup.NOT_SURE: "somebody who might be a child",
}
GENDERS: dict[str, str] = {code: label.lower() for code, label in Gender.choices}
EXPLOITED: dict[str, str] = {
    Exploitation.LABOUR: "people exploited at work or for money",
    Exploitation.SEXUAL: "people exploited sexually",
    Exploitation.CRIMINAL: "people exploited for crime",
    Exploitation.SERVITUDE: "people exploited as servants in a household",
    Exploitation.OTHER: "people exploited in another way",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """`outside`: why it takes nobody like this, "" where it may. `met` and `open`: what it is known
    to offer of what they need, and what not; the more is open, the further it is from them."""

    outside: str
    met: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def fit(row: Organisation, needs: Needs, *, slots: Sequence[Slots]) -> Fit:
    if outside := next(_outside(row, needs), ""):
        return Fit(outside)
    met: list[str] = []
    left_open: list[str] = []
    for is_met, words in (*_scope(row, needs), *_offered(row, needs, slots)):
        (met if is_met else left_open).append(words)
    return Fit("", tuple(met), tuple(left_open))


def _outside(row: Organisation, needs: Needs) -> Iterator[str]:
    if row.nations and needs.nation not in row.nations:
        yield f"It takes nobody in {Nation(needs.nation).label}"
    if row.age_groups and needs.age_group not in {*row.age_groups, AgeGroup.NOT_SURE}:
        yield f"It takes no {AGES[needs.age_group]}"
    if row.genders and needs.gender and needs.gender not in row.genders:
        yield f"It does not take {GENDERS[needs.gender]}"
    if row.exploitation and needs.exploitation and needs.exploitation not in row.exploitation:
        yield f"It does not take {EXPLOITED[needs.exploitation]}"


def _scope(row: Organisation, needs: Needs) -> Iterator[tuple[bool, str]]:
    where, whom = Nation(needs.nation).label, AGES[needs.age_group]
    knows_age = needs.age_group in row.age_groups or len(row.age_groups) == len(AGES) - 1
    if row.nations and knows_age:
        yield True, f"Takes {whom} in {where}"
    elif not row.nations:
        yield False, f"Not known whether it takes people in {where}"
    if not knows_age:
        yield False, f"Not known whether it takes {whom}"
    yield from _particular(needs.gender, row.genders, GENDERS)
    yield from _particular(needs.exploitation, row.exploitation, EXPLOITED)


def _particular(
    sought: str, taken: Sequence[str], words: dict[str, str]
) -> Iterator[tuple[bool, str]]:
    """Of gender and exploitation, which the record of a person does not say."""
    everybody = set(taken) == set(words)
    if sought and taken:
        yield True, f"Takes {words[sought]}"
    elif sought:
        yield False, f"Not known whether it takes {words[sought]}"
    elif taken and not everybody:
        yield False, f"Takes only {' and '.join(words[each] for each in taken)}"


def _offered(row: Organisation, needs: Needs, slots: Sequence[Slots]) -> Iterator[tuple[bool, str]]:
    fitting = [each for each in slots if _is_for(each, needs)]
    if slots and not fitting:
        yield False, f"Names no weekly interviews for {AGES[needs.age_group]} there"
    if needs.language:
        yield _language(row, needs.language, fitting)
    if needs.support:
        if row.access:
            yield True, f"Access: {apart(row.access)}"
        else:
            yield False, "Not known whether it has what they need to take part"


def _is_for(slot: Slots, needs: Needs) -> bool:
    whom = slot.cohort == needs.age_group or needs.age_group == AgeGroup.NOT_SURE
    return whom and slot.nation in {"", needs.nation}


def _language(row: Organisation, language: str, fitting: Sequence[Slots]) -> tuple[bool, str]:
    """Speaking it is nearer than an interpreter, and an interpreter than nothing known."""
    if _names(row.languages, language) or any(_names(s.language, language) for s in fitting):
        return True, f"Speaks {language}"
    if any(not each.language for each in fitting):
        return False, f"With an interpreter for {language}"
    return False, f"Not known whether it has somebody for {language}"


def _names(text: str, language: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(language)}(?!\w)", text, re.IGNORECASE) is not None
