"""Flags as they are stored, against what the engine says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from nrm_tracker.lookups import Among
from referrals.delays import Breach
from referrals.models import DelayFlag

Key = tuple[int, str, str, int]  # referral, rule, severity, event that started the wait
WRITTEN = (
    "started_at",
    "breached_at",
    "ended_at",
    "end_reason",
    "told",
    "waits_on",
    "retracted_at",
    "raised_at",
)


class Flag(NamedTuple):
    """A flag as it is stored, or is to be; the fields are those that a reassessment writes."""

    started_at: datetime
    breached_at: datetime
    ended_at: datetime | None
    end_reason: str
    told: str
    waits_on: str
    retracted_at: datetime | None
    raised_at: datetime
    id: int | None = None


def flags_of(referrals: Iterable[int], *, of: Iterable[str] | None) -> dict[Key, Flag]:
    flags = DelayFlag.objects.filter(Among("referral_id", referrals))
    rows = flags if of is None else flags.filter(rule__in=of)
    read = rows.values_list("referral_id", "rule", "severity", "started_by_id", *WRITTEN, "id")
    return {row[:4]: Flag._make(row[4:]) for row in read}


def raised_or_ended(
    breach: Breach, flag: Flag | None, waits_on: str, *, now: datetime
) -> Flag | None:
    """The flag as it should stand, or None where it stands so already."""
    said = (*breach.said, waits_on, None)
    if flag is None:
        return Flag(*said, raised_at=now)
    if said == flag[: len(said)]:
        return None
    wanted = Flag(*said, raised_at=flag.raised_at, id=flag.id)
    stood = flag.ended_at is None and flag.retracted_at is None
    if (not stood and wanted.ended_at is None) or wanted.raised_at < wanted.breached_at:
        return wanted._replace(raised_at=now)
    return wanted


def no_longer_true(
    standing: dict[Key, Flag], desired: dict[Key, Breach], instants: Mapping[int, datetime]
) -> Iterator[DelayFlag]:
    for key, flag in standing.items():
        if key not in desired and flag.retracted_at is None:
            yield row(key, flag._replace(retracted_at=instants[key[0]]))


def row(key: Key, flag: Flag) -> DelayFlag:
    referral, rule, severity, started_by = key
    return DelayFlag(
        referral_id=referral,
        rule=rule,
        severity=severity,
        started_by_id=started_by,
        **flag._asdict(),
    )
