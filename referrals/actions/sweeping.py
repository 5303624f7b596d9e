"""Time passing: whatever has come due since the last look is assessed again, in batches.

The claim asks the index "whose next instant has come?", so the cost follows what is newly due.
A referral is visited once a sweep, so that one which fails or falls due at once holds nobody up.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db.models import Q, Value
from django.db.models.functions import Least

from audit import log
from audit.models import Action
from nrm_tracker.database import alone, purpose
from nrm_tracker.lookups import Among
from organisations.models import Reassessment
from referrals.actions.awaiting import tell_of_late_answers
from referrals.actions.escalating import escalate_due
from referrals.actions.reassessing import BATCH, Changes, reassess
from referrals.models import Referral, SweepRun

logger = logging.getLogger(__name__)
Outcome = tuple[Changes, int]  # what changed, how many could not be assessed
BEGINNING = (datetime(1900, 1, 1, tzinfo=UTC), 0)
WALKED = 1_000  # at one go: whoever saves one of them waits for about a quarter of a second
SWEEP_LOCK = 6_776_001  # an advisory lock's number; any, as long as it is this one everywhere


def sweep(*, now: datetime, wait: bool = False) -> SweepRun | None:
    """One pass over everything due at `now` and every reassessment owed; a row says how it went.

    One sweep at a time: while another runs this does nothing (None), or waits for it.
    """
    with alone(SWEEP_LOCK, wait=wait) as ours:
        return _sweep(now=now) if ours else None


def _sweep(*, now: datetime) -> SweepRun:
    with purpose("nrm_sweep"):
        run = SweepRun.objects.create(started_at=now)
    changes, failed = _drain_due(now=now)
    for owed in _reassessments_owed():
        more, more_failed = _walk(owed, now=now)
        changes, failed = changes + more, failed + more_failed
    escalate_due(now=now)
    tell_of_late_answers(now=now)
    run.checked_until = now
    run.visited, run.raised = changes.visited, changes.raised
    run.ended, run.retracted, run.failed = changes.ended, changes.retracted, failed
    with purpose("nrm_sweep"):
        run.save()
    return run


def _drain_due(*, now: datetime) -> Outcome:
    changes, failed, position = Changes(), 0, BEGINNING
    while due := _due_after(position, now=now):
        more, more_failed = _assess([pk for _, pk in due], now=now)
        changes, failed, position = changes + more, failed + more_failed, due[-1]
    return changes, failed


def _due_after(position: tuple[datetime, int], *, now: datetime) -> list[tuple[datetime, int]]:
    """The next rows whose instant has come, beyond the last one visited."""
    instant, pk = position
    beyond = Q(next_deadline_at__gt=instant) | Q(next_deadline_at=instant, id__gt=pk)
    with purpose("nrm_sweep"):
        rows = (
            Referral.objects.due(now)
            .filter(beyond, next_deadline_at__gte=instant)
            .order_by("next_deadline_at", "id")
            .values_list("next_deadline_at", "id")[:BATCH]
        )
        return [(at, pk) for at, pk in rows if at is not None]


def _reassessments_owed() -> list[Reassessment]:
    with purpose("nrm_sweep"):
        return list(Reassessment.objects.filter(finished_at__isnull=True).order_by("id"))


def _walk(owed: Reassessment, *, now: datetime) -> Outcome:
    """Every referral in the scope of a reassessment, by id; its cursor is the progress."""
    changes, failed = Changes(), 0
    while ids := _in_scope(owed):
        more, more_failed = _assess(ids, now=now, skip_locked=False, rule=owed.rule)
        changes, failed = changes + more, failed + more_failed
        owed.cursor = ids[-1]
        with purpose("nrm_sweep"):
            owed.save(update_fields=["cursor"])
    owed.finished_at = now
    with purpose("nrm_sweep"):
        owed.save(update_fields=["finished_at"])
    return changes, failed


def _in_scope(owed: Reassessment) -> list[int]:
    scope = Q() if owed.organisation_id is None else Q(holder=owed.organisation_id)
    if owed.nations:
        scope &= Q(nation__in=owed.nations)
    with purpose("nrm_sweep"):
        rows = Referral.objects.filter(
            scope, Q(closed_at__isnull=True) | Q(next_deadline_at__isnull=False), id__gt=owed.cursor
        )
        return list(rows.order_by("id").values_list("id", flat=True)[:WALKED])


def _assess(
    ids: Sequence[int], *, now: datetime, skip_locked: bool = True, rule: str = ""
) -> Outcome:
    """All in one transaction; where that fails, one by one, so that one cannot stop the rest."""
    try:
        return _assess_together(ids, now=now, skip_locked=skip_locked, rule=rule), 0
    except Exception:
        logger.exception("A batch of %d referrals failed; trying them one by one", len(ids))
    changes, failed = Changes(), 0
    for pk in ids:
        try:
            changes += _assess_together([pk], now=now, skip_locked=skip_locked, rule=rule)
        except Exception:
            logger.exception("Referral %d could not be assessed", pk)
            _mark_failed(pk, now=now)
            failed += 1
    return changes, failed


def _assess_together(ids: Sequence[int], *, now: datetime, skip_locked: bool, rule: str) -> Changes:
    """Whoever holds a row of something due assesses it too, so it is skipped. A changed register
    or threshold they may not have seen: those rows are waited for."""
    with purpose("nrm_sweep"), _nothing_collected():
        locked = (
            Referral.objects.filter(Among("id", ids))
            .order_by("id")
            .select_for_update(skip_locked=skip_locked, of=("self",), no_key=True)
            .values_list("id", flat=True)
        )
        changes = reassess(list(locked), now=now, rule=rule)
        if changes.flags:
            log.record(Action.DELAYS_SWEPT, by=None, now=now, subject=changes.in_words)
        return changes


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A batch makes tens of thousands of objects and no cycles among them; looking for cycles
    again and again meanwhile is a tenth of its effort."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _mark_failed(pk: int, *, now: datetime) -> None:
    """It is due from now on, so that the next sweep tries again: a reassessment that is owed goes
    past it, and its stored deadline may lie ahead."""
    with purpose("nrm_sweep"):
        Referral.objects.filter(pk=pk).update(
            assessment_failed_at=now, next_deadline_at=Least("next_deadline_at", Value(now))
        )
