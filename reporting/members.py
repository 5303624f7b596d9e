"""Who works here, who of them acts as a First Responder, and whose training is due."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from organisations.pages.training import in_words
from organisations.roles import Role
from organisations.trained import MayAct, who_may_act, with_trainings
from referrals.register_limits import Standing, trainings


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`late` says that training is due; `training` since when they are trained, or not at all."""

    id: int
    name: str
    role: str
    first_responder: str
    training: str
    may_act: str
    late: bool


def members_of(membership: Membership, *, now: datetime) -> list[MemberRow]:
    """The active members of one's organisation, those whose training is due first."""
    rows = list(with_trainings(Membership.objects.visible_to(membership).active()))
    standing, may = trainings(rows, now=now), who_may_act(rows, on=london_date(now))
    found = [_row(row, standing.get(row.pk), may[row.pk], now=now) for row in rows]
    return sorted(found, key=lambda row: (not row.late, row.name.casefold()))


def _row(row: Membership, standing: Standing | None, may: MayAct, *, now: datetime) -> MemberRow:
    today, since = london_date(now), row.first_responder_since
    return MemberRow(
        id=row.pk,
        name=row.user.name,
        role=str(Role(row.role).label),
        first_responder=f"Since {day_in_words(since, today=today)}" if since else "No",
        training=_trained(standing, now=now),
        may_act=in_words(may, today=today) if since else "",
        late=bool(standing and standing.severity),
    )


def _trained(standing: Standing | None, *, now: datetime) -> str:
    if standing is None:
        return ""
    if standing.since is None:
        return "No training is recorded: it is due now"
    said = f"Last trained on {day_in_words(standing.since, today=london_date(now))}"
    if standing.due_on is None:
        return said
    return f"{said}; due again since {day_in_words(standing.due_on, today=london_date(now))}"
