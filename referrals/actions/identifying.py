"""Record, show and erase who a person is. Each leaves an entry in the audit trail."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import models, transaction

from audit import log
from audit.models import Action
from nrm_tracker.calendars import coming_of_age
from organisations.actor import Actor
from referrals import identity as sealed
from referrals.actions.locking import check_version, lock
from referrals.actions.marking import forget_names, mark_names
from referrals.actions.recording import settle
from referrals.actions.submitting import sent_before
from referrals.actions.survivors import key_of, survivor_of
from referrals.errors import ErasedAlready, ReasonMissing, WordIsAName
from referrals.identity import SEALED, Identity
from referrals.models import Referral, Survivor, SurvivorKey


class WhyLook(models.TextChoices):
    """Why somebody looks who is not the responsible caseworker."""

    COVERING = "covering", "I cover for the responsible caseworker"
    IN_TOUCH = "in_touch", "The person, or somebody for them, is in touch now"
    DANGER = "danger", "They may be in danger"
    NRM_REFERRAL = "nrm_referral", "I prepare or check the NRM referral"
    QUALITY = "quality", "I check the record, as their manager"
    REQUEST = "request", "The person asked to see or correct their data"


@transaction.atomic
def record_identity(
    *,
    referral: Referral,
    identity: Identity,
    birth_is_estimated: bool,
    keep: Collection[str] = (),
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Survivor | None:
    """Keep who the person is, sealed with a key of their own, the fields called `keep` as they
    are; None when the form was sent before.

    The eighteenth birthday stands in clear on the referral, for the sweep, which reassesses it.
    Raises WordIsAName, ErasedAlready, ChangedMeanwhile.
    """
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return None
    check_version(locked, version)
    survivor, key_ = survivor_of(locked, now=now)
    before = sealed.read(survivor, key=key_)
    identity = replace(identity, **{name: getattr(before, name) for name in keep})
    if identity.says(locked.pseudonym):
        raise WordIsAName(
            "The word for the person stands on every page, and is in what says who they are. "
            "Change the word first."
        )
    sealed.put(survivor, identity, key=key_)
    survivor.birth_is_estimated, survivor.recorded_at = birth_is_estimated, now
    survivor.save(force_update=True)
    mark_names(locked, identity)
    if identity.born_on != before.born_on:
        born = date.fromisoformat(identity.born_on) if identity.born_on else None
        locked.turns_18_on = coming_of_age(born) if born else None
    locked.version += 1
    locked.save(update_fields=["turns_18_on"])
    settle(locked, now=now)
    changed = [name for name in SEALED if getattr(before, name) != getattr(identity, name)]
    log.record(Action.IDENTITY_RECORDED, by=by, now=now, referral=locked.pk, fields=changed)
    return survivor


@transaction.atomic
def show_identity(*, referral: Referral, reason: str = "", by: Actor, now: datetime) -> Identity:
    """Who the person is, after noting who asked. Raises ReasonMissing, ErasedAlready.

    The entry and what the caller shows must share a transaction that ends before the reply.
    """
    if referral.assigned_to_id != by.user_id and reason not in WhyLook.values:
        raise ReasonMissing("Choose why you need to see who this person is.")
    survivor = Survivor.objects.filter(referral=referral).first()
    identity = Identity()
    if survivor:
        identity = sealed.read(survivor, key=key_of(survivor))
    log.record(Action.IDENTITY_SHOWN, by=by, now=now, referral=referral.pk, reason=reason)
    return identity


@transaction.atomic
def change_word(
    *,
    referral: Referral,
    word: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> bool:
    """Let another word stand for the person. Raises WordIsAName, ChangedMeanwhile."""
    locked = lock(referral)
    if sent_before(key=key, by=by, now=now, referral=locked):
        return False
    check_version(locked, version)
    survivor = Survivor.objects.filter(referral=locked).first()
    if survivor and _is_named(survivor, word):
        raise WordIsAName("This word is in what says who the person is. Choose another one.")
    locked.pseudonym, locked.version = word, locked.version + 1
    locked.save(update_fields=["pseudonym", "version"])
    log.record(Action.WORD_CHANGED, by=by, now=now, referral=locked.pk)
    return True


def _is_named(survivor: Survivor, word: str) -> bool:
    try:
        return sealed.read(survivor, key=key_of(survivor)).says(word)
    except ErasedAlready:
        return False


@transaction.atomic
def erase_identity(*, referral: Referral, by: Actor, now: datetime) -> None:
    """Destroy the key: the record, its history and its backups cannot be read any more.

    What happened and when stays, under the reference. Raises ErasedAlready.
    """
    locked = lock(referral)
    key = SurvivorKey.objects.select_for_update().filter(survivor__referral=locked).first()
    if key is None or key.wrapped is None:
        raise ErasedAlready("Nothing that says who this person is is kept.")
    key.wrapped, key.erased_at = None, now
    key.save(update_fields=["wrapped", "erased_at"])
    forget_names(locked)
    locked.turns_18_on = None
    locked.version += 1
    locked.save(update_fields=["turns_18_on"])
    settle(locked, now=now)
    log.record(Action.IDENTITY_ERASED, by=by, now=now, referral=locked.pk)


def survivors_with_keys() -> list[UUID]:
    """All that the context shows, to put under another master key."""
    keys = SurvivorKey.objects.filter(wrapped__isnull=False).order_by("survivor")
    return list(keys.values_list("survivor", flat=True))


@transaction.atomic
def rewrap_keys(*, survivors: Collection[UUID]) -> int:
    """Put the keys of these under the present master key, and make anew what their names are found
    by, which is made with it; how many. Whoever records or erases one of them meanwhile waits."""
    held = Referral.objects.filter(survivor__in=survivors).order_by("id")
    referrals = {r.pk: r for r in held.select_for_update(of=("self",))}
    keys = SurvivorKey.objects.select_related("survivor").filter(
        survivor__in=survivors, wrapped__isnull=False
    )
    done = list(keys)
    for key in done:
        sealed.rewrap(key)
        identity = sealed.read(key.survivor, key=sealed.opened(key) or b"")
        mark_names(referrals[key.survivor.referral_id], identity)
    SurvivorKey.objects.bulk_update(done, ["master", "wrapped"])
    return len(done)
