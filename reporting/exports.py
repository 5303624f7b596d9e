"""The figures as a file: what they are and how they are counted first, then every table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.words import exact
from organisations.models import Membership
from referrals.sheets import as_csv, as_workbook
from reporting.small_numbers import Sum, is_small, kept_back
from reporting.tables import Figure, Kind, Table

INSIDE, OUTSIDE = "inside", "outside"
NOT_SHOWN = "not shown"
Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is written."""

    code: str
    title: str
    counted: str
    head: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    rows: int


def written(
    tables: Sequence[Table],
    *,
    said: str,
    threshold: int,
    workbook: bool,
    by: Membership,
    now: datetime,
) -> File:
    """Of the people that the filters `said` choose. See `exported` for the threshold."""
    sheets = exported(tables, threshold=threshold)
    first = about(sheets, said=said, threshold=threshold, by=by, now=now)
    rows = sum(len(sheet.rows) for sheet in sheets)
    return File(as_file(first, sheets, workbook=workbook), rows)


def exported(tables: Sequence[Table], *, threshold: int) -> list[Sheet]:
    """Every figure where `threshold` is 0; otherwise without those that give a smaller number of
    people away, in any of these tables."""
    people = {
        name: figure.value or 0
        for table in tables
        for name, figure in table.cells()
        if figure.kind == Kind.PEOPLE
    }
    sums = [each for table in tables for each in sums_of(table)]
    back = kept_back(people, sums, threshold=threshold) if threshold else frozenset()
    return [_sheet(table, back, threshold) for table in tables]


def sums_of(table: Table) -> list[Sum]:
    """What everybody knows of its counts of people: lines and columns that add up."""
    found = []
    if table.across:
        whole, parts = table.across
        for row in range(len(table.lines)):
            names = tuple(table.name_of(row, part) for part in parts)
            found.append(Sum(table.name_of(row, whole), names))
    if table.down:
        last = len(table.lines) - 1
        for column, figure in enumerate(table.lines[last].figures):
            if figure.kind == Kind.PEOPLE:
                names = tuple(table.name_of(row, column) for row in range(last))
                found.append(Sum(table.name_of(last, column), names))
    return found


def _sheet(table: Table, back: frozenset[str], threshold: int) -> Sheet:
    rows = []
    for row, line in enumerate(table.lines):
        names = [table.name_of(row, column) for column in range(len(line.figures))]
        hidden = not back.isdisjoint(names)
        texts = [
            _text(figure, name in back, hidden=hidden, threshold=threshold)
            for name, figure in zip(names, line.figures, strict=True)
        ]
        rows.append((line.label, *texts))
    return Sheet(table.code, table.title, table.counted, table.head, tuple(rows))


def _text(figure: Figure, back: bool, *, hidden: bool, threshold: int) -> str:  # noqa: FBT001
    """What is no count of people goes with the counts of its line, and with those it rests on."""
    small = any(is_small(number, threshold=threshold) for number in figure.rests_on)
    follows = figure.kind != Kind.PEOPLE and (hidden or small)
    return NOT_SHOWN if back or follows else figure.text.replace(",", "")


def about(
    sheets: Sequence[Sheet], *, said: str, threshold: int, by: Membership, now: datetime
) -> list[Cells]:
    """The first sheet: what this is, of whom, and how each table is counted."""
    rows: list[Cells] = [
        ("What", "Figures about waits to enter the National Referral Mechanism"),
        ("Of", f"{by.organisation}: its own referrals as it holds them now"),
        ("Filters", said),
        ("Exported", f"by {by.user.name}, {exact(now)}"),
        ("Small numbers", _small(threshold)),
    ]
    return [*rows, *((sheet.title, sheet.counted) for sheet in sheets)]


def _small(threshold: int) -> str:
    if not threshold:
        return (
            "Every number is shown, small ones too: somebody may be known by them. For use within "
            "the organisation only."
        )
    return (
        f"Numbers of people from 1 to {threshold - 1} are not shown, nor others from which they "
        "would follow, nor what rests on them. It does not protect from what a reader knows "
        "besides, or from laying this beside the same figures of other months or filters."
    )


def as_file(first: Sequence[Cells], sheets: Sequence[Sheet], *, workbook: bool) -> bytes:
    """A workbook of a sheet each; or one file of commas, in which the definitions come first and
    each table after its title and an empty line: a second file would be left behind."""
    if workbook:
        return as_workbook(
            {"about": first, **{sheet.code: [sheet.head, *sheet.rows] for sheet in sheets}}
        )
    rows: list[Cells] = [*first]
    for sheet in sheets:
        rows += [(), (sheet.title,), sheet.head, *sheet.rows]
    return as_csv(rows)
