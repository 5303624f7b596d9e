"""Two tables become referrals with their events, or a list of everything that is to be mended."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from organisations.actor import Actor
from organisations.models import Membership, Organisation
from referrals.actions.importing import Listed
from referrals.actions.recording import not_designated_then
from referrals.catalogue import EventCode
from referrals.importing.lines import EVENTS, REFERRALS, EventLine, Known, read_event, read_referral
from referrals.importing.tables import Fault, Records, Row, Table, read_csv, read_table

EXAMPLE = re.compile(r"EXAMPLE-\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the files say. Nothing may be written while there are faults."""

    listed: tuple[Listed, ...]
    faults: tuple[Fault, ...]


def check_lists(referrals: bytes, events: bytes, *, by: Actor, now: datetime) -> Checked:
    """Read and check both CSV files completely; inside a context of the organisation."""
    records = read_csv(referrals, REFERRALS.file), read_csv(events, EVENTS.file)
    return check_records(*records, by=by, now=now)


def check_records(referrals: Records, events: Records, *, by: Actor, now: datetime) -> Checked:
    """Check both tables completely; inside a context of the organisation."""
    tables = read_table(referrals, REFERRALS), read_table(events, EVENTS)
    faults = [fault for table in tables for fault in table.faults]
    if not all(table.rows for table in tables):
        return Checked((), tuple(faults))
    known = _known(by, now)
    happened = _events_by_reference(tables[1], known)
    _check_our_submissions((line for lines in happened.values() for line in lines), by)
    listed = [
        read
        for row in _without_doubles(_without_examples(tables[0]))
        if (read := read_referral(row, happened.pop(row.cells.get("own_reference", ""), []), known))
    ]
    for orphans in happened.values():
        _fault_orphans(orphans, referrals.name)
    faults = sorted(
        (fault for table in tables for fault in table.faults), key=lambda f: (f.file, f.row)
    )
    return Checked(() if faults else tuple(listed), tuple(faults))


def _known(by: Actor, now: datetime) -> Known:
    members = Membership.objects.active().filter(organisation=by.organisation_id)
    return Known(
        organisations={
            organisation.slug: organisation for organisation in Organisation.objects.all()
        },
        members={email.lower(): user for email, user in members.values_list("user__email", "user")},
        now=now,
    )


def _events_by_reference(table: Table, known: Known) -> dict[str, list[EventLine]]:
    found: dict[str, list[EventLine]] = defaultdict(list)
    first: dict[tuple[str | None, ...], int] = {}
    for row in _without_examples(table):
        earlier = first.setdefault(tuple(map(row.cells.get, EVENTS.all)), row.number)
        if earlier != row.number:
            row.fault("", f"This row is the same as row {earlier}. Remove one of them")
        elif not row.cells.get("own_reference"):
            row.fault("own_reference", "This cell is empty. Fill it in")
        else:
            found[row.cells["own_reference"]].append(read_event(row, known))
    return found


def _without_examples(table: Table) -> Iterable[Row]:
    """The template's own rows are no people, and are not taken for some."""
    for row in table.rows:
        if EXAMPLE.fullmatch(row.cells.get("own_reference", "")):
            row.fault("own_reference", "This row is the template’s example. Delete the whole row")
        else:
            yield row


def _without_doubles(rows: Iterable[Row]) -> Iterable[Row]:
    first: dict[str, int] = {}
    for row in rows:
        own = row.cells.get("own_reference", "")
        earlier = first.setdefault(own, row.number)
        if own and earlier != row.number:
            row.fault("own_reference", f"This reference is in row {earlier} too. Each is used once")
        else:
            yield row


def _fault_orphans(lines: Sequence[EventLine], file: str) -> None:
    for line in lines:
        line.row.fault(
            "own_reference",
            f"This reference is not in {file}. Add its row there, or correct it here",
        )


def _check_our_submissions(lines: Iterable[EventLine], by: Actor) -> None:
    """Only "we submitted it" needs a designation on that day."""
    ours = [
        (line, line.happening)
        for line in lines
        if line.happening
        and line.happening.submitted_by
        and line.happening.submitted_by.pk == by.organisation_id
    ]
    refused = {day for _, day in not_designated_then(happening for _, happening in ours)}
    for line, happening in ours:
        if (
            happening.code == EventCode.REFERRAL_SUBMITTED
            and london_date(happening.happened_at) in refused
        ):
            line.row.fault(
                "submitted_by",
                "Your organisation was not designated on that day, so it cannot have submitted "
                "an NRM referral. Enter the organisation that did; if none did, leave this row out "
                "and hand the referral over",
            )
