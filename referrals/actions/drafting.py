"""A change of a threshold, from its draft to the version in force.

Two people see each change. Where fewer than four may, one alone lets it take effect after a day in
which everybody who may sees it coming.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date, midnight
from nrm_tracker.database import context, purpose
from organisations.models import Membership, Reassessment
from organisations.roles import Permission
from organisations.second_person import ALONE_AFTER, ENOUGH, how_many_may
from referrals.actions.announcing import effective_instant, write_announcement
from referrals.delays import Definition, Threshold
from referrals.delays.threshold import REFERRAL
from referrals.errors import (
    DraftChanged,
    DraftIsOthers,
    DraftIsYours,
    DraftSettled,
    NeedsAReason,
    NotAThreshold,
    NotPreviewed,
    TakesEffectTooEarly,
    ThereIsADraft,
    TwoAreNeeded,
)
from referrals.models import ThresholdDraft, ThresholdPreview, ThresholdVersion

State = ThresholdDraft.State
MAY = Permission.CHANGE_THRESHOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants a threshold to say, from which London date (None: at once), and why."""

    definition: Definition
    effective_on: date | None
    reason: str


def newest_version(*, rule: str) -> ThresholdVersion | None:
    """The version that takes effect last, ahead or not."""
    versions = ThresholdVersion.objects.filter(code=rule)
    return versions.order_by(F("effective_from").desc(nulls_last=True)).first()


def start_draft(
    *, base: ThresholdVersion, proposal: Proposal, by: Membership, now: datetime
) -> ThresholdDraft:
    """Draft a new version of a rule, from its newest. Raises an ActionRefused."""
    _check(proposal, base, now=now)
    with purpose("nrm_register"):
        if ThresholdDraft.objects.undecided().filter(code=base.code).exists():
            raise ThereIsADraft("A change of this threshold is drafted already: look at that one.")
        draft = ThresholdDraft.objects.create(
            code=base.code,
            base=base,
            organisation_id=by.organisation_id,
            definition=proposal.definition,
            effective_on=proposal.effective_on,
            reason=proposal.reason,
            drafted_by_id=by.user_id,
            drafted_at=now,
            changed_at=now,
        )
        _note(draft, "drafted", by=by, now=now)
        return draft


def change_draft(
    *, draft: ThresholdDraft, proposal: Proposal, revision: int, by: Membership, now: datetime
) -> None:
    """Its own drafter changes it; who waited to approve, or to let it take effect, starts anew."""
    with _locked(draft, revision) as row:
        if row.drafted_by_id != by.user_id:
            raise DraftIsOthers("Only who drafted this may change it. You may withdraw it.")
        _check(proposal, row.base, now=now)
        row.definition, row.effective_on = proposal.definition, proposal.effective_on
        row.reason, row.changed_at = proposal.reason, now
        row.revision += 1
        row.state, row.due_at = State.OPEN, None
        row.save()
        _note(row, "changed", by=by, now=now)


def withdraw_draft(*, draft: ThresholdDraft, by: Membership, now: datetime) -> None:
    """Nothing comes of it. Whoever may draft may do so, until it has taken effect."""
    with _locked(draft) as row:
        row.state, row.settled_by_id, row.settled_at = State.WITHDRAWN, by.user_id, now
        row.save()
        _note(row, "withdrawn", by=by, now=now)


def approve_draft(
    *, draft: ThresholdDraft, revision: int, by: Membership, now: datetime
) -> ThresholdVersion:
    """The second person lets it become a version, and every open referral is assessed again."""
    with _locked(draft, revision) as row:
        if row.drafted_by_id == by.user_id:
            raise DraftIsYours("You drafted this. Ask a colleague to approve it.")
        _check_previewed(row)
        return _take_effect(row, by=by, now=now)


def announce_draft(*, draft: ThresholdDraft, revision: int, by: Membership, now: datetime) -> None:
    """Who drafted it, in an organisation of few, lets it take effect a day from now."""
    with _locked(draft, revision) as row:
        if row.drafted_by_id != by.user_id:
            raise DraftIsOthers("You did not draft this: you may approve it now.")
        if row.state == State.ANNOUNCED:
            return
        if how_many_may(MAY, organisation=row.organisation_id) >= ENOUGH:
            raise TwoAreNeeded("Enough of you may approve this. Ask a colleague to do so.")
        _check_previewed(row)
        row.state, row.due_at = State.ANNOUNCED, now + ALONE_AFTER
        row.save()
        write_announcement(row, now=now)
        _note(row, "announced", by=by, now=now)


def settle_announced(*, now: datetime) -> int:
    """Let what was announced a day ago take effect; how many. Where its drafter may not any more,
    or a second person could be asked by now, it waits for one."""
    with purpose("nrm_register"):
        due = list(ThresholdDraft.objects.filter(state=State.ANNOUNCED, due_at__lte=now))
    settled = 0
    for draft in due:
        with context(user=draft.drafted_by_id, organisation=draft.organisation_id):
            settled += _settle(draft, now=now)
    return settled


def _settle(draft: ThresholdDraft, *, now: datetime) -> bool:
    try:
        with _locked(draft, draft.revision) as row:
            members = Membership.objects.who_may(Permission.CHANGE_THRESHOLDS)
            by = members.filter(user=row.drafted_by_id, organisation=row.organisation_id).first()
            alone = by is not None and how_many_may(MAY, organisation=row.organisation_id) < ENOUGH
            if by and alone:
                _take_effect(row, by=by, now=now)
            else:
                row.state, row.due_at = State.OPEN, None
                row.save()
            return alone
    except (DraftChanged, DraftSettled):
        return False


def _take_effect(row: ThresholdDraft, *, by: Membership, now: datetime) -> ThresholdVersion:
    row.made = ThresholdVersion.objects.create(
        code=row.code,
        number=row.base.number,
        effective_from=effective_instant(row, now=now),
        definition=row.definition,
    )
    row.reassessment = Reassessment.objects.create(
        rule=row.code, reason=f"A new version of the threshold {row.code}", created_at=now
    )
    row.state, row.settled_by_id, row.settled_at = State.APPROVED, by.user_id, now
    row.save()
    _note(row, "approved", by=by, now=now)
    return row.made


@contextmanager
def _locked(draft: ThresholdDraft, revision: int | None = None) -> Iterator[ThresholdDraft]:
    """The draft as it is, while nothing is decided, with the rights of the register."""
    with purpose("nrm_register"):
        undecided = ThresholdDraft.objects.undecided().select_related("base")
        row = undecided.select_for_update(of=("self",)).filter(pk=draft.pk).first()
        if row is None:
            raise DraftSettled("This was decided already.")
        if revision is not None and revision != row.revision:
            raise DraftChanged("This was changed since you opened it. Look at it as it is now.")
        yield row


def _check(proposal: Proposal, base: ThresholdVersion, *, now: datetime) -> None:
    try:
        Threshold.from_definition(
            code=base.code, effective_from=None, definition=proposal.definition
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotAThreshold(f"This makes no threshold: {wrong}.") from wrong
    if proposal.definition == base.definition:
        raise NotAThreshold("Nothing is changed. Change what shall be different, or go back.")
    if not proposal.reason.strip():
        raise NeedsAReason("Say why it should change.")
    day, newest = proposal.effective_on, base.effective_from
    if day is not None and day < london_date(now):
        raise TakesEffectTooEarly("Enter today or a later day: no limit changes the past.")
    if newest is not None and (now if day is None else midnight(day)) <= newest:
        raise TakesEffectTooEarly(
            f"Another version takes effect on {london_date(newest):%-d %B %Y}: enter a later day."
        )


def _check_previewed(row: ThresholdDraft) -> None:
    """Nobody decides blindly; a rule on something else than referrals has nobody to count."""
    if row.definition.get("subject", REFERRAL) != REFERRAL:
        return
    done = ThresholdPreview.objects.filter(
        draft=row, revision=row.revision, finished_at__isnull=False
    )
    if not done.exists():
        raise NotPreviewed("Count first whom this would flag, and look at the answer.")


def _note(row: ThresholdDraft, what: str, *, by: Membership, now: datetime) -> None:
    before: Definition = row.base.definition
    changed = [key for key, value in row.definition.items() if before.get(key) != value]
    log.record(
        Action.THRESHOLD_CHANGED,
        by=by,
        now=now,
        subject=f"threshold draft {row.pk}",
        fields=changed,
        reason=what,
    )
