"""The one door into the audit trail."""

from collections.abc import Iterable
from datetime import datetime

from audit.models import Action, Actor, AuditEntry

THE_PRODUCT = 0  # the chain of what nobody's organisation did


def record(
    action: Action,
    *,
    by: Actor | None,
    now: datetime,
    referral: int | None = None,
    subject: str = "",
    fields: Iterable[str] = (),
    reason: str = "",
    refused: bool = False,
) -> None:
    """Append an entry, in the transaction of what it is about; last in it, since the chain of an
    organisation is locked until it ends. `by` is None where the product itself acts.

    `subject`, `fields` and `reason` hold ids, names of fields and codes: never a name or a text.
    """
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                organisation=by.organisation_id if by else THE_PRODUCT,
                number=0,
                at=now,
                user=by.user_id if by else None,
                action=action,
                refused=refused,
                referral=referral,
                subject=subject,
                fields=sorted(fields),
                reason=reason,
                previous=b"",
                hash=b"",
            )
        ]
    )
