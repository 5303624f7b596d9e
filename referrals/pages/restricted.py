"""That referrals are restricted, and to whom: never what they say."""

from dataclasses import dataclass
from datetime import datetime

from organisations.models import Membership
from referrals.models import NamedStaff, Referral, Restriction


@dataclass(frozen=True, slots=True)
class Restricted:
    """`named`: who may see it. `mine`: whether oneself is among them."""

    reference: str
    since: datetime
    by: str
    named: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Emergency:
    """Somebody opened one without having been named."""

    id: int
    reference: str
    name: str
    reason: str
    at: datetime
    ended_at: datetime | None


def restricted_of(membership: Membership) -> list[Restricted]:
    rows = Restriction.objects.visible_to(membership).held().select_related("by")
    named = _named(membership)
    return [
        Restricted(
            reference=row.reference,
            since=row.since,
            by=row.by.name,
            named=", ".join(each.user.name for each in named.get(row.referral_id, [])),
            mine=any(e.user_id == membership.user_id for e in named.get(row.referral_id, [])),
        )
        for row in rows.order_by("since")
    ]


def emergencies(membership: Membership) -> list[Emergency]:
    """The newest first."""
    references = dict(
        Restriction.objects.visible_to(membership).values_list("referral_id", "reference")
    )
    opened = NamedStaff.objects.visible_to(membership).exclude(reason="").select_related("user")
    return [
        Emergency(
            id=each.pk,
            reference=references[each.referral_id],
            name=each.user.name,
            reason=each.reason,
            at=each.since,
            ended_at=each.ended_at,
        )
        for each in opened.order_by("-since")
    ]


def number_hidden_from(membership: Membership) -> int:
    """How many stand on no list of this person's."""
    mine = NamedStaff.objects.visible_to(membership).standing().filter(user=membership.user_id)
    standing = Restriction.objects.visible_to(membership).held()
    return standing.exclude(referral__in=mine.values("referral")).count()


def staff_of(membership: Membership) -> list[Membership]:
    """Who does casework in the organisation, by name."""
    members = Membership.objects.visible_to(membership).doing_casework()
    return list(members.select_related("user").order_by("user__name", "user_id"))


def named_for(referral: Referral, *, membership: Membership) -> list[NamedStaff]:
    return _named(membership).get(referral.pk, [])


def _named(membership: Membership) -> dict[int, list[NamedStaff]]:
    found: dict[int, list[NamedStaff]] = {}
    rows = NamedStaff.objects.visible_to(membership).standing().select_related("user")
    for row in rows.order_by("user__name"):
        found.setdefault(row.referral_id, []).append(row)
    return found
