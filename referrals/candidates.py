"""Which organisations can be asked to take somebody, who of them can see the person soonest, and
why the others cannot: by the register, and by what they say of how much room they have.

All of it is worked out for whoever asks. Nothing of the person is told to anybody by looking.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from nrm_tracker.calendars import london_date
from organisations.capacity import Room, updated_in_words
from organisations.models import Capacity, ContactRoute, Organisation
from organisations.pages.capacity import capacities, room_of, stale_mark
from referrals.fitting import Fit, fit
from referrals.models import Referral
from referrals.needs import Needs, Sought, needs_of

NOT_DESIGNATED = {
    "suspended": "Its designation is suspended",
    "withdrawn": "Its designation was withdrawn",
    "disputed": "Lists disagree on whether it is designated, and nothing was recorded",
    "listed": "A published list names it, and nobody has recorded its designation",
    "applicant": "It has applied to be designated, and is not",
    "none": "It is not designated",
}
NOTHING_SAID = Sought()
NO_RANK = (date.max, 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`why_not` is "" of one that can be asked here; `why_here` says then why it stands where it
    stands. `stale`: a mark. `ring`: it may take the person, and a way to reach it is known."""

    organisation: Organisation
    why_not: str
    why_here: str
    stale: str
    ring: bool
    rank: tuple[date, int, str]


def candidates(
    referral: Referral,
    *,
    own: int,
    waiting: Collection[int],
    now: datetime,
    sought: Sought = NOTHING_SAID,
) -> list[Candidate]:
    """All but one's `own` (id). Those that can be asked come first: by next free appointment, then
    by how little of what the person needs is open, then by name. `waiting` have yet to answer."""
    today = london_date(now)
    register = Organisation.objects.responders().with_standing(today)
    rows = list(register.exclude(pk=own).order_by("name"))
    needs = needs_of(referral, sought=sought)
    known = _Known(rows, waiting=waiting, today=today)
    found = [known.candidate(row, needs) for row in rows]
    return sorted(found, key=lambda each: (bool(each.why_not), each.rank))


class _Known:
    """What is known of all of them, asked at once."""

    def __init__(
        self, rows: Collection[Organisation], *, waiting: Collection[int], today: date
    ) -> None:
        self.waiting, self.today, self.here = waiting, today, _here()
        ids = [row.pk for row in rows]
        self.said: Mapping[int, Capacity] = capacities(ids)
        self.reached = set(
            ContactRoute.objects.standing()
            .filter(organisation__in=ids)
            .values_list("organisation_id", flat=True)
        )

    def candidate(self, row: Organisation, needs: Needs) -> Candidate:
        said = self.said.get(row.pk)
        found = fit(row, needs, slots=said.slots if said else ())
        why_not = self._why_not(row, found, said)
        may_take = row.standing == "active" and not found.outside and row.pk not in self.waiting
        soonest = (self._free(said) or date.max, len(found.open))
        return Candidate(
            organisation=row,
            why_not=why_not,
            why_here="" if why_not else self._why_here(found, said),
            stale=stale_mark(said, today=self.today) if said and may_take else "",
            ring=may_take and (bool(row.telephone) or row.pk in self.reached),
            rank=(*(NO_RANK if why_not else soonest), row.name),
        )

    def _why_not(self, row: Organisation, found: Fit, said: Capacity | None) -> str:
        if row.standing != "active":
            return NOT_DESIGNATED[row.standing]
        if found.outside:
            return found.outside
        if row.pk in self.waiting:
            return "It was asked, and has not answered yet"
        if said and said.state == Room.PAUSED:
            return self._paused(said)
        return "" if row.pk in self.here else "Nobody there uses this product"

    def _paused(self, said: Capacity) -> str:
        room = room_of(said, today=self.today)
        until = f", expected until {room.until}" if room.until else ""
        return f"Paused since {room.since}{until}. {room.why}. {room.updated}"

    def _free(self, said: Capacity | None) -> date | None:
        """The next free appointment, where one is known that is still to come."""
        day = said.next_free_on if said else None
        return day if day and day >= self.today else None

    def _why_here(self, found: Fit, said: Capacity | None) -> str:
        """A sentence each: when, what of their needs it meets and what is open, since when."""
        if said is None:
            first = ["It has not said how much room it has"]
            last = []
        else:
            room, free = room_of(said, today=self.today), self._free(said)
            before = "Next free appointment" if free else "Next free appointment:"
            first = [f"{before} {room.next_free}"]
            if said.state == Room.LIMITED:
                first.append(f"Limited room ({room.why})")
            last = [updated_in_words(london_date(said.said_at), today=self.today)]
        return ". ".join([*first, *found.met, *found.open, *last]) + "."


def _here() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nrm_organisations_here()")
        return {pk for (pk,) in cursor.fetchall()}
