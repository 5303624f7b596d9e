"""How many may act as First Responders, by organisation and by nation: numbers, and nobody's name.
Asked as nrm_register."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.models import Membership, Nation, Organisation, TrainingModule
from organisations.pages.training import lapses_soon
from organisations.trained import MayAct, may_act, with_trainings


@dataclass(frozen=True, slots=True)
class Count:
    """Of an organisation that is designated and has members here."""

    organisation: Organisation
    marked: int
    able: int
    lapsing: int


@dataclass(frozen=True, slots=True)
class NationCount:
    """Of a nation: how many organisations that work there have somebody who may act today."""

    nation: str
    organisations: int
    without: int
    able: int
    lapsing: int


def counts(*, now: datetime) -> list[Count]:
    """Those where nobody may act come first."""
    today = london_date(now)
    with purpose("nrm_register"):
        designated = Organisation.objects.standing_as("active", on=today).in_bulk()
        members = with_trainings(Membership.objects.filter(organisation__in=designated).active())
        by_organisation: dict[int, list[MayAct]] = defaultdict(list)
        required = _required()
        for each in members:
            asked = [*required[None], *required[each.organisation_id]]
            marked = by_organisation[each.organisation_id]
            if each.first_responder_since:
                marked.append(may_act(each, required=asked, on=today))
    found = [_count(designated[pk], marked, today=today) for pk, marked in by_organisation.items()]
    return sorted(found, key=lambda each: (each.able, each.organisation.name.casefold()))


def _required() -> dict[int | None, list[TrainingModule]]:
    found: dict[int | None, list[TrainingModule]] = defaultdict(list)
    for module in TrainingModule.objects.filter(required=True).offered().in_order():
        found[module.organisation_id].append(module)
    return found


def _count(organisation: Organisation, marked: list[MayAct], *, today: date) -> Count:
    return Count(
        organisation=organisation,
        marked=len(marked),
        able=sum(map(bool, marked)),
        lapsing=sum(lapses_soon(each, today=today) for each in marked),
    )


def by_nation(rows: list[Count]) -> list[NationCount]:
    """An organisation that works in several nations counts in each."""
    found = []
    for nation in Nation:
        there = [each for each in rows if nation in each.organisation.nations]
        found.append(
            NationCount(
                nation=str(nation.label),
                organisations=len(there),
                without=sum(not each.able for each in there),
                able=sum(each.able for each in there),
                lapsing=sum(each.lapsing for each in there),
            )
        )
    return found
