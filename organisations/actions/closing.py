"""When an organisation's office is closed. It moves no deadline."""

from datetime import date, datetime

from audit import log
from audit.models import Action
from organisations.models import Closure, Membership


def close_office(
    *, first_on: date, last_on: date, why: str, by: Membership, now: datetime
) -> Closure:
    """The office of one's organisation is closed from the first to the last of these days."""
    made = Closure.objects.create(
        organisation_id=by.organisation_id,
        first_on=first_on,
        last_on=last_on,
        why=why,
        recorded_by_id=by.user_id,
        recorded_at=now,
    )
    log.record(Action.OFFICE_CLOSED, by=by, now=now, subject=f"closure {made.pk}")
    return made


def withdraw_closure(*, closure: Closure, by: Membership, now: datetime) -> None:
    """It is not closed on those days after all; a second time changes nothing."""
    changed = (
        Closure.objects.filter(pk=closure.pk)
        .standing()
        .update(withdrawn_at=now, withdrawn_by=by.user_id)
    )
    if changed:
        log.record(Action.OFFICE_CLOSED, by=by, now=now, subject=f"closure {closure.pk} withdrawn")
