"""Who may be the same person as somebody: by parts of names in common, and the birthday.

Inside one's own organisation only, and of its referrals those that one may see. It says how much
agrees, never what: showing who somebody is stays with `actions.show_identity`.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from organisations.models import Membership
from referrals import identity as sealed
from referrals.actions.survivors import key_of
from referrals.errors import ErasedAlready
from referrals.identity import Identity
from referrals.models import NameMark, Referral, Survivor
from referrals.names import BlindIndex, names_of

MOST_ALIKE = 10
ENOUGH_NAMES = 2  # parts of a name in common; one is enough with the same birthday


@dataclass(frozen=True, slots=True)
class Alike:
    referral: Referral
    names: int  # parts of a name in common
    same_birthday: bool


def alike_to(referral: Referral, *, by: Membership) -> list[Alike]:
    """Others who may be the person of this referral. Nobody, where nothing is known of them."""
    survivor = Survivor.objects.visible_to(by).filter(referral=referral).first()
    if survivor is None:
        return []
    try:
        identity = sealed.read(survivor, key=key_of(survivor))
    except ErasedAlready:
        return []
    return alike(identity, by=by, besides=referral)


def alike(identity: Identity, *, by: Membership, besides: Referral | None = None) -> list[Alike]:
    """Those who may be this person, whose names need not be recorded yet; what agrees most stands
    first, MOST_ALIKE at most. A birthday alone is not enough: too many have 1 January."""
    names, born = _values(identity, organisation=by.organisation_id)
    if not names:
        return []
    marks = NameMark.objects.visible_to(by).filter(value__in=[*names, *born])
    if besides:
        marks = marks.exclude(referral=besides)
    rows = (
        marks.values("referral")
        .annotate(
            names=Count("pk", filter=Q(kind=NameMark.Kind.NAME)),
            born=Count("pk", filter=Q(kind=NameMark.Kind.BORN)),
        )
        .filter(Q(names__gte=ENOUGH_NAMES) | Q(names__gte=1, born__gte=1))
        .order_by("-born", "-names", "referral")[:MOST_ALIKE]
    )
    found = {row["referral"]: row for row in rows}
    referrals = Referral.objects.visible_to(by).in_bulk(list(found))
    return [
        Alike(referrals[pk], names=row["names"], same_birthday=row["born"] > 0)
        for pk, row in found.items()
        if pk in referrals
    ]


def _values(identity: Identity, *, organisation: int) -> tuple[list[bytes], list[bytes]]:
    """Under every master key; of names those that say something of who somebody is."""
    index = BlindIndex(organisation)
    parts = [part for part in index.names(names_of(identity)) if not part.is_particle]
    names = [value for part in parts for value in part.values]
    born = list(index.birthday(identity.born_on).values) if identity.born_on else []
    return names, born
