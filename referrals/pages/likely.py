"""Who of one's own organisation may be the same person, until somebody says whether they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Upper

from organisations.models import Membership
from organisations.roles import Permission
from referrals.models import Link, Referral
from referrals.models.referral import ReferralQuerySet
from referrals.pages.alike import Alike, alike_to

MOST = 5
SAME_CALL = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody who may be the same person, and what speaks for it."""

    referral: Referral
    why: str


@dataclass(frozen=True, slots=True)
class LikelyPage:
    """`same_call`: two colleagues may have logged one call, which is a weaker sign."""

    likely: list[Likely]
    same_call: list[Likely]

    def __bool__(self) -> bool:
        return bool(self.likely or self.same_call)


def likely_same(referral: Referral, *, membership: Membership) -> LikelyPage:
    """Of those that the reader may see; whoever is linked with somebody is not asked about again.
    Nothing is ever matched with another organisation's."""
    answered = _answered(referral, membership=membership)
    found = {
        each.referral.pk: each
        for each in (*_named(referral, membership), *_own_reference(referral, membership))
        if each.referral.pk not in answered
    }
    same_call = [
        Likely(each, "Logged by a colleague within a day, and said to be in touch the same way")
        for each in _same_call(referral, membership)
        if each.pk not in answered | found.keys()
    ]
    return LikelyPage(list(found.values())[:MOST], same_call[:MOST])


def _answered(referral: Referral, *, membership: Membership) -> set[int]:
    links = Link.objects.visible_to(membership).of(referral).standing()
    return {pk for ends in links.values_list("referral", "other") for pk in ends} - {referral.pk}


def _named(referral: Referral, membership: Membership) -> Iterator[Likely]:
    if membership.can(Permission.SEE_IDENTITY):
        for each in alike_to(referral, by=membership):
            yield Likely(each.referral, _agrees(each))


def _agrees(alike: Alike) -> str:
    """How much agrees, never what."""
    names = "One part of the name" if alike.names == 1 else f"{alike.names} parts of the name"
    return f"{names} and the date of birth agree" if alike.same_birthday else f"{names} agree"


def _own_reference(referral: Referral, membership: Membership) -> Iterator[Likely]:
    letters = _letters(referral.own_reference)
    if letters:
        others = _others(referral, membership).exclude(own_reference="")
        written = Func(
            Upper(F("own_reference")),
            Value("[^A-Z0-9]"),
            Value(""),
            Value("g"),
            function="regexp_replace",
        )
        for each in others.annotate(letters=written).filter(letters=letters)[:MOST]:
            yield Likely(each, "Your own reference is the same but for how it is written")


def _letters(text: str) -> str:
    return "".join(each for each in text.upper() if each.isascii() and each.isalnum())


def _same_call(referral: Referral, membership: Membership) -> QuerySet[Referral]:
    """Two colleagues, one call: the same way, the same facts, within a day."""
    if not referral.made_contact or not referral.channel:
        return _others(referral, membership).none()
    at = referral.first_contact_at
    return (
        _others(referral, membership)
        .open()
        .filter(
            ~Q(assigned_to=referral.assigned_to_id),
            first_contact_at__range=(at - SAME_CALL, at + SAME_CALL),
            age_group=referral.age_group,
            nation=referral.nation,
            made_contact=referral.made_contact,
            channel=referral.channel,
        )
        .order_by("-id")[:MOST]
    )


def _others(referral: Referral, membership: Membership) -> ReferralQuerySet:
    return Referral.objects.visible_to(membership).exclude(pk=referral.pk)
