"""What an applicant prepares: our checklist, and how far it is with each line of it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Max

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.actions.applying import lock
from organisations.errors import ChangedMeanwhile
from organisations.models import ChecklistEntry, Criterion, Membership, RecruitmentRound


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """`evidence`: a link, or what the paper is and who holds it."""

    state: str
    words: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A time in which the Home Office takes applications, as it was published."""

    name: str
    opens_on: date
    closes_on: date | None
    criteria: str
    source: str
    known_on: date


def write_checklist(
    *, criterion: Criterion, how_far: HowFar, version: int, by: Membership, now: datetime
) -> None:
    """How far one's own organisation is with a line; `version` is the number of the entry that
    was read, 0 where there was none. Raises ChangedMeanwhile."""
    with purpose("nrm_register"):
        lock(by.organisation)
    rows = ChecklistEntry.objects.filter(organisation=by.organisation_id, criterion=criterion)
    newest = rows.aggregate(newest=Max("number"))["newest"] or 0
    if newest != version:
        raise ChangedMeanwhile(newest)
    ChecklistEntry.objects.create(
        organisation_id=by.organisation_id,
        criterion=criterion,
        number=newest + 1,
        written_by_id=by.user_id,
        written_at=now,
        **asdict(how_far),
    )
    _note(f"criterion {criterion.pk}", by=by, now=now, reason="checklist_written")


def add_criterion(*, title: str, words: str, by: Membership, now: datetime) -> None:
    """A line more, at the end of the checklist."""
    with purpose("nrm_register"):
        last = Criterion.objects.aggregate(last=Max("position"))["last"] or 0
        made = Criterion.objects.create(
            title=title, words=words, position=last + 1, added_at=now, added_by_id=by.user_id
        )
        _note(f"criterion {made.pk}", by=by, now=now, reason="criterion_added")


def retire_criterion(*, criterion: Criterion, by: Membership, now: datetime) -> None:
    """It is asked no more; what applicants wrote on it stays."""
    with purpose("nrm_register"):
        changed = (
            Criterion.objects.standing()
            .filter(pk=criterion.pk)
            .update(retired_at=now, retired_by=by.user_id)
        )
        if changed:
            _note(f"criterion {criterion.pk}", by=by, now=now, reason="criterion_taken_off")


def record_round(*, said: Round, by: Membership, now: datetime) -> None:
    with purpose("nrm_register"):
        made = RecruitmentRound.objects.create(
            recorded_by_id=by.user_id, recorded_at=now, **asdict(said)
        )
        _note(f"round {made.pk}", by=by, now=now, reason="round_recorded")


def _note(subject: str, *, by: Membership, now: datetime, reason: str) -> None:
    log.record(Action.REGISTER_CHANGED, by=by, now=now, subject=subject, reason=reason)
