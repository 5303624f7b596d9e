"""Noting that a list left the product."""

import hashlib
from datetime import datetime

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.models import Membership


@transaction.atomic
def note_export(*, content: bytes, rows: int, by: Membership, now: datetime) -> None:
    """How many rows, and the hash by which the file can be known again."""
    digest = hashlib.sha256(content).hexdigest()
    log.record(
        Action.LIST_EXPORTED, by=by, now=now, subject=f"sha256 {digest}", fields=[f"{rows} rows"]
    )
