"""What was logged, in hours and money. Whole pence and whole minutes throughout: each entry is
rounded once, so that totals are the sum of their entries whichever way they are grouped."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TypeVar

from referrals.models import Effort, Rate

K = TypeVar("K", bound=Hashable)
AN_HOUR = 60  # minutes
PENNY = Decimal(1)


@dataclass(frozen=True, slots=True)
class Costed:
    """An entry. `time`: what its minutes cost in pence, None where no rate holds on its day."""

    referral: int
    kind: str
    day: date
    minutes: int
    expenses: int
    time: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """Minutes and pence. `unpriced`: minutes for which no rate holds, which no money stands for."""

    minutes: int = 0
    expenses: int = 0
    time: int = 0
    unpriced: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(
            self.minutes + other.minutes,
            self.expenses + other.expenses,
            self.time + other.time,
            self.unpriced + other.unpriced,
        )

    @property
    def cost(self) -> int:
        return self.expenses + self.time

    @property
    def minutes_in_words(self) -> str:
        return hours(self.minutes)

    @property
    def unpriced_in_words(self) -> str:
        return hours(self.unpriced)

    @property
    def expenses_in_words(self) -> str:
        return pounds(self.expenses)

    @property
    def cost_in_words(self) -> str:
        return pounds(self.cost)


def rate_on(rates: Sequence[Rate], *, kind: str, day: date) -> int | None:
    """Pence an hour of a kind on a day: its own rate, else the one of all kinds, else None."""
    for wanted in (kind, ""):
        held = [r for r in rates if r.kind == wanted and r.valid_from <= day]
        if held:
            return max(held, key=lambda r: (r.valid_from, r.pk)).pence_an_hour
    return None


def costed(efforts: Iterable[Effort], rates: Sequence[Rate]) -> list[Costed]:
    return [
        Costed(
            referral=each.referral_id,
            kind=each.kind,
            day=each.day,
            minutes=each.minutes,
            expenses=each.pence,
            time=_priced(each.minutes, rate_on(rates, kind=each.kind, day=each.day)),
        )
        for each in efforts
    ]


def _priced(minutes: int, pence_an_hour: int | None) -> int | None:
    if not minutes:
        return 0
    return None if pence_an_hour is None else whole(Decimal(minutes * pence_an_hour) / AN_HOUR)


def whole(pence: Decimal) -> int:
    """The nearest whole penny, a half upwards."""
    return int(pence.quantize(PENNY, rounding=ROUND_HALF_UP))


def total_of(entries: Iterable[Costed]) -> Total:
    return sum((_of(each) for each in entries), start=Total())


def _of(entry: Costed) -> Total:
    unpriced = entry.minutes if entry.time is None else 0
    return Total(entry.minutes, entry.expenses, entry.time or 0, unpriced)


def totals_by(entries: Iterable[Costed], key: Callable[[Costed], K]) -> dict[K, Total]:
    found: dict[K, Total] = defaultdict(Total)
    for each in entries:
        found[key(each)] += _of(each)
    return dict(found)


def mean_and_median(costs: Sequence[int]) -> tuple[int, int] | None:
    """Of costs in pence, in whole pence; None of none."""
    if not costs:
        return None
    return whole(Decimal(sum(costs)) / len(costs)), whole(median(map(Decimal, costs)))


def pounds(pence: int) -> str:
    """ "£1,234.50"."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def hours(minutes: int) -> str:
    """ "2 h 05 min", or "45 min"."""
    if minutes < AN_HOUR:
        return f"{minutes} min"
    return f"{minutes // AN_HOUR} h {minutes % AN_HOUR:02d} min"
