"""Deadlines that a change of the calendar moved: worked out when they are shown, never stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Entry
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Nation, RestDay
from organisations.rest_days import after, before
from referrals.catalogue import EventCode
from referrals.delays import Event, Mark, Rules, Timeline, Wait, waits
from referrals.models import Referral, WaitEvent
from referrals.pages.waits import UNIT_WORDS
from referrals.thresholds import rules
from referrals.timelines import case_of

WORKING_DAYS = "wd"
A_MOMENT = timedelta(seconds=1)  # a limit ends with the day before its instant


@dataclass(frozen=True, slots=True)
class Moved:
    """A limit of a wait, and when it is passed by one calendar and by another."""

    wait: Wait
    mark: Mark
    was: datetime
    due: datetime


def moved(timeline: Timeline, *, old: Rules, new: Rules, at: datetime) -> Iterator[Moved]:
    """The limits in working days that lie elsewhere by the new calendars, of the waits that ran at
    an instant, and of those that had ended too late by one of the two."""
    by_key = {_key(wait): wait for wait in waits(timeline, old, now=at)}
    for wait in waits(timeline, new, now=at):
        other = by_key.get(_key(wait))
        marks = {(m.severity, m.n): m.due_at for m in other.marks} if other else {}
        for mark in wait.marks:
            was, due = marks.get((mark.severity, mark.n)), mark.due_at
            if mark.unit != WORKING_DAYS or was is None or due is None or was == due:
                continue
            if wait.ended_at is None or wait.ended_at > min(was, due):
                yield Moved(wait, mark, was, due)


def _key(wait: Wait) -> tuple[str, int, datetime]:
    return wait.rule, wait.started_by, wait.started_at


def moves(referral: Referral, events: Sequence[WaitEvent], *, now: datetime) -> list[Entry]:
    """What each change of the calendar since the referral was logged moved, for its timeline.

    Each is judged by what was known when the calendar changed, with the calendar just before and
    just after.
    """
    changes = list(
        RestDay.objects.learnt()
        .filter(recorded_at__gte=referral.opened_at, recorded_at__lte=now)
        .select_related("withdraws")
        .order_by("id")
    )
    if not changes:
        return []
    timeline = case_of(referral).timeline
    return [entry for change in changes for entry in _of(change, timeline, events, now=now)]


def _of(
    change: RestDay, timeline: Timeline, events: Sequence[WaitEvent], *, now: datetime
) -> Iterator[Entry]:
    then = replace(timeline, events=_known_at(events, change.recorded_at))
    old, new = (rules(days=days) for days in (before(change), after(change)))
    for each in moved(then, old=old, new=new, at=change.recorded_at):
        nation = each.wait.threshold.calendar or timeline.nation
        yield Entry(
            title=f"Deadline moved: {each.wait.threshold.title}",
            at=change.recorded_at,
            byline="worked out from the calendar, which changed then",
            text=_words(each, change, nation, today=london_date(now)),
            url=f"{reverse('calendar')}?nation={nation}&year={change.day.year}#days",
            action="Calendar",
        )


def _words(each: Moved, change: RestDay, nation: str, *, today: date) -> str:
    was, due = (
        day_in_words(london_date(at - A_MOMENT), today=today) for at in (each.was, each.due)
    )
    became = "is no longer" if change.withdraws_id else "became"
    day = day_in_words(change.day, today=today)
    known = day_in_words(change.known_from, today=today) if change.known_from else ""
    return (
        f"Deadline of “{each.wait.threshold.title}” ({count(each.mark.n, UNIT_WORDS['wd'])}) "
        f"moved from {was} to {due} because {day}, {change.name}, {became} a bank holiday in "
        f"{Nation(nation).label}. Known since {known}. Evidence: {change.source}"
    )


def _known_at(events: Sequence[WaitEvent], at: datetime) -> tuple[Event, ...]:
    """The events that stood at an instant of recording, in order: what was corrected later stands
    as it was."""
    known = [event for event in events if event.recorded_at <= at]
    replaced = {event.supersedes_id for event in known}
    standing = [
        event
        for event in known
        if event.pk not in replaced and event.code != EventCode.RECORDED_IN_ERROR
    ]
    return tuple(
        Event(
            event.root_id or event.pk,
            event.code,
            event.happened_at,
            event.organisation_id,
            event.outcome,
            event.consent_type,
            event.dated_on,
            event.risk,
            event.every_days,
        )
        for event in sorted(standing, key=lambda event: (event.happened_at, event.pk))
    )
