"""An e-mail to send is a row, written in the transaction of what it tells."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from audit import log
from audit.models import Action
from organisations.hours import READ
from organisations.models import Invitation, Membership, Organisation
from referrals import mails
from referrals.actions.whom import People
from referrals.in_touch import caution
from referrals.mails import Letter
from referrals.models import Email, NoticeChoice, OutboxMessage, Told
from referrals.thresholds import all_thresholds


def write_emails(
    told: Mapping[OutboxMessage, Sequence[int]], people: People, *, now: datetime
) -> None:
    """One for each person told at once who wants it so; see `_written_to`. Where no mail server
    is set none is written: mails of old would else go out on the day that one is."""
    if not settings.EMAIL_IS_SENT:
        return
    ringing = {message: users for message, users in told.items() if message.told == Told.AT_ONCE}
    organisations = Organisation.objects.only(*READ).in_bulk(
        {message.about.holder_id for message in ringing}
    )
    choices = choices_of(user for users in ringing.values() for user in users)
    titles = {rule.code: rule.title for rule in all_thresholds()}
    Email.objects.bulk_create(
        [
            _email(
                f"notice-{message.pk}-{user}",
                user,
                organisations[message.about.holder_id],
                Email.Kind.AT_ONCE,
                _letter(message, user, people, organisations, titles, now=now),
                now=now,
            )
            for message, users in ringing.items()
            for user in _written_to(message, users, choices)
        ],
        ignore_conflicts=True,
    )


def write_letter(
    user: int, organisation: Organisation, letter: Letter, *, key: str, now: datetime
) -> None:
    """One that does not go out while the office is quiet; once for each key."""
    email = _email(key, user, organisation, Email.Kind.DIGEST, letter, now=now)
    Email.objects.bulk_create([email], ignore_conflicts=True)


def write_invitation(invitation: Invitation, *, number: int, now: datetime) -> None:
    """Of each link one, at once; the link itself is made as it is sent."""
    email = Email(
        key=f"invitation-{invitation.pk}-{number}",
        invitation=invitation,
        organisation_id=invitation.organisation_id,
        kind=Email.Kind.AT_ONCE,
        created_at=now,
        next_try_at=now,
    )
    Email.objects.bulk_create([email], ignore_conflicts=True)


def choices_of(users: Iterable[int]) -> dict[int, NoticeChoice]:
    """What each wants; the defaults of who has not said."""
    wanted = set(users)
    said = NoticeChoice.objects.in_bulk(wanted)
    return {user: said.get(user) or NoticeChoice(user_id=user) for user in wanted}


@transaction.atomic
def choose_notices(*, at_once: str, today: str, by: Membership, now: datetime) -> None:
    """What this person wants by e-mail, for every organisation that they act for."""
    NoticeChoice.objects.update_or_create(
        user_id=by.user_id, defaults={"at_once": at_once, "today": today, "changed_at": now}
    )
    log.record(Action.NOTICES_CHOSEN, by=by, now=now, fields=["at_once", "today"])


def _written_to(
    message: OutboxMessage, users: Sequence[int], choices: Mapping[int, NoticeChoice]
) -> Sequence[int]:
    """Who wants it at once. Where nobody does and it is critical, all whom it was told: somebody
    may be harmed today, and a choice must not leave nobody who knows."""
    wanted = [u for u in users if choices[u].at_once == NoticeChoice.AtOnce.AT_ONCE]
    critical = message.flag is None or message.flag.severity == "critical"
    return wanted or (users if critical else [])


def _letter(
    message: OutboxMessage,
    user: int,
    people: People,
    organisations: Mapping[int, Organisation],
    titles: Mapping[str, str],
    *,
    now: datetime,
) -> Letter:
    referral, flag = message.about, message.flag
    organisation = organisations[referral.holder_id]
    if flag is None or not people.sees(user, referral):
        words = mails.UNSEEN if flag else mails.OPENED
        return mails.about_a_restricted_one(
            referral.reference, words=words, organisation=organisation, now=now
        )
    return mails.about_a_delay(
        referral.reference,
        titles[flag.rule],
        caution=caution(flag.rule),
        passed_at=flag.breached_at,
        organisation=organisation,
        passed_on=message.escalation_id is not None,
        now=now,
    )


def _email(
    key: str,
    user: int,
    organisation: Organisation,
    kind: Email.Kind,
    letter: Letter,
    *,
    now: datetime,
) -> Email:
    return Email(
        key=key,
        user_id=user,
        organisation=organisation,
        kind=kind,
        subject=letter.subject,
        text=letter.text,
        created_at=now,
        next_try_at=now,
    )
