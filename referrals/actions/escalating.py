"""A delay that nobody answers for goes to the manager, then to the safeguarding lead (rule 34).

The second, smaller pass of the sweep: an index of its own says which flags to look at, and each
is looked at when the answer can change. The constraint on the steps keeps each to once.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from nrm_tracker.calendars import Calendar, london_date, midnight
from nrm_tracker.database import purpose
from organisations.calendars import calendars
from referrals.actions.telling import write_escalation_messages
from referrals.delays import Limit
from referrals.delays.unanswered import ladder
from referrals.models import RINGING, Delay, DelayFlag, Escalation
from referrals.thresholds import all_thresholds

logger = logging.getLogger(__name__)
BATCH = 500
BEGINNING = (datetime(1900, 1, 1, tzinfo=UTC), 0)
RULE, SUBJECT = "unacknowledged", "delay"
TRY_AGAIN = timedelta(hours=1)
READ = (
    *("referral_id", "rule", "severity", "started_by_id", "told"),
    *("breached_at", "raised_at", "ended_at", "retracted_at", "referral__nation"),
)
Position = tuple[datetime, int]
Limits = dict[str, Limit]  # of rule 34, by severity
Calendars = Mapping[str, Calendar]  # by nation


class Look(NamedTuple):
    """What came of looking at a flag (id), and when to do so again."""

    flag: int
    steps: tuple[Escalation, ...]
    again: datetime | None


def escalate_due(*, now: datetime) -> int:
    """Look at every delay whose instant has come; how many steps were taken."""
    steps, position = 0, BEGINNING
    while due := _due_after(position, now=now):
        steps += _look([pk for _, pk in due], now=now)
        position = due[-1]
    return steps


def _due_after(position: Position, *, now: datetime) -> list[Position]:
    """The next ones, beyond the last that was looked at: one that fails holds nobody up."""
    instant, pk = position
    beyond = Q(escalates_at__gt=instant) | Q(escalates_at=instant, id__gt=pk)
    with purpose("nrm_sweep"):
        rows = (
            DelayFlag.objects.filter(beyond, escalates_at__gte=instant, escalates_at__lte=now)
            .order_by("escalates_at", "id")
            .values_list("escalates_at", "id")[:BATCH]
        )
        return [(at, pk) for at, pk in rows if at is not None]


def _look(flags: Sequence[int], *, now: datetime) -> int:
    """All in one transaction; where that fails, one by one."""
    try:
        return _look_together(flags, now=now)
    except Exception:
        logger.exception("Whether %d delays are answered is not known; one by one", len(flags))
    return sum(_look_alone(pk, now=now) for pk in flags)


def _look_alone(flag: int, *, now: datetime) -> int:
    try:
        return _look_together([flag], now=now)
    except Exception:
        logger.exception("Whether delay %d is answered could not be found out", flag)
        with purpose("nrm_sweep"):
            _look_again({flag: now + TRY_AGAIN})
        return 0


def _look_together(flags: Sequence[int], *, now: datetime) -> int:
    with purpose("nrm_sweep"):
        found = _claimed(flags, now=now)
        delays, limits, working = _delays(found, now=now), _limits(now=now), calendars()
        looks = [_look_at(flag, delays.get(flag.pk), limits, working, now=now) for flag in found]
        new = _not_taken_yet([step for look in looks for step in look.steps])
        write_escalation_messages(Escalation.objects.bulk_create(new), now=now)
        _look_again({look.flag: look.again for look in looks})
    return len(new)


def _claimed(flags: Sequence[int], *, now: datetime) -> list[DelayFlag]:
    """Locked with their referrals, as whoever records something locks them; what is in other
    hands is left for the next sweep."""
    return list(
        DelayFlag.objects.filter(id__in=flags, escalates_at__lte=now)
        .order_by("referral_id", "id")
        .select_for_update(skip_locked=True, of=("self", "referral"), no_key=True)
        .select_related("referral")
        .only(*READ)
    )


def _delays(flags: Sequence[DelayFlag], *, now: datetime) -> dict[int, Delay]:
    """What of these is a delay that asks for somebody: the worst of its wait, still standing."""
    ids = {flag.pk for flag in flags}
    rows = (
        Delay.objects.filter(referral__in={flag.referral_id for flag in flags})
        .ringing()
        .with_attention(london_date(now))
    )
    return {delay.pk: delay for delay in rows if delay.pk in ids}


def _limits(*, now: datetime) -> Limits:
    """Of the version of rule 34 that is in force."""
    versions = [
        version
        for version in all_thresholds(SUBJECT)
        if version.code == RULE
        and (version.effective_from is None or version.effective_from <= now)
    ]
    return {limit.severity: limit for version in versions[-1:] for limit in version.limits}


def _look_at(
    flag: DelayFlag, delay: Delay | None, limits: Limits, working: Calendars, *, now: datetime
) -> Look:
    """The steps whose instant has come, taken or not, and when the answer can change next."""
    if delay is None:  # it has ended; or a worse one of the same wait stands, and may yet go
        again = midnight(london_date(now) + timedelta(days=1)) if flag.asks_for_somebody else None
        return Look(flag.pk, (), again)
    since, review = _unanswered_since(flag, delay)
    limit, calendar = limits.get(delay.severity), working[flag.referral.nation]
    rungs = ladder(limit, since=since, calendar=calendar, review=review)
    steps = tuple(
        Escalation(
            referral_id=flag.referral_id,
            flag=flag,
            step=rung.step,
            since=since,
            at=now,
            taken_up_id=delay.taken_up_id,
        )
        for rung in rungs
        if rung.at <= now
    )
    return Look(flag.pk, steps, next((rung.at for rung in rungs if rung.at > now), None))


def _unanswered_since(flag: DelayFlag, delay: Delay) -> tuple[datetime, bool]:
    """The instant, ahead while somebody answers; and whether it is a day to look again. Of a plan
    that holds no longer it is when that was said: whoever said so need not be told."""
    if delay.review_on is None or (delay.taken_up_rank or 0) < delay.rank:
        return flag.raised_at, False
    if delay.taken_up_at is not None and delay.review_on <= london_date(delay.taken_up_at):
        return max(flag.raised_at, delay.taken_up_at), False
    return max(flag.raised_at, midnight(delay.review_on)), True


def _not_taken_yet(steps: Sequence[Escalation]) -> list[Escalation]:
    rows = Escalation.objects.filter(flag__in={step.flag_id for step in steps})
    taken = set(rows.values_list("flag_id", "since", "step"))
    return [each for each in steps if (each.flag_id, each.since, each.step) not in taken]


def _look_again(looks: Mapping[int, datetime | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_delayflag f SET escalates_at = n.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) n(id, at) WHERE f.id = n.id",
            [list(looks), list(looks.values())],
        )


def look_again_at(delays: Iterable[Delay], *, now: datetime) -> None:
    """Somebody took these up: the next sweep finds out until when."""
    DelayFlag.objects.standing().filter(
        referral__in={delay.referral_id for delay in delays}, told__in=RINGING
    ).update(escalates_at=now)
