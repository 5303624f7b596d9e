"""The delays of one person: how far beyond which limit, who can end it, who answers for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from referrals.delays import Threshold, Wait
from referrals.models import RINGING, Attention, Delay, Referral, TakenUp
from referrals.pages.escalations import passed_on
from referrals.pages.waits import HOME_OFFICE, LATER_WORDS, gone_against

NO_DELAY = ("recovery-end",)  # a date to know
WHO_CAN_END = {
    "us": "us",
    "fro": "another organisation",
    "local_authority": "the local authority",
    "support": "the support provider",
    "home_office": "the Home Office",
}


@dataclass(frozen=True, slots=True)
class DelayCard:
    """A delay on the page of a referral."""

    id: int
    rule: str
    started_by: int
    title: str
    tone: str  # its severity; "info" for what only the Home Office can end: days, without red
    words: str  # "61 of 56 days"
    since: datetime
    breached_at: datetime
    who_can_end: str
    to_do: str
    rings: bool  # somebody is told at once or on the Today list
    attention: str
    nobody_yet: bool
    taken_up: str
    planned: str  # the same without what they wrote: who, when, why
    answers: tuple[str, ...] = ()  # what was said of this plan since, the latest first
    passed_on: tuple[str, ...] = ()  # that nobody answered, and who was told then


def delay_cards(
    referral: Referral, waits: list[Wait], *, membership: Membership, now: datetime
) -> list[DelayCard]:
    by_start = {(wait.rule, wait.started_by, wait.started_at): wait for wait in waits}
    delays = (
        Delay.objects.visible_to(membership)
        .filter(referral=referral)
        .exclude(rule__in=NO_DELAY)
        .with_attention(london_date(now))
        .select_related("taken_up__by", "taken_up__plan__by")
        .worst_first()
    )
    told = passed_on(referral, membership=membership, now=now)
    answers = _answers(referral, now=now)
    found = ((d, by_start.get((d.rule, d.started_by_id, d.started_at))) for d in delays)
    return [
        card(d, wait, told=told.get(d.pk, ()), answers=answers, now=now)
        for d, wait in found
        if wait
    ]


def card(
    delay: Delay,
    wait: Wait,
    *,
    told: Sequence[str],
    answers: Mapping[int, Sequence[str]],
    now: datetime,
) -> DelayCard:
    threshold = wait.threshold
    plan = delay.taken_up.written if delay.taken_up else None
    quiet = threshold.who_can_end == HOME_OFFICE
    return DelayCard(
        id=delay.pk,
        rule=delay.rule,
        started_by=delay.started_by_id,
        title=threshold.title,
        tone="info" if quiet else delay.severity,
        words=gone_against(wait, delay.severity, now=now),
        since=wait.started_at,
        breached_at=delay.breached_at,
        who_can_end=" or ".join(WHO_CAN_END[who] for who in threshold.who_can_end),
        to_do=advice(threshold, wait),
        rings=delay.told in RINGING,
        attention=_attention(delay, now=now),
        nobody_yet=delay.attention == Attention.NEW,
        taken_up=f"{_planned(plan, now=now)} {plan.action}" if plan else "",
        planned=_planned(plan, now=now) if plan else "",
        answers=tuple(answers.get(plan.pk, ())) if plan else (),
        passed_on=tuple(told),
    )


def advice(threshold: Threshold, wait: Wait) -> str:
    """What to do; and what is probably so once the limit itself has gone."""
    later = LATER_WORDS.get(threshold.code, "") if wait.elapsed > wait.limit else ""
    return f"{later} {threshold.to_do}".strip()


def _attention(delay: Delay, *, now: datetime) -> str:
    said = str(Attention(delay.attention).label)
    if delay.attention == Attention.NEW or delay.review_on is None:
        return said
    day = day_in_words(delay.review_on, today=london_date(now))
    return f"{said}, to be looked at again on {day}"


def _planned(taken_up: TakenUp, *, now: datetime) -> str:
    day = day_in_words(london_date(taken_up.at), today=london_date(now))
    why = TakenUp.Reason(taken_up.reason).label
    return f"{taken_up.by.name}, {day}: {why}."


def _answers(referral: Referral, *, now: datetime) -> dict[int, list[str]]:
    """What was said of each plan (id) after speaking with the person, the latest first."""
    rows = TakenUp.objects.filter(referral=referral, plan__isnull=False).select_related("by")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("-id"):
        said = "Still so" if row.holds else "No longer so"
        day = day_in_words(london_date(row.at), today=london_date(now))
        words = f"{said}, said {row.by.name} after speaking with the person, {day}."
        found.setdefault(row.plan_id or 0, []).append(words)
    return found
