"""The line of those who wait to be seen, week by week: what a simulation of it is fed with.

Children are not among them: they are referred at once, on a track of their own.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import Least

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.catalogue import AgeGroup, EventCode
from referrals.models import Custody, Referral, WaitEvent
from reporting.what_if.line import History

WEEKS = 52  # at most
SEEN = (
    EventCode.APPOINTMENT_ATTENDED,
    EventCode.INTERVIEW_STARTED,
    EventCode.INTERVIEW_COMPLETED,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The London dates on which somebody came into the line, and was seen or left it unseen."""

    came: date
    seen: date | None = None
    left: date | None = None


def history_of(membership: Membership, *, now: datetime) -> History:
    """Of the whole weeks until yesterday, 52 at most, since the first of these people came."""
    return weekly(_places(membership), today=london_date(now))


def weekly(places: Iterable[Place], *, today: date) -> History:
    """Weeks of seven days until the day before, however the week is named."""
    found = [place for place in places if place.came < today]
    first = max((_weeks_ago(place.came, today) for place in found), default=0)
    came, seen, left = Counter[int](), Counter[int](), Counter[int]()
    for place in found:
        came[_weeks_ago(place.came, today)] += 1
        if place.seen and place.seen < today:
            seen[_weeks_ago(place.seen, today)] += 1
        elif place.left and place.left < today and not place.seen:
            left[_weeks_ago(place.left, today)] += 1
    line, waiting = 0, {}
    for week in range(first, -1, -1):
        line += came[week] - seen[week] - left[week]
        waiting[week] = line
    told = range(min(WEEKS, first) - 1, -1, -1)  # the first person's week is not a whole one
    return History(
        arrived=tuple(came[week] for week in told),
        seen=tuple(seen[week] for week in told),
        left=tuple(left[week] for week in told),
        waiting=tuple(waiting[week] for week in told),
    )


def _weeks_ago(day: date, today: date) -> int:
    """0 for the seven days before today."""
    return ((today - day).days - 1) // 7


def _places(membership: Membership) -> list[Place]:
    """Of the referrals that this person sees here; who was seen elsewhere before is not in line."""
    ours = Custody.objects.filter(
        referral=OuterRef("pk"), organisation=membership.organisation_id
    ).values("referral")
    met = (
        WaitEvent.objects.standing()
        .filter(referral=OuterRef("pk"), code__in=SEEN)
        .values("referral")
    )
    rows = (
        Referral.objects.visible_to(membership)
        .exclude(age_group=AgeGroup.CHILD)
        .annotate(
            came=Subquery(ours.annotate(first=Min("since")).values("first")),
            seen=Least(
                Subquery(met.annotate(first=Min("happened_at")).values("first")), "submitted_at"
            ),
        )
        .values_list("came", "seen", "closed_at")
    )
    return [
        Place(
            london_date(came),
            seen=seen and london_date(seen),
            left=london_date(closed) if closed and not seen else None,
        )
        for came, seen, closed in rows
        if seen is None or seen >= came
    ]
