"""How much room the organisations say that they have: one week by week, one of late, one paused."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import context
from organisations.actions import Said, say_capacity
from organisations.capacity import Cause, Room, Slots
from organisations.scope import Takes
from referrals.demonstration.register import HARBOUR, NORTHGATE, RIVERSIDE, Staffed

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Told = tuple[datetime, Said]


def say_how_much_room(staffed: Mapping[str, Staffed], *, now: datetime) -> None:
    for slug, told in (
        (RIVERSIDE.slug, _every_week(now)),
        (NORTHGATE.slug, _of_late(now)),
        (HARBOUR.slug, _paused(now)),
    ):
        by = staffed[slug].manager
        with context(user=by.user_id, organisation=by.organisation_id):
            for version, (at, said) in enumerate(told):
                say_capacity(said=said, version=version, by=by, now=at)


def _every_week(now: datetime) -> Iterator[Told]:
    """For eight weeks, the last time a week ago: its manager is reminded today."""
    began = london_date(now - 8 * WEEK)
    for weeks in range(8, 0, -1):
        at = now - weeks * WEEK
        less = weeks < 4
        yield (
            at,
            Said(
                state=Room.LIMITED if less else Room.OPEN,
                since=london_date(now - 3 * WEEK) if less else began,
                cause=Cause.DEMAND if less else "",
                weekly=(
                    Slots(number=3 if less else 5, cohort=Takes.ADULTS),
                    Slots(number=1, cohort=Takes.ADULTS, language="Tigrinya"),
                    Slots(number=1, cohort=Takes.CHILDREN, nation="england"),
                ),
                next_free_on=london_date(at + 12 * DAY),
            ),
        )


def _of_late(now: datetime) -> Iterator[Told]:
    """Nine days ago: whoever reads it is told that it is stale."""
    yield (
        now - 9 * DAY,
        Said(
            state=Room.OPEN,
            since=london_date(now - 200 * DAY),
            weekly=(Slots(number=2, cohort=Takes.ADULTS),),
            next_free_on=london_date(now + 3 * DAY),
        ),
    )


def _paused(now: datetime) -> Iterator[Told]:
    """For twenty days, said at once and said again."""
    slots = (Slots(number=2, cohort=Takes.ADULTS, nation="england"),)
    since = london_date(now - 20 * DAY)
    paused = Said(
        state=Room.PAUSED,
        since=since,
        until=london_date(now + 12 * DAY),
        cause=Cause.STAFF,
        words="Two First Responders have left; interviews for the posts are next week",
        weekly=slots,
    )
    yield now - 90 * DAY, Said(state=Room.OPEN, since=since - 300 * DAY, weekly=slots)
    yield now - 20 * DAY, paused
    yield now - 2 * DAY, paused
