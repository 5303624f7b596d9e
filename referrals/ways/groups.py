"""The list behind a figure: who is counted by its code."""

from datetime import datetime

from nrm_tracker.calendars import london_date
from referrals.models import DelayFlag
from referrals.models.referral import ReferralQuerySet
from referrals.ways import story, way
from referrals.ways.reading import ways

LATE = "late"
RAISED = "raised"
IN_WORDS: dict[str, str] = {
    **way.IN_WORDS,
    **story.IN_WORDS,
    RAISED: "a delay was raised",
    LATE: "a delay was recorded late",
}


def counted_by(code: str, referrals: ReferralQuerySet, *, now: datetime) -> list[int]:
    """The ids of those of these whom the figure of this code counts."""
    if code in way.IN_WORDS:
        today = london_date(now)
        found = ways(referrals, now=now)
        return [each.id for each in found if code in way.counted(each, today=today).codes]
    if code in story.IN_WORDS:
        told = story.stories(referrals, now=now)
        return [each.id for each in told if code in story.codes(each)]
    flags = DelayFlag.objects.filter(referral__in=referrals.order_by().values("id"))
    late = flags.recorded_late() if code == LATE else flags
    return list(late.order_by().values_list("referral", flat=True).distinct())
