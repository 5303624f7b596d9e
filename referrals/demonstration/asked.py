"""Two small organisations ask the large one to take somebody; one of them may not submit itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from nrm_tracker.database import context
from referrals.actions import Happening, ask_to_take, record_wait_events
from referrals.catalogue import AgeGroup, ConsentType, EventCode
from referrals.demonstration.register import LANTERN, NORTHGATE, RIVERSIDE, Staffed
from referrals.models import Referral

ASKED = ((LANTERN.slug, timedelta(hours=3)), (NORTHGATE.slug, timedelta(hours=20)))


def ask_riverside(staffed: Mapping[str, Staffed], *, now: datetime) -> None:
    """For whoever waits longest there, with their consent to sharing."""
    for slug, ago in ASKED:
        by, at = staffed[slug].caseworkers[0], now - ago
        with context(user=by.user_id, organisation=by.organisation_id):
            waiting = Referral.objects.visible_to(by).open()
            referral = waiting.filter(
                submitted_at__isnull=True, age_group=AgeGroup.ADULT, nation="england"
            ).earliest("first_contact_at", "id")
            agreed = Happening(
                code=EventCode.CONSENT_RECORDED,
                happened_at=at,
                consent_type=ConsentType.SHARING,
            )
            record_wait_events(referral=referral, happenings=[agreed], by=by, now=now)
            ask_to_take(
                referral=referral,
                organisations=[staffed[RIVERSIDE.slug].organisation],
                read_on_days=28,  # the person agreed to that too
                by=by,
                now=at,
            )
