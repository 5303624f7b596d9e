"""One person's way in, in London days, and which figures count them. PURE.

A figure counts those of a code; the list behind it asks for the same code, so the two are equal.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices

WITHIN = (14, 28, 56)
AGES = ((0, 14), (15, 28), (29, 56), (57, 84), (85, None))
DUE = range(1, 6)  # working days ahead


class Step(TextChoices):
    """What the way in passes, in order; the first contact comes before."""

    SCREENED = "screened", "Safety screen completed"
    CONSENTED = "consented", "Consented to the NRM referral"
    OFFERED = "offered", "Referral meeting offered"
    MET = "met", "Referral meeting held, or account-taking begun"
    ENTERED = "entered", "NRM referral submitted"


class Segment(NamedTuple):
    """Days from one step to the next: `done`, going on `now`, or over `without` the next one."""

    state: str
    days: int


class Way(NamedTuple):
    """`entered` by an NRM referral; `ended` otherwise: closed, or a Duty to Notify. Neither while
    the person waits. `due` is the number of working days ahead on which the next limit passes."""

    id: int
    asked: date
    entered: date | None = None
    ended: date | None = None
    lost: bool = False  # ended, and it was for one of the reasons in LEFT
    steps: tuple[date | None, ...] = (None, None, None, None)  # those between asking and entering
    due: int | None = None

    @property
    def waits(self) -> bool:
        return self.entered is None and self.ended is None

    def days(self, today: date) -> int:
        """From asking until entry, the end, or today."""
        return max(((self.entered or self.ended or today) - self.asked).days, 0)

    def segment(self, step: Step, today: date) -> Segment | None:
        """None where the step before was not taken, or was recorded as later than this one."""
        passed = (self.asked, *self.steps, self.entered)
        place = list(Step).index(step)
        since, until = passed[place], passed[place + 1]
        if since is None:
            return None
        state = "done" if until else "now" if self.waits else "without"
        days = ((until or self.entered or self.ended or today) - since).days
        return Segment(state, days) if days >= 0 else None


def codes(way: Way, *, today: date) -> Iterator[str]:
    """Of the figures that count this person."""
    if way.waits:
        yield "waiting"
        yield age_code(way.days(today))
    elif way.entered:
        yield "entered"
    else:
        yield "lost" if way.lost else "ended"
    for limit in WITHIN:
        if (today - way.asked).days > limit:
            in_time = way.entered is not None and way.days(today) <= limit
            yield f"within-{limit}" if in_time else f"not-within-{limit}"
            yield f"time-{limit}"
    for step in Step:
        if segment := way.segment(step, today):
            yield f"{step.value}-{segment.state}"
    if way.due is not None:
        yield f"due-{way.due}"
        yield "due"


def age_code(days: int) -> str:
    first = next(low for low, high in AGES if high is None or days <= high)
    return f"aged-{first}"


def age_label(low: int, high: int | None) -> str:
    return f"{low} to {high} days" if high is not None else f"{low} days or more"


IN_WORDS: dict[str, str] = {
    "waiting": "waiting to enter",
    "entered": "entered by an NRM referral",
    "lost": "left before entry",
    "ended": "ended without entry in another way",
    **{f"aged-{low}": f"waiting for {age_label(low, high)}" for low, high in AGES},
    **{f"time-{n}": f"asked for help more than {n} days ago" for n in WITHIN},
    **{f"within-{n}": f"entered within {n} days" for n in WITHIN},
    **{f"not-within-{n}": f"had not entered within {n} days" for n in WITHIN},
    **{f"{step.value}-done": f"came to: {step.label}" for step in Step},
    **{f"{step.value}-now": f"waiting for: {step.label}" for step in Step},
    **{f"{step.value}-without": f"way ended before: {step.label}" for step in Step},
    "due": "next limit passes within five working days",
    "due-1": "next limit passes today or on the next working day",
    **{f"due-{n}": f"next limit passes on working day {n} from today" for n in DUE[1:]},
}
