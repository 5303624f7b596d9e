"""A workbook as two tables of text: what its cells say, never what their formulas could do."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nrm_tracker.ui.moments import Unreadable
from referrals.importing.lines import EVENTS, REFERRALS
from referrals.importing.tables import Records

SIGNATURE = b"PK\x03\x04"
UNPACKED = 300 * 1024 * 1024  # bytes
ROWS, COLUMNS = 200_000, 60
EMPTY_ROWS = 1_000  # one after the other: the rest of the sheet is taken to be empty
NOT_ONE = "This is not an Excel workbook (.xlsx). Save it as one, or as two CSV files"
TWO_SHEETS = (
    "This workbook needs two sheets: one with a row for each person, called referrals, and one "
    "with a row for each thing that happened, called wait_events. Start from the template"
)


def is_workbook(content: bytes) -> bool:
    return content.startswith(SIGNATURE)


def read_workbook(content: bytes) -> tuple[Records, Records]:
    """The two sheets, found by name, else the first two."""
    try:
        _check_size(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Unreadable as error:
        return _both(error.message)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        return _both(NOT_ONE)  # its XML's errors are SyntaxErrors
    names = _sheets(book.sheetnames)
    if names is None:
        return _both(TWO_SHEETS)
    referrals, events = (_records(book[name], name) for name in names)
    return referrals, events


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
            raise Unreadable("This workbook is too large. Split the list by person")


def _both(fault: str) -> tuple[Records, Records]:
    return Records("The workbook", fault=fault), Records("The workbook", fault=fault)


def _sheets(names: Sequence[str]) -> tuple[str, str] | None:
    """Those for people and for what happened."""
    happened = [name for name in names if "event" in name.lower()]
    people = [name for name in names if "referral" in name.lower() and name not in happened]
    if people and happened:
        return people[0], happened[0]
    return (names[0], names[1]) if len(names) > 1 else None


def _records(sheet: Any, name: str) -> Records:
    try:
        rows = list(_rows(sheet))
    except Unreadable as error:
        return Records(name, fault=error.message)
    except (KeyError, ValueError, OSError, SyntaxError, zipfile.BadZipFile, OverflowError):
        return Records(name, fault=NOT_ONE)
    return Records(name, rows) if rows else Records(name, fault="This sheet is empty")


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    waiting = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True)):
        if number > ROWS:
            raise Unreadable(f"This sheet has more than {ROWS:,} rows. Split the list by person")
        cells = [_text(value) for value in islice(values, COLUMNS)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            waiting += 1
            if waiting > EMPTY_ROWS:
                return
            continue
        yield from ([] for _ in range(waiting))  # so that rows are counted as the sheet counts them
        waiting = 0
        yield cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        alone = value.time() == time()  # a day, as the spreadsheet keeps it
        return value.date().isoformat() if alone else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


TEMPLATE = {REFERRALS: "referrals", EVENTS: "wait_events"}
