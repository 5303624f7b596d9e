"""Tables of figures as data: a page shows them, an export writes them, small numbers are kept back
from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reporting.small_numbers import Sum

UNSAID = "cannot be said yet"


class Kind(StrEnum):
    PEOPLE = "people"
    TIMES = "times"
    DAYS = "days"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the list that makes it. `rests_on` counts the people that a number which is no
    count of people would give away: those behind a median, those in and out of a share; `of` names
    the figures that it rests on. Figures with the same `name` are one figure shown twice."""

    value: int | None
    url: str = ""
    kind: Kind = Kind.PEOPLE
    rests_on: tuple[int, ...] = ()
    name: str = ""
    of: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        if self.value is None:
            return UNSAID
        return f"{self.value}%" if self.kind == Kind.SHARE else f"{self.value:,}"


def share(part: int, whole: int, *, of: tuple[str, ...] = ()) -> Figure:
    """In hundredths, rounded; of the figures with these names."""
    value = round(100 * part / whole) if whole else None
    return Figure(value, kind=Kind.SHARE, rests_on=(part, whole - part), of=of)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    label: str
    figures: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`head` names the columns, that of the labels first. In each line the figure `across[0]` is
    the sum of those at `across[1]`; with `down` the last line is the sum of those above it; and
    `sums` are of figures by name, of any table. A whole that is no figure is known all the same."""

    code: str
    title: str
    counted: str  # how, in words
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    across: tuple[int, tuple[int, ...]] | None = None
    down: bool = False
    empty: str = ""  # what will stand here
    sums: tuple[Sum, ...] = ()

    @property
    def labelled(self) -> list[Labelled]:
        """For a template: each figure with the head of its column."""
        return [
            Labelled(line.label, tuple(zip(self.head[1:], line.figures, strict=True)))
            for line in self.lines
        ]

    @property
    def stacks(self) -> bool:
        """On a narrow screen each line becomes a block, so that no link is out of sight; few
        columns fit as they are."""
        return len(self.head) > 3

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def is_empty(self) -> bool:
        return not any(figure.value for _, figure in self.cells())

    def cells(self) -> Iterator[tuple[str, Figure]]:
        """Each figure with a name that no other figure has."""
        for row, line in enumerate(self.lines):
            for column in range(len(line.figures)):
                yield self.name_of(row, column), line.figures[column]

    def name_of(self, row: int, column: int) -> str:
        return self.lines[row].figures[column].name or f"{self.code} {row} {column}"
