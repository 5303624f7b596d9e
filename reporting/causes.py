"""Why people wait: the days of everybody who waits to enter now, by what each day waited for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from nrm_tracker.ui.charts import Part
from organisations.models import Membership
from referrals.delays.cause import Stretch, causes
from referrals.models import DelayFlag
from referrals.models.referral import ReferralQuerySet
from referrals.pages.causes import parts_of
from referrals.timelines import cases

PERIOD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class WhyTheyWait:
    """`parts` are days by cause; `days` is their sum, of so many `people`."""

    people: int
    days: int
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class RecordedLate:
    """Of the delays raised in a year, those taken back: what they waited for had been in time."""

    number: int
    of: int

    @property
    def share(self) -> str:
        return f"{100 * self.number / self.of:.0f}%" if self.of else ""


def why_they_wait(referrals: ReferralQuerySet, *, now: datetime) -> WhyTheyWait:
    """Of those of these who are waiting to enter; six queries, however many there are."""
    waiting = referrals.open().filter(submitted_at__isnull=True).values_list("id", flat=True)
    found: list[Stretch] = []
    people = cases(waiting)
    for case in people:
        found += causes(case.timeline, own=case.holder, now=now).way_in
    return WhyTheyWait(
        people=len(people), days=sum(each.days for each in found), parts=parts_of(found)
    )


def recorded_late(
    membership: Membership, referrals: ReferralQuerySet, *, now: datetime
) -> RecordedLate:
    raised = DelayFlag.objects.visible_to(membership).filter(
        referral__in=referrals.values("id"), raised_at__gt=now - PERIOD
    )
    return RecordedLate(number=raised.recorded_late().count(), of=raised.count())
