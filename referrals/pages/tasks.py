"""Tasks: of a referral, and of everybody here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from nrm_tracker.calendars import london_date, midnight
from nrm_tracker.ui.words import day_in_words, distance
from organisations.models import Membership
from referrals.models import Referral, Task
from referrals.models.task import TaskQuerySet

LATELY = timedelta(days=7)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`due` in words; `ended` says who did it, and is "" while it is open."""

    id: int
    words: str
    reference: str
    due: str
    is_late: bool
    whose: str
    ended: str


@dataclass(frozen=True, slots=True)
class Tasks:
    mine: list[TaskRow]
    colleagues: list[TaskRow]
    ended: list[TaskRow]  # of the last seven days


def tasks_of(referral: Referral, *, membership: Membership, now: datetime) -> list[TaskRow]:
    """The open ones by their dates, then those that have ended, the latest first."""
    rows = list(_ordered(Task.objects.visible_to(membership).filter(referral=referral)))
    open_ = [row for row in rows if not row.ended_at]
    return _rows([*open_, *(row for row in rows if row.ended_at)], membership, now=now)


def all_tasks(membership: Membership, *, now: datetime) -> Tasks:
    rows = _ordered(Task.objects.visible_to(membership))
    open_ = rows.open()
    lately = midnight(london_date(now) - LATELY)
    return Tasks(
        mine=_rows(open_.filter(assigned_to=membership.user_id), membership, now=now),
        colleagues=_rows(
            open_.exclude(assigned_to=membership.user_id)[:SHOWN], membership, now=now
        ),
        ended=_rows(rows.filter(ended_at__gte=lately)[:SHOWN], membership, now=now),
    )


def due_words(day: date, *, now: datetime) -> str:
    """ "today", "tomorrow", "Friday 20 November, 3 days ago"."""
    today = london_date(now)
    near = distance(day, today=today)
    return near if abs((day - today).days) <= 1 else f"{day_in_words(day, today=today)}, {near}"


def _ordered(rows: TaskQuerySet) -> TaskQuerySet:
    return rows.select_related("referral", "assigned_to", "ended_by").order_by(
        F("ended_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "id"
    )


def _rows(rows: Iterable[Task], membership: Membership, *, now: datetime) -> list[TaskRow]:
    return [_row(row, membership, now=now) for row in rows]


def _row(row: Task, membership: Membership, *, now: datetime) -> TaskRow:
    return TaskRow(
        id=row.pk,
        words=row.words,
        reference=row.referral.reference if row.referral else "",
        due=due_words(row.due_on, now=now) if row.due_on else "",
        is_late=row.ended_at is None and row.due_on is not None and row.due_on < london_date(now),
        whose="you" if row.assigned_to_id == membership.user_id else row.assigned_to.name,
        ended=_ended(row),
    )


def _ended(row: Task) -> str:
    if row.ended_at is None:
        return ""
    who = f" by {row.ended_by.name}" if row.ended_by else ""
    day = london_date(row.ended_at)
    return f"{'Given up' if row.given_up else 'Done'}{who} on {day.day} {day:%B %Y}"
