"""The plans for delays that are asked about when somebody has spoken with the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions import PlanAnswer
from referrals.models import Delay, Referral, TakenUp
from referrals.pages.late import LateWords
from referrals.plans import looked_at_again


@dataclass(frozen=True, slots=True)
class Plan:
    """`if_it_holds`: until when a word of today carries it; "" where it is to be written anew."""

    delay: int
    taken_up: int
    written: int
    title: str
    words: str  # "Way in: 34 of 28 days"
    doing: str
    by: str  # "Ash, Friday 1 May"
    review_on: str
    if_it_holds: str


def plans_of(referral: Referral, *, membership: Membership, now: datetime) -> list[Plan]:
    """Those of the delays that somebody answers for, or answered for as bad as they are."""
    if not membership.can(Permission.TAKE_UP_DELAY):
        return []
    found = list(
        Delay.objects.visible_to(membership)
        .filter(referral=referral)
        .with_a_plan()
        .select_related("taken_up__by", "taken_up__plan__by")
        .worst_first()
    )
    words = LateWords({delay.referral_id for delay in found}, now=now)
    return [_plan(d, d.taken_up, words, now=now) for d in found if d.taken_up is not None]


def _plan(delay: Delay, standing: TakenUp, words: LateWords, *, now: datetime) -> Plan:
    plan, today = standing.written, london_date(now)
    written_on = london_date(plan.at)
    day = looked_at_again(written_on=written_on, first_review_on=plan.review_on, spoke_on=today)
    carried = day_in_words(max(day, standing.review_on), today=today) if day > today else ""
    return Plan(
        delay=delay.pk,
        taken_up=standing.pk,
        written=plan.pk,
        title=words.titles[delay.rule],
        words=words.of(delay),
        doing=plan.action,
        by=f"{plan.by.name}, {day_in_words(written_on, today=today)}",
        review_on=day_in_words(standing.review_on, today=today),
        if_it_holds=carried,
    )


def noted(
    referral: Referral, plans: Sequence[Plan], answers: Sequence[PlanAnswer], *, now: datetime
) -> list[str]:
    """What came of each answer: meanwhile a delay may have ended, or become worse."""
    rows = TakenUp.objects.filter(referral=referral, at=now, holds__isnull=False)
    by_plan = {row.plan_id: row for row in rows}
    of = {plan.taken_up: plan for plan in plans}
    return [
        _noted(of[a.taken_up], by_plan.get(of[a.taken_up].written), a, today=london_date(now))
        for a in answers
    ]


def _noted(plan: Plan, row: TakenUp | None, answer: PlanAnswer, *, today: date) -> str:
    if row is not None and row.holds:
        return f"{plan.title}: look again by {day_in_words(row.review_on, today=today)}."
    if row is not None or not answer.holds:
        return f"{plan.title}: due for review."
    return f"{plan.title}: this has ended or became worse, so its plan was not confirmed."
