"""Workbooks that go out: the template of an import, and lists. No cell of theirs is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font

from referrals.catalogue import AgeGroup, ConsentType, EventCode, Outcome, Risk
from referrals.importing import EVENTS, REFERRALS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
Rows = Iterable[Sequence[str]]
EXAMPLES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "referrals": (REFERRALS.all, ("EXAMPLE-1", "Skylark", "adult", "england", "destitute")),
    "wait_events": (EVENTS.all, ("EXAMPLE-1", "initial_contact", "2026-04-02T16:00")),
}
CODES = {
    "age_group": AgeGroup.choices,
    "risk_flags": Risk.choices,
    "event": EventCode.choices,
    "outcome": Outcome.choices,
    "consent_type": ConsentType.choices,
}


def neutral(cell: str) -> str:
    """The same text, which no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(sheets: dict[str, Rows]) -> bytes:
    """Every cell is text."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row, start=1):
                written = sheet.cell(number, place, neutral(cell))
                written.data_type = "s"
                if number == 1:
                    written.font = Font(bold=True)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def listed(mark: str, rows: Sequence[Sequence[str]], *, workbook: bool) -> bytes:
    """A list, its mark above it in the first row."""
    marked = [(mark,), *rows]
    return as_workbook({"Referrals": marked}) if workbook else as_csv(marked)


def template_workbook() -> bytes:
    """What a list looks like, with an example to replace and all codes."""
    sheets: dict[str, Rows] = {
        name: [columns, example] for name, (columns, example) in EXAMPLES.items()
    }
    codes = [
        (column, str(code), str(meaning))
        for column, choices in CODES.items()
        for code, meaning in choices
    ]
    sheets["codes"] = [("column", "code", "meaning"), *codes]
    return as_workbook(sheets)
