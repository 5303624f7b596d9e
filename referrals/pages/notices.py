"""The inbox of notices: a reference, what became late, and when. Never a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import exact
from organisations.models import MemberChange, Membership, Training
from referrals.actions.announcing import effective_instant
from referrals.in_touch import caution
from referrals.mails import OPENED, UNSEEN
from referrals.models import (
    Email,
    Escalation,
    HandOver,
    Notice,
    NoticeChoice,
    Referral,
    Restriction,
    ThresholdDraft,
)
from referrals.pages.member_changes import said_of
from referrals.thresholds import all_thresholds

SHOWN = 100
STEP_WORDS = {
    Escalation.Step.REVIEW: "The day to look at this again has come",
    Escalation.Step.MANAGER: "Nobody has taken this up, so it comes to you",
    Escalation.Step.LEAD: "Nobody has taken this up, nor has a manager, so it comes to you",
}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`at`: when the person was told; `read` where they have opened it. Without a reference it is
    about a threshold, training, whom one is asked to take, or who acts for the organisation."""

    id: int
    reference: str
    title: str
    severity: str
    at: datetime
    read: bool
    passed_on: str = ""  # why it comes to this person now
    caution: str = ""  # what is not asked of them


def inbox(membership: Membership, *, number: int = SHOWN) -> list[NoticeRow]:
    """Unread ones first, then those read last; at most so many."""
    rows = (
        Notice.objects.visible_to(membership)
        .select_related("flag", "draft", "training__module", "training__membership")
        .select_related("hand_over__sender", "hand_over__receiver")
        .select_related("change__membership__user", "change__by", "change__invitation")
        .defer("change__invitation__token_hash")
        .prefetch_related("referral")
        .order_by(F("read_at").desc(nulls_first=True), "-id")
    )
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    shown = list(rows[:number])
    about = {notice.referral_id for notice in shown if notice.referral_id is not None}
    restricted = _references(membership, about)
    references = _of_hand_overs(membership, shown)
    return [
        _about_a_hand_over(notice, row, references)
        if (row := notice.hand_over) and _is_seen(notice, references)
        else _row(notice, titles, restricted)
        for notice in shown
    ]


def _row(notice: Notice, titles: Mapping[str, str], restricted: Mapping[int, str]) -> NoticeRow:
    flag, referral = notice.flag, notice.referral
    if notice.draft_id is not None:
        return _about_a_threshold(notice, titles)
    if notice.training is not None:
        return _about_training(notice, notice.training)
    if notice.change is not None:
        return _about_members(notice, notice.change)
    return NoticeRow(
        id=notice.pk,
        reference=restricted.get(notice.referral_id or 0)
        or (referral.reference if referral else ""),
        title=titles[flag.rule] if flag else UNSEEN if _is_late(notice) else OPENED,
        severity=flag.severity if flag else "",
        at=notice.created_at,
        read=notice.read_at is not None,
        passed_on="" if notice.step is None else STEP_WORDS[Escalation.Step(notice.step)],
        caution=caution(flag.rule) if flag else "",
    )


def _about_a_threshold(notice: Notice, titles: Mapping[str, str]) -> NoticeRow:
    """What was announced and is not to be seen any more was stopped, or is drafted anew."""
    draft = notice.draft
    if draft is None:
        words = "The change that was announced is stopped for now"
    elif draft.due_at and draft.state == ThresholdDraft.State.ANNOUNCED:
        at = effective_instant(draft, now=draft.due_at)
        words = f"It is to change on {exact(at)}, unless it is stopped before"
    else:
        words = "It has changed, or is to change on a day that is decided"
    return NoticeRow(
        id=notice.pk,
        reference="",
        title=f"Threshold: {titles[draft.code]}" if draft else "A threshold",
        severity="",
        at=notice.created_at,
        read=notice.read_at is not None,
        passed_on=words,
    )


def _about_training(notice: Notice, training: Training) -> NoticeRow:
    """One's own, or a colleague's, whose name stands where it leads."""
    mine = training.membership.user_id == notice.user_id
    ended = training.good_until < london_date(notice.created_at)
    words = f"{'ended' if ended else 'ends'} on {training.good_until:%-d %B %Y}"
    return NoticeRow(
        id=notice.pk,
        reference="",
        title=f"Training: {training.course}",
        severity="",
        at=notice.created_at,
        read=notice.read_at is not None,
        passed_on=f"{'Yours' if mine else 'That of a colleague'} {words}",
    )


def _about_a_hand_over(notice: Notice, row: HandOver, references: Mapping[int, str]) -> NoticeRow:
    """To who asked with the reference; to who was asked without, as they see no referral."""
    asked = notice.organisation_id == row.receiver_id
    words = (
        f"{row.sender} asks whether you take somebody, and waits for your answer"
        if asked
        else f"{row.receiver} was asked to take them, and has not answered"
    )
    if not row.is_unanswered:
        words = f"{words}: {row.get_state_display().lower()} since"
    return NoticeRow(
        id=notice.pk,
        reference="" if asked else references.get(row.referral_id, row.reference),
        title=words,
        severity="amber" if row.is_unanswered else "",
        at=notice.created_at,
        read=notice.read_at is not None,
    )


def _is_late(notice: Notice) -> bool:
    """And not that somebody opened it."""
    return notice.flag_id is not None or notice.hand_over_id is not None


def _is_seen(notice: Notice, references: Mapping[int, str]) -> bool:
    """One that says which referral is of whoever could not see it, and perhaps does now."""
    return notice.referral_id is None or notice.referral_id in references


def _of_hand_overs(membership: Membership, shown: Sequence[Notice]) -> dict[int, str]:
    about = {notice.hand_over.referral_id for notice in shown if notice.hand_over}
    rows = Referral.objects.visible_to(membership).filter(pk__in=about)
    return dict(rows.values_list("pk", "reference"))


def _about_members(notice: Notice, change: MemberChange) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        reference="",
        title=said_of(change),
        severity="",
        at=notice.created_at,
        read=notice.read_at is not None,
    )


def _references(membership: Membership, referrals: set[int]) -> dict[int, str]:
    """Of those that are or were restricted, which oneself may not see."""
    rows = Restriction.objects.visible_to(membership).filter(referral__in=referrals)
    return dict(rows.values_list("referral_id", "reference"))


@dataclass(frozen=True, slots=True)
class MailPage:
    """What this person gets by e-mail. `trouble`: why the last one has not reached them."""

    sent: bool  # a mail server is set
    at_once: str
    today: str
    trouble: str


def mail_page(membership: Membership) -> MailPage:
    choice = choice_of(membership)
    mine = Email.objects.visible_to(membership).filter(invitation__isnull=True)
    email = mine.order_by("-id").first()
    trouble = Email.Trouble(email.trouble).label if email and email.trouble else ""
    return MailPage(
        sent=settings.EMAIL_IS_SENT,
        at_once=choice.get_at_once_display(),
        today=choice.get_today_display(),
        trouble=trouble,
    )


def choice_of(membership: Membership) -> NoticeChoice:
    """What they said, else the defaults."""
    said = NoticeChoice.objects.visible_to(membership).first()
    return said or NoticeChoice(user_id=membership.user_id)
