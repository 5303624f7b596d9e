"""Each promise about speed, measured."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.comparisons import by_one_statement, by_the_usual_loop
from benchmarks.effort import effort
from benchmarks.overdue import coming_due, put_back
from benchmarks.people import NOW, person
from nrm_tracker.database import purpose
from organisations.models import Reassessment
from referrals.actions import sweep
from referrals.delays import assess
from referrals.models import ThresholdVersion
from referrals.thresholds import rules

PEOPLE = 5_000  # on whom the rules are timed
OVERDUE = 10_000
GROWING = 2_000  # overdue at every n, where n is compared
LOOPED = 300  # referrals that the usual loop gets
REPEATED = 3
CHANGED = "entry-wait"


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, against its limit; `most` says whether that is the most or the least."""

    promise: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    most: bool = True

    @property
    def ok(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.most else self.value >= self.limit


def pure_rules(changed: str = "") -> Result:
    """The rules alone, or those that a changed threshold concerns: the best of some rounds, over
    more people than any memory holds."""
    judged_by = rules(changed=changed)
    numbers = range(1, PEOPLE + 1)
    timelines = [person(number, organisations=20).timeline for number in numbers]

    def all_of_them() -> None:
        for timeline in timelines:
            assess(timeline, judged_by, now=NOW)

    seconds = min(effort(all_of_them) for _ in range(REPEATED + 1))
    name = "pure rules of a changed threshold" if changed else "pure rules, a referral"
    return Result("P6", name, seconds / PEOPLE * 1e6, "µs", 60)


def nothing_due(n: int) -> Result:
    """The best of some, by the clock."""
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        _swept(NOW, visited=0)
        seconds.append(time.perf_counter() - start)
    return Result("P2", f"sweep with nothing due, n = {n:,}", min(seconds) * 1e3, "ms", 10)


def reassessed(n: int) -> Result:
    """Every referral assessed again by every rule, as a new bank holiday asks for; nothing comes
    of it."""
    seconds = _reassessed(n, "")
    return Result("P6", f"re-assessed, n = {n:,}", n / seconds, "a second", 8_000, most=False)


def changed_threshold(n: int) -> Result:
    """A threshold that measures nearly everybody, in a family of four, is a day longer from now
    on. What was flagged stays, so that nothing comes of it. Measured late: it stays changed."""
    with purpose("nrm_register"):
        now_in_force = ThresholdVersion.objects.filter(code=CHANGED).latest("id")
        first, *others = now_in_force.definition["limits"]
        longer = {"limits": [first | {"n": first["n"] + 1}, *others]}
        ThresholdVersion.objects.create(
            code=CHANGED,
            number=now_in_force.number,
            effective_from=NOW,
            definition=now_in_force.definition | longer,
        )
    seconds = _reassessed(n, CHANGED)
    name = f"a changed threshold, n = {n:,}"
    return Result("P6", name, n / seconds, "a second", 8_000, most=False)


def _reassessed(n: int, rule: str) -> float:
    with purpose("nrm_register"):
        Reassessment.objects.create(rule=rule, reason="bench", created_at=NOW)
    return effort(lambda: _swept(NOW, visited=n, flags=0))


def overdue_sweep(n: int) -> Iterator[Result]:
    """Newly overdue referrals: the sweep, one statement by hand, and the usual loop."""
    with coming_due(min(OVERDUE, n // 5)) as (at, ids):
        ours = _best(lambda: effort(lambda: _swept(at, visited=len(ids))))
        statement = _best(lambda: _by_one_statement(at, visited=len(ids)))
        few = ids[:: max(len(ids) // LOOPED, 1)][:LOOPED]
        loop = _best(lambda: effort(lambda: by_the_usual_loop(few, now=at)), times=1)
    each, loop_each = ours / len(ids), loop / len(few)
    yield Result("P1", f"sweep of {len(ids):,} newly overdue, n = {n:,}", ours, "s")
    yield Result("P1", "the same by one statement", statement, "s")
    yield Result("P1", "usual loop", 1 / loop_each, "a second")
    yield Result("P1", "sweep, of one statement's time", ours / statement, "times", 3)
    yield Result("P1", "sweep, faster than the loop", loop_each / each, "times", 20, most=False)


def grown_sweep(n: int) -> Result:
    """The same number of overdue referrals among n, for one."""
    with coming_due(GROWING) as (at, ids):
        seconds = _best(lambda: effort(lambda: _swept(at, visited=len(ids))))
    return Result("P3", f"sweep, one overdue of n = {n:,}", seconds / len(ids) * 1e3, "ms")


def growth(sweeps: Sequence[Result]) -> Result:
    """How the sweep of one grows from the smallest n to the largest."""
    times = sweeps[-1].value / sweeps[0].value
    return Result("P3", "sweep, growth with n", times, "times", 1.3)


def _best(measured: Callable[[], float], *, times: int = REPEATED) -> float:
    """The least of some, each on the same rows."""
    seconds = []
    for _ in range(times):
        seconds.append(measured())
        put_back()
    return min(seconds)


def _by_one_statement(at: datetime, *, visited: int) -> float:
    found, seconds = by_one_statement(now=at)
    _expect(found, visited)
    return seconds


def _swept(at: datetime, *, visited: int, flags: int | None = None) -> None:
    run = sweep(now=at, wait=True)
    if run:
        _expect((run.visited, run.failed), (visited, 0))
        if flags is not None:
            _expect(run.raised + run.ended + run.retracted, flags)


def _expect(found: object, expected: object) -> None:
    if found != expected:
        raise RuntimeError(f"The bench measured something else: {found}, not {expected}")
