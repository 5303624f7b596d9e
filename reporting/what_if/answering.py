"""What a simulation found, in words: bands, as it is and with the change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from reporting.models import WhatIf
from reporting.what_if.asking import RUNS
from reporting.what_if.line import BLOCK, HORIZON, Band, band

WEEKS = (4, 12, 26)  # after which the line is told of


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    as_it_is: str
    changed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`line`: how many wait on a day; `waits`: after how many days half of those were seen who
    asked in some weeks."""

    line: list[Row]
    waits: list[Row]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and how far it is."""

    id: str
    words: str
    state: str
    done: int
    of: int = RUNS


def asked(what_if: WhatIf) -> Asked:
    state = (
        "Finished"
        if what_if.finished_at
        else "Cancelled"
        if what_if.cancelled_at
        else "It broke"
        if what_if.failed_at
        else f"{what_if.done} of {RUNS} runs"
    )
    return Asked(str(what_if.pk), in_words(what_if), state, what_if.done)


def in_words(what_if: WhatIf) -> str:
    """ "2 more people seen each week, from in 4 weeks, for 8 weeks"."""
    more = abs(what_if.more)
    number = f"{more:.1f}".removesuffix(".0")
    people = "person" if number == "1" else "people"
    words = f"{number} {'more' if what_if.more > 0 else 'fewer'} {people} seen each week"
    if what_if.begins:
        words += f", beginning in {count(what_if.begins, 'week')}"
    return words + (f", for {count(what_if.lasts, 'week')}" if what_if.lasts else "")


def answer(what_if: WhatIf) -> Answer:
    """Of one that is finished."""
    today = london_date(what_if.asked_at)
    pairs = what_if.runs
    return Answer(
        line=[
            Row(_day(today + timedelta(weeks=weeks)), *_bands(pairs, _waiting(weeks), _people))
            for weeks in WEEKS
        ],
        waits=[
            Row(_block(today, block), *_bands(pairs, _waited(block), _days))
            for block in range(HORIZON // BLOCK)
        ],
    )


Run = dict[str, list[float | None]]
Figure = Callable[[Run], float | None]


def _bands(pairs: Iterable[list[Run]], of: Figure, said: Callable[[Band], str]) -> list[str]:
    return [said(band([of(run) for run in runs])) for runs in zip(*pairs, strict=True)]


def _waiting(weeks: int) -> Figure:
    return lambda run: run["line"][weeks - 1]


def _waited(block: int) -> Figure:
    return lambda run: run["waits"][block]


def _people(found: Band) -> str:
    return f"{found.low:.0f} to {found.high:.0f} (middle {found.middle:.0f})"


def _days(found: Band) -> str:
    if found.low is None:
        return "more than a year"
    if found.high is None:
        return f"{found.low:.0f} days or more"
    return f"{found.low:.0f} to {found.high:.0f} days (middle {found.middle:.0f})"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _block(today: date, block: int) -> str:
    first = today + timedelta(weeks=block * BLOCK)
    return f"{_day(first)} to {_day(first + timedelta(weeks=BLOCK, days=-1))}"
