"""The figures as a file: what they are and how they are counted first, then every table."""

from collections.abc import Iterator, Sequence
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
    back = _back(tables, threshold) if threshold else frozenset()
    return [_sheet(table, back, threshold) for table in tables]


def _back(tables: Sequence[Table], threshold: int) -> frozenset[str]:
    """People; and the days that go with them, with other days from which those would follow."""
    sums = [each for table in tables for each in sums_of(table)]
    people, of_people = _counted(tables, sums, Kind.PEOPLE)
    days, of_days = _counted(tables, sums, Kind.DAYS)
    back = kept_back(people, of_people, threshold=threshold)
    gone = {name for table in tables for name in _hidden(table, back, threshold)}
    return back | kept_back(days, of_days, threshold=0, already=gone & days.keys())


def _counted(
    tables: Sequence[Table], sums: Sequence[Sum], kind: Kind
) -> tuple[dict[str, int], list[Sum]]:
    """The numbers of this kind by name, and the sums of them alone."""
    found = {
        name: figure.value or 0
        for table in tables
        for name, figure in table.cells()
        if figure.kind == kind
    }
    of_these = [each for each in sums if each.parts and found.keys() >= set(each.parts)]
    wholes = {each.whole: sum(found[name] for name in each.parts) for each in of_these}
    return {**wholes, **found}, of_these


def sums_of(table: Table) -> list[Sum]:
    """What everybody knows of its counts: lines and columns that add up, and others it declares."""
    found = list(table.sums)
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
    hidden = set(_hidden(table, back, threshold))
    rows = [
        (
            line.label,
            *(
                NOT_SHOWN if table.name_of(row, column) in hidden else figure.text.replace(",", "")
                for column, figure in enumerate(line.figures)
            ),
        )
        for row, line in enumerate(table.lines)
    ]
    return Sheet(table.code, table.title, table.counted, table.head, tuple(rows))


def _hidden(table: Table, back: frozenset[str], threshold: int) -> Iterator[str]:
    """The names of its figures that are kept back, and of those that go with them."""
    for row, line in enumerate(table.lines):
        names = [table.name_of(row, column) for column in range(len(line.figures))]
        beside = not back.isdisjoint(names)
        for name, figure in zip(names, line.figures, strict=True):
            if name in back or _goes(figure, back, beside=beside, threshold=threshold):
                yield name


def _goes(figure: Figure, back: frozenset[str], *, beside: bool, threshold: int) -> bool:
    """What is no count of people goes with the counts of its line, and with those it rests on."""
    small = any(is_small(number, threshold=threshold) for number in figure.rests_on)
    return figure.kind != Kind.PEOPLE and (beside or small or not back.isdisjoint(figure.of))


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
