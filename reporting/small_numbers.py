"""Small numbers kept back from what leaves an organisation. PURE.

Primary: a count of people from 1 up to the threshold is kept back. Complementary: so are others,
until no count kept back follows from those that are published and the sums that they stand in;
the sums may be of several tables, so that two tables of the same people give nothing away that one
of them keeps back. Nought is published: that nobody is in a cell is not kept secret.

A count follows from the others when the sums, as equations in the counts kept back, determine it;
and when, each of those being 1 or more, the sums leave no room for another (five that are 5
together). Where neither is so there is another whole solution in tables of rows and columns, in
which a difference between solutions can be one person moved round a loop of cells.

What this does not protect from: what a reader knows besides (that they are one of the two); the
same table of another month, or of other filters, laid beside this one; that everybody in a cell has
the same answer; how large a count is (a reader knows that it lies between bounds, and where the
threshold is); medians and other figures that are no counts, which whoever publishes keeps back with
the counts that they rest on; sums that nobody declared here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

DEFAULT = 5
Row = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class Sum:
    """The count `whole` is the sum of `parts`: every reader knows."""

    whole: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.whole, *self.parts)


def is_small(count: int, *, threshold: int = DEFAULT) -> bool:
    return 0 < count < threshold


def rounded(count: int, *, base: int = DEFAULT) -> int:
    """To the nearest multiple, halves up: each figure by itself, so that rounded parts need not add
    up to their rounded sum."""
    return (2 * count + base) // (2 * base) * base


def kept_back(
    counts: Mapping[str, int],
    sums: Iterable[Sum],
    *,
    threshold: int = DEFAULT,
    already: Iterable[str] = (),
) -> frozenset[str]:
    """The names of the counts to keep back, those that are `already` among them. `sums` must hold
    of `counts`."""
    sums = list(sums)
    back = {name for name, count in counts.items() if is_small(count, threshold=threshold)}
    back.update(already)
    while (found := _gives_away(counts, sums, back, threshold)) is not None:
        back.add(found)
    return frozenset(back)


def _gives_away(
    counts: Mapping[str, int], sums: list[Sum], back: set[str], threshold: int
) -> str | None:
    """One more count to keep back; None when those kept back are safe. Sums in which one stands
    alone come first, and of their counts one that helps several of them."""
    told = follow_from_the_rest(sums, back) | without_room(counts, sums, back)
    lonely = [each for each in sums if len(back.intersection(each.cells)) == 1]
    helps = Counter(name for each in lonely for name in each.cells)
    for each in (*lonely, *sums):
        hidden = [name for name in each.parts if name in back]
        together = sum(counts[name] for name in hidden)
        few = each.whole not in back and is_small(together, threshold=threshold)
        given = few or told.intersection(each.cells)
        if given and (found := _next(counts, each, back, helps)) is not None:
            return found
    if told:  # all of its own sums are kept back already, and others still give it away
        return next((name for each in sums if (name := _next(counts, each, back, helps))), None)
    return None


def _next(counts: Mapping[str, int], among: Sum, back: set[str], helps: Counter[str]) -> str | None:
    """A part that is published and not nought, the smallest of those that help most; the whole
    only where there is none."""
    parts = [name for name in among.parts if counts[name] and name not in back]
    if parts:
        return min(parts, key=lambda name: (-helps[name], counts[name], name))
    return among.whole if counts[among.whole] and among.whole not in back else None


def without_room(counts: Mapping[str, int], sums: Sequence[Sum], back: Set[str]) -> set[str]:
    """Which of the counts kept back can be nothing else, as each is 1 or more. The bounds of each
    are drawn closer by one sum after another."""
    low = {name: min(count, 1) if name in back else count for name, count in counts.items()}
    unknown = 2 * sum(counts.values()) + 2  # more than any can be
    high = {name: unknown if name in back else count for name, count in counts.items()}
    for _ in sums:
        before = sum(high.values()) - sum(low.values())
        for each in sums:
            _draw_closer(each, low, high)
        if before == sum(high.values()) - sum(low.values()):
            break
    return {name for name in back if low[name] == high[name]}


def _draw_closer(of: Sum, low: dict[str, int], high: dict[str, int]) -> None:
    least, most = (sum(bound[name] for name in of.parts) for bound in (low, high))
    low[of.whole], high[of.whole] = max(low[of.whole], least), min(high[of.whole], most)
    for name in of.parts:
        others_least, others_most = least - low[name], most - high[name]
        low[name] = max(low[name], low[of.whole] - others_most)
        high[name] = min(high[name], high[of.whole] - others_least)
        least, most = others_least + low[name], others_most + high[name]


def follow_from_the_rest(sums: Iterable[Sum], back: Set[str]) -> set[str]:
    """Which of the counts kept back the sums determine, the others being known: those that stand
    alone in an equation once all are solved for each other."""
    solved: dict[str, Row] = {}
    for each in sums:
        row = _reduced(_equation(each, back), solved)
        if row:
            pivot = next(iter(row))
            row = {name: factor / row[pivot] for name, factor in row.items()}
            for other, known in solved.items():
                solved[other] = _reduced(known, {pivot: row})
            solved[pivot] = row
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _equation(of: Sum, back: Set[str]) -> Row:
    row: Row = {}
    for name in of.cells:
        if name in back:
            row[name] = row.get(name, Fraction()) + (-1 if name == of.whole else 1)
    return {name: factor for name, factor in row.items() if factor}


def _reduced(row: Row, solved: Mapping[str, Row]) -> Row:
    """The row without the counts that other rows are solved for."""
    row = dict(row)
    for pivot, known in solved.items():
        if factor := row.get(pivot):
            for name, other in known.items():
                row[name] = row.get(name, Fraction()) - factor * other
    return {name: factor for name, factor in row.items() if factor}
