"""Pressing a button twice acts once: each form carries a key, and a key is used once."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from organisations.actor import Actor
from referrals.errors import SentElsewhere
from referrals.models import Referral, Submission


def was_sent(key: UUID | None) -> bool:
    """Whether a form with this key has been acted on."""
    return key is not None and Submission.objects.filter(key=key).exists()


def sent_before(
    *, key: UUID | None, by: Actor, now: datetime, referral: Referral | None
) -> Submission | None:
    """The earlier sending of the same form, if there is one; else notes this one.

    A second press waits for the first one's transaction. Where no form was sent (an import, the
    demonstration) there is no key. Raises SentElsewhere where another organisation's rows, which
    nobody here sees, hold the key.
    """
    if key is None:
        return None
    facts = {"organisation_id": by.organisation_id, "referral": referral, "sent_at": now}
    try:
        submission, first = Submission.objects.get_or_create(key=key, defaults=facts)
    except IntegrityError as taken:
        raise SentElsewhere(
            "This form was sent already, for another organisation. Open it anew to send it here."
        ) from taken
    return None if first else submission
