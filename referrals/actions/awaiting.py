"""That another organisation has not answered in time (rule 35), told to both sides, once.

Few hand-overs wait at a time, and each for days: the sweep looks at all of them that nobody was
told of. A message in its transaction, then a notice for each person, and with it a line by mail
that waits for the morning where the office is closed.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings

from nrm_tracker.database import purpose
from organisations.hours import READ as HOURS
from organisations.models import Organisation
from organisations.roles import Role
from referrals import mails
from referrals.actions.mailing import choices_of, write_letter
from referrals.actions.whom import People, first_of, members_of
from referrals.hand_over_limits import answers_awaited, is_late
from referrals.models import HandOver, Notice, NoticeChoice, OutboxMessage, Told

logger = logging.getLogger(__name__)
BATCH = 500
FACTS = (
    *("id", "referral_id", "sender_id", "receiver_id", "age_group", "nation", "at_risk"),
    *("state", "sent_at", "ended_at"),
)
ABOUT = ("reference", "holder_id", "assigned_to_id", "restricted")
READ = (
    *("key", "told", *(f"hand_over__{field}" for field in FACTS)),
    *(f"hand_over__referral__{field}" for field in ABOUT),
)
ADDRESSEES = (Role.MANAGER, Role.SAFEGUARDING_LEAD)


def tell_of_late_answers(*, now: datetime) -> int:
    """Write a message about each hand-over whose limit has passed; about how many. A fault here
    stops no sweep: pages say what is late, and the next sweep tries again."""
    try:
        return _tell_together(now=now)
    except Exception:
        logger.exception("Which hand-overs have no answer could not be found out")
        return 0


def _tell_together(*, now: datetime) -> int:
    with purpose("nrm_sweep"):
        rows = list(
            HandOver.objects.unanswered()
            .filter(told_late_at__isnull=True)
            .order_by("sent_at", "id")
            .select_for_update(skip_locked=True, of=("self",))
            .only(*FACTS)
        )
        waits = answers_awaited(rows, now=now) if rows else {}
        late = [row for row in rows if row.pk in waits and is_late(waits[row.pk], now=now)]
        OutboxMessage.objects.bulk_create(
            [
                OutboxMessage(
                    key=f"hand-over:{row.pk}", hand_over=row, told=Told.TODAY, created_at=now
                )
                for row in late
            ],
            ignore_conflicts=True,
        )
        HandOver.objects.filter(pk__in=[row.pk for row in late]).update(told_late_at=now)
    return len(late)


def deliver_late_answers(*, now: datetime) -> int:
    """Turn these messages into notices for whoever can act: at the sender who works on it and the
    managers, at the receiver its managers. Nobody, where it was answered meanwhile."""
    with purpose("nrm_sweep"):
        messages = list(
            OutboxMessage.objects.filter(delivered_at__isnull=True, hand_over__isnull=False)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("hand_over__referral")
            .only(*READ)[:BATCH]
        )
        waiting = [(m, m.hand_over) for m in messages if m.hand_over and m.hand_over.is_unanswered]
        people = People.around({row.referral for _, row in waiting}, now=now)
        receivers = members_of({row.receiver_id for _, row in waiting})
        for message, row in waiting:
            asked = first_of(receivers.get(row.receiver_id, []), *ADDRESSEES)
            told = {row.sender_id: people.who_waits(row.referral), row.receiver_id: asked}
            unseen = {u for u in told[row.sender_id] if not people.sees(u, row.referral)}
            _tell(message, row, told, unseen, now=now)
        OutboxMessage.objects.filter(pk__in=[each.pk for each in messages]).update(delivered_at=now)
    return len(messages)


def _tell(
    message: OutboxMessage,
    row: HandOver,
    told: Mapping[int, Sequence[int]],
    unseen: Collection[int],
    *,
    now: datetime,
) -> None:
    """`unseen`: those at the sender to whom the referral is restricted, and who can name somebody.
    Their notice says which referral, as they see no hand-over."""
    Notice.objects.bulk_create(
        [
            Notice(
                message=message,
                user_id=user,
                organisation_id=organisation,
                hand_over=row,
                referral_id=row.referral_id
                if organisation == row.sender_id and user in unseen
                else None,
                told=message.told,
                created_at=now,
            )
            for organisation, users in told.items()
            for user in users
        ],
        ignore_conflicts=True,
    )
    if settings.EMAIL_IS_SENT:
        _write_letters(message, row, told, unseen, now=now)


def _write_letters(
    message: OutboxMessage,
    row: HandOver,
    told: Mapping[int, Sequence[int]],
    unseen: Collection[int],
    *,
    now: datetime,
) -> None:
    """The receiver's says no reference: it has not accepted."""
    organisations = Organisation.objects.only(*HOURS).in_bulk(told)
    choices = choices_of(user for users in told.values() for user in users)
    about = mails.about_an_unseen_answer if unseen else mails.about_an_answer_awaited
    letters = {
        row.sender_id: about(row.referral.reference, organisation=organisations[row.sender_id]),
        row.receiver_id: mails.about_an_answer_owed(organisation=organisations[row.receiver_id]),
    }
    for organisation, users in told.items():
        for user in users:
            if choices[user].today == NoticeChoice.Today.DIGEST:
                key = f"hand-over-{message.pk}-{user}-{organisation}"
                write_letter(
                    user, organisations[organisation], letters[organisation], key=key, now=now
                )
