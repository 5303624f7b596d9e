"""A change of a threshold on its way: what it changes, whom it would flag, who must act."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from nrm_tracker.ui.words import count, day_in_words
from organisations.models import Membership, Organisation, Reassessment
from organisations.roles import Permission
from organisations.second_person import ENOUGH, how_many_may
from referrals.actions.announcing import effective_instant
from referrals.delays.threshold import REFERRAL, SEVERITIES
from referrals.models import Referral, ThresholdDraft, ThresholdPreview
from referrals.pages.rule import Changed, differences

State = ThresholdDraft.State


@dataclass(frozen=True, slots=True)
class PreviewRow:
    reference: str
    organisation: str
    severity: str
    since: datetime
    at_risk: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`stale`: the draft was changed since."""

    running: bool
    stale: bool
    checked: int
    people: int | None
    at: datetime | None
    words: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the open referrals are assessed again."""

    done: int
    of: int
    finished_at: datetime | None

    @property
    def words(self) -> str:
        return f"{self.done:,} of {count(self.of, 'referral')} checked"


@dataclass(frozen=True, slots=True)
class DraftPage:
    draft: ThresholdDraft
    title: str
    takes_effect: str
    changes: tuple[Changed, ...]
    counts: bool  # it watches referrals, so that there is somebody to count
    preview: Preview | None
    undecided: bool
    mine: bool
    few: bool
    may_decide: bool
    progress: Progress | None

    @property
    def at_work(self) -> bool:
        counting = self.preview is not None and self.preview.running
        return counting or (self.progress is not None and self.progress.finished_at is None)


def draft_page(draft: ThresholdDraft, *, membership: Membership, now: datetime) -> DraftPage:
    preview = preview_of(draft)
    counts = draft.definition.get("subject", REFERRAL) == REFERRAL
    with purpose("nrm_register"):
        number = how_many_may(Permission.CHANGE_THRESHOLDS, organisation=draft.organisation_id)
        few = number < ENOUGH
    return DraftPage(
        draft=draft,
        title=draft.base.definition["title"],
        takes_effect=takes_effect(draft, now=now),
        changes=differences(draft.base.definition, draft.definition),
        counts=counts,
        preview=preview,
        undecided=draft.state in {State.OPEN, State.ANNOUNCED},
        mine=draft.drafted_by_id == membership.user_id,
        few=few,
        may_decide=not counts or bool(preview and preview.at and not preview.stale),
        progress=progress_of(draft),
    )


@dataclass(frozen=True, slots=True)
class Announced:
    """A change that takes effect without a second person, for everybody to see."""

    at: datetime
    reason: str
    by: str
    changes: tuple[Changed, ...]


def announced_of(rule: str, *, membership: Membership) -> Announced | None:
    """The announced change of a rule, if there is one."""
    announced = ThresholdDraft.objects.visible_to(membership).filter(
        code=rule, state=State.ANNOUNCED
    )
    draft = announced.select_related("base", "drafted_by").first()
    if draft is None or draft.due_at is None:
        return None
    return Announced(
        at=effective_instant(draft, now=draft.due_at),
        reason=draft.reason,
        by=draft.drafted_by.name,
        changes=differences(draft.base.definition, draft.definition),
    )


def waiting_drafts(membership: Membership, *, now: datetime) -> list[tuple[ThresholdDraft, str]]:
    """Changes that nobody has decided yet, of those one may see, with what becomes of each."""
    rows = ThresholdDraft.objects.visible_to(membership).undecided()
    return [
        (row, takes_effect(row, now=now))
        for row in rows.select_related("base", "drafted_by").order_by("drafted_at", "id")
    ]


def takes_effect(draft: ThresholdDraft, *, now: datetime) -> str:
    """Such as "On Tuesday 1 December"."""
    today = london_date(now)
    if draft.made is not None and draft.made.effective_from is not None:
        return f"On {day_in_words(london_date(draft.made.effective_from), today=today)}"
    if draft.effective_on is None:
        return "As soon as it is approved"
    if draft.effective_on < today:
        return "As soon as it is approved: the day that was meant has passed"
    return f"On {day_in_words(draft.effective_on, today=today)}, if it is approved by then"


def preview_of(draft: ThresholdDraft) -> Preview | None:
    """The latest count: the one under way, else the last one."""
    row = draft.previews.order_by("-id").first()
    if row is None:
        return None
    names = dict(
        Organisation.objects.filter(
            pk__in={line["organisation"] for line in row.lines}
        ).values_list("pk", "name")
    )
    worst = sorted(row.lines, key=lambda line: (-SEVERITIES.index(line["severity"]), line["since"]))
    return Preview(
        running=row.finished_at is None,
        stale=row.revision != draft.revision,
        checked=row.checked,
        people=row.people,
        at=row.finished_at,
        words=_words(row),
        rows=tuple(
            PreviewRow(
                reference=line["reference"],
                organisation=names[line["organisation"]],
                severity=line["severity"],
                since=datetime.fromisoformat(line["since"]),
                at_risk=line["at_risk"],
            )
            for line in worst
        ),
        more=row.flagged - len(row.lines),
    )


def progress_of(draft: ThresholdDraft) -> Progress | None:
    """How far the sweep is with what its approval asked for."""
    if draft.reassessment_id is None:
        return None
    with purpose("nrm_register"):
        owed = Reassessment.objects.get(pk=draft.reassessment_id)
    with purpose("nrm_figures"):
        running = Referral.objects.running()
        total = running.count()
        done = total if owed.finished_at else running.filter(pk__lte=owed.cursor).count()
    return Progress(done=done, of=total, finished_at=owed.finished_at)


def _words(row: ThresholdPreview) -> tuple[str, ...]:
    said = [
        f"Would newly flag {people(row.flagged)}, {row.at_risk} of them at risk. "
        f"Somebody would be told at once of {row.at_once} of them.",
        f"Would end the delays of {people(row.ended)}.",
    ]
    if row.staying:
        said.append(
            f"{sentence_people(row.staying)} delayed now though the new limits alone would not say "
            "so. What was flagged stays, until the wait ends."
        )
    if row.failed:
        said.append(f"{count(row.failed, 'referral')} could not be assessed.")
    return tuple(said)


def people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def sentence_people(number: int) -> str:
    return f"{people(number)} {'is' if number == 1 else 'are'}"
