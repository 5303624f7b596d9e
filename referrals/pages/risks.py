"""The risks that stand, in lines: since when, who said so, when it was last confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.hours import is_open
from organisations.models import Nation, Organisation
from referrals.catalogue import URGENT_RISKS, Risk
from referrals.risks import Standing

SALVATION_ARMY_IN = (Nation.ENGLAND, Nation.WALES)


@dataclass(frozen=True, slots=True)
class RiskRow:
    label: str
    urgent: bool
    since: datetime
    set_by: str
    confirmed_at: datetime
    old: bool


@dataclass(frozen=True, slots=True)
class Danger:
    """Whom to call now. `here`: who of one's own organisation, and whether the office is open."""

    here: str
    salvation_army: bool


def rows(present: Mapping[Risk, Standing], *, now: datetime) -> list[RiskRow]:
    return [
        RiskRow(
            label=risk.label,
            urgent=risk in URGENT_RISKS,
            since=standing.set_by.happened_at,
            set_by=standing.set_by.by.name if standing.set_by.by else "",
            confirmed_at=standing.confirmed_at,
            old=standing.is_old(now),
        )
        for risk, standing in present.items()
    ]


def in_words(present: Mapping[Risk, Standing], *, now: datetime) -> str:
    said = [
        f"{risk.label} (not confirmed for 28 days)" if standing.is_old(now) else risk.label
        for risk, standing in present.items()
    ]
    return "; ".join(said) or "No risk recorded"


def confirmed_in_words(present: Mapping[Risk, Standing], *, now: datetime) -> dict[Risk, str]:
    """Beside each question of a screening: what stands."""
    today = london_date(now)
    return {
        risk: "Recorded. Last confirmed on "
        f"{day_in_words(london_date(standing.confirmed_at), today=today)}."
        for risk, standing in present.items()
    }


def danger(organisation: Organisation, *, nation: str = "", now: datetime) -> Danger:
    on_call = organisation.on_call or "nobody is named"
    office = "open" if is_open(organisation, now) else "closed"
    return Danger(
        here=f"On call here: {on_call}; the office is {office} now",
        salvation_army=not nation or nation in SALVATION_ARMY_IN,
    )
