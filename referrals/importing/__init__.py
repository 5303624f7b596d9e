"""A waiting list as two tables: read completely, checked completely, then written at once."""

from referrals.importing.checking import Checked, check_lists
from referrals.importing.lines import EVENTS, REFERRALS
from referrals.importing.runs import (
    ask_for_import,
    checked,
    give_up,
    match_columns,
    rewrap_lists,
    run_imports,
    tables_of,
    undo_import,
    upload_list,
)
from referrals.importing.summary import summary
from referrals.importing.tables import Fault, Records, read_csv
from referrals.importing.workbook import is_workbook, read_workbook

__all__ = [
    "EVENTS",
    "REFERRALS",
    "Checked",
    "Fault",
    "Records",
    "ask_for_import",
    "check_lists",
    "checked",
    "give_up",
    "is_workbook",
    "match_columns",
    "read_csv",
    "read_workbook",
    "rewrap_lists",
    "run_imports",
    "summary",
    "tables_of",
    "undo_import",
    "upload_list",
]
