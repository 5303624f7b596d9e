"""From a flag to somebody's inbox: a message in the flag's own transaction, then a notice for
each person concerned, exactly once, and with it an e-mail to send where they want one."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions.announcing import deliver_announcements
from referrals.actions.awaiting import deliver_late_answers
from referrals.actions.mailing import write_emails
from referrals.actions.telling_members import deliver_member_changes
from referrals.actions.whom import People
from referrals.models import DelayFlag, Escalation, NamedStaff, Notice, OutboxMessage, Told
from referrals.thresholds import all_thresholds

logger = logging.getLogger(__name__)
BATCH = 500
QUIET_AFTER = timedelta(hours=24)
LOOK_AFTER = timedelta(minutes=1)  # a sweep that raises many does not look at each twice
READ = (
    *("flag_id", "told", "referral__reference", "referral__holder_id", "referral__restricted"),
    *("referral__assigned_to_id", "flag__rule", "flag__severity", "flag__breached_at"),
    *("escalation__step", "escalation__taken_up__by_id"),
)


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


def write_escalation_messages(steps: Sequence[Escalation], *, now: datetime) -> None:
    """One for each step; of what is not critical, one for a referral and family a London day."""
    families = {rule.code: rule.family or rule.code for rule in all_thresholds()}
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=_key_of_step(step, families, now),
                referral_id=step.referral_id,
                flag=step.flag,
                escalation=step,
                told=Told.AT_ONCE if _is_urgent(step) else Told.TODAY,
                created_at=now,
            )
            for step in steps
        ],
        ignore_conflicts=True,
    )


def _key_of_step(step: Escalation, families: Mapping[str, str], now: datetime) -> str:
    if step.flag.severity == "critical":
        return f"{step.flag_id}:{step.since.isoformat()}:unanswered:{step.step}"
    family = families.get(step.flag.rule, step.flag.rule)
    return f"{step.referral_id}:{family}:{london_date(now)}:unanswered:{step.step}"


def _is_urgent(step: Escalation) -> bool:
    """Critical, and not late paperwork; that a day to look again has come waits for morning."""
    flag = step.flag
    late = flag.raised_at - flag.breached_at > QUIET_AFTER
    return flag.severity == "critical" and step.step != Escalation.Step.REVIEW and not late


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
    """Turn waiting messages into notices, in batches until none waits; how many messages. Delays
    first: whatever is wrong with other news stops none of them."""
    delivered = 0
    while batch := _deliver_batch(now=now):
        delivered += batch
    for others in (deliver_announcements, deliver_late_answers, deliver_member_changes):
        try:
            delivered += others(now=now)
        except Exception:
            logger.exception("Some notices could not be delivered and wait: %s", others.__name__)
    return delivered


def _deliver_batch(*, now: datetime) -> int:
    with purpose("nrm_sweep"):
        messages = list(
            OutboxMessage.objects.filter(delivered_at__isnull=True, referral__isnull=False)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("referral", "flag", "escalation__taken_up")
            .only(*READ)[:BATCH]
        )
        people = People.around({message.about for message in messages}, now=now)
        told = {message: people.told(message) for message in messages}
        Notice.objects.bulk_create(
            [_notice(message, user, now=now) for message in messages for user in told[message]],
            ignore_conflicts=True,
        )
        write_emails(told, people, now=now)
        _note_who_was_told(told)
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
            delivered_at=now
        )
    return len(messages)


def _notice(message: OutboxMessage, user: int, *, now: datetime) -> Notice:
    return Notice(
        message=message,
        user_id=user,
        organisation_id=message.about.holder_id,
        referral_id=message.referral_id,
        flag_id=message.flag_id,
        told=message.told,
        step=message.escalation.step if message.escalation else None,
        created_at=now,
    )


def _note_who_was_told(told: Mapping[OutboxMessage, Sequence[int]]) -> None:
    """The page of the delay says to whom it was passed on."""
    for message, users in told.items():
        if message.escalation_id is not None:
            Escalation.objects.filter(pk=message.escalation_id).update(told=list(users))


def read_notices(*, by: Membership, now: datetime) -> None:
    """The person has seen all that they were told so far."""
    Notice.objects.visible_to(by).unread().update(read_at=now)


def read_notice(*, notice: Notice, now: datetime) -> None:
    """The person opened it."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)
