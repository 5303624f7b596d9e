"""From a flag to somebody's inbox: a message in the flag's own transaction, then a notice for
each person concerned, exactly once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership
from organisations.roles import Role
from referrals.models import Cover, DelayFlag, NamedStaff, Notice, OutboxMessage

BATCH = 500
READ = ("flag_id", "referral__holder_id", "referral__assigned_to_id", "referral__restricted")
Member = tuple[int, str]  # a user and the role
Covers = dict[tuple[int, int | None], set[int]]  # by organisation and who is away


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


def write_emergency_message(named: NamedStaff, *, now: datetime) -> None:
    """That a restricted referral was opened by somebody who had not been named."""
    OutboxMessage.objects.create(
        key=f"emergency:{named.pk}", referral_id=named.referral_id, created_at=now
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
            .select_related("referral")
            .only(*READ)[:BATCH]
        )
        holders = {message.referral.holder_id for message in messages}
        members, covers = _members(holders), _who_covers(holders, now=now)
        named = _named({message.referral_id for message in messages if message.referral.restricted})
        Notice.objects.bulk_create(
            [
                Notice(
                    message=message,
                    user_id=user,
                    organisation_id=message.referral.holder_id,
                    referral_id=message.referral_id,
                    flag_id=message.flag_id,
                    created_at=now,
                )
                for message in messages
                for user in _told(
                    message,
                    members.get(message.referral.holder_id, []),
                    named.get(message.referral_id, set()),
                    covers,
                )
            ],
            ignore_conflicts=True,
        )
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
            delivered_at=now
        )
    return len(messages)


def _told(
    message: OutboxMessage, members: list[Member], named: set[int], covers: Covers
) -> list[int]:
    """Whom to tell. Of an emergency, the safeguarding lead, else the manager. Of a delay, whoever
    is responsible; of a restricted referral only the people named, else the safeguarding lead."""
    if message.flag_id is None:
        return _first(members, Role.SAFEGUARDING_LEAD, Role.MANAGER)
    if message.referral.restricted:
        known = [user for user, _ in members if user in named]
        return known or _first(members, Role.SAFEGUARDING_LEAD, Role.MANAGER)
    away = message.referral.assigned_to_id
    return _responsible(members, {away, *covers.get((message.referral.holder_id, away), ())})


def _responsible(members: list[Member], concerned: set[int | None]) -> list[int]:
    """Managers, the responsible caseworker and who covers for them; everybody where none is
    left."""
    told = [user for user, role in members if role == Role.MANAGER or user in concerned]
    return told or [user for user, _ in members]


def _first(members: list[Member], *roles: Role) -> list[int]:
    """All of the first of these roles that anybody has; everybody where nobody has one."""
    by_role = ([user for user, role in members if role == wanted] for wanted in roles)
    return next(filter(None, by_role), [user for user, _ in members])


def _members(organisations: set[int]) -> dict[int, list[Member]]:
    """Those of each organisation who work on its referrals."""
    rows = Membership.objects.filter(
        role__in=(Role.CASEWORKER, Role.MANAGER, Role.SAFEGUARDING_LEAD),
        organisation__in=organisations,
        ended_at__isnull=True,
    ).values_list("organisation_id", "user_id", "role")
    found: dict[int, list[Member]] = {}
    for organisation, user, role in rows:
        found.setdefault(organisation, []).append((user, role))
    return found


def _named(referrals: set[int]) -> dict[int, set[int]]:
    """Who may see each restricted referral."""
    rows = NamedStaff.objects.standing().filter(referral__in=referrals)
    found: dict[int, set[int]] = {}
    for referral, user in rows.values_list("referral_id", "user_id"):
        found.setdefault(referral, set()).add(user)
    return found


def _who_covers(organisations: set[int], *, now: datetime) -> Covers:
    """Who covers today."""
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
