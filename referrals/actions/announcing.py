"""That a threshold is to change without a second person, told to those whose work it touches.

A message in the transaction of the announcement, then a notice for each manager, once, and with it
an e-mail that waits for the morning where the office is closed.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from nrm_tracker.calendars import midnight
from nrm_tracker.database import purpose
from organisations.hours import READ
from organisations.models import Membership, Organisation
from organisations.roles import Role
from referrals import mails
from referrals.actions.mailing import choices_of, write_letter
from referrals.actions.whom import Member, first_of
from referrals.delays.threshold import REFERRAL
from referrals.models import Notice, NoticeChoice, OutboxMessage, Referral, ThresholdDraft, Told

DRAFT = ("id", "code", "definition", "state", "due_at", "effective_on")
READ_OF = ("id", "key", *(f"draft__{field}" for field in DRAFT))
ADDRESSEES = (Role.MANAGER, Role.SAFEGUARDING_LEAD)


def effective_instant(draft: ThresholdDraft, *, now: datetime) -> datetime:
    """When it would take effect, approved now: never in the past."""
    return now if draft.effective_on is None else max(midnight(draft.effective_on), now)


def write_announcement(draft: ThresholdDraft, *, now: datetime) -> None:
    """Once for each time that it is announced. Asked as nrm_register."""
    message = OutboxMessage(
        key=f"threshold:{draft.pk}:{draft.due_at}", draft=draft, told=Told.TODAY, created_at=now
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def deliver_announcements(*, now: datetime) -> int:
    """Turn what was announced into notices; how many announcements."""
    with purpose("nrm_sweep"):
        messages = list(
            OutboxMessage.objects.filter(delivered_at__isnull=True, draft__isnull=False)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("draft")
            .only(*READ_OF)
        )
        for message in messages:
            if message.draft is not None:
                _tell(message, message.draft, now=now)
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
            delivered_at=now
        )
    return len(messages)


def _tell(message: OutboxMessage, draft: ThresholdDraft, *, now: datetime) -> None:
    """Nobody, where it was stopped or changed before anybody was told."""
    if draft.state != ThresholdDraft.State.ANNOUNCED or draft.due_at is None:
        return
    told = _concerned(draft)
    Notice.objects.bulk_create(
        [
            Notice(
                message=message,
                user_id=user,
                organisation_id=organisation,
                draft=draft,
                told=message.told,
                created_at=now,
            )
            for organisation, users in told.items()
            for user in users
        ],
        ignore_conflicts=True,
    )
    _write_letters(message, draft, told, now=now)


def _concerned(draft: ThresholdDraft) -> dict[int, list[int]]:
    """By organisation, those who lead the work on open referrals; where the rule watches
    something else, in every organisation that does casework."""
    members = Membership.objects.doing_casework()
    if draft.definition.get("subject", REFERRAL) == REFERRAL:
        running = Referral.objects.running().filter(holder=OuterRef("organisation"))
        members = members.filter(Exists(running))
    found: dict[int, list[Member]] = {}
    for organisation, user, role in members.values_list("organisation_id", "user_id", "role"):
        found.setdefault(organisation, []).append((user, role))
    return {organisation: first_of(people, *ADDRESSEES) for organisation, people in found.items()}


def _write_letters(
    message: OutboxMessage,
    draft: ThresholdDraft,
    told: dict[int, list[int]],
    *,
    now: datetime,
) -> None:
    if not settings.EMAIL_IS_SENT or draft.due_at is None:
        return
    organisations = Organisation.objects.only(*READ).in_bulk(told)
    choices = choices_of(user for users in told.values() for user in users)
    at = effective_instant(draft, now=draft.due_at)
    for pk, users in told.items():
        letter = mails.about_a_threshold(
            draft.code, draft.definition["title"], at=at, organisation=organisations[pk]
        )
        for user in _by_mail(users, choices):
            key = f"threshold-{message.pk}-{user}"
            write_letter(user, organisations[pk], letter, key=key, now=now)


def _by_mail(users: Iterable[int], choices: dict[int, NoticeChoice]) -> list[int]:
    return [user for user in users if choices[user].today == NoticeChoice.Today.DIGEST]
