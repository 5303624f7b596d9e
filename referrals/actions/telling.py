"""From a flag to somebody's inbox: a message in the flag's own transaction, then a notice for
each person concerned, exactly once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership
from organisations.roles import Role
from referrals.models import Cover, DelayFlag, Notice, OutboxMessage

BATCH = 500
Covers = dict[tuple[int, int | None], set[int]]


def write_messages(
    flags: Sequence[DelayFlag], *, families: Mapping[str, str], now: datetime
) -> None:
    """One message for a referral and family of rules a London day; each critical flag its own."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=_key(flag, families[flag.rule], now),
                referral_id=flag.referral_id,
                flag=flag,
                created_at=now,
            )
            for flag in flags
        ],
        ignore_conflicts=True,
    )


def write_second_messages(flags: Sequence[DelayFlag], *, now: datetime) -> None:
    """A second word about a flag that still stands; once, however often this is asked."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"{flag.referral_id}:{flag.rule}:{flag.started_by_id}:second",
                referral_id=flag.referral_id,
                flag=flag,
                created_at=now,
            )
            for flag in flags
        ],
        ignore_conflicts=True,
    )


def _key(flag: DelayFlag, family: str, now: datetime) -> str:
    if flag.severity == "critical":
        return f"{flag.referral_id}:{flag.rule}:{flag.started_by_id}:{flag.raised_at.isoformat()}"
    return f"{flag.referral_id}:{family}:{london_date(now)}"


def deliver_notices(*, now: datetime) -> int:
    """Turn waiting messages into notices, in batches until none waits; how many messages."""
    delivered = 0
    while batch := _deliver_batch(now=now):
        delivered += batch
    return delivered


def _deliver_batch(*, now: datetime) -> int:
    with purpose("nrm_sweep"):
        messages = list(
            OutboxMessage.objects.filter(delivered_at__isnull=True)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list(
                "id", "referral_id", "flag_id", "referral__holder", "referral__assigned_to"
            )[:BATCH]
        )
        holders = {holder for *_, holder, _ in messages}
        told, covers = _who_is_told(holders), _who_covers(holders, now=now)
        Notice.objects.bulk_create(
            [
                Notice(
                    message_id=message,
                    user_id=user,
                    organisation_id=holder,
                    referral_id=referral,
                    flag_id=flag,
                    created_at=now,
                )
                for message, referral, flag, holder, assigned_to in messages
                for user in _responsible(
                    told.get(holder, []), {assigned_to, *covers.get((holder, assigned_to), ())}
                )
            ],
            ignore_conflicts=True,
        )
        OutboxMessage.objects.filter(id__in=[message for message, *_ in messages]).update(
            delivered_at=now
        )
    return len(messages)


def _responsible(members: list[tuple[int, str]], concerned: set[int | None]) -> list[int]:
    """Whom to tell: managers, the responsible caseworker and who covers for them; everybody where
    none is left."""
    told = [user for user, role in members if role == Role.MANAGER or user in concerned]
    return told or [user for user, _ in members]


def _who_is_told(organisations: set[int]) -> dict[int, list[tuple[int, str]]]:
    """Members (user, role) of each organisation who work on its referrals."""
    rows = Membership.objects.filter(
        Q(role=Role.MANAGER) | Q(role=Role.CASEWORKER),
        organisation__in=organisations,
        ended_at__isnull=True,
    ).values_list("organisation_id", "user_id", "role")
    told: dict[int, list[tuple[int, str]]] = {}
    for organisation, user, role in rows:
        told.setdefault(organisation, []).append((user, role))
    return told


def _who_covers(
    organisations: set[int], *, now: datetime
) -> dict[tuple[int, int | None], set[int]]:
    """Who covers today, by the organisation and who is away."""
    rows = (
        Cover.objects.standing_on(london_date(now))
        .filter(organisation__in=organisations)
        .values_list("organisation_id", "away_id", "covered_by_id")
    )
    covers: Covers = {}
    for organisation, away, covered_by in rows:
        covers.setdefault((organisation, away), set()).add(covered_by)
    return covers


def read_notices(*, by: Membership, now: datetime) -> None:
    """The person has seen all that they were told so far."""
    Notice.objects.visible_to(by).unread().update(read_at=now)


def read_notice(*, notice: Notice, now: datetime) -> None:
    """The person opened it."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)
