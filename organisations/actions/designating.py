"""What the Home Office decided of an organisation, recorded.

A suspension or a withdrawal counts as soon as it is recorded. A designation opens a door, so a
second person confirms it; where fewer than four may, one alone lets it stand after a day in which
everybody sees it coming.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from nrm_tracker.database import context, purpose
from organisations.actions.applying import decide_by_designation
from organisations.actions.keeping import locked, note, owe_reassessment
from organisations.errors import (
    AlreadySettled,
    NoSuchStep,
    RecordedByOthers,
    RecordedByYou,
    TwoNeeded,
    WaitsAlready,
)
from organisations.models import STEPS, Designation, Membership, Organisation, Proposal
from organisations.roles import Permission
from organisations.second_person import ALONE_AFTER, ENOUGH, how_many_may

Status, State = Designation.Status, Proposal.State
Cause, ToldBy = Designation.Cause, Designation.ToldBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided, from which London date on, since when we know, why, and how we know."""

    effective_from: date
    known_from: date
    source: str
    cause: str = Cause.DECIDED
    told_by: str = ToldBy.OTHER
    reason: str = ""
    scope: str = ""


def record_designation(
    *,
    organisation: Organisation,
    status: str,
    decided: Decided,
    version: int,
    by: Membership,
    now: datetime,
) -> Designation:
    """Record a suspension or a withdrawal.

    Ends what was in force on that date; a later row that the register already has stays and ends
    this one. Raises NoSuchStep, ChangedMeanwhile.
    """
    if status == Status.ACTIVE:
        raise TwoNeeded("A designation counts once a second person has confirmed it.")
    with locked(organisation, version, by=by, now=now) as row:
        row.save()
        return _write(row, status, decided, by=by.user_id, now=now)


def propose_designation(
    *,
    organisation: Organisation,
    decided: Decided,
    version: int | None,
    by: Membership,
    now: datetime,
    bulk: UUID | None = None,
) -> Proposal:
    """Record a designation, which a second person has to confirm. `bulk` is common to those that
    came with one list. Raises NoSuchStep, WaitsAlready, ChangedMeanwhile."""
    with locked(organisation, version, by=by, now=now) as row:
        if row.is_group:
            raise NoSuchStep(f"“{row}” stands for many. Record each of them by its name.")
        if Proposal.objects.undecided().filter(organisation=row).exists():
            raise WaitsAlready("A designation of it waits to be confirmed. Look at that one.")
        _check_follows(row, Status.ACTIVE, decided.effective_from)
        row.save()
        return Proposal.objects.create(
            organisation=row,
            desk_id=by.organisation_id,
            bulk=bulk,
            proposed_by_id=by.user_id,
            proposed_at=now,
            **asdict(decided),
        )


def confirm_designation(*, proposal: Proposal, by: Membership, now: datetime) -> Designation:
    """The second person looked at the evidence: the organisation is designated."""
    with _undecided(proposal) as row:
        if row.proposed_by_id == by.user_id:
            raise RecordedByYou("You recorded this. Ask a colleague to confirm it.")
        return _confirm(row, by=by, now=now)


def announce_designation(*, proposal: Proposal, by: Membership, now: datetime) -> None:
    """Who recorded it, in an organisation of few, lets it stand a day from now."""
    with _undecided(proposal) as row:
        if row.proposed_by_id != by.user_id:
            raise RecordedByOthers("You did not record this: you may confirm it now.")
        if row.state == State.ANNOUNCED:
            return
        if _enough_may(row):
            raise TwoNeeded("Enough of you may confirm this. Ask a colleague to do so.")
        row.state, row.due_at = State.ANNOUNCED, now + ALONE_AFTER
        row.save()
        note(row.organisation, by=by, now=now, reason="designation_announced")


def withdraw_designation(*, proposal: Proposal, by: Membership, now: datetime) -> None:
    """Nothing comes of it. Whoever may record may do so, until it is confirmed."""
    with _undecided(proposal) as row:
        row.state, row.settled_by_id, row.settled_at = State.WITHDRAWN, by.user_id, now
        row.save()
        note(row.organisation, by=by, now=now, reason="designation_not_confirmed")


def answer_bulk(*, bulk: UUID, answer: "Answer", by: Membership, now: datetime) -> int:
    """Confirm, announce or withdraw all that came with one list and still wait; how many. All of
    them or none."""
    with purpose("nrm_register"):
        waiting = list(Proposal.objects.undecided().filter(bulk=bulk).order_by("id"))
        for proposal in waiting:
            ANSWERS[answer](proposal=proposal, by=by, now=now)
    return len(waiting)


def settle_announced_designations(*, now: datetime) -> int:
    """Let stand what was announced a day ago; how many. Where who recorded it may not any more, or
    a second person could be asked by now, it waits for one."""
    with purpose("nrm_register"):
        due = list(Proposal.objects.filter(state=State.ANNOUNCED, due_at__lte=now))
    settled = 0
    for proposal in due:
        with context(user=proposal.proposed_by_id, organisation=proposal.desk_id):
            settled += _settle(proposal, now=now)
    return settled


Answer = Literal["confirm", "announce", "withdraw"]
ANSWERS: dict[Answer, Callable[..., object]] = {
    "confirm": confirm_designation,
    "announce": announce_designation,
    "withdraw": withdraw_designation,
}


def _settle(proposal: Proposal, *, now: datetime) -> bool:
    try:
        with _undecided(proposal) as row:
            members = Membership.objects.who_may(Permission.MANAGE_REGISTER)
            by = members.filter(user=row.proposed_by_id, organisation=row.desk_id).first()
            if by and not _enough_may(row) and _follows(row):
                _confirm(row, by=by, now=now)
                return True
            row.state, row.due_at = State.OPEN, None
            row.save()
    except AlreadySettled:
        pass
    return False


def _follows(row: Proposal) -> bool:
    """Whether it still follows what the register has by now."""
    try:
        _check_follows(row.organisation, Status.ACTIVE, row.effective_from)
    except NoSuchStep:
        return False
    return True


def _enough_may(row: Proposal) -> bool:
    return how_many_may(Permission.MANAGE_REGISTER, organisation=row.desk_id) >= ENOUGH


def _confirm(row: Proposal, *, by: Membership, now: datetime) -> Designation:
    decided = Decided(**{name: getattr(row, name) for name in Decided.__dataclass_fields__})
    with locked(row.organisation, None, by=by, now=now) as organisation:
        organisation.save()
        made = _write(organisation, Status.ACTIVE, decided, by=row.proposed_by_id, now=now)
        decide_by_designation(
            organisation=organisation,
            on=decided.effective_from,
            known_on=decided.known_from,
            source=decided.source,
            by=row.proposed_by_id,
            now=now,
        )
    row.made, row.state = made, State.CONFIRMED
    row.settled_by_id, row.settled_at = by.user_id, now
    row.save()
    return made


@contextmanager
def _undecided(proposal: Proposal) -> Iterator[Proposal]:
    """As it is, while nothing is decided, with the rights of the register."""
    with purpose("nrm_register"):
        rows = Proposal.objects.undecided().select_related("organisation")
        row = rows.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
        if row is None:
            raise AlreadySettled("This was confirmed or withdrawn already.")
        yield row


def _write(
    row: Organisation, status: str, decided: Decided, *, by: int, now: datetime
) -> Designation:
    designation = Designation.objects.create(
        organisation=row,
        status=status,
        effective_until=_make_room(row, status, decided.effective_from),
        recorded_by_id=by,
        recorded_at=now,
        **asdict(decided),
    )
    owe_reassessment(row, f"{row}: {designation}", now=now)
    return designation


def _make_room(organisation: Organisation, status: str, since: date) -> date | None:
    """End what is in force on that date; the first date on which something else follows."""
    before = _check_follows(organisation, status, since)
    later = Designation.objects.filter(organisation=organisation, effective_from__gt=since)
    follows = later.order_by("effective_from").first()
    if before:
        before.effective_until = since
        before.save()
    return follows.effective_from if follows else None


def _check_follows(organisation: Organisation, status: str, since: date) -> Designation | None:
    """What is in force on that date, where the step can follow it."""
    before = Designation.objects.filter(organisation=organisation).in_force(since).first()
    if (before.status if before else None) not in STEPS[status]:
        standing = f"{before.get_status_display().lower()}" if before else "not designated"
        raise NoSuchStep(
            f"On {since:%-d %B %Y} the register has {organisation} as {standing}, so this cannot "
            "follow. Check the date, or record the missing step first."
        )
    if before and before.effective_from == since:
        raise NoSuchStep("The register already has an entry from that very day. Check the date.")
    return before
