"""When a wait stands still, and when it may not: one pause at a time, a hold by those who may."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from nrm_tracker.ui.words import exact
from organisations.actor import Actor
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions.saying import NEW, Said
from referrals.catalogue import PAUSE_CODES, EventCode, Outcome
from referrals.errors import EndsFirst, MayNotHold, NoPauseRuns, PausedAlready
from referrals.models import Referral, WaitEvent


class _Mark(NamedTuple):
    at: datetime
    order: int
    code: str
    outcome: str


def check_pauses(referral: Referral, said: Sequence[Said], *, by: Actor) -> None:
    """Refuse a pause within a pause, an end where none runs, and a hold by who may not hold."""
    new = [
        _Mark(each.happened_at, NEW + number, each.code, each.outcome)
        for number, each in enumerate(said)
        if each.code in PAUSE_CODES
    ]
    if new:
        standing = _standing(referral)
        _check(standing, new, before=standing, by=by)


def check_corrected_pause(
    referral: Referral, event: WaitEvent, corrected: Said | None, *, by: Actor
) -> None:
    """The same of a correction. That a pause never began may always be said: the clocks run on."""
    if event.code not in PAUSE_CODES or (corrected is None and event.code == PAUSE_CODES[0]):
        return
    order, before = event.root_id or event.pk, _standing(referral)
    others = [mark for mark in before if mark.order != order]
    new = corrected and _Mark(corrected.happened_at, order, corrected.code, corrected.outcome)
    _check(others, [new] if new else [], before=before, by=by)
    if corrected and event.outcome == Outcome.SAFEGUARDING_HOLD != corrected.outcome:
        _check_may_hold(by)


def pause_running(events: Iterable[WaitEvent], *, at: datetime) -> WaitEvent | None:
    """The event that began the pause that runs at an instant, of those that stand."""
    running: WaitEvent | None = None
    marks = [event for event in events if event.code in PAUSE_CODES and event.happened_at <= at]
    for event in sorted(marks, key=lambda e: (e.happened_at, e.root_id or e.pk)):
        over = event.code == EventCode.PAUSE_ENDED
        running = None if over else running or event
    return running


def _standing(referral: Referral) -> list[_Mark]:
    rows = WaitEvent.objects.filter(referral=referral, code__in=PAUSE_CODES).standing()
    return [_Mark(e.happened_at, e.root_id or e.pk, e.code, e.outcome) for e in rows]


def _check(
    standing: Sequence[_Mark], new: Sequence[_Mark], *, before: Sequence[_Mark], by: Actor
) -> None:
    """What did not fit `before` is nobody's fault now."""
    known = {misfit for misfit, _ in _misfits(before)}
    for misfit, pause in _misfits([*standing, *new]):
        if misfit not in known:
            _refuse(misfit, pause, new)
    ended = [pause for mark in new if (pause := _ended_by(mark, [*standing, *new]))]
    if any(mark.outcome == Outcome.SAFEGUARDING_HOLD for mark in [*new, *ended]):
        _check_may_hold(by)


def _misfits(marks: Iterable[_Mark]) -> Iterator[tuple[_Mark, _Mark | None]]:
    """Starts within a pause, each with that pause, and ends where none runs."""
    running: _Mark | None = None
    for mark in sorted(marks):
        starts = mark.code == EventCode.PAUSE_STARTED
        if starts == (running is not None):
            yield mark, running
        elif starts:
            running = mark
        else:
            running = None


def _refuse(misfit: _Mark, pause: _Mark | None, new: Sequence[_Mark]) -> None:
    if pause is None:
        raise NoPauseRuns(
            f"No pause ran on {exact(misfit.at)}. Enter a time after the pause began."
        )
    if pause in new and misfit not in new:
        raise EndsFirst(
            f"Another pause began on {exact(misfit.at)}: say when this one ended, before that."
        )
    raise PausedAlready(
        f"Their waits stand still since {exact(pause.at)} already. A second pause within it "
        "changes nothing: end that one first, or correct it on the timeline."
    )


def _ended_by(mark: _Mark, marks: Iterable[_Mark]) -> _Mark | None:
    """The pause that an end ends."""
    if mark.code != EventCode.PAUSE_ENDED:
        return None
    before = [each for each in sorted(marks) if each < mark]
    return next((e for e in reversed(before) if e.code == EventCode.PAUSE_STARTED), None)


def _check_may_hold(by: Actor) -> None:
    if not (isinstance(by, Membership) and by.can(Permission.HOLD_REFERRAL)):
        raise MayNotHold(
            "Only a manager or the safeguarding lead holds a person's waits, or lets them go on."
        )
