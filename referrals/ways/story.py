"""What a way in waited for: its days by cause, who was asked, and who could not take the person.
From the events alone. PURE but for `stories`, which reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.words import count
from referrals.catalogue import ANSWER_CODES, EventCode
from referrals.delays import Event
from referrals.delays.cause import Cause, Stretch, causes
from referrals.models.referral import ReferralQuerySet
from referrals.pages.causes import LABELS
from referrals.timelines import Case, cases

REFUSALS = (
    EventCode.FRO_DECLINED_CAPACITY,
    EventCode.FRO_WAITLISTED,
    EventCode.FRO_DECLINED_SCOPE,
    EventCode.FRO_DECLINED_OTHER,
    EventCode.FRO_NO_RESPONSE,
)
PAUSES = {
    "asked_for_time": "Time the survivor asked for",
    "hold": "A manager's hold, for safeguarding",
}  # rows of the table of causes
MANY = 5  # organisations tried, or more
WAY_IN = tuple(cause for cause in Cause if cause != Cause.HOME_OFFICE)


@dataclass(frozen=True, slots=True)
class Story:
    """`tried` counts other organisations asked before one took the person, that one too; whose
    referral was submitted is taken."""

    id: int
    entered: bool
    way_in: tuple[Stretch, ...]
    refusals: tuple[str, ...]
    tried: int
    taken: bool

    @property
    def gross(self) -> int:
        return sum(each.days for each in self.way_in)

    @property
    def net(self) -> int:
        """Without the days of pauses."""
        return sum(each.days for each in self.way_in if each.row.code not in PAUSES)


def stories(referrals: ReferralQuerySet, *, now: datetime) -> list[Story]:
    """Five queries, however many there are; reads all their events."""
    ids = referrals.order_by().values_list("id", flat=True)
    return [story(case, now=now) for case in cases(ids)]


def story(case: Case, *, now: datetime) -> Story:
    events = [each for each in case.timeline.events if each.happened_at <= now]
    entered = any(each.code == EventCode.REFERRAL_SUBMITTED for each in events)
    tried, accepted = _tried(events, own=case.holder)
    return Story(
        id=case.id,
        entered=entered,
        way_in=causes(case.timeline, own=case.holder, now=now).way_in,
        refusals=tuple(each.code for each in events if each.code in REFUSALS),
        tried=tried,
        taken=accepted or entered,
    )


def _tried(events: Iterable[Event], *, own: int) -> tuple[int, bool]:
    """How many others were asked up to the first that accepted, and whether one did."""
    asked: set[int | None] = set()
    for event in sorted(events, key=lambda each: (each.happened_at, each.id)):
        about = event.code == EventCode.FRO_APPROACHED or event.code in ANSWER_CODES
        if about and event.organisation != own:
            asked.add(event.organisation)
        if event.code == EventCode.FRO_ACCEPTED:
            return len(asked), True
    return len(asked), False


def codes(told: Story) -> Iterator[str]:
    """Of the figures that count this person."""
    days = {each.row.cause for each in told.way_in if each.days}
    yield from (f"waited-{cause.value}" for cause in WAY_IN if cause in days)
    paused = {each.row.code for each in told.way_in if each.days}
    yield from (f"paused-{code}" for code in PAUSES if code in paused)
    yield from (f"refused-{code}" for code in REFUSALS if code in told.refusals)
    if told.tried:
        answer = "taken" if told.taken else "not"
        yield f"tried-{min(told.tried, MANY)}-{answer}"
        yield f"tried-{answer}"
    if told.gross:
        yield "days-entered" if told.entered else "days-not"


def tried_label(number: int) -> str:
    return f"{MANY} or more organisations" if number == MANY else count(number, "organisation")


IN_WORDS: dict[str, str] = {
    **{f"waited-{cause.value}": f"days waited for: {LABELS[cause]}" for cause in WAY_IN},
    **{f"paused-{code}": f"paused: {label}" for code, label in PAUSES.items()},
    **{f"refused-{code}": f"was told: {EventCode(code).label}" for code in REFUSALS},
    **{f"tried-{n}-taken": f"taken after {tried_label(n)}" for n in range(1, MANY + 1)},
    **{f"tried-{n}-not": f"not taken by {tried_label(n)}" for n in range(1, MANY + 1)},
    "tried-taken": "taken by an organisation",
    "tried-not": "asked of an organisation, and not taken",
    "days-entered": "entered after a day or more",
    "days-not": "not entered, and waited for a day or more",
}
