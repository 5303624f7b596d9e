"""What came of the room that one's own organisation had, week by week: offered, used, turned away.

Counted from what is recorded here. Referrals that are restricted to others are not counted, nor is
what other organisations recorded of us: neither is shown to whoever asks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrm_tracker.calendars import london_date, midnight
from organisations.capacity import Room
from organisations.models import Capacity, Membership
from organisations.pages.capacity import Version, history_of, versions
from referrals.catalogue import EventCode
from referrals.models import Appointment, HandOver, WaitEvent

WEEKS = 12
WEEK = timedelta(days=7)
HELD = (EventCode.APPOINTMENT_ATTENDED, EventCode.APPOINTMENT_MISSED)


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday. `offered` is None where nothing had been said yet."""

    monday: date
    offered: int | None
    used: int
    asked: int
    no_room: int
    declined: int


@dataclass(frozen=True, slots=True)
class CapacityHistory:
    weeks: tuple[Week, ...]
    versions: list[Version]


def capacity_history(membership: Membership, *, now: datetime) -> CapacityHistory:
    """The latest week first, this one among them."""
    today = london_date(now)
    last = today - timedelta(days=today.weekday())
    mondays = [last - n * WEEK for n in range(WEEKS)]
    counted = _Counted(membership, since=midnight(mondays[-1]), until=midnight(last + WEEK))
    said = history_of(membership)
    weeks = tuple(
        Week(
            monday=monday,
            offered=_offered(said, before=midnight(monday + WEEK)),
            used=counted.used[monday],
            asked=counted.asked[monday],
            no_room=counted.no_room[monday],
            declined=counted.declined[monday],
        )
        for monday in mondays
    )
    return CapacityHistory(weeks, versions(membership))


def _offered(said: Sequence[Capacity], *, before: datetime) -> int | None:
    """The interviews a week that stood when the week ended, or stand; none while paused."""
    stood = next((row for row in reversed(said) if row.said_at < before), None)
    if stood is None:
        return None
    return 0 if stood.state == Room.PAUSED else sum(each.number for each in stood.slots)


class _Counted:
    """How many of each there were, by the Monday of their week."""

    def __init__(self, membership: Membership, *, since: datetime, until: datetime) -> None:
        self.membership, self.span = membership, (since, until)
        self.used = _by_week([*self._events(HELD), *self._in_the_diary()])
        self.asked = _by_week(self._events([EventCode.INITIAL_CONTACT]))
        self.no_room = _by_week([*self._declined(no_room=True), *self._said_no()])
        self.declined = _by_week(self._declined(no_room=False))

    def _events(self, codes: Sequence[str], **about: object) -> Iterable[datetime]:
        since, until = self.span
        return (
            WaitEvent.objects.visible_to(self.membership)
            .standing()
            .filter(
                recorded_by=self.membership.organisation_id,
                code__in=codes,
                happened_at__gte=since,
                happened_at__lt=until,
                **about,
            )
            .values_list("happened_at", flat=True)
        )

    def _said_no(self) -> Iterable[datetime]:
        """What was recorded here of ourselves: that we had no capacity."""
        own = self.membership.organisation_id
        return self._events([EventCode.FRO_DECLINED_CAPACITY], organisation=own)

    def _in_the_diary(self) -> Iterable[datetime]:
        """Referral meetings of which nobody has said yet what came of them."""
        since, until = self.span
        meetings = Appointment.objects.visible_to(self.membership).filter(
            purpose=Appointment.Purpose.REFERRAL_MEETING, outcome="", at__gte=since, at__lt=until
        )
        return meetings.values_list("at", flat=True)

    def _declined(self, *, no_room: bool) -> Iterable[datetime]:
        since, until = self.span
        rows = HandOver.objects.visible_to(self.membership).asked_of(self.membership)
        rows = rows.filter(state=HandOver.State.DECLINED, ended_at__gte=since, ended_at__lt=until)
        capacity = {"reason": HandOver.Reason.CAPACITY}
        rows = rows.filter(**capacity) if no_room else rows.exclude(**capacity)
        return [at for at in rows.values_list("ended_at", flat=True) if at]


def _by_week(instants: Iterable[datetime]) -> Counter[date]:
    days = (london_date(at) for at in instants)
    return Counter(day - timedelta(days=day.weekday()) for day in days)
