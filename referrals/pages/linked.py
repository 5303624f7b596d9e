"""Who belongs to whom, as far as the reader may see both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from organisations.models import Membership
from referrals.catalogue import AgeGroup
from referrals.links import Danger, Kind, danger_of, other_end, relation_of
from referrals.models import Link, Referral, WaitEvent
from referrals.models.link import LinkQuerySet


@dataclass(frozen=True, slots=True)
class Linked:
    """The one at the other end. `danger` is one of `links.DANGERS`, "" where it was not asked."""

    id: int
    referral: Referral
    relation: str
    danger: str
    at: datetime
    by: str
    ended_at: datetime | None
    ended_by: str
    is_person: bool  # not the same person again
    replaced: bool = False  # it ended, and another one stands between the two

    @property
    def in_danger(self) -> bool:
        return self.danger not in {"", Danger.NO}

    @property
    def age(self) -> str:
        return str(AgeGroup(self.referral.age_group).label)

    @property
    def asks_for_danger(self) -> bool:
        return self.is_person and not self.danger


@dataclass(frozen=True, slots=True)
class LinkedPage:
    people: list[Linked]
    apart: list[Linked]  # looked alike, and are somebody else
    former: list[Linked]


def linked_people(referral: Referral, *, membership: Membership) -> list[Linked]:
    """Those who belong to somebody now, the dangerous first."""
    rows = _links(referral, membership=membership).standing().exclude(kind=Kind.NOT_SAME)
    return _rows(rows, referral)


def linked_page(referral: Referral, *, membership: Membership) -> LinkedPage:
    links = list(_links(referral, membership=membership))
    standing = [each for each in links if each.ended_at is None]
    return LinkedPage(
        people=_rows((each for each in standing if each.kind != Kind.NOT_SAME), referral),
        apart=_rows((each for each in standing if each.kind == Kind.NOT_SAME), referral),
        former=_former((each for each in links if each.ended_at), standing, referral),
    )


def _former(ended: Iterable[Link], standing: Iterable[Link], referral: Referral) -> list[Linked]:
    """The last ended first. What another link took the place of cannot be put back beside it."""
    now = {other_end(each, seen_from=referral).pk for each in standing}
    rows = [_row(each, referral) for each in ended]
    return [replace(row, replaced=row.referral.pk in now) for row in rows]


def may_share(people: Iterable[Linked]) -> list[Linked]:
    """Other people for whom what happens may be recorded at once; not who is the same person."""
    return [each for each in people if each.is_person and not each.referral.closed_at]


def _links(referral: Referral, *, membership: Membership) -> LinkQuerySet:
    rows = Link.objects.visible_to(membership).of(referral)
    return rows.select_related("referral", "other", "by", "ended_by").order_by("-id")


def _rows(links: Iterable[Link], referral: Referral) -> list[Linked]:
    return sorted((_row(each, referral) for each in links), key=lambda each: not each.in_danger)


def _row(link: Link, referral: Referral) -> Linked:
    return Linked(
        id=link.pk,
        referral=other_end(link, seen_from=referral),
        relation=relation_of(link, seen_from=referral).words,
        danger=danger_of(link, seen_from=referral),
        at=link.linked_at,
        by=link.by.name if link.by else "",
        ended_at=link.ended_at,
        ended_by=link.ended_by.name if link.ended_by else "",
        is_person=link.kind not in {Kind.SAME, Kind.NOT_SAME},
    )


def recorded_alike(event: WaitEvent, *, membership: Membership) -> list[WaitEvent]:
    """Entries that were recorded with it for others whom the reader may see, and that stand."""
    if event.alike is None:
        return []
    others = Referral.objects.visible_to(membership).exclude(pk=event.referral_id)
    entries = WaitEvent.objects.visible_to(membership).standing().filter(alike=event.alike)
    return list(entries.filter(referral__in=others).select_related("referral").order_by("id"))
