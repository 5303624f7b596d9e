"""What if: asked on a page, worked out in the background run by run, and answered in bands."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from nrm_tracker.database import alone, purpose
from organisations.models import Membership
from reporting.models import WhatIf
from reporting.what_if.history import history_of
from reporting.what_if.line import AS_IT_IS, FOR_GOOD, Change, History, Run, runs

logger = logging.getLogger(__name__)
WHAT_IF_LOCK = 6_776_021
RUNS = 200
BATCH = 10  # runs between two looks at whether it was cancelled
BATCHES = 20  # at one go: a sweep must not wait for all that anybody asked
KEPT = 20  # the latest of an organisation


@transaction.atomic
def ask_what_if(
    *, more: float, begins: int, lasts: int | None, by: Membership, now: datetime
) -> WhatIf:
    """Have it worked out: that many more people seen a week (fewer where negative), so many weeks
    from now, for so many weeks. Raises TooLittleToSay."""
    history = history_of(by, now=now)
    history.check()
    mine = WhatIf.objects.visible_to(by)
    mine.exclude(pk__in=mine.order_by("-asked_at")[: KEPT - 1].values("pk")).delete()
    return WhatIf.objects.create(
        organisation_id=by.organisation_id,
        asked_by_id=by.user_id,
        asked_at=now,
        history=asdict(history),
        more=more,
        begins=begins,
        lasts=lasts,
        seed=by.organisation_id * RUNS,  # the same line goes the same way: answers compare
    )


def cancel_what_if(*, what_if: WhatIf, by: Membership, now: datetime) -> bool:
    """Let it be; False where it is finished already."""
    found = WhatIf.objects.visible_to(by).running().filter(pk=what_if.pk)
    return bool(found.update(cancelled_at=now, runs=[]))


def run_what_ifs(*, now: datetime) -> int:
    """Go on with what was asked, the oldest first, one process at a time; how many runs were made.
    The next call takes up where this one ends."""
    made = 0
    with alone(WHAT_IF_LOCK) as ours:
        for _ in range(BATCHES if ours else 0):
            batch = _run_a_batch(now=now)
            if batch is None:
                break
            made += batch
    return made


def _run_a_batch(*, now: datetime) -> int | None:
    """Some runs of the oldest; None when there is none left."""
    with purpose("nrm_figures"):
        what_if = (
            WhatIf.objects.running().order_by("asked_at").select_for_update(no_key=True).first()
        )
        if what_if is None:
            return None
        number = min(BATCH, RUNS - what_if.done)
        try:
            found = [[asdict(run) for run in each] for each in _runs(what_if, number=number)]
        except Exception:
            logger.exception("What if %s could not be worked out", what_if.pk)
            what_if.failed_at, what_if.runs = now, []
            what_if.save(update_fields=["failed_at", "runs"])
            return 0
        what_if.runs += found
        what_if.done += number
        if what_if.done == RUNS:
            what_if.finished_at = now
        what_if.save(update_fields=["runs", "done", "finished_at"])
        return number


def _runs(what_if: WhatIf, *, number: int) -> Iterator[tuple[Run, ...]]:
    history = History(**{name: tuple(weeks) for name, weeks in what_if.history.items()})
    lasts = FOR_GOOD if what_if.lasts is None else what_if.lasts
    change = Change(what_if.more, begins=what_if.begins, ends=what_if.begins + lasts)
    seed = what_if.seed + what_if.done
    return runs(history, [AS_IT_IS, change], number=number, seed=seed)
