"""Many at once: who was chosen, for whom it can be done, and why not for the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from organisations.models import Membership
from referrals.actions import to_take_up
from referrals.errors import ActionRefused
from referrals.models import Referral
from referrals.pages.delays import NO_DELAY
from referrals.thresholds import all_thresholds


@dataclass(frozen=True, slots=True)
class Preview:
    """`changed`: references of those that somebody else changed after they were chosen."""

    able: tuple[Referral, ...]
    unable: tuple[tuple[Referral, str], ...]
    changed: frozenset[str]


def chosen_people(membership: Membership, *, references: Sequence[str]) -> list[Referral]:
    rows = Referral.objects.visible_to(membership).filter(reference__in=references)
    return list(rows.select_related("assigned_to").order_by("first_contact_at", "id"))


def preview_of(
    people: Sequence[Referral],
    *,
    seen: Mapping[int, int],
    refused: Mapping[int, ActionRefused],
) -> Preview:
    """Of people (their ids and versions as they were seen) for whom something was tried."""
    return Preview(
        able=tuple(each for each in people if each.pk not in refused),
        unable=tuple(
            (each, refused[each.pk].of_many or str(refused[each.pk]))
            for each in people
            if each.pk in refused
        ),
        changed=frozenset(each.reference for each in people if each.version != seen[each.pk]),
    )


def rules_to_take_up(
    membership: Membership, *, people: Sequence[Referral], now: datetime
) -> list[tuple[str, str]]:
    """The delays of these people that wait for somebody, each with how many have it."""
    delays = to_take_up(by=membership, today=london_date(now)).exclude(rule__in=NO_DELAY)
    pairs = set(delays.filter(referral__in=people).values_list("rule", "referral"))
    having = [rule for rule, _ in pairs]
    return [
        (threshold.code, f"{threshold.title} ({having.count(threshold.code)} of {len(people)})")
        for threshold in all_thresholds()
        if threshold.code in having
    ]
