"""The checklist of an applicant, and what it and whoever keeps the register wrote to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from nrm_tracker.ui.parts import Step
from organisations.actions.applying import side_of
from organisations.models import (
    ApplicationMessage,
    ChecklistEntry,
    Criterion,
    Membership,
    Organisation,
)
from organisations.roles import Permission

State = ChecklistEntry.State
TONES = {State.NOT_BEGUN: "grey", State.IN_HAND: "light-blue"}


@dataclass(frozen=True, slots=True)
class Checklist:
    """`gone`: what was written on lines that were taken off since."""

    steps: list[Step]
    done: int
    gone: list[Step]


@dataclass(frozen=True, slots=True)
class Message:
    """`unread`: by the side that it was sent to."""

    text: str
    by: str
    side: str
    at: datetime
    mine: bool
    unread: bool


@dataclass(frozen=True, slots=True)
class Messages:
    """Newest first. `unread`: how many this side has not read."""

    rows: list[Message]
    unread: int


def newest_entry(criterion: Criterion, membership: Membership) -> ChecklistEntry | None:
    rows = ChecklistEntry.objects.visible_to(membership).filter(
        organisation=membership.organisation_id, criterion=criterion
    )
    return rows.order_by("number").last()


def checklist(organisation: Organisation, membership: Membership) -> Checklist:
    """With a link to each line for who may write it."""
    rows = ChecklistEntry.objects.visible_to(membership).filter(organisation=organisation)
    written = {row.criterion_id: row for row in rows.newest()}
    lines = list(Criterion.objects.order_by("position", "id"))
    writes = membership.can(Permission.KEEP_APPLICATION)
    standing = [line for line in lines if line.retired_at is None]
    return Checklist(
        steps=[_step(line, written, writes=writes) for line in standing],
        done=sum(line.pk in written and written[line.pk].state == State.DONE for line in standing),
        gone=[
            _step(line, written, writes=False)
            for line in lines
            if line.retired_at is not None and line.pk in written
        ],
    )


def _step(line: Criterion, written: Mapping[int, ChecklistEntry], *, writes: bool) -> Step:
    row = written.get(line.pk)
    state = State(row.state) if row else State.NOT_BEGUN
    evidence = f"Evidence: {row.evidence}" if row and row.evidence else ""
    return Step(
        title=line.title,
        url=reverse("own_checklist_line", args=[line.pk]) if writes else "",
        status=str(state.label),
        tone=TONES.get(state, ""),
        hint=" · ".join(filter(None, [row.words if row else line.words, evidence])),
    )


def messages_of(organisation: Organisation, membership: Membership) -> Messages:
    rows = list(
        ApplicationMessage.objects.visible_to(membership)
        .filter(organisation=organisation)
        .order_by("-id")
    )
    names = dict(
        User.objects.filter(id__in={row.sent_by_id for row in rows}).values_list("id", "name")
    )
    here = side_of(membership)
    return Messages(
        rows=[
            Message(
                text=row.text,
                by=names[row.sent_by_id],
                side=row.get_side_display(),
                at=row.sent_at,
                mine=row.side == here,
                unread=row.read_at is None,
            )
            for row in rows
        ],
        unread=sum(row.read_at is None and row.side != here for row in rows),
    )


def unread_by(membership: Membership) -> int:
    """How many messages nobody of this side has read: of one's own organisation, or, for whoever
    keeps the register, of all applicants."""
    rows = ApplicationMessage.objects.visible_to(membership)
    return rows.unread_by(side_of(membership)).count()
