"""The rules that watch the register and the people here: read by the engine when a page is shown.

There are hundreds of them, not millions, and none rings a bell: no flag of theirs is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date, noon
from organisations.models import Application, Membership, Nation, Organisation
from referrals.catalogue import SEVERITY_RANK
from referrals.delays import Breach, Event, Timeline, breaches
from referrals.thresholds import rules

Dated = Sequence[tuple[str, date]]  # event codes, each with its London date


@dataclass(frozen=True, slots=True)
class Standing:
    """How long something has waited: `since` None where what starts the clock never happened.

    `severity` is that of the worst limit passed, "" while in time; then `due_on` is the first day
    that is late, or None.
    """

    since: date | None
    days: int
    severity: str
    due_on: date | None


def applications(rows: Iterable[Application], *, now: datetime) -> dict[int, Standing]:
    """By application that was sent: how long it waits for a decision (rule 30)."""
    events = {
        row.pk: _application(row.submitted_on, row.closed_on) for row in rows if row.submitted_on
    }
    return _standing("application", events, never={}, now=now)


def reviews(rows: Iterable[Organisation], *, now: datetime) -> dict[int, Standing]:
    """By organisation: since when nobody checked its entry (rule 31). Never: due at once."""
    events = {
        row.pk: [("facts_checked", row.last_reviewed_on)] if row.last_reviewed_on else []
        for row in rows
    }
    return _standing("organisation", events, never=dict.fromkeys(events, london_date(now)), now=now)


def trainings(rows: Iterable[Membership], *, now: datetime) -> dict[int, Standing]:
    """By First Responder: since when they are trained (rule 32). Never: due since their mark.

    They are expected to have come through `organisations.trained.with_trainings`.
    """
    marked = {row: row.first_responder_since for row in rows if row.first_responder_since}
    events = {
        row.pk: [("trained", each.trained_on) for each in row.trainings.all()] for row in marked
    }
    never = {row.pk: since for row, since in marked.items()}
    return _standing("member", events, never=never, now=now)


def _application(submitted_on: date, closed_on: date | None) -> list[tuple[str, date]]:
    ended = [("application_ended", closed_on)] if closed_on else []
    return [("application_submitted", submitted_on), *ended]


def _standing(
    subject: str, happened: Mapping[int, Dated], *, never: Mapping[int, date], now: datetime
) -> dict[int, Standing]:
    judged_by, today = rules(subject), london_date(now)
    found = {}
    for pk, dated in happened.items():
        if not dated:
            found[pk] = Standing(None, 0, judged_by.thresholds[-1].limits[0].severity, never[pk])
            continue
        late = [b for b in breaches(_timeline(dated), judged_by, now=now) if b.ended_at is None]
        worst = max(late, key=lambda breach: SEVERITY_RANK[breach.severity], default=None)
        since = max(day for _, day in dated)
        found[pk] = Standing(since, (today - since).days, *_passed(worst))
    return found


def _passed(worst: Breach | None) -> tuple[str, date | None]:
    return (worst.severity, london_date(worst.breached_at)) if worst else ("", None)


def _timeline(dated: Dated) -> Timeline:
    """What the engine reads; the facts of a person play no part in these rules."""
    events = tuple(
        Event(id=number, code=code, happened_at=noon(day))
        for number, (code, day) in enumerate(dated, start=1)
    )
    return Timeline("adult", Nation.ENGLAND, None, events, ())
