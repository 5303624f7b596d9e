"""Make the stored flags equal to what the engine says. One reassess, two callers: a caseworker
who records something, and the sweep. They cannot disagree."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from nrm_tracker import rows
from organisations.models import Membership
from referrals.actions.comparing import (
    WRITTEN,
    Flag,
    Key,
    flags_of,
    no_longer_true,
    raised_or_ended,
    row,
)
from referrals.actions.telling import LOOK_AFTER, QUIET_AFTER, write_messages, write_second_messages
from referrals.delays import Breach, Rules, assess
from referrals.models import DelayFlag, Referral
from referrals.thresholds import rules
from referrals.timelines import Case, cases
from referrals.told import chosen_levels

logger = logging.getLogger(__name__)
BATCH = 500
STORED = """
UPDATE referrals_referral r SET next_deadline_at = n.at,
    assessment_failed_at = CASE WHEN NOT %s THEN r.assessment_failed_at END
FROM unnest(%s::bigint[], %s::timestamptz[]) n(id, at)
WHERE r.id = n.id
    AND (r.next_deadline_at IS DISTINCT FROM n.at OR r.assessment_failed_at IS NOT NULL)
"""


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


def reassess(
    referrals: Iterable[int], *, now: datetime, quiet: bool = False, rule: str = ""
) -> Changes:
    """Assess these referrals (ids, locked by the caller) and write the difference, in bulk.

    `quiet`: nobody is told of it (an import ends in one summary instead). `rule`: it alone has
    changed since they were assessed, so that what it cannot concern is not judged again.
    """
    judged_by = rules(changed=rule)
    by_code = {threshold.code: threshold for threshold in judged_by.thresholds}
    waits_on = {code: threshold.who_can_end[0] for code, threshold in by_code.items()}
    found = cases(referrals)
    standing = flags_of((case.id for case in found), of=judged_by.only)
    instants = _not_before_what_is_known(found, standing, now=now)
    desired, deadlines = _judged(found, judged_by, instants)
    changed = [
        row(key, flag)
        for key, breach in desired.items()
        if (
            flag := raised_or_ended(
                breach, standing.get(key), waits_on[breach.rule], now=instants[key[0]]
            )
        )
    ]
    changed += no_longer_true(standing, desired, instants)
    _write(changed)
    _store_deadlines(_sooner(deadlines, found) if rule else deadlines, whole=not rule)
    if not quiet:
        rung = [flag for flag in changed if _rings(flag, now=instants[flag.referral_id])]
        write_messages(
            rung, families={code: rule.family or code for code, rule in by_code.items()}, now=now
        )
        write_second_messages(_rings_again(standing, desired, instants), now=now)
    return _counted(changed, instants)


def _judged(
    found: list[Case], judged_by: Rules, instants: Mapping[int, datetime]
) -> tuple[dict[Key, Breach], dict[int, datetime | None]]:
    """What the engine says of each, as its organisation wants to be told of it, and until when."""
    chosen = chosen_levels(case.holder for case in found)
    desired: dict[Key, Breach] = {}
    deadlines: dict[int, datetime | None] = {}
    for case in found:
        breaches, deadlines[case.id] = assess(case.timeline, judged_by, now=instants[case.id])
        for breach in breaches:
            told = chosen and chosen.get((case.holder, breach.rule, breach.severity))
            breach = breach._replace(told=told) if told else breach
            desired[(case.id, *breach.key)] = breach
    return desired, deadlines


def _sooner(deadlines: dict[int, datetime | None], found: list[Case]) -> dict[int, datetime | None]:
    """Those that come before the stored ones: what other rules wait for stays. Where the stored
    instant was the changed rule's own, the sweep looks once for nothing, and stores the right one.
    """
    return {
        case.id: at
        for case in found
        if (at := deadlines[case.id]) and (case.next_deadline is None or at < case.next_deadline)
    }


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
    found: list[Case], standing: dict[Key, Flag], *, now: datetime
) -> dict[int, datetime]:
    """The instant at which each referral (id) is assessed. A long sweep began a while ago: it must
    not forget what was recorded or raised since. Of each its own: one must not age the others."""
    latest = {case.id: case.timeline.events[-1:] for case in found}
    instants = {pk: max([now, *[event.happened_at for event in latest[pk]]]) for pk in latest}
    for (referral, *_), flag in standing.items():
        if flag.raised_at > instants[referral]:
            instants[referral] = flag.raised_at
    return instants


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
    standing: dict[Key, Flag], desired: dict[Key, Breach], instants: Mapping[int, datetime]
) -> list[DelayFlag]:
    """Standing still when a second notice falls due, which some limits have."""
    return [
        row(key, standing[key])
        for key, breach in desired.items()
        if breach.again_at is not None
        and breach.ended_at is None
        and key in standing
        and breach.again_at <= instants[key[0]] <= breach.again_at + QUIET_AFTER
    ]


def _write(flags: list[DelayFlag]) -> None:
    for flag in flags:  # a later sweep finds out until when somebody is to answer
        flag.escalates_at = flag.raised_at + LOOK_AFTER if flag.asks_for_somebody else None
    rows.insert(
        flags,
        unique=["referral_id", "rule", "severity", "started_by_id"],
        update=[*WRITTEN, "escalates_at"],
    )


def _store_deadlines(deadlines: dict[int, datetime | None], *, whole: bool) -> None:
    """One that was assessed as a whole has not failed."""
    if deadlines:
        with connection.cursor() as cursor:
            cursor.execute(STORED, [whole, list(deadlines), list(deadlines.values())])
