"""What somebody is found by: kept in the transaction that keeps who they are."""

from referrals.identity import Identity
from referrals.models import NameMark, Referral
from referrals.names import BlindIndex


def mark_names(referral: Referral, identity: Identity) -> None:
    """What the person of a locked referral is found by, from now on this and nothing else."""
    index = BlindIndex(referral.holder_id)
    forget_names(referral)
    NameMark.objects.bulk_create(
        NameMark(referral=referral, kind=kind, value=value, master=index.master)
        for kind, value in index.written(identity)
    )


def forget_names(referral: Referral) -> None:
    NameMark.objects.filter(referral=referral).delete()
