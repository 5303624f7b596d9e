"""Whose column is which: a list seldom has our headings."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from referrals.importing.tables import Columns, Records

LIKE_ENOUGH = 0.75
MOST = 60  # headings that anybody would match by hand
OTHER_NAMES = {
    "ref": "own_reference",
    "reference": "own_reference",
    "case_number": "own_reference",
    "case_reference": "own_reference",
    "our_reference": "own_reference",
    "code_name": "pseudonym",
    "name_we_use": "pseudonym",
    "word": "pseudonym",
    "age": "age_group",
    "adult_or_child": "age_group",
    "country": "nation",
    "risk": "risk_flags",
    "risks": "risk_flags",
    "dob": "date_of_birth",
    "born": "date_of_birth",
    "caseworker": "assigned_to",
    "worker": "assigned_to",
    "what": "event",
    "what_happened": "event",
    "date": "happened_at",
    "when": "happened_at",
    "entered": "recorded_at",
    "result": "outcome",
    "consent": "consent_type",
    "letter_date": "dated_on",
    "fro": "organisation",
    "note": "detail",
    "notes": "detail",
    "comment": "detail",
}
Matched = Mapping[str, str]  # their heading to our column, "" to leave it out


def suggested(records: Records, columns: Columns) -> dict[str, str]:
    """For each heading of theirs the column of ours that it seems to be, each of ours once."""
    found: dict[str, str] = {}
    for heading in headings(records):
        ours = _like(heading, columns)
        found[heading] = ours if ours not in found.values() else ""
    return found


def fits(records: Records, columns: Columns) -> bool:
    """Whether every heading is one of ours already, or there is nothing to match."""
    theirs = headings(records)
    return len(theirs) > MOST or all(name.lower() in columns.all for name in theirs)


def matched(records: Records, by: Matched) -> Records:
    """The same table under our headings, without the columns that are left out."""
    if not by or not records.rows:
        return records
    heading, *rows = records.rows
    names = [by.get(name, name) for name in heading]
    kept = [place for place, name in enumerate(names) if name]
    return Records(
        records.name,
        [[names[place] for place in kept], *(_only(row, kept) for row in rows)],
    )


def headings(records: Records) -> Sequence[str]:
    return [name for name in next(iter(records.rows), []) if name]


def _only(row: Sequence[str], kept: Sequence[int]) -> list[str]:
    return [row[place] if place < len(row) else "" for place in kept]


def _like(heading: str, columns: Columns) -> str:
    name = re.sub(r"\W+", "_", heading.lower()).strip("_")
    if name in columns.all:
        return name
    if (other := OTHER_NAMES.get(name)) in columns.all:
        return other or ""
    near = get_close_matches(name, columns.all, n=1, cutoff=LIKE_ENOUGH)
    return near[0] if near else ""
