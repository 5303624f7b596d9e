"""The NRM referral was submitted: the event, and the reference that the Home Office gave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from organisations.actor import Actor
from referrals.actions.recording import Happening, record_wait_events
from referrals.actions.writing import newest_page, write_page
from referrals.models import Referral, WaitEvent, WrittenPage

PAGE, FIELD = WrittenPage.Page.REFERENCE, "reference"


@transaction.atomic
def record_submission(
    *,
    referral: Referral,
    happenings: Sequence[Happening],
    home_office_reference: str,
    all_the_same: str = "",
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> list[WaitEvent]:
    """As `record_wait_events`; the reference, which says who somebody is to the Home Office, is
    sealed. Raises an ActionRefused."""
    events = record_wait_events(
        referral=referral,
        happenings=happenings,
        all_the_same=all_the_same,
        by=by,
        now=now,
        version=version,
        key=key,
    )
    if events and home_office_reference:
        keep_home_office_reference(referral=referral, words=home_office_reference, by=by, now=now)
    return events


def keep_home_office_reference(
    *,
    referral: Referral,
    words: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> WrittenPage | None:
    """It often comes later, by e-mail. Raises ErasedAlready, ChangedMeanwhile."""
    return write_page(
        referral=referral,
        page=PAGE,
        answers={FIELD: words},
        state=WrittenPage.State.KEPT,
        by=by,
        now=now,
        version=version,
        key=key,
    )


def home_office_reference(*, referral: Referral) -> str:
    """ "" where none is kept, or where it was erased."""
    kept = newest_page(referral=referral, page=PAGE)
    return kept.says(FIELD) if kept else ""
