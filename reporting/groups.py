"""Some people whose waits are counted together. PURE."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from nrm_tracker.ui.words import count
from referrals.ways.way import Counted
from reporting.estimate import HALF, NINE_IN_TEN, Spell, days_until


@dataclass(frozen=True, slots=True)
class Group:
    """Some people, in how many figures of each code they are, and after how many days half of them
    and nine in ten had entered."""

    people: Sequence[Counted]
    counted: Counter[str]
    half: int | None
    nine_in_ten: int | None

    @classmethod
    def of(cls, people: Iterable[Counted]) -> "Group":
        people = list(people)
        spells = [Spell(each.days, each.way.entered is not None) for each in people]
        half, nine_in_ten = (days_until(part, spells) for part in (HALF, NINE_IN_TEN))
        codes = chain.from_iterable(each.codes for each in people)
        return cls(people, Counter(codes), half, nine_in_ten)

    @property
    def number(self) -> int:
        return len(self.people)


def sentence(group: Group, when: str) -> str:
    """ "Half of the 40 people who asked for help in March 2026 had waited at least 34 days; 12 are
    still waiting." """
    if not group.number:
        return f"Nobody asked for help {when}."
    half, waiting = group.half, group.counted["waiting"]
    people = "1 person" if group.number == 1 else f"{group.number:,} people"
    who = f"the {people} who asked for help {when}"
    still = f"{waiting:,} {'is' if waiting == 1 else 'are'} still waiting"
    if half is None:
        return f"How long half of {who} waited cannot be said yet; {still}."
    return f"Half of {who} had waited at least {count(half, 'day')}; {still}."
