"""What two linked people are to each other, said from either side."""

from collections.abc import Mapping
from dataclasses import dataclass

from referrals.models import Link, Referral

Kind, Danger = Link.Kind, Link.Danger
THIS, OTHER = "this", "other"


@dataclass(frozen=True, slots=True)
class Relation:
    """What the other one is to this person. `turned`: the other one stands first in the link."""

    words: str
    kind: str
    turned: bool = False


RELATIONS: Mapping[str, Relation] = {
    "child": Relation("Their child", Kind.CHILD, turned=True),
    "parent": Relation("Their parent", Kind.CHILD),
    "sibling": Relation("Brother or sister", Kind.SIBLING),
    "partner": Relation("Partner", Kind.PARTNER),
    "family": Relation("Other family", Kind.FAMILY),
    "together": Relation("Somebody they came with", Kind.TOGETHER),
    "same": Relation("The same person, who asked for help again", Kind.SAME),
}
NOT_SAME = Relation("Looked alike, is somebody else", Kind.NOT_SAME)
# Who may be a danger to whom, from this side; "" is not asked.
DANGERS: Mapping[str, str] = {
    "no": "No",
    OTHER: "Yes: the other one, to this person",
    THIS: "Yes: this person, to the other one",
    "unclear": "Yes, and it is not clear which",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says of two people, as a link keeps it."""

    referral: Referral
    other: Referral
    kind: str
    danger: str = ""


def said(this: Referral, other: Referral, *, relation: Relation, danger: str = "") -> Said:
    """From this person's side."""
    first, second = (other, this) if relation.turned else (this, other)
    ends = {THIS: this, OTHER: other}
    if danger in ends:
        danger = Danger.REFERRAL if ends[danger] is first else Danger.OTHER
    return Said(referral=first, other=second, kind=relation.kind, danger=danger)


def relation_of(link: Link, *, seen_from: Referral) -> Relation:
    """What the one at the other end is to the one it is seen from."""
    if link.kind == Kind.NOT_SAME:
        return NOT_SAME
    turned = link.kind == Kind.CHILD and link.other_id == seen_from.pk
    found = (r for r in RELATIONS.values() if r.kind == link.kind and r.turned == turned)
    return next(found)


def danger_of(link: Link, *, seen_from: Referral) -> str:
    """One of DANGERS; "" where it was not asked."""
    if link.danger not in {Danger.REFERRAL, Danger.OTHER}:
        return link.danger
    from_first = link.danger == Danger.REFERRAL
    return THIS if from_first == (link.referral_id == seen_from.pk) else OTHER


def other_end(link: Link, *, seen_from: Referral) -> Referral:
    return link.other if link.referral_id == seen_from.pk else link.referral
