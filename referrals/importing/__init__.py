"""A waiting list as two spreadsheets: read completely, checked completely, then written at once."""

from referrals.importing.checking import Checked, check_lists
from referrals.importing.lines import EVENTS, REFERRALS
from referrals.importing.summary import summary
from referrals.importing.tables import Fault

__all__ = ["EVENTS", "REFERRALS", "Checked", "Fault", "check_lists", "summary"]
