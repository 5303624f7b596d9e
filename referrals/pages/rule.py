"""One threshold: as it stands, and what each version changed of the one before it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import cast

from django.db.models import F

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from organisations.models import Membership
from referrals.delays.threshold import Definition
from referrals.models import ThresholdDraft, ThresholdVersion
from referrals.pages.limits import lines_of

IN_WORDS = {"title", "source"} | {
    "applies_to",
    "limits",
    "pause",
    "stops_without_consent",
    "to_do",
    "who_can_end",
    "basis",
}


@dataclass(frozen=True, slots=True)
class Changed:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """A version in the history of a rule. `since` None: from the beginning."""

    since: date | None
    ahead: bool
    changes: tuple[Changed, ...]
    draft: ThresholdDraft | None


@dataclass(frozen=True, slots=True)
class RulePage:
    code: str
    title: str
    source: str
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]  # the newest first


def rule_page(rule: str, *, membership: Membership, now: datetime) -> RulePage | None:
    """None where there is no such rule."""
    rows = list(
        ThresholdVersion.objects.filter(code=rule).order_by(
            F("effective_from").asc(nulls_first=True)
        )
    )
    if not rows:
        return None
    drafts = {
        draft.made_id: draft
        for draft in ThresholdDraft.objects.visible_to(membership)
        .filter(code=rule, made__isnull=False)
        .select_related("drafted_by", "settled_by")
    }
    in_force: Definition = [r for r in rows if not _ahead(r, now)][-1].definition
    steps = [
        _step(None, rows[0], drafts, now),
        *(_step(*two, drafts, now) for two in pairwise(rows)),
    ]
    return RulePage(
        code=rule,
        title=in_force["title"],
        source=in_force["source"],
        lines=lines_of(in_force),
        steps=tuple(reversed(steps)),
    )


def differences(before: Definition, after: Definition) -> tuple[Changed, ...]:
    """What one version says otherwise than another, in words, line by line."""
    return tuple(
        Changed(old.key, old.value, new.value)
        for old, new in zip(_all_lines(before), _all_lines(after), strict=True)
        if old.value != new.value
    ) + tuple(_structure(before, after))


def _all_lines(definition: Definition) -> tuple[Line, ...]:
    return (
        Line("Name", definition["title"]),
        *lines_of(definition),
        Line("Where it comes from", definition["source"]),
    )


def _structure(before: Definition, after: Definition) -> Iterable[Changed]:
    """What starts and ends the wait has no words: it is shown as it is written."""
    old, new = (cast(dict[str, object], each) for each in (before, after))
    for key in sorted((old.keys() | new.keys()) - IN_WORDS):
        if old.get(key) != new.get(key):
            yield Changed(f"Definition: {key}", json.dumps(old.get(key)), json.dumps(new.get(key)))


def _ahead(row: ThresholdVersion, now: datetime) -> bool:
    return row.effective_from is not None and row.effective_from > now


def _step(
    before: ThresholdVersion | None,
    row: ThresholdVersion,
    drafts: dict[int | None, ThresholdDraft],
    now: datetime,
) -> Step:
    return Step(
        since=london_date(row.effective_from) if row.effective_from else None,
        ahead=_ahead(row, now),
        changes=differences(before.definition, row.definition) if before else (),
        draft=drafts.get(row.pk),
    )
