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
    """Days up to the step with this place in `Step`, from the one before: `done`, going on `now`,
    or over `without` it."""

    place: int
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

    def segments(self, today: date) -> Iterator[Segment]:
        """Of the steps whose step before was taken, and is not recorded as later than them."""
        passed = (self.asked, *self.steps, self.entered)
        finish, left = self.entered or self.ended or today, "now" if self.waits else "without"
        for place, since in enumerate(passed[:-1]):
            if since is not None:
                until = passed[place + 1]
                days = ((until or finish) - since).days
                if days >= 0:
                    yield Segment(place, "done" if until else left, days)


class Counted(NamedTuple):
    """A way with how long it took, its segments, and the codes of the figures that count it."""

    way: Way
    days: int
    segments: tuple[Segment, ...]
    codes: tuple[str, ...]


def counted(way: Way, *, today: date) -> Counted:
    days, segments = way.days(today), tuple(way.segments(today))
    codes = [_state(way)]
    if way.waits:
        codes.append(age_code(days))
    since = (today - way.asked).days
    for limit in WITHIN:
        if since > limit:
            codes += IN_TIME[limit] if way.entered and days <= limit else NOT_IN_TIME[limit]
    codes += [STEP_CODES[each.place, each.state] for each in segments]
    if way.due is not None:
        codes += (f"due-{way.due}", "due")
    return Counted(way, days, segments, tuple(codes))


def _state(way: Way) -> str:
    if way.waits:
        return "waiting"
    return "entered" if way.entered else "lost" if way.lost else "ended"


STEP_CODES = {
    (place, state): f"{step.value}-{state}"
    for place, step in enumerate(Step)
    for state in ("done", "now", "without")
}
IN_TIME = {limit: (f"time-{limit}", f"within-{limit}") for limit in WITHIN}
NOT_IN_TIME = {limit: (f"time-{limit}", f"not-within-{limit}") for limit in WITHIN}


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
