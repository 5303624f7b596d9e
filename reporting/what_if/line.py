"""What a line of people would do if more or fewer of them were seen each week. PURE.

A simulation, week by week, of a line in which whoever asked first is seen first, fed with nothing
but what the same line did before: `History` holds numbers, and nobody. It speaks of lines, never of
one person.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import ciw

WEEK = 7.0  # the unit of time is a day
HORIZON = 26  # weeks that are told of
BLOCK = 4  # weeks of asking that are told of together
AFTERWARDS = 52  # weeks more in which those who asked until then may be seen
FOR_GOOD = HORIZON + AFTERWARDS
BEGINS = 1.0  # ciw takes an arrival at the instant 0 for none
FEWEST_WEEKS = 12
FEWEST_BUSY_WEEKS = 8
FEWEST_SEEN = 12
NEVER = float("inf")


class TooLittleToSay(Exception):
    """The history is too short, or too few were seen, to say anything of what comes."""


@dataclass(frozen=True, slots=True)
class History:
    """What a line did in each whole week, the oldest first, and how many wait now.

    `waiting` is the line at the end of each week, `left` who went without having been seen.
    """

    arrived: tuple[int, ...]
    seen: tuple[int, ...]
    left: tuple[int, ...]
    waiting: tuple[int, ...]

    def __post_init__(self) -> None:
        if len({len(self.arrived), len(self.seen), len(self.left), len(self.waiting)}) != 1:
            raise ValueError("Each week has all four numbers.")

    @property
    def busy(self) -> tuple[int, ...]:
        """How many were seen in weeks that left somebody waiting: in the others more could have
        been seen than were there."""
        return tuple(seen for seen, waiting in zip(self.seen, self.waiting, strict=True) if waiting)

    def check(self) -> None:
        """Raises TooLittleToSay, with what is lacking."""
        if len(self.arrived) < FEWEST_WEEKS:
            raise TooLittleToSay(f"{len(self.arrived)} whole weeks of {FEWEST_WEEKS} at least")
        if len(self.busy) < FEWEST_BUSY_WEEKS:
            raise TooLittleToSay(
                f"{len(self.busy)} weeks in which somebody was left waiting, of"
                f" {FEWEST_BUSY_WEEKS} at least"
            )
        if sum(self.busy) < FEWEST_SEEN:
            raise TooLittleToSay(f"{sum(self.busy)} people seen of {FEWEST_SEEN} at least")


@dataclass(frozen=True, slots=True)
class Change:
    """`more` people seen a week (fewer, where negative), from a week counted from now up to, and
    without, another."""

    more: float = 0.0
    begins: int = 0
    ends: int = FOR_GOOD

    def slots(self, usual: int, *, week: int, luck: float) -> int:
        """Whole interviews in a week; a part of one takes place as often as it says."""
        if not self.begins <= week < self.ends:
            return usual
        wanted = max(0.0, usual + self.more)
        return int(wanted) + (luck < wanted % 1)


AS_IT_IS = Change()


@dataclass(frozen=True, slots=True)
class Run:
    """One way it may go. `line`: how many wait at the end of each week; `waits`: for each block of
    weeks the days after which half of those who asked in it were seen, None where they were not."""

    line: tuple[int, ...]
    waits: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """One guess at what will come: people who ask, who could be seen, and how soon they leave."""

    asks: tuple[float, ...]  # instants, in days from now
    usual: tuple[int, ...]
    luck: tuple[float, ...]
    leaving: float  # of those who wait, in a day
    seed: int


def runs(
    history: History, changes: Sequence[Change], *, number: int, seed: int
) -> Iterator[tuple[Run, ...]]:
    """That many ways it may go, each with every change: the same people ask in all of them, so
    that what differs is the change. Raises TooLittleToSay."""
    history.check()
    for each in range(number):
        draw = _drawn(history, seed=seed + each)
        yield tuple(_run(draw, change, waiting=history.waiting[-1]) for change in changes)


@dataclass(frozen=True, slots=True)
class Band:
    """Eight in ten runs end between `low` and `high`, half of them below `middle`; None for what
    has no end in sight."""

    low: float | None
    middle: float | None
    high: float | None


def band(values: Sequence[float | None]) -> Band:
    ordered = sorted(NEVER if value is None else value for value in values)
    found = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.1, 0.5, 0.9)]
    return Band(*(None if value == NEVER else value for value in found))


def _drawn(history: History, *, seed: int) -> Draw:
    """From weeks that were, drawn anew twice: a short history is not taken for the whole truth."""
    luck = random.Random(seed)  # noqa: S311 - drawn again from the seed, and no secret
    weeks = luck.choices(range(len(history.arrived)), k=len(history.arrived))
    busy = luck.choices(history.busy, k=len(history.busy))
    numbers = [history.arrived[luck.choice(weeks)] for _ in range(HORIZON)]
    asks = sorted(
        (week + luck.random()) * WEEK for week, number in enumerate(numbers) for _ in range(number)
    )
    days = WEEK * sum(history.waiting[week] + history.seen[week] / 2 for week in weeks)
    return Draw(
        asks=tuple(asks),
        usual=tuple(luck.choice(busy) for _ in range(FOR_GOOD)),
        luck=tuple(luck.random() for _ in range(FOR_GOOD)),
        leaving=sum(history.left[week] for week in weeks) / days if days else 0.0,
        seed=seed,
    )


def _run(draw: Draw, change: Change, *, waiting: int) -> Run:
    numbers = [
        change.slots(usual, week=week, luck=luck)
        for week, (usual, luck) in enumerate(zip(draw.usual, draw.luck, strict=True))
    ]
    slots = [
        (week + (slot + 0.5) / number) * WEEK
        for week, number in enumerate(numbers)
        for slot in range(number)
    ]
    ends = in_line([0.0] * waiting + list(draw.asks), slots, leaving=draw.leaving, seed=draw.seed)
    return Run(line=_line(ends), waits=_waits(ends))


@dataclass(frozen=True, slots=True)
class Spell:
    """One place in the line, in days from now: `seen` is None of who left, or never was seen."""

    asked: float
    seen: float | None
    gone: float  # seen, or left; infinite of who waits on


def in_line(
    asks: Sequence[float], slots: Sequence[float], *, leaving: float, seed: int
) -> list[Spell]:
    """Who asks at these instants, first come first seen, one at each slot; `leaving` is the share
    of those who wait that leaves in a day."""
    until = max([*asks, *slots], default=0.0) + WEEK
    closing = [*(slot + BEGINS for slot in slots), until + WEEK]  # ciw repeats what ended
    network = ciw.create_network(
        arrival_distributions=[_At([ask + BEGINS for ask in asks])],
        service_distributions=[ciw.dists.Deterministic(0.0)],
        number_of_servers=[ciw.Slotted(slots=closing, slot_sizes=[1] * len(closing))],
        reneging_time_distributions=[ciw.dists.Exponential(leaving) if leaving else None],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    ended = {record.id_number: record for record in simulation.get_all_records()}
    return [_spell(ask, ended.get(number)) for number, ask in enumerate(asks, start=1)]


def _spell(asked: float, record: ciw.data_record.DataRecord | None) -> Spell:
    if record is None:
        return Spell(asked, None, NEVER)
    gone = record.exit_date - BEGINS
    return Spell(asked, gone if record.record_type == "service" else None, gone)


class _At(ciw.dists.Distribution):
    """Arrivals at these instants, in order, and none after."""

    def __init__(self, instants: Sequence[float]) -> None:
        super().__init__()
        befores = [0.0, *instants]
        self.gaps = [b - a for a, b in zip(befores, instants, strict=False)]
        self.gaps.append(NEVER)
        self.next = 0

    def sample(self, t: float | None = None, ind: object = None) -> float:  # noqa: ARG002
        gap = self.gaps[self.next]
        self.next += 1
        return gap


def _line(spells: Sequence[Spell]) -> tuple[int, ...]:
    ends = [(week + 1) * WEEK for week in range(HORIZON)]
    return tuple(sum(spell.asked <= end < spell.gone for spell in spells) for end in ends)


def _waits(spells: Sequence[Spell]) -> tuple[float | None, ...]:
    """Of those who did not leave."""
    found = []
    for first in range(0, HORIZON - BLOCK + 1, BLOCK):
        block = [
            NEVER if spell.seen is None else spell.seen - spell.asked
            for spell in spells
            if first * WEEK < spell.asked <= (first + BLOCK) * WEEK
            and (spell.seen is not None or spell.gone == NEVER)
        ]
        middle = median(block) if block else 0.0
        found.append(None if middle == NEVER else middle)
    return tuple(found)
