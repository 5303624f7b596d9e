"""Keep what was agreed about reaching the person, and how often they want to be in touch."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from organisations.actor import Actor
from referrals.actions.agreeing import agree_contact
from referrals.actions.recording import Happening, record_wait_events
from referrals.contact import Terms
from referrals.models import Referral, SafeContact


@transaction.atomic
def agree_to_be_in_touch(
    *,
    referral: Referral,
    terms: Terms,
    interval: Happening | None,
    keep: Collection[str] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> SafeContact | None:
    """As `agree_contact`; `interval` is what was agreed anew about how often, if anything was."""
    row = agree_contact(
        referral=referral, terms=terms, keep=keep, by=by, now=now, version=version, key=key
    )
    if row and interval:
        record_wait_events(referral=referral, happenings=[interval], by=by, now=now)
    return row
