"""How much room organisations say that they have, in words; and what one's own said before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import apart, day_in_words
from organisations.capacity import (
    Room,
    is_due,
    is_stale,
    slots_of,
    updated_in_words,
)
from organisations.models import Capacity, Designation, Membership, Nation
from organisations.roles import Permission

TONES: dict[str, str] = {Room.OPEN: "info", Room.LIMITED: "due", Room.PAUSED: "amber"}
NATIONS = {nation.value: str(nation.label) for nation in Nation}
KEPT = 100  # changes shown


@dataclass(frozen=True, slots=True)
class RoomSaid:
    """What an organisation said, as others may read it. `stale`: a mark, "" while it is fresh."""

    state: str
    tone: str
    since: str
    until: str
    why: str
    next_free: str
    slots: tuple[str, ...]
    updated: str
    stale: str
    paused: bool


def room_of(row: Capacity, *, today: date) -> RoomSaid:
    paused = row.state == Room.PAUSED
    said_on = london_date(row.said_at)
    return RoomSaid(
        state=str(Room(row.state).label),
        tone=TONES[row.state],
        since=day_in_words(row.since, today=today),
        until=_until(row, today=today),
        why=": ".join(
            part for part in (row.get_cause_display(), row.words and apart(row.words)) if part
        ),
        next_free="" if paused else _next_free(row, today=today),
        slots=() if paused else tuple(each.in_words(NATIONS) for each in row.slots),
        updated=updated_in_words(said_on, today=today),
        stale=stale_mark(row, today=today),
        paused=paused,
    )


def stale_mark(row: Capacity, *, today: date) -> str:
    said_on = london_date(row.said_at)
    if not is_stale(said_on, today=today):
        return ""
    return f"Stale: last {updated_in_words(said_on, today=today).lower()}"


def _until(row: Capacity, *, today: date) -> str:
    if row.until is None:
        return ""
    words = day_in_words(row.until, today=today)
    return f"{words}, which has passed" if row.until < today else words


def _next_free(row: Capacity, *, today: date) -> str:
    if row.next_free_on is None:
        return "not known"
    words = day_in_words(row.next_free_on, today=today)
    return f"the one given, {words}, has passed" if row.next_free_on < today else words


def capacities(organisations: Collection[int]) -> dict[int, Capacity]:
    """What each of these (ids) last said; those that never said anything are left out."""
    rows = Capacity.objects.filter(organisation__in=organisations)
    return {row.organisation_id: row for row in rows}


def said_by(organisation: int) -> Capacity | None:
    return capacities([organisation]).get(organisation)


def reminder_for(membership: Membership, *, now: datetime) -> str:
    """That it is time to say it again, for whoever may: it is seven days old, or a date in it has
    passed; or nothing was ever said, though others can ask this organisation. Else ""."""
    if not membership.can(Permission.MANAGE_ORGANISATION):
        return ""
    today, row = london_date(now), said_by(membership.organisation_id)
    if row is None:
        standing = Designation.objects.filter(organisation=membership.organisation_id)
        if not standing.active(today).exists():
            return ""
        return "Other organisations do not know how much room you have."
    if row.has_passed(today):
        return "A date that you gave about how much room you have has passed."
    said_on = london_date(row.said_at)
    if not is_due(said_on, today=today):
        return ""
    return f"How much room you have was last {updated_in_words(said_on, today=today).lower()}."


@dataclass(frozen=True, slots=True)
class Version:
    """What was said at an instant. `by` is "" where that cannot be told."""

    at: datetime
    by: str
    room: RoomSaid
    same: bool  # as before: it was only said again


def versions(membership: Membership) -> list[Version]:
    """What one's own organisation said, as it then was, the newest first."""
    rows = history_of(membership)[-KEPT - 1 :]
    names = _who_said(membership)
    before: Sequence[Capacity | None] = [None, *rows][: len(rows)]
    found = [
        Version(
            at=row.said_at,
            by=names.get((row.pk, row.version), ""),
            room=room_of(row, today=london_date(row.said_at)),
            same=earlier is not None and _content(earlier) == _content(row),
        )
        for earlier, row in zip(before, rows, strict=True)
    ]
    return found[::-1][:KEPT]


def history_of(membership: Membership) -> list[Capacity]:
    """Each version as the row then was, the oldest first. Not to be saved."""
    kept = apps.get_model("organisations", "CapacityHistory")
    rows = kept._default_manager.filter(organisation=membership.organisation_id).order_by("pgh_id")
    return [_as_it_was(row) for row in rows]


def _as_it_was(row: Model) -> Capacity:
    names = [field.attname for field in Capacity._meta.concrete_fields]
    return Capacity(**{name: getattr(row, name) for name in names})


def _content(row: Capacity) -> tuple[object, ...]:
    said = (row.state, row.since, row.until, row.cause, row.words, row.next_free_on)
    return (*said, slots_of(row.weekly))


def _who_said(membership: Membership) -> dict[tuple[int, int], str]:
    """Who said each version (row and number), by one's own trail."""
    trail = AuditEntry.objects.visible_to(membership).filter(action=Action.CAPACITY_SAID)
    said = dict(trail.values_list("subject", "user"))
    names = dict(User.objects.filter(id__in=set(said.values())).values_list("id", "name"))
    found = {}
    for subject, user in said.items():
        _, pk, _, version = subject.split()
        found[(int(pk), int(version))] = names.get(user, "") if user else ""
    return found
