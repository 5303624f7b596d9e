"""What if: asked on a page, worked out in the background run by run, and answered in bands."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from secrets import randbelow

from django.db import transaction

from nrm_tracker.database import purpose
from organisations.models import Membership
from reporting.models import WhatIf
from reporting.what_if.history import history_of
from reporting.what_if.line import AS_IT_IS, FOR_GOOD, Change, History, Run, runs

RUNS = 200
BATCH = 10  # runs between two looks at whether it was cancelled
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
        seed=randbelow(2**31 - RUNS),
    )


def cancel_what_if(*, what_if: WhatIf, by: Membership, now: datetime) -> bool:
    """Let it be; False where it is finished already."""
    found = WhatIf.objects.visible_to(by).running().filter(pk=what_if.pk)
    return bool(found.update(cancelled_at=now, runs=[]))


def run_what_ifs(*, now: datetime) -> int:
    """Work out what was asked, the oldest first; how many runs were made."""
    made = 0
    while batch := _run_a_batch(now=now):
        made += batch
    return made


def _run_a_batch(*, now: datetime) -> int:
    """Some runs of the oldest that nobody else is at; none are made when there is none left."""
    with purpose("nrm_figures"):
        waiting = WhatIf.objects.running().order_by("asked_at")
        what_if = waiting.select_for_update(skip_locked=True, no_key=True).first()
        if what_if is None:
            return 0
        number = min(BATCH, RUNS - what_if.done)
        for each in _runs(what_if, number=number):
            what_if.runs.append([asdict(run) for run in each])
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
