"""The inbox of notices: a reference, what became late, and when. Never a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F

from nrm_tracker.ui.words import exact
from organisations.models import MemberChange, Membership
from referrals.actions.announcing import effective_instant
from referrals.in_touch import caution
from referrals.mails import OPENED, UNSEEN
from referrals.models import Email, Escalation, Notice, NoticeChoice, Restriction, ThresholdDraft
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
    about a threshold, or about who acts for the organisation."""

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
        .select_related("flag", "draft", "change__membership__user", "change__by")
        .select_related("change__invitation")
        .defer("change__invitation__token_hash")
        .prefetch_related("referral")
        .order_by(F("read_at").desc(nulls_first=True), "-id")
    )
    titles = {threshold.code: threshold.title for threshold in all_thresholds()}
    shown = list(rows[:number])
    about = {notice.referral_id for notice in shown if notice.referral_id is not None}
    restricted = _references(membership, about)
    return [_row(notice, titles, restricted) for notice in shown]


def _row(notice: Notice, titles: Mapping[str, str], restricted: Mapping[int, str]) -> NoticeRow:
    flag, referral = notice.flag, notice.referral
    if notice.draft_id is not None:
        return _about_a_threshold(notice, titles)
    if notice.change is not None:
        return _about_members(notice, notice.change)
    return NoticeRow(
        id=notice.pk,
        reference=restricted.get(notice.referral_id or 0)
        or (referral.reference if referral else ""),
        title=titles[flag.rule] if flag else UNSEEN if notice.flag_id else OPENED,
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
