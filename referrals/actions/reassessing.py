"""Make the stored flags equal to what the engine says. One reassess, two callers: a caseworker
who records something, and the sweep. They cannot disagree."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from organisations.models import Membership
from referrals.actions.telling import write_messages, write_second_messages
from referrals.delays import Breach, Threshold, assess
from referrals.models import DelayFlag, Referral
from referrals.thresholds import all_thresholds
from referrals.timelines import Case, cases
from referrals.told import chosen_levels

logger = logging.getLogger(__name__)
BATCH = 500
QUIET_AFTER = timedelta(hours=24)
Key = tuple[int, str, str, int]  # referral, rule, severity, event that started the wait
FLAG_FACTS = (
    "told",
    "waits_on",
    "started_at",
    "breached_at",
    "raised_at",
    "ended_at",
    "end_reason",
    "retracted_at",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many flags a reassessment touched."""

    visited: int = 0
    raised: int = 0
    ended: int = 0
    retracted: int = 0

    @property
    def flags(self) -> int:
        return self.raised + self.ended + self.retracted

    @property
    def in_words(self) -> str:
        return f"{self.raised} raised, {self.ended} ended, {self.retracted} retracted"

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            visited=self.visited + other.visited,
            raised=self.raised + other.raised,
            ended=self.ended + other.ended,
            retracted=self.retracted + other.retracted,
        )


def reassess(referrals: Iterable[int], *, now: datetime, quiet: bool = False) -> Changes:
    """Assess these referrals (ids, locked by the caller) and write the difference, in bulk.

    `quiet`: nobody is told of it (an import ends in one summary instead).
    """
    thresholds = all_thresholds()
    by_code = {threshold.code: threshold for threshold in thresholds}
    found = cases(referrals)
    standing = _flags_of(case.id for case in found)
    instants = _not_before_what_is_known(found, standing, now=now)
    chosen = chosen_levels(case.holder for case in found)
    desired: dict[Key, Breach] = {}
    deadlines: dict[int, datetime | None] = {}
    for case in found:
        breaches, deadlines[case.id] = assess(case.timeline, thresholds, now=instants[case.id])
        for breach in breaches:
            told = chosen.get((case.holder, breach.rule, breach.severity))
            breach = breach._replace(told=told) if told else breach
            desired[(case.id, breach.rule, breach.severity, breach.started_by)] = breach
    changed = [
        flag
        for key, breach in desired.items()
        if (flag := _raised_or_ended(key, breach, standing.get(key), by_code, now=instants[key[0]]))
    ]
    changed += [
        _retracted(flag, now=instants[flag.referral_id])
        for flag in _no_longer_true(standing, desired)
    ]
    _write(changed)
    _store_deadlines(deadlines)
    if not quiet:
        rung = [flag for flag in changed if _rings(flag, now=instants[flag.referral_id])]
        write_messages(rung, families={t.code: t.family or t.code for t in thresholds}, now=now)
        write_second_messages(_rings_again(standing, desired, instants), now=now)
    return _counted(changed, instants)


def _counted(changed: Sequence[DelayFlag], instants: Mapping[int, datetime]) -> Changes:
    new = [flag for flag in changed if flag.raised_at == instants[flag.referral_id]]
    return Changes(
        visited=len(instants),
        raised=sum(flag.retracted_at is None for flag in new),
        ended=sum(flag.ended_at is not None for flag in changed),
        retracted=sum(flag.retracted_at == instants[flag.referral_id] for flag in changed),
    )


def reassess_due_of(membership: Membership, *, now: datetime) -> Changes:
    """Before a list is shown: assess the organisation's rows whose next instant has passed, so
    that a dead sweep hides nothing. One that cannot be assessed is the sweep's to mark and to try
    again: no page fails for it."""
    due = (
        Referral.objects.visible_to(membership)
        .due(now)
        .filter(assessment_failed_at__isnull=True)
        .order_by("next_deadline_at", "id")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .values_list("id", flat=True)[:BATCH]
    )
    ids = list(due)
    if not ids:
        return Changes()
    try:
        with transaction.atomic():
            return reassess(ids, now=now)
    except Exception:
        logger.exception("%d referrals that are due could not be assessed for a page", len(ids))
        return Changes()


def _not_before_what_is_known(
    found: list[Case], standing: dict[Key, DelayFlag], *, now: datetime
) -> dict[int, datetime]:
    """The instant at which each referral (id) is assessed. A long sweep began a while ago: it must
    not forget what was recorded or raised since. Of each its own: one must not age the others."""
    instants = {
        case.id: max([now, *(event.happened_at for event in case.timeline.events)])
        for case in found
    }
    for flag in standing.values():
        instants[flag.referral_id] = max(instants[flag.referral_id], flag.raised_at)
    return instants


def _flags_of(referrals: Iterable[int]) -> dict[Key, DelayFlag]:
    return {
        (flag.referral_id, flag.rule, flag.severity, flag.started_by_id): flag
        for flag in DelayFlag.objects.filter(referral__in=list(referrals))
    }


def _raised_or_ended(
    key: Key,
    breach: Breach,
    flag: DelayFlag | None,
    thresholds: dict[str, Threshold],
    *,
    now: datetime,
) -> DelayFlag | None:
    """The flag as it should stand, or None where it stands so already."""
    facts = {
        "told": breach.told,
        "waits_on": thresholds[breach.rule].who_can_end[0],
        "started_at": breach.started_at,
        "breached_at": breach.breached_at,
        "ended_at": breach.ended_at,
        "end_reason": breach.end_reason,
        "retracted_at": None,
    }
    if flag is None:
        referral, rule, severity, started_by = key
        return DelayFlag(
            referral_id=referral,
            rule=rule,
            severity=severity,
            started_by_id=started_by,
            raised_at=now,
            **facts,
        )
    if all(getattr(flag, name) == value for name, value in facts.items()):
        return None
    stood = flag.ended_at is None and flag.retracted_at is None
    for name, value in facts.items():
        setattr(flag, name, value)
    if (not stood and flag.ended_at is None) or flag.raised_at < flag.breached_at:
        flag.raised_at = now
    return flag


def _no_longer_true(standing: dict[Key, DelayFlag], desired: dict[Key, Breach]) -> list[DelayFlag]:
    return [
        flag for key, flag in standing.items() if key not in desired and flag.retracted_at is None
    ]


def _retracted(flag: DelayFlag, *, now: datetime) -> DelayFlag:
    flag.retracted_at = now
    return flag


def _rings(flag: DelayFlag, *, now: datetime) -> bool:
    """Newly standing, told at once, and not late paperwork: back-dating is quiet."""
    return (
        flag.raised_at == now
        and flag.ended_at is None
        and flag.retracted_at is None
        and flag.told == "at_once"
        and now - flag.breached_at <= QUIET_AFTER
    )


def _rings_again(
    standing: dict[Key, DelayFlag], desired: dict[Key, Breach], instants: Mapping[int, datetime]
) -> list[DelayFlag]:
    """Standing still when a second notice falls due, which some limits have."""
    return [
        standing[key]
        for key, breach in desired.items()
        if breach.again_at is not None
        and breach.ended_at is None
        and key in standing
        and breach.again_at <= instants[key[0]] <= breach.again_at + QUIET_AFTER
    ]


def _write(flags: list[DelayFlag]) -> None:
    DelayFlag.objects.bulk_create(
        flags,
        update_conflicts=True,
        unique_fields=["referral", "rule", "severity", "started_by"],
        update_fields=FLAG_FACTS,
    )


def _store_deadlines(deadlines: dict[int, datetime | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_referral r"
            " SET next_deadline_at = n.at, assessment_failed_at = NULL"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) n(id, at)"
            " WHERE r.id = n.id AND (r.next_deadline_at IS DISTINCT FROM n.at"
            " OR r.assessment_failed_at IS NOT NULL)",
            [list(deadlines), list(deadlines.values())],
        )
