"""What First Responders must have completed, who has, and what happens where somebody has not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.errors import ModuleThere, NotAMember, NotTheirs
from organisations.models import Membership, ResponderPolicy, Training, TrainingModule
from organisations.roles import Permission
from organisations.trained import policy_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What is said of a module. `checked_on`: when its source was last looked at."""

    name: str
    publisher: str = ""
    source: str = ""
    checked_on: date | None = None
    good_for_days: int
    required: bool


def record_training(
    *,
    member: Membership,
    first_responder_since: date | None,
    trained_on: date | None,
    module: TrainingModule | None,
    certificate: str = "",
    by: Membership,
    now: datetime,
) -> None:
    """Whether a colleague may act as a First Responder here, since which London date, and what
    training they completed, if any is to be added. Raises NotAMember for another organisation's."""
    if member.organisation_id != by.organisation_id:
        raise NotAMember("Only who acts for your own organisation can be changed here.")
    with purpose("nrm_register"):
        Membership.objects.filter(pk=member.pk).update(first_responder_since=first_responder_since)
        if trained_on and module:
            _check_offered(module, by)
            Training.objects.get_or_create(
                membership_id=member.pk,
                module=module,
                trained_on=trained_on,
                course=module.name,
                withdrawn_at=None,
                defaults={
                    "certificate": certificate,
                    "recorded_by_id": by.user_id,
                    "recorded_at": now,
                },
            )
        log.record(Action.MEMBER_CHANGED, by=by, now=now, subject=f"membership {member.pk}")


def withdraw_training(
    *, training: Training, why: Training.Why, by: Membership, now: datetime
) -> None:
    """It was recorded by mistake; it stays, struck through. A second time changes nothing. Raises
    NotAMember for another organisation's."""
    if training.membership.organisation_id != by.organisation_id:
        raise NotAMember("Only who acts for your own organisation can be changed here.")
    with purpose("nrm_register"):
        changed = (
            Training.objects.filter(pk=training.pk)
            .standing()
            .update(withdrawn_at=now, withdrawn_by=by.user_id, withdrawn_why=why)
        )
        if changed:
            subject = f"training {training.pk} withdrawn"
            log.record(Action.MEMBER_CHANGED, by=by, now=now, subject=subject, reason=why)


def add_module(*, module: Module, by: Membership, now: datetime) -> TrainingModule:
    """For all, by who keeps the register; else for one's own organisation. Raises ModuleThere."""
    with _once(), purpose("nrm_register"):
        made = TrainingModule.objects.create(
            organisation_id=_owner(by), recorded_by_id=by.user_id, recorded_at=now, **asdict(module)
        )
        _note(made, by, now)
    return made


def change_module(*, row: TrainingModule, module: Module, by: Membership, now: datetime) -> None:
    """What is asked from now on, of earlier trainings too. Raises ModuleThere, NotTheirs."""
    _check_kept_by(row, by)
    with _once(), purpose("nrm_register"):
        TrainingModule.objects.filter(pk=row.pk).update(**asdict(module))
        _note(row, by, now)


def end_module(*, row: TrainingModule, by: Membership, now: datetime) -> None:
    """Nobody is asked for it any more. Who completed it stays recorded. Raises NotTheirs."""
    _check_kept_by(row, by)
    with purpose("nrm_register"):
        if TrainingModule.objects.filter(pk=row.pk).offered().update(ended_at=now):
            _note(row, by, now)


@transaction.atomic
def choose_responder_policy(
    *, policy: ResponderPolicy.Policy, by: Membership, now: datetime
) -> bool:
    """What happens where somebody untrained records First Responders' work. False where it is so
    already."""
    if policy_of(by.organisation_id) == policy:
        return False
    made = ResponderPolicy.objects.create(
        organisation_id=by.organisation_id, policy=policy, by_id=by.user_id, at=now
    )
    subject = f"responder policy {made.pk}"
    log.record(Action.TRAINING_CHANGED, by=by, now=now, subject=subject, reason=policy)
    return True


def _owner(by: Membership) -> int | None:
    return None if by.can(Permission.MANAGE_REGISTER) else by.organisation_id


def _check_kept_by(row: TrainingModule, by: Membership) -> None:
    if row.organisation_id != _owner(by):
        raise NotTheirs("This module is kept by somebody else.")


def _check_offered(module: TrainingModule, by: Membership) -> None:
    if module.organisation_id not in {None, by.organisation_id}:
        raise NotTheirs("This module is another organisation's.")


@contextmanager
def _once() -> Iterator[None]:
    """A transaction in which a second module of a name is refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as there:
        if "a_training_module_is_offered_once" not in str(there):
            raise
        raise ModuleThere("A module of this name is there already. Change that one.") from there


def _note(row: TrainingModule, by: Membership, now: datetime) -> None:
    log.record(Action.TRAINING_CHANGED, by=by, now=now, subject=f"module {row.pk}")
