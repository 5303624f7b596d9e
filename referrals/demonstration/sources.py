"""What the register of the demonstration knows beside its cast: lists that disagree, a designation
that waits for a second person, ways of contact, a mistake that somebody reported. All invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions import (
    Decided,
    Route,
    add_route,
    load_register,
    propose_designation,
    report_mistake,
)
from organisations.models import ContactRoute, ErrorReport, Membership, Organisation
from organisations.published_register import (
    FactSaid,
    ListSaid,
    OrganisationSaid,
    PublishedRegister,
)

ONE, OTHER = "https://lists.example/designated", "https://lists.example/of-the-police"
LISTS = (
    ListSaid(code="one", name="A published list (invented)", source=ONE, dated="March 2026"),
    ListSaid(code="other", name="Another list (invented)", source=OTHER, dated="date not known"),
)
BOTH = {"one": "named", "other": "named"}
SAID = (
    OrganisationSaid(name="Riverside Support (fictitious)", kind="charity", lists=BOTH),
    OrganisationSaid(name="Northgate Trust (fictitious)", kind="charity", lists=BOTH),
    OrganisationSaid(
        name="Harbour House (fictitious)",
        kind="charity",
        lists=BOTH,
        facts=(FactSaid(field="genders", value=["women", "men"], source=ONE, dated="March 2026"),),
    ),
    OrganisationSaid(
        name="Beacon Yard (fictitious)",
        kind="charity",
        aliases=({"name": "Beacon Project (fictitious)", "used_in": "another list"},),
        lists={"one": "named", "other": "not_named"},
        facts=(FactSaid(field="nations", value=["wales"], source=ONE, dated="March 2026"),),
    ),
    OrganisationSaid(name="Orchard Advice (fictitious)", kind="charity", lists=BOTH),
)
CHECKED_LONG_AGO = timedelta(days=130)
SCOPE: Mapping[str, Mapping[str, object]] = {
    "riverside": {
        "age_groups": ["adult", "child"],
        "genders": ["women", "men", "other"],
        "exploitation": ["labour", "sexual", "criminal", "servitude"],
        "languages": "English, Tigrinya, Vietnamese",
        "access": "Step-free; by video where somebody cannot come",
        "self_referral": "yes",
    },
    "northgate": {"age_groups": ["adult"], "exploitation": ["labour"]},
    "harbour": {"genders": ["women"], "self_referral": "no"},
    "lantern": {"client_group": "Domestic workers", "exploitation": ["servitude"]},
}


def say_of_register(
    register: Mapping[str, Organisation], administrator: Membership, *, now: datetime
) -> None:
    load_register(published=PublishedRegister(LISTS, SAID), now=now)
    with purpose("nrm_register"):
        for slug, facts in SCOPE.items():
            Organisation.objects.filter(pk=register[slug].pk).update(kind="charity", **facts)
    _routes(register["riverside"], administrator, now=now)
    orchard = Organisation.objects.get(name="Orchard Advice (fictitious)")
    propose_designation(
        organisation=orchard,
        decided=Decided(
            effective_from=london_date(now) - timedelta(days=12),
            known_from=london_date(now) - timedelta(days=3),
            told_by="home_office",
            reason="Decision on its application",
            source="Invented for the demonstration",
        ),
        version=None,
        by=administrator,
        now=now - timedelta(days=2),
    )
    report_mistake(
        organisation=register["northgate"],
        about=ErrorReport.About.CONTACT,
        words="The number for referrals is answered by somebody else. (Invented)",
        now=now - timedelta(days=1),
    )


def _routes(riverside: Organisation, administrator: Membership, *, now: datetime) -> None:
    ways = (
        Route(kind="telephone", value="01632 960110", note="Referrals", source="its own page"),
        Route(kind="web", value="https://riverside.example/referrals", source="its own page"),
    )
    made = [add_route(organisation=riverside, route=way, by=administrator, now=now) for way in ways]
    with purpose("nrm_register"):
        ContactRoute.objects.filter(pk=made[-1].pk).update(
            last_checked_on=london_date(now) - CHECKED_LONG_AGO
        )
