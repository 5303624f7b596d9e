"""What an entry changed, in a line: the waits before and after it, compared."""

from collections.abc import Iterable
from datetime import UTC, datetime

from organisations.models import Organisation
from referrals.delays import Wait, waits
from referrals.models import Referral
from referrals.pages.waits import deadline, due_in_words, length, out_of_hours
from referrals.thresholds import rules
from referrals.timelines import Case, case_of

SHOWN = 3
ASK = "Say below, under “Out of hours”, who will act."
COUNTED = "declines"  # no time runs: nothing to say until the number is reached
NEVER = datetime.max.replace(tzinfo=UTC)
Key = tuple[str, int, datetime]


def waits_of(referral: Referral, *, now: datetime) -> list[Wait]:
    return waits_in(case_of(referral), now=now)


def waits_in(case: Case, *, now: datetime) -> list[Wait]:
    return waits(case.timeline, rules(), now=now)


def consequences(before: list[Wait], after: list[Wait], *, now: datetime) -> str:
    """Such as "Ends “Waiting list” at 7 working days. Starts “Referral meeting”, due Tuesday 5
    May."; says so where no limit moved.
    """
    started = _started(before, after)
    anew = {wait.rule for wait in started}
    ended = [wait for wait in _ended(before, after) if wait.rule not in anew]
    parts = [
        _listed("Ends", [f"{_named(w)} at {length(w.elapsed, w.unit)}" for w in ended]),
        _listed("Starts", [_start(wait, now=now) for wait in started]),
        _listed("Holds", [_named(wait) for wait in _now(before, after, still=True)]),
        _listed(
            "Goes on with", [_start(wait, now=now) for wait in _now(before, after, still=False)]
        ),
        _listed("Moves", _moved(before, after, now=now)),
        _listed("Measures no longer", [_named(wait) for wait in _gone(before, after)]),
        _listed("Takes back as in time", map(_named, _in_time(before, after, now=now))),
    ]
    return " ".join(part for part in parts if part) or "No limit has changed."


def hours_started(
    before: list[Wait], after: list[Wait], *, organisation: Organisation, now: datetime
) -> list[str]:
    """For each limit in hours that has begun: until when, and who acts if the office is closed."""
    found = [w for w in _started(before, after) if w.unit == "h" and w.due_at]
    return [_by_when(wait, wait.due_at, organisation, now=now) for wait in found if wait.due_at]


def _by_when(wait: Wait, due_at: datetime, organisation: Organisation, *, now: datetime) -> str:
    when = due_in_words(due_at, unit="h", now=now)
    if due_at <= now:
        return f"{_named(wait)} was due {when}. {wait.threshold.to_do}"
    closed = out_of_hours(organisation, due_at)
    outside = f" That is outside the office's hours. {closed} {ASK}" if closed else ""
    return f"{_named(wait)} is due {when}. {wait.threshold.to_do}{outside}"


def _key(wait: Wait) -> Key:
    return wait.rule, wait.started_by, wait.started_at


def _ended(before: list[Wait], after: list[Wait]) -> list[Wait]:
    ran = {_key(wait) for wait in before if wait.ended_at is None and wait.unit != COUNTED}
    return sorted(
        (w for w in after if w.ended_at and _key(w) in ran), key=lambda w: w.elapsed, reverse=True
    )


def _started(before: list[Wait], after: list[Wait]) -> list[Wait]:
    known = {_key(wait) for wait in before}
    new = [w for w in after if w.running and w.unit != COUNTED and _key(w) not in known]
    return sorted(new, key=lambda wait: (deadline(wait) or NEVER, wait.rule))


def _now(before: list[Wait], after: list[Wait], *, still: bool) -> list[Wait]:
    """Those whose clock has come to stand still, or goes on again."""
    open_before = {
        _key(wait) for wait in before if wait.ended_at is None and wait.paused_now != still
    }
    return [
        wait
        for wait in after
        if wait.ended_at is None and wait.paused_now == still and _key(wait) in open_before
    ]


def _moved(before: list[Wait], after: list[Wait], *, now: datetime) -> list[str]:
    """Those that run on towards another date, with both."""
    old = {_key(wait): deadline(wait) for wait in before if wait.running}
    return [
        f"{_named(wait)} from {due_in_words(was, unit=wait.unit, now=now)}"
        f" to {due_in_words(to, unit=wait.unit, now=now)}"
        for wait in after
        if wait.running
        and (was := old.get(_key(wait)))
        and (to := deadline(wait))
        and was != to
        and _last(before, wait) == wait.limit
    ]


def _last(before: list[Wait], wait: Wait) -> int | None:
    """The limit against which the same wait was drawn."""
    return next((each.limit for each in before if _key(each) == _key(wait)), None)


def _gone(before: list[Wait], after: list[Wait]) -> list[Wait]:
    """Those that nothing measures any more, and that nothing has begun anew."""
    known, anew = {_key(wait) for wait in after}, {wait.rule for wait in after}
    return [
        wait
        for wait in before
        if wait.ended_at is None
        and wait.unit != COUNTED
        and _key(wait) not in known
        and wait.rule not in anew
    ]


def _in_time(before: list[Wait], after: list[Wait], *, now: datetime) -> list[Wait]:
    """Those that had passed a limit, and in truth had not: what ended them was recorded late."""
    late = {_key(wait) for wait in before if wait.ended_at is None and _passed(wait, now)}
    return [w for w in after if w.ended_at and _key(w) in late and not _passed(w, w.ended_at)]


def _passed(wait: Wait, at: datetime) -> bool:
    """At a limit's own instant an end is in time."""
    return any(mark.due_at and mark.due_at < at for mark in wait.marks)


def _named(wait: Wait) -> str:
    return f"“{wait.threshold.title}”"


def _start(wait: Wait, *, now: datetime) -> str:
    end = deadline(wait)
    if end is None:
        return _named(wait)
    was = "was due" if end <= now else "due"
    return f"{_named(wait)}, {was} {due_in_words(end, unit=wait.unit, now=now)}"


def _listed(verb: str, items: Iterable[str]) -> str:
    shown = list(items)
    if not shown:
        return ""
    more = f"; and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"{verb} {'; '.join(shown[:SHOWN])}{more}."
