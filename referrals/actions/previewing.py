"""Whom a draft of a threshold would flag: counted in the background, in batches, writing nothing
but the count."""

import logging
from dataclasses import dataclass
from datetime import datetime

from audit import log
from audit.models import Action
from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions.announcing import effective_instant
from referrals.actions.reassessing import BATCH
from referrals.catalogue import TIGHTENING_RISKS
from referrals.delays import Threshold
from referrals.delays.effect import Change, risks_at
from referrals.models import Referral, ThresholdDraft, ThresholdPreview
from referrals.thresholds import rules
from referrals.timelines import Case, cases

logger = logging.getLogger(__name__)
BATCHES = 20  # at one go; the next one takes up where this ends
LISTED = 200
TIGHTENING = frozenset(map(str, TIGHTENING_RISKS))


@dataclass(frozen=True, slots=True)
class Found:
    """What the draft would change for one person."""

    case: Case
    severity: str  # of the worst delay that begins, "" for none
    since: datetime | None
    at_once: bool
    at_risk: bool
    ends: bool
    stays: bool


def ask_preview(*, draft: ThresholdDraft, by: Membership, now: datetime) -> None:
    """Let it be counted; where a count of the same draft is under way, that one is awaited."""
    with purpose("nrm_register"):
        same = ThresholdPreview.objects.filter(draft=draft, revision=draft.revision)
        if same.filter(finished_at__isnull=True).exists():
            return
        ThresholdPreview.objects.create(
            draft=draft,
            revision=draft.revision,
            asked_at=now,
            instant=effective_instant(draft, now=now),
        )
        log.record(
            Action.THRESHOLD_CHANGED,
            by=by,
            now=now,
            subject=f"threshold draft {draft.pk}",
            reason="previewed",
        )


def run_previews(*, now: datetime) -> int:
    """Go on with what is to be counted; how many referrals were looked at."""
    looked_at = 0
    for _ in range(BATCHES):
        batch = _count_a_batch(now=now)
        if batch is None:
            break
        looked_at += batch
    return looked_at


def _count_a_batch(*, now: datetime) -> int | None:
    """The next referrals of the oldest count that nobody else is at; None when there is none."""
    with purpose("nrm_sweep"):
        waiting = ThresholdPreview.objects.filter(finished_at__isnull=True).order_by("id")
        preview = waiting.select_for_update(skip_locked=True, no_key=True).first()
        if preview is None:
            return None
        if preview.people is None:
            preview.people = Referral.objects.running().count()
        beyond = Referral.objects.running().filter(id__gt=preview.cursor).order_by("id")
        ids = list(beyond.values_list("id", flat=True)[:BATCH])
        _add(preview, ids)
        if len(ids) < BATCH:
            preview.finished_at, preview.people = now, preview.checked
        preview.save(update_fields=COUNTED)
        return len(ids)


COUNTED = (
    "cursor",
    "people",
    "checked",
    "flagged",
    "at_risk",
    "at_once",
    "ended",
    "staying",
    "failed",
    "lines",
    "finished_at",
)


def _add(preview: ThresholdPreview, ids: list[int]) -> None:
    change = _change(preview)
    for case in cases(ids):
        try:
            found = _found(case, change, at=preview.instant)
        except Exception:
            logger.exception("Referral %d could not be assessed for a preview", case.id)
            preview.failed += 1
        else:
            _count(preview, found)
    preview.checked += len(ids)
    preview.cursor = ids[-1] if ids else preview.cursor


def _change(preview: ThresholdPreview) -> Change:
    code, definition = ThresholdDraft.objects.values_list("code", "definition").get(
        pk=preview.draft_id
    )
    draft = Threshold.from_definition(
        code=code, effective_from=preview.instant, definition=definition
    )
    return Change.of(draft, rules())


def _found(case: Case, change: Change, *, at: datetime) -> Found:
    effect = change.effect(case.timeline, at=at)
    worst = effect.begins[0] if effect.begins else None
    return Found(
        case=case,
        severity=worst.severity if worst else "",
        since=worst.started_at if worst else None,
        at_once=any(breach.told == "at_once" for breach in effect.begins),
        at_risk=not TIGHTENING.isdisjoint(risks_at(case.timeline, at=at)),
        ends=bool(effect.ends),
        stays=bool(effect.stays),
    )


def _count(preview: ThresholdPreview, found: Found) -> None:
    preview.ended += found.ends
    preview.staying += found.stays
    if found.since is None:
        return
    preview.flagged += 1
    preview.at_risk += found.at_risk
    preview.at_once += found.at_once
    if len(preview.lines) < LISTED:
        preview.lines.append(
            {
                "reference": found.case.reference,
                "organisation": found.case.holder,
                "severity": found.severity,
                "since": found.since.isoformat(),
                "at_risk": found.at_risk,
            }
        )
