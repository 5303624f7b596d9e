"""A manager says how much room their organisation has. The row is what stands; a trigger appends
each version of it to the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.capacity import Kept, Slots
from organisations.errors import ChangedMeanwhile, DateHasPassed, NothingSaidYet
from organisations.models import Capacity, Membership

FIELDS = ("state", "since", "until", "cause", "words", "weekly", "next_free_on")
PASSED = "Say it anew: the date that you gave last has passed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a manager says. `since` and `until` are London dates, of the state."""

    state: str
    since: date
    until: date | None = None
    cause: str = ""
    words: str = ""
    weekly: tuple[Slots, ...] = ()
    next_free_on: date | None = None

    def kept(self) -> list[Kept]:
        return [each.kept() for each in self.weekly]


@transaction.atomic
def say_capacity(*, said: Said, version: int, by: Membership, now: datetime) -> Capacity:
    """`version` is what the form was opened on, 0 where nothing had been said.
    Raises ChangedMeanwhile."""
    row = _locked(by)
    if version != (row.version if row else 0):
        raise ChangedMeanwhile(row.version if row else 0)
    facts = {name: getattr(said, name) for name in FIELDS} | {"weekly": said.kept()}
    if row is None:
        row, new = Capacity.objects.get_or_create(
            organisation_id=by.organisation_id, defaults=facts | {"said_at": now}
        )
        if not new:  # somebody was faster by a moment
            raise ChangedMeanwhile(row.version)
        _note(row, FIELDS, by=by, now=now)
        return row
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return _save(row, changed, by=by, now=now)


@transaction.atomic
def say_capacity_again(*, version: int, by: Membership, now: datetime) -> Capacity:
    """Nothing has changed. Raises NothingSaidYet, ChangedMeanwhile, DateHasPassed."""
    row = _locked(by)
    if row is None:
        raise NothingSaidYet("Nothing was said before. Say how much room you have.")
    if version != row.version:
        raise ChangedMeanwhile(row.version)
    if row.has_passed(london_date(now)):
        raise DateHasPassed(PASSED)
    return _save(row, [], by=by, now=now)


def _locked(by: Membership) -> Capacity | None:
    rows = Capacity.objects.filter(organisation=by.organisation_id)
    return rows.select_for_update().first()


def _save(row: Capacity, changed: list[str], *, by: Membership, now: datetime) -> Capacity:
    row.said_at, row.version = now, row.version + 1
    row.save(update_fields=[*changed, "said_at", "version"])
    _note(row, changed, by=by, now=now)
    return row


def _note(row: Capacity, fields: Iterable[str], *, by: Membership, now: datetime) -> None:
    subject = f"capacity {row.pk} version {row.version}"
    log.record(Action.CAPACITY_SAID, by=by, now=now, subject=subject, fields=fields)
