"""What the engine reads, for many referrals at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from nrm_tracker.lookups import Among
from organisations.models import Designation, Organisation
from referrals.catalogue import EventCode
from referrals.delays import Event, Known, Responsible, Timeline
from referrals.models import Custody, Referral, WaitEvent

EventFacts = tuple[str, datetime, int | None, str, str, date | None, str, int | None]
FACTS = (
    *("code", "happened_at", "organisation_id", "outcome", "consent_type", "dated_on", "risk"),
    "every_days",
)
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One referral as the engine sees it: nothing of who the person is."""

    id: int
    reference: str
    own_reference: str
    holder: int
    next_deadline: datetime | None  # as it is stored
    timeline: Timeline


def cases(referrals: Iterable[int], *, known_at: datetime | None = None) -> list[Case]:
    """The timelines of these referrals (ids), their events in order, in the order of their ids:
    five queries.

    With `known_at` their events are those that were recorded by then, as they stood then.
    """
    ids = list(referrals)
    events, responsible = _events(ids, known_at), _responsible(ids)
    rows = (
        Referral.objects.filter(Among("id", ids))
        .order_by("id")
        .values_list(
            "id",
            "reference",
            "own_reference",
            "holder",
            "next_deadline_at",
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
            next_deadline=deadline,
            timeline=Timeline(
                age_group=age_group,
                nation=nation,
                turns_18_on=turns_18_on,
                events=tuple(events[pk]),
                responsible=tuple(responsible[pk]),
            ),
        )
        for pk, reference, own_reference, holder, deadline, age_group, nation, turns_18_on in rows
    ]


def case_of(referral: Referral) -> Case:
    return cases([referral.pk])[0]


def standing_events(referral: Referral) -> list[Event]:
    """The events of a referral that stand, as the rules read them."""
    return _events([referral.pk], None)[referral.pk]


def known_of(referral: Referral) -> list[Known]:
    """Every version of every event of a referral, and from when to when it was what we knew."""
    rows = (
        WaitEvent.objects.filter(referral=referral)
        .exclude(code=EventCode.RECORDED_IN_ERROR)
        .order_by("happened_at", "id")
        .values_list("recorded_at", "superseded_by__recorded_at", "root_id", "id", *FACTS)
    )
    return [
        Known(pk, Event(root or pk, *cast("EventFacts", facts)), recorded_at, until)
        for recorded_at, until, root, pk, *facts in rows
    ]


def _events(ids: list[int], known_at: datetime | None) -> dict[int, list[Event]]:
    """What stands: see `WaitEventQuerySet.standing` and `standing_at`.

    A correction is of the same referral, so it comes along with what it supersedes. Looked for in
    the table, by all events at once, it costs more the larger the table is.
    """
    rows = WaitEvent.objects.filter(Among("referral_id", ids))
    if known_at:
        rows = rows.filter(recorded_at__lte=known_at)
    read = list(
        rows.order_by("referral_id", "happened_at", "id").values_list(
            "supersedes_id", "referral_id", "root_id", "id", *FACTS
        )
    )
    superseded = {row[0] for row in read}
    found: dict[int, list[Event]] = defaultdict(list)
    for row in read:
        event, root = Event._make(row[3:]), row[2]
        if event.id not in superseded and event.code != EventCode.RECORDED_IN_ERROR:
            found[row[1]].append(event if root is None else event._replace(id=root))
    return found


def _responsible(ids: list[int]) -> dict[int, list[Responsible]]:
    rows = list(
        Custody.objects.filter(Among("referral_id", ids))
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
                organisation=organisation,
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
