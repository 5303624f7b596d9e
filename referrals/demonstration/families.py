"""Who belongs to whom at the large organisation: a mother and her three, and a couple apart."""

from datetime import datetime, timedelta

from nrm_tracker.database import context
from organisations.models import Membership
from referrals.actions import Happening, Same, link_referrals, record_for_several, write_page
from referrals.catalogue import EventCode
from referrals.links import RELATIONS, said
from referrals.models import Referral, WrittenPage

MOTHER, CHILDREN = "Fieldfare", ("Redshank", "Greenshank", "Sandpiper")
COUPLE = ("Dunlin", "Siskin")  # the second may be a danger to the first
LINKS = (  # who, what the other one is to them, who that is, who may be a danger to whom
    *((MOTHER, "child", child, "no") for child in CHILDREN),
    ("Redshank", "sibling", "Greenshank", "no"),
    ("Redshank", "sibling", "Sandpiper", "no"),
    ("Greenshank", "sibling", "Sandpiper", "no"),
    (COUPLE[0], "partner", COUPLE[1], "other"),
)
HER_CHILDREN = {
    "children": "yes",
    "children_12_to_15": "2",
    "children_16_or_17": "1",
    "children_here": "all",
    "children_victim": "yes",
    "children_victim_words": "All three: each has a referral of their own.",
    "care": "no",
}


def join_families(caseworker: Membership, *, now: datetime) -> None:
    words = (MOTHER, *CHILDREN, *COUPLE)
    rows = Referral.objects.visible_to(caseworker).filter(pseudonym__in=words)
    people = {row.pseudonym: row for row in rows}
    yesterday = now - timedelta(days=1)
    with context(user=caseworker.user_id, organisation=caseworker.organisation_id):
        for one, relation, other, danger in LINKS:
            kin = said(people[one], people[other], relation=RELATIONS[relation], danger=danger)
            link_referrals(said=kin, by=caseworker, now=yesterday)
        write_page(
            referral=people[MOTHER],
            page=WrittenPage.Page.CHILDREN,
            answers=HER_CHILDREN,
            state=WrittenPage.State.NOTHING_MORE,
            by=caseworker,
            now=yesterday,
        )
        together = Happening(code=EventCode.CONTACT_MADE, happened_at=yesterday)
        first, *others = (people[child] for child in CHILDREN)
        record_for_several(
            referral=first,
            happenings=[together],
            others=[Same(referral=other) for other in others],
            by=caseworker,
            now=yesterday,
        )
