"""Bring a list of local authorities or police forces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions.designating import Decided, propose_designation
from organisations.actions.keeping import free_slug, locked, note, owe_reassessment
from organisations.bulk import Compared, Line, compare, fingerprint
from organisations.errors import NoSuchStep, RegisterRefused, WaitsAlready
from organisations.models import Designation, Membership, Organisation


class LooksDifferent(RegisterRefused):
    """The register changed after the preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class From:
    """Where the list is from, and since when we know it."""

    source: str
    told_by: str
    known_from: date


@dataclass(frozen=True, slots=True)
class Brought:
    """How many were added, changed, and wait to be confirmed as designated; `bulk` names these.
    `refused` are those whose designation does not follow what the register says."""

    added: int
    changed: int
    proposed: int
    refused: tuple[str, ...]
    bulk: UUID


def bring_list(
    *, lines: Sequence[Line], seen: str, said: From, by: Membership, now: datetime
) -> Brought:
    """All of it, as the preview of that fingerprint showed it. Raises LooksDifferent."""
    bulk, refused, proposed = uuid4(), [], 0
    with purpose("nrm_register"):
        found = compare(lines)
        if fingerprint(found) != seen:
            raise LooksDifferent("The register changed meanwhile. Look at the differences again.")
        for each in found:
            row = _kept(each, by=by, now=now)
            try:
                proposed += _proposed(row, each.line, said, bulk=bulk, by=by, now=now)
            except (NoSuchStep, WaitsAlready) as refusal:
                refused.append(f"{row}: {refusal}")
    return Brought(
        added=sum(each.there is None for each in found),
        changed=sum(bool(each.changes) for each in found),
        proposed=proposed,
        refused=tuple(refused),
        bulk=bulk,
    )


def _kept(each: Compared, *, by: Membership, now: datetime) -> Organisation:
    facts = each.line.facts()
    if each.there is None:
        unknown: dict[str, object] = {"nations": [], "open_days": []}
        made = Organisation.objects.create(
            name=each.line.name,
            slug=free_slug(each.line.name),
            is_statutory=True,
            last_reviewed_on=london_date(now),
            changed_at=now,
            changed_by_id=by.user_id,
            **(unknown | facts),
        )
        note(made, by=by, now=now, reason="brought_with_a_list")
        return made
    if each.changes:
        with locked(each.there, None, by=by, now=now) as row:
            for column, value in facts.items():
                setattr(row, column, value)
            row.last_reviewed_on = london_date(now)
            row.save()
            owe_reassessment(row, f"The register's facts on {row} changed", now=now)
    return each.there


def _proposed(
    row: Organisation, line: Line, said: From, *, bulk: UUID, by: Membership, now: datetime
) -> bool:
    """Whether a designation waits now. One that is in force already asks for nothing."""
    since = line.designated_from
    if since is None or Designation.objects.active(since).filter(organisation=row).exists():
        return False
    decided = Decided(
        effective_from=since,
        known_from=said.known_from,
        source=said.source,
        told_by=said.told_by,
        reason="Brought with a list",
    )
    propose_designation(organisation=row, decided=decided, version=None, by=by, now=now, bulk=bulk)
    return True
