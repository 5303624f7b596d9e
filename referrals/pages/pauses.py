"""What a pause stops and what it never stops, and the pause that runs: in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.actions.pausing import pause_running
from referrals.catalogue import EventCode, Outcome
from referrals.delays import Threshold, Wait
from referrals.models import Referral, WaitEvent
from referrals.pages.consequences import waits_of
from referrals.pages.waits import progress
from referrals.stages import STAGE_OF
from referrals.thresholds import all_thresholds

WHOSE: dict[str, str] = {
    Outcome.SURVIVOR_ASKED: "the survivor asked for time",
    Outcome.SAFEGUARDING_HOLD: "a manager holds, for safeguarding",
    "": "the survivor asked for time",  # recorded before there were two kinds
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What would stand still, and what goes on: of this person now, and of any other rule."""

    stops: list[str]
    goes_on: list[str]
    would_stop: list[str]
    never_stops: list[str]


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause that runs."""

    since: datetime
    whose: str
    why: str
    by: str
    look_again_on: date | None
    look_again: str  # in words: "on Monday 3 May"
    is_due: bool
    is_hold: bool


def effect_of(referral: Referral, *, now: datetime) -> Effect:
    running = [wait for wait in waits_of(referral, now=now) if wait.ended_at is None]
    named = {wait.rule for wait in running}
    rules = _newest(all_thresholds())
    others = [rule for rule in rules if rule.code not in named and rule.code in STAGE_OF]
    return Effect(
        stops=[_line(wait) for wait in running if wait.threshold.pause],
        goes_on=[_line(wait) for wait in running if not wait.threshold.pause],
        would_stop=[rule.title for rule in others if rule.pause],
        never_stops=[rule.title for rule in others if not rule.pause],
    )


def paused_now(standing: Iterable[WaitEvent], *, now: datetime) -> Paused | None:
    """The pause that runs now, from the events that stand."""
    event = pause_running(standing, at=now)
    if event is None:
        return None
    today, day = london_date(now), event.look_again_on
    return Paused(
        since=event.happened_at,
        whose=WHOSE[event.outcome],
        why=event.detail,
        by=event.by.name if event.by else "",
        look_again_on=day,
        look_again=day_in_words(day, today=today) if day else "",
        is_due=day is not None and day <= today,
        is_hold=event.outcome == Outcome.SAFEGUARDING_HOLD,
    )


def to_look_at(membership: Membership, *, by: date) -> list[WaitEvent]:
    """What began the pauses that run and are to be looked at again by a day, soonest first."""
    seen = WaitEvent.objects.visible_to(membership)
    ended = seen.standing().filter(
        code=EventCode.PAUSE_ENDED,
        referral=OuterRef("referral"),
        happened_at__gte=OuterRef("happened_at"),
    )
    return list(
        WaitEvent.objects.visible_to(membership)
        .standing()
        .filter(
            ~Exists(ended),
            code=EventCode.PAUSE_STARTED,
            look_again_on__lte=by,
            referral__in=Referral.objects.visible_to(membership).open(),
        )
        .select_related("referral")
        .order_by("look_again_on", "id")
    )


def _line(wait: Wait) -> str:
    return f"{wait.threshold.title}: {progress(wait)}"


def _newest(thresholds: Iterable[Threshold]) -> list[Threshold]:
    return list({threshold.code: threshold for threshold in thresholds}.values())
