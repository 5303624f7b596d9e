"""From the bytes of a file to rows of named cells, however strange the file is."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain, repeat
from typing import TypeVar

from nrm_tracker.ui.moments import Unreadable
from referrals.importing.cells import SHOWN

T = TypeVar("T")
NOT_TEXT = "This is not a CSV text file. In the spreadsheet choose Save as, CSV UTF-8"
NOT_UTF8 = "This file is not in UTF-8. In the spreadsheet choose Save as, CSV UTF-8"
LONGEST_CELL = 10_000
MOST_NAMED = 5  # unknown columns that are named one by one
SIGNATURES = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"{\\rtf")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: the file, the row as the spreadsheet counts it (1 is the heading row, 0
    the file as a whole), the column ("" where no single one is meant), and what to do."""

    file: str
    row: int
    column: str
    message: str

    @property
    def where(self) -> str:
        """Such as: REFERRALS.csv, row 3, age_group."""
        return place(self.file, f"row {self.row}" if self.row else "", self.column)

    @property
    def to_do(self) -> str:
        return self.message if self.message.endswith("?") else f"{self.message}."


def place(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one of the files: those that must be there, and those that may be."""

    file: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.needed, *self.optional)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; reading a cell that cannot be read adds a fault and gives None."""

    file: str
    number: int
    cells: dict[str, str]
    faults: list[Fault]

    def fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.file, self.number, column, message))

    def read(self, column: str, parse: Callable[[str], T]) -> T | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return parse(text)
        except Unreadable as error:
            self.fault(column, error.message)
            return None

    def need(self, column: str, parse: Callable[[str], T]) -> T | None:
        if not self.cells.get(column):
            self.fault(column, "This cell is empty. Fill it in")
        return self.read(column, parse)


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[Row]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Records:
    """A table as text, its heading row first, and what is wrong with the file as a whole."""

    name: str
    rows: Sequence[Sequence[str]] = ()
    fault: str = ""


def read_csv(content: bytes, name: str) -> Records:
    try:
        return Records(name, list(_records(content)))
    except Unreadable as error:
        return Records(name, fault=error.message)


def read_table(records: Records, columns: Columns) -> Table:
    """The rows below the heading. Where the file itself is wrong there are faults and no rows."""
    if records.fault:
        return Table([], [Fault(records.name, 0, "", records.fault)])
    faults: list[Fault] = []
    heading = [name.lower() for name in next(iter(records.rows), [])]
    _check_heading(heading, columns, faults, records.name)
    rows = [] if faults else list(_rows(records.rows[1:], heading, records.name, faults))
    if not rows and not faults:
        faults.append(Fault(records.name, 0, "", "There are no rows below the heading row"))
    return Table(rows, faults)


def _records(content: bytes) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                f"Row {number} cannot be read ({error}). Check its quotation marks, and that no "
                f"cell is longer than {LONGEST_CELL:,} characters"
            ) from error
        yield [cell.strip() for cell in record]


def _text(content: bytes) -> str:
    if content.startswith(SIGNATURES):
        raise Unreadable(NOT_TEXT)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(NOT_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(NOT_UTF8) from error
    if not text.strip():
        raise Unreadable("This file is empty")
    if "\x00" in text:
        raise Unreadable(NOT_TEXT)
    return text


def _check_heading(
    heading: Sequence[str], columns: Columns, faults: list[Fault], file: str
) -> None:
    found = [
        *_unknown_columns(heading, columns),
        *(
            (name, "This column is missing. Add it to the heading row")
            for name in columns.needed
            if name not in heading
        ),
        *(
            (name, "This column is there more than once. Remove one")
            for name in columns.all
            if heading.count(name) > 1
        ),
    ]
    if len(heading) == 1 and any(mark in heading[0] for mark in ";\t"):
        found = [("", "The cells are not separated by commas. Save the file as CSV with commas")]
    faults += (Fault(file, 1, column, message) for column, message in found)


def _unknown_columns(heading: Sequence[str], columns: Columns) -> Iterator[tuple[str, str]]:
    unknown = [name for name in heading if name not in columns.all]
    for name in unknown[:MOST_NAMED]:
        near = get_close_matches(name[:SHOWN], columns.all, n=1)
        instead = f"Did you mean {near[0]}?" if near else "Remove the column"
        yield name[:SHOWN], f"This column is not known. {instead}"
    if len(unknown) > MOST_NAMED:
        yield "", f"{len(unknown) - MOST_NAMED:,} more columns are not known. Remove them"


def _rows(
    records: Sequence[Sequence[str]], heading: Sequence[str], file: str, faults: list[Fault]
) -> Iterator[Row]:
    """Empty rows are passed over. Cells beyond the heading, and strange cells, are faults."""
    for number, record in enumerate(records, start=2):
        if not any(record):
            continue
        row = Row(file, number, dict(zip(heading, chain(record, repeat("")), strict=False)), faults)
        if any(record[len(heading) :]):
            row.fault("", "This row has more cells than the heading row. Check its commas")
        if _strange("".join(record)):
            _fault_strange_cells(row)
        yield row


def _fault_strange_cells(row: Row) -> None:
    for name, cell in row.cells.items():
        if problem := _strange(cell):
            row.fault(name, problem)
            row.cells[name] = ""


def _strange(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return f"This cell has more than {LONGEST_CELL:,} characters. Shorten it"
    if not cell.isprintable() and any(_is_control(character) for character in cell):
        return "This cell holds a character that cannot be shown. Type the cell again"
    return ""


def _is_control(character: str) -> bool:
    return (character < " " or character == "\x7f") and character not in "\r\n\t"
