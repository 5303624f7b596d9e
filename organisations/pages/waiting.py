"""What waits for whoever keeps the register, as far as the register itself knows. Asked as
nrm_register."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from organisations.models import ContactRoute, ErrorReport, Membership, Organisation, Proposal
from organisations.pages.sources import FactRow, facts_that_differ, routes_to_check
from organisations.roles import Permission
from organisations.second_person import ENOUGH, how_many_may


@dataclass(frozen=True, slots=True)
class Evidence:
    """A designation that waits to be confirmed, and what this person may do about it."""

    proposal: Proposal
    organisation: Organisation
    by: str
    mine: bool
    may_announce: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Those that came with one list."""

    bulk: UUID
    number: int
    source: str


@dataclass(frozen=True, slots=True)
class Waits:
    """`listed`: how many stand on published lists and have nothing recorded here."""

    evidence: list[Evidence]
    lists: list[ToConfirm]
    disputed: list[Organisation]
    differ: list[FactRow]
    routes: list[ContactRoute]
    reports: list[ErrorReport]
    listed: int


def waits(membership: Membership, *, today: date) -> Waits:
    responders = Organisation.objects.responders()
    evidence = evidence_for(membership)
    alone = [each for each in evidence if each.proposal.bulk is None]
    together = [each.proposal for each in evidence if each.proposal.bulk]
    return Waits(
        evidence=alone,
        lists=_lists(together),
        disputed=list(responders.standing_as("disputed", on=today).order_by("name")),
        differ=facts_that_differ(),
        routes=routes_to_check(today=today),
        reports=list(
            ErrorReport.objects.filter(answered_at__isnull=True)
            .select_related("organisation")
            .order_by("reported_at", "id")
        ),
        listed=responders.standing_as("listed", on=today).filter(is_group=False).count(),
    )


def evidence_for(
    membership: Membership,
    *,
    organisation: Organisation | None = None,
    bulk: UUID | None = None,
) -> list[Evidence]:
    """Those that wait, of one organisation or one list where it is given."""
    rows = Proposal.objects.undecided().select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    if bulk is not None:
        rows = rows.filter(bulk=bulk)
    waiting = list(rows.order_by("proposed_at", "id"))
    names = dict(
        User.objects.filter(id__in={row.proposed_by_id for row in waiting}).values_list(
            "id", "name"
        )
    )
    few = bool(waiting) and _few(membership)
    return [
        Evidence(
            proposal=row,
            organisation=row.organisation,
            by=names[row.proposed_by_id],
            mine=row.proposed_by_id == membership.user_id,
            may_announce=few
            and row.proposed_by_id == membership.user_id
            and row.state == Proposal.State.OPEN,
            due_at=row.due_at,
        )
        for row in waiting
    ]


def announced_for(organisation: Organisation) -> Proposal | None:
    """The designation that is to stand soon without a second person: everybody may see it."""
    return Proposal.objects.filter(
        organisation=organisation, state=Proposal.State.ANNOUNCED
    ).first()


def _few(membership: Membership) -> bool:
    number = how_many_may(Permission.MANAGE_REGISTER, organisation=membership.organisation_id)
    return number < ENOUGH


def _lists(proposals: list[Proposal]) -> list[ToConfirm]:
    found: dict[UUID, list[Proposal]] = {}
    for row in proposals:
        if row.bulk:
            found.setdefault(row.bulk, []).append(row)
    return [ToConfirm(bulk, len(rows), rows[0].source) for bulk, rows in found.items()]
