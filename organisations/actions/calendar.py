"""Change the calendar of rest days. Nothing is changed in place: each change is another row, its
audit entry, and the work that the sweep then owes, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.errors import RestsAlready, WithdrawnAlready
from organisations.models import Membership, Nation, Reassessment, RestDay

CALENDAR_LOCK = 6_776_004  # an advisory lock's number; any, as long as it is this one everywhere
DECIDERS = Nation.ENGLAND  # where the SCA and the IECA count their days, wherever somebody is
Published = Mapping[tuple[date, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison with the library added, and the days that the library no longer has (or
    never had: an administrator's)."""

    added: tuple[RestDay, ...]
    only_here: tuple[RestDay, ...]


def add_rest_day(
    *,
    day: date,
    name: str,
    nations: Sequence[str],
    source: str,
    known_from: date,
    by: Membership,
    now: datetime,
) -> RestDay:
    """A day becomes a bank holiday in these nations. Raises RestsAlready."""
    with _calendar():
        standing = RestDay.objects.standing().filter(day=day, nations__overlap=list(nations))
        if there := standing.first():
            raise RestsAlready(there)
        return _add(
            RestDay(
                day=day,
                name=name,
                nations=list(nations),
                source=source,
                known_from=known_from,
                recorded_by_id=by.user_id,
                recorded_at=now,
            ),
            by=by,
        )


def withdraw_rest_day(
    *, rest_day: RestDay, source: str, known_from: date, by: Membership, now: datetime
) -> RestDay:
    """A day is no bank holiday, or no longer. The row stays; another withdraws it.
    Raises WithdrawnAlready."""
    with _calendar():
        if not RestDay.objects.standing().filter(pk=rest_day.pk).exists():
            raise WithdrawnAlready(rest_day)
        return _add(
            RestDay(
                day=rest_day.day,
                name=rest_day.name,
                nations=rest_day.nations,
                source=source,
                known_from=known_from,
                withdraws=rest_day,
                recorded_by_id=by.user_id,
                recorded_at=now,
            ),
            by=by,
        )


def learn_rest_days(*, published: Published, source: str, now: datetime) -> Compared:
    """Add what the library knows and the rows have never had, in those nations that lack it.

    Nothing is removed, and what an administrator withdrew does not come back.
    """
    with _calendar():
        rows = list(RestDay.objects.filter(withdraws__isnull=True))
        known = {(row.day, nation) for row in rows for nation in row.nations}
        added = [
            _add(
                RestDay(
                    day=day,
                    name=name,
                    nations=new,
                    source=source,
                    known_from=london_date(now),
                    recorded_at=now,
                ),
                by=None,
            )
            for (day, name), nations in published.items()
            if (new := [nation for nation in nations if (day, nation) not in known])
        ]
        return Compared(tuple(added), tuple(_only_here(published)))


def _only_here(published: Published) -> Iterator[RestDay]:
    has = {(day, nation) for (day, _), nations in published.items() for nation in nations}
    for row in RestDay.objects.standing().order_by("day", "id"):
        if not {(row.day, nation) for nation in row.nations} <= has:
            yield row


@contextmanager
def _calendar() -> Iterator[None]:
    """One change of the calendar at a time, in the register's own rights."""
    with purpose("nrm_register"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CALENDAR_LOCK])
        yield


def _add(row: RestDay, *, by: Membership | None) -> RestDay:
    row.save(force_insert=True)
    Reassessment.objects.create(
        nations=assessed_again(nations=row.nations), reason=_reason(row), created_at=row.recorded_at
    )
    log.record(Action.CALENDAR_CHANGED, by=by, now=row.recorded_at, subject=f"rest day {row.pk}")
    return row


def assessed_again(*, nations: Iterable[str]) -> list[str]:
    """The nations whose people a change of the calendar of these nations concerns. None named
    means all of them: the deciders' days are counted for everybody."""
    return [] if DECIDERS in nations else list(nations)


def _reason(row: RestDay) -> str:
    became = "is no longer" if row.withdraws_id else "became"
    return f"{row.name}, {row.day:%-d %B %Y}, {became} a bank holiday"[:300]
