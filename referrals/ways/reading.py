"""Ways read from the database, all at once: three queries, however many there are."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Min, Q

from nrm_tracker.calendars import london_date, midnight
from organisations.calendars import calendars
from referrals.catalogue import LEFT, ConsentType, EventCode
from referrals.models import WaitEvent
from referrals.models.referral import ReferralQuerySet
from referrals.ways.way import DUE, Way

MET = (
    EventCode.APPOINTMENT_ATTENDED,
    EventCode.INTERVIEW_STARTED,
    EventCode.INTERVIEW_COMPLETED,
)
STEPS: dict[str, Q] = {
    "screened": Q(code=EventCode.IMMEDIATE_SAFETY_CHECKED),
    "consented": Q(code=EventCode.CONSENT_RECORDED, consent_type__in=["", ConsentType.NRM]),
    "offered": Q(code=EventCode.APPOINTMENT_OFFERED),
    "met": Q(code__in=MET),
    "entered": Q(code=EventCode.REFERRAL_SUBMITTED),
    "notified": Q(code=EventCode.DTN_SUBMITTED),
}
READ = (
    EventCode.IMMEDIATE_SAFETY_CHECKED,
    EventCode.CONSENT_RECORDED,
    EventCode.APPOINTMENT_OFFERED,
    *MET,
    EventCode.REFERRAL_SUBMITTED,
    EventCode.DTN_SUBMITTED,
)
Ahead = Callable[[str, datetime | None], int | None]


class Passed(NamedTuple):
    """When each step was first taken."""

    screened: datetime | None = None
    consented: datetime | None = None
    offered: datetime | None = None
    met: datetime | None = None
    entered: datetime | None = None
    notified: datetime | None = None


NOTHING = Passed()


def ways(referrals: ReferralQuerySet, *, now: datetime) -> list[Way]:
    rows = referrals.order_by().values_list(
        "id", "first_contact_at", "closed_at", "nation", "next_deadline_at"
    )
    left = set(
        referrals.filter(submitted_at__isnull=True)
        .closed_as([str(each) for each in LEFT])
        .order_by()
        .values_list("id", flat=True)
    )
    passed, ahead = _passed(referrals), _ahead(now)
    return [
        _way(pk, asked, closed, passed.get(pk, NOTHING), ahead(nation, limit), lost=pk in left)
        for pk, asked, closed, nation, limit in rows
    ]


def _passed(referrals: ReferralQuerySet) -> dict[int, Passed]:
    steps = (
        WaitEvent.objects.standing()
        .filter(referral__in=referrals.order_by().values("id"), code__in=READ)
        .order_by()
        .values("referral_id")
        .annotate(**{name: Min("happened_at", filter=which) for name, which in STEPS.items()})
    )
    return {pk: Passed._make(at) for pk, *at in steps.values_list("referral_id", *STEPS)}


def _way(
    pk: int, asked: datetime, closed: datetime | None, at: Passed, due: int | None, *, lost: bool
) -> Way:
    ended = None if at.entered else at.notified or closed
    return Way(
        id=pk,
        asked=london_date(asked),
        entered=_day(at.entered),
        ended=_day(ended),
        lost=lost and not at.entered,
        steps=tuple(_day(each) for each in at[:4]),
        due=None if closed else due,
    )


def _day(at: datetime | None) -> date | None:
    return london_date(at) if at else None


def _ahead(now: datetime) -> Ahead:
    """On which of the next working days of a nation an instant lies; days of rest belong to the
    working day after them. A limit in days that passes at midnight belongs to the day it ends."""
    today, ends = london_date(now), {}
    for nation, days in calendars().items():
        last = [days.working_day(today, n) + timedelta(days=1) for n in DUE]
        ends[nation] = [midnight(day) for day in last]

    def ahead(nation: str, limit: datetime | None) -> int | None:
        if limit is None or limit <= now:
            return None
        return next((n for n, end in zip(DUE, ends[nation], strict=True) if limit <= end), None)

    return ahead
