"""Keep what was agreed about reaching the person. A new agreement stands in place of the former."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals import contact
from referrals.actions.locking import check_version, lock
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.contact import SEALED, Method, Terms
from referrals.errors import ErasedAlready
from referrals.models import Referral, SafeContact, Survivor


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """What was agreed in a call about calling again."""

    may_call: bool
    agreed_at: datetime
    when: str = ""  # days and hours, in words
    voicemail_is_safe: bool = False

    def on(self, before: Terms | None) -> Terms:
        """These words in place of what was said of calls before; the rest stays as agreed."""
        terms = before or Terms(agreed_at=self.agreed_at)
        safe = {
            Method.TELEPHONE: self.may_call,
            Method.VOICEMAIL: self.may_call and self.voicemail_is_safe,
        }
        kept = [method for method in terms.safe if method not in safe]
        shunned = [method for method in terms.unsafe if method not in safe]
        return replace(
            terms,
            agreed_at=self.agreed_at,
            safe=(*kept, *(method.value for method, yes in safe.items() if yes)),
            unsafe=(*shunned, *(method.value for method, yes in safe.items() if not yes)),
            in_words=self.when,
            days=() if self.when else terms.days,
            since=None if self.when else terms.since,
            until=None if self.when else terms.until,
        )


@transaction.atomic
def agree_contact(
    *,
    referral: Referral,
    terms: Terms,
    keep: Collection[str] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> SafeContact | None:
    """Keep these terms, those called `keep` as they were agreed before; None when the form was
    sent before. Raises ErasedAlready, ChangedMeanwhile."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    check_version(locked, version)
    locked.version += 1
    locked.save(update_fields=["version"])
    before = agreed_terms(locked, with_sealed=True)
    kept = {name: getattr(before, name) for name in keep} if before else {}
    row = _row(locked, replace(terms, **kept), by=by, now=now)
    row.save(force_insert=True)
    log.record(Action.CONTACT_AGREED, by=by, now=now, referral=locked.pk)
    return row


def agree_calling(referral: Referral, calling: Calling, *, by: Actor, now: datetime) -> None:
    """Part of recording a conversation: the referral is locked."""
    before = agreed_terms(referral, with_sealed=True)
    _row(referral, calling.on(before), by=by, now=now).save(force_insert=True)


def agree_callings(pairs: Sequence[tuple[Referral, Calling]], *, by: Actor, now: datetime) -> None:
    """Of new referrals, many at once."""
    SafeContact.objects.bulk_create(
        [_row(referral, calling.on(None), by=by, now=now) for referral, calling in pairs],
        batch_size=500,
    )


def agreed_terms(referral: Referral, *, with_sealed: bool = False) -> Terms | None:
    """What stands agreed; None where nobody asked."""
    row = SafeContact.objects.filter(referral=referral).order_by("version").last()
    return contact.read(row, key=_key(referral) if with_sealed else None) if row else None


def agreed_since(*, referral: Referral, version: int) -> bool:
    """Whether anything was agreed about contact after that version."""
    return SafeContact.objects.filter(referral=referral, version__gt=version).exists()


def sealed_changed_since(*, referral: Referral, version: int) -> set[str]:
    """The names of what is sealed and was agreed otherwise after that version; not what it says."""
    rows = SafeContact.objects.filter(referral=referral).order_by("version")
    key = _key(referral)
    then, now = (
        contact.read(row, key=key) if row else None
        for row in (rows.filter(version__lte=version).last(), rows.last())
    )
    return {name for name in SEALED if getattr(then, name, "") != getattr(now, name, "")}


def _key(referral: Referral) -> bytes | None:
    survivor = Survivor.objects.filter(referral=referral).first()
    try:
        return key_of(survivor) if survivor else None
    except ErasedAlready:
        return None


def _row(referral: Referral, terms: Terms, *, by: Actor, now: datetime) -> SafeContact:
    row = SafeContact(
        referral=referral,
        recorded_at=now,
        recorded_by_id=by.organisation_id,
        by_id=by.user_id,
        version=referral.version,
    )
    key = survivor_of(referral, now=now)[1] if terms.is_sealed else None
    contact.put(row, terms, key=key)
    return row
