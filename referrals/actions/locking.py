"""One at a time: whoever changes a referral locks it, and says which version they had seen."""

from referrals.errors import ChangedMeanwhile
from referrals.models import Referral


def lock(referral: Referral) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)


def check_version(referral: Referral, version: int | None) -> None:
    if version is not None and version != referral.version:
        raise ChangedMeanwhile(version)


def lock_all(*referrals: Referral) -> None:
    """By their ids, always in the same order, so that two who lock the same ones wait in turn."""
    rows = Referral.objects.select_for_update(of=("self",)).order_by("pk")
    list(rows.filter(pk__in=[each.pk for each in referrals]))
