"""From a row to a mail server, at least once: the key tells two of the same apart.

One mail, one transaction: the row is locked while it is sent, so that whoever dies in between
leaves it as it was. A server that does not answer ends the round; the next one begins with the
next mail, and each waits longer each time, up to a cap.
"""

import hashlib
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from nrm_tracker.database import alone, purpose
from organisations.hours import READ, is_quiet, not_quiet_from
from organisations.invitations import token_of
from organisations.models import Invitation, Membership, Organisation
from referrals import mails
from referrals.mails import Letter
from referrals.models import Email

logger = logging.getLogger(__name__)
MAIL_LOCK = 6_776_002
FIRST_WAIT = timedelta(seconds=30)
GIVEN_UP_AFTER = timedelta(days=3)
Trouble = Email.Trouble
# The longest wait between two attempts. Who refuses an address will go on doing so.
CAPS = {
    Trouble.NO_ANSWER: timedelta(minutes=15),
    Trouble.LATER: timedelta(minutes=30),
    Trouble.REFUSED: timedelta(hours=6),
}
SENT, HELD = "sent", "held"
DOUBLINGS = 12
CHANGED = ["next_try_at", "attempts", "trouble", "sent_at", "given_up_at"]
PERMANENT = 500  # SMTP replies from here on mean no, below them not now


def send_emails(*, now: datetime) -> int:
    """Send what is due, what is told at once first; how many were sent. One round at a time."""
    if not settings.EMAIL_IS_SENT:
        return 0
    with alone(MAIL_LOCK) as ours:
        return _round(now=now) if ours else 0


def _round(*, now: datetime) -> int:
    sent, server = 0, get_connection()
    try:
        while outcome := _send_next(server, now=now):
            sent += outcome == SENT
            if outcome == Trouble.NO_ANSWER:
                break
    finally:
        _hang_up(server)
    return sent


def _send_next(server: BaseEmailBackend, *, now: datetime) -> str:
    """What came of the next one that is due; "" when there is none."""
    with purpose("nrm_sweep"):
        email = (
            Email.objects.waiting()
            .filter(next_try_at__lte=now)
            .order_by("kind", "next_try_at", "id")
            .select_for_update(skip_locked=True)
            .first()
        )
        if email is None:
            return ""
        outcome = _try(email, server, now=now)
        email.save(update_fields=CHANGED)
    return outcome


def _try(email: Email, server: BaseEmailBackend, *, now: datetime) -> str:
    organisation = Organisation.objects.only(*READ).get(pk=email.organisation_id)
    if email.kind == Email.Kind.DIGEST and is_quiet(organisation, now):
        email.next_try_at = not_quiet_from(organisation, now)
        return HELD
    addressed = _addressed(email, organisation, now=now)
    if addressed is None:
        email.trouble = Trouble.VOID if email.invitation_id else Trouble.LEFT
        email.given_up_at = now
        return HELD
    email.attempts += 1
    email.trouble = _send(email.key, *addressed, server)
    if not email.trouble:
        email.sent_at = now
        return SENT
    logger.warning("E-mail %d, attempt %d: %s", email.pk, email.attempts, email.trouble)
    email.next_try_at = next_try(email, now=now)
    if email.next_try_at >= email.created_at + GIVEN_UP_AFTER:
        email.given_up_at = now
    return email.trouble


def _addressed(
    email: Email, organisation: Organisation, *, now: datetime
) -> tuple[str, Letter] | None:
    """To whom, and what. None: to nobody who still acts for the organisation."""
    if email.invitation_id:
        return _to_who_is_invited(email.invitation_id, email.key, organisation, now=now)
    acting = Membership.objects.active().filter(
        user=email.user_id, organisation=email.organisation_id
    )
    address = acting.values_list("user__email", flat=True).first()
    return (address, Letter(email.subject, email.text)) if address else None


def _to_who_is_invited(
    invitation: UUID, key: str, organisation: Organisation, *, now: datetime
) -> tuple[str, Letter] | None:
    """None of a link that leads nowhere any more, or that a later mail replaces."""
    rows = Invitation.objects.waiting().filter(pk=invitation, expires_at__gt=now)
    found = rows.defer(None).only("email", "token_hash", "links", "expires_at").first()
    token = token_of(found) if found and key.endswith(f"-{found.links}") else None
    if found is None or token is None:
        return None
    return found.email, mails.invitation(token, until=found.expires_at, organisation=organisation)


def _send(key: str, address: str, letter: Letter, server: BaseEmailBackend) -> str:
    """What went wrong; "" when the server has taken it. Neither address nor text is logged."""
    message = EmailMessage(
        letter.subject,
        letter.text,
        to=[address],
        connection=server,
        headers={"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"},
    )
    try:
        server.open()
        message.send()
    except SMTPRecipientsRefused as refused:
        _hang_up(server)
        return _refusal(max(code for code, _ in refused.recipients.values()))
    except SMTPDataError as refused:
        _hang_up(server)
        return _refusal(refused.smtp_code)
    except (SMTPException, OSError):
        _hang_up(server)
        return Trouble.NO_ANSWER
    except ValueError:  # an address that no mail can be made for
        return Trouble.REFUSED
    return ""


def _refusal(code: int) -> Trouble:
    return Trouble.REFUSED if code >= PERMANENT else Trouble.LATER


def _hang_up(server: BaseEmailBackend) -> None:
    """Without a word where the server has none for us either."""
    with suppress(SMTPException, OSError):
        server.close()


def message_id(key: str) -> str:
    """The same for each attempt at one mail, and for no other."""
    return f"<{key}@{urlsplit(settings.NRM_BASE_URL).hostname}>"


def next_try(email: Email, *, now: datetime) -> datetime:
    """Twice as long each time, up to the cap; each mail a little different, so that a server that
    comes back is not met by all of them at once."""
    cap = CAPS[Trouble(email.trouble)]
    doubled: timedelta = FIRST_WAIT * 2 ** min(email.attempts - 1, DOUBLINGS)
    digest = hashlib.sha256(f"{email.key} {email.attempts}".encode()).digest()
    share = 0.5 + int.from_bytes(digest[:4]) / 2**33  # between a half and the whole
    return now + min(doubled, cap) * share
