"""What the engine reads, for many referrals at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from organisations.models import Designation, Organisation
from referrals.delays import Event, Responsible, Timeline
from referrals.models import Custody, Referral, WaitEvent

EventFacts = tuple[str, datetime, int | None, str, str, date | None, str]
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One referral as the engine sees it: nothing of who the person is."""

    id: int
    reference: str
    own_reference: str
    holder: int
    timeline: Timeline


def cases(referrals: Iterable[int]) -> list[Case]:
    """The timelines of these referrals (ids), in the order of their ids: five queries."""
    ids = list(referrals)
    events, responsible = _events(ids), _responsible(ids)
    rows = (
        Referral.objects.filter(id__in=ids)
        .order_by("id")
        .values_list(
            "id",
            "reference",
            "own_reference",
            "holder",
            "age_group_at_opening",
            "nation",
            "turns_18_on",
        )
    )
    return [
        Case(
            id=pk,
            reference=reference,
            own_reference=own_reference,
            holder=holder,
            timeline=Timeline(
                age_group=age_group,
                nation=nation,
                turns_18_on=turns_18_on,
                events=tuple(events[pk]),
                responsible=tuple(responsible[pk]),
            ),
        )
        for pk, reference, own_reference, holder, age_group, nation, turns_18_on in rows
    ]


def case_of(referral: Referral) -> Case:
    return cases([referral.pk])[0]


def _events(ids: list[int]) -> dict[int, list[Event]]:
    rows = (
        WaitEvent.objects.filter(referral__in=ids)
        .standing()
        .order_by("referral_id", "happened_at", "id")
        .values_list(
            "referral_id",
            "root_id",
            "id",
            "code",
            "happened_at",
            "organisation_id",
            "outcome",
            "consent_type",
            "dated_on",
            "risk",
        )
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for referral, root, pk, *facts in rows:
        found[referral].append(Event(root or pk, *cast("EventFacts", facts)))
    return found


def _responsible(ids: list[int]) -> dict[int, list[Responsible]]:
    rows = list(
        Custody.objects.filter(referral__in=ids)
        .order_by("referral_id", "since")
        .values_list("referral_id", "organisation_id", "since", "until")
    )
    organisations = {organisation for _, organisation, _, _ in rows}
    designated = _designated(organisations)
    duty = dict(
        Organisation.objects.filter(id__in=organisations).values_list("id", "duty_to_notify")
    )
    found: dict[int, list[Responsible]] = defaultdict(list)
    for referral, organisation, since, until in rows:
        found[referral].append(
            Responsible(
                since=since,
                until=until,
                designated=tuple(designated[organisation]),
                duty_to_notify=duty[organisation],
            )
        )
    return found


def _designated(organisations: set[int]) -> dict[int, list[Span]]:
    rows = (
        Designation.objects.filter(organisation__in=organisations, status=Designation.Status.ACTIVE)
        .order_by("effective_from")
        .values_list("organisation_id", "effective_from", "effective_until")
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for organisation, since, until in rows:
        found[organisation].append((since, until))
    return found
