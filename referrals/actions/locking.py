"""One at a time: whoever changes a referral locks it, and says which version they had seen."""

from collections.abc import Mapping

from referrals.errors import ChangedMeanwhile, NotAllThere, SomeChanged
from referrals.models import Referral

Chosen = Mapping[int, int]  # the version on which each referral (id) was chosen


def lock(referral: Referral) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)


def lock_chosen(chosen: Chosen) -> list[Referral]:
    """Many at once, always in the order of the ids, so that two people never wait for each other.
    Raises NotAllThere, SomeChanged."""
    rows = Referral.objects.filter(pk__in=chosen).order_by("id").select_for_update(of=("self",))
    referrals = list(rows)
    if len(referrals) < len(chosen):
        raise NotAllThere("Some of these are not your organisation's any more. Choose again.")
    if changed := [r.reference for r in referrals if r.version != chosen[r.pk]]:
        raise SomeChanged(changed)
    return referrals


def check_version(referral: Referral, version: int | None) -> None:
    if version is not None and version != referral.version:
        raise ChangedMeanwhile(version)


def lock_all(*referrals: Referral) -> None:
    """By their ids, always in the same order, so that two who lock the same ones wait in turn."""
    rows = Referral.objects.select_for_update(of=("self",)).order_by("pk")
    list(rows.filter(pk__in=[each.pk for each in referrals]))
