"""Tasks: what somebody is to do, and that it is done."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals.actions.submitting import sent_before
from referrals.colleagues import check_caseworker
from referrals.models import Referral, Task


class Becomes(StrEnum):
    """What becomes of a task."""

    DONE = "done"
    GIVEN_UP = "given_up"
    OPEN = "open"


@transaction.atomic
def make_task(
    *,
    referral: Referral | None,
    words: str,
    due_on: date | None,
    caseworker: int,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Task | None:
    """For a caseworker (id), about a referral or the organisation's own; None when the form was
    sent before. Raises NotACaseworker."""
    if sent_before(key=key, by=by, now=now, referral=referral):
        return None
    check_caseworker(caseworker, organisation=by.organisation_id)
    task = Task.objects.create(
        organisation_id=by.organisation_id,
        referral=referral,
        words=words,
        due_on=due_on,
        assigned_to_id=caseworker,
        made_by_id=by.user_id,
        made_at=now,
    )
    log.record(
        Action.TASK_MADE,
        by=by,
        now=now,
        referral=task.referral_id,
        subject=f"task {task.pk}",
    )
    return task


@transaction.atomic
def change_task(*, task: Task, becomes: Becomes, by: Actor, now: datetime) -> None:
    """Done, given up, or open again. Pressed twice it is what it was after the first."""
    locked = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if (becomes == Becomes.OPEN) == (locked.ended_at is None):
        return
    ends = becomes != Becomes.OPEN
    locked.ended_at = now if ends else None
    locked.ended_by_id = by.user_id if ends else None
    locked.given_up = becomes == Becomes.GIVEN_UP
    locked.save(update_fields=["ended_at", "ended_by", "given_up"])
    log.record(
        Action.TASK_CHANGED,
        by=by,
        now=now,
        referral=task.referral_id,
        subject=f"task {task.pk}",
        reason=becomes,
    )
