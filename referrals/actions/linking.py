"""Say that two people belong together, or are not one person. Said anew, never changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit import log
from audit.models import Action
from organisations.actor import Actor
from referrals.actions.locking import lock_all
from referrals.actions.submitting import sent_before
from referrals.errors import LinkedWithThemselves
from referrals.links import Said
from referrals.models import Link, Referral


@transaction.atomic
def link_referrals(*, said: Said, by: Actor, now: datetime, key: UUID | None = None) -> Link | None:
    """The link that stands from now on; None when the form was sent before.

    What was said of the two before ends with it; the same again is not said twice. Raises
    LinkedWithThemselves.
    """
    if said.referral.pk == said.other.pk:
        raise LinkedWithThemselves("This is the same referral. Enter the other one.")
    lock_all(said.referral, said.other)
    if sent_before(key=key, by=by, now=now, referral=said.referral):
        return None
    before = Link.objects.standing().between(said.referral, said.other).first()
    if before and _says(before) == said:
        return before
    if before:
        _end(before, by=by, now=now)
    link = Link.objects.create(
        referral=said.referral,
        other=said.other,
        kind=said.kind,
        danger=said.danger,
        linked_at=now,
        by_id=by.user_id,
    )
    _note(Action.LINK_MADE, link, by=by, now=now)
    return link


@transaction.atomic
def end_link(*, link: Link, by: Actor, now: datetime) -> None:
    """It stays to be read, with who ended it. Ending one that has ended changes nothing.

    Where a request was said to follow another one's, it does so no longer.
    """
    lock_all(link.referral, link.other)
    standing = Link.objects.standing().filter(pk=link.pk).first()
    if standing is None:
        return
    _end(standing, by=by, now=now)
    if link.kind == Link.Kind.SAME:
        for one, other in ((link.referral, link.other), (link.other, link.referral)):
            Referral.objects.filter(pk=one.pk, follows=other).update(follows=None)
    _note(Action.LINK_ENDED, link, by=by, now=now)


@transaction.atomic
def restore_link(*, link: Link, by: Actor, now: datetime) -> Link | None:
    """Say again what a link said that has ended; None where another one stands between the two,
    which says what was known later."""
    lock_all(link.referral, link.other)
    if Link.objects.standing().between(link.referral, link.other).exists():
        return None
    return link_referrals(said=_says(link), by=by, now=now)


def _says(link: Link) -> Said:
    return Said(referral=link.referral, other=link.other, kind=link.kind, danger=link.danger)


def _end(link: Link, *, by: Actor, now: datetime) -> None:
    Link.objects.filter(pk=link.pk).update(ended_at=now, ended_by=by.user_id)


def _note(action: Action, link: Link, *, by: Actor, now: datetime) -> None:
    """In the trail of both: the link by its id, which tells whoever may see both ends."""
    for end in (link.referral_id, link.other_id):
        log.record(action, by=by, now=now, referral=end, subject=f"link {link.pk}")
