"""Does the plan for a delay still hold? Said by who has just spoken with the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from audit import log
from audit.models import Action
from nrm_tracker.calendars import london_date
from organisations.actor import Actor
from referrals.actions.escalating import look_again_at
from referrals.errors import PlanNotConfirmed
from referrals.models import Delay, Referral, TakenUp
from referrals.plans import looked_at_again


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """What was said of the plan of a delay: `taken_up` (id) is what stood then, `spoke_on` the
    London date of the conversation."""

    taken_up: int
    holds: bool
    spoke_on: date


def answer_plans(
    referral: Referral, answers: Iterable[PlanAnswer], *, by: Actor, now: datetime
) -> None:
    """Append the answers to the plans that stand still, of a locked referral that is assessed.

    A delay that has ended, became worse or was taken up anew since the form was opened is left as
    it is. Raises PlanNotConfirmed where a conversation carries a plan no further.
    """
    said = {answer.taken_up: answer for answer in answers}
    user = by.user_id
    if not said or user is None:  # a command answers for nothing
        return
    asked = Delay.objects.filter(referral=referral, taken_up__in=said).with_a_plan()
    delays = list(asked.order_by("id"))
    rows = [_row(delay, said, user, referral.version, now=now) for delay in delays]
    made = TakenUp.objects.bulk_create([row for row in rows if row is not None])
    if not made:
        return
    look_again_at(delays, now=now)
    log.record(
        Action.PLAN_ANSWERED,
        by=by,
        now=now,
        referral=referral.pk,
        subject=", ".join(row.rule for row in made),
    )


def _row(
    delay: Delay, said: Mapping[int, PlanAnswer], user: int, version: int, *, now: datetime
) -> TakenUp | None:
    standing, today = delay.taken_up, london_date(now)
    if standing is None:
        return None
    answer = said[standing.pk]
    if not answer.holds and standing.review_on <= today:
        return None  # it is due already, and the limits of rule 34 count from that day
    return TakenUp(
        referral_id=delay.referral_id,
        rule=delay.rule,
        started_by_id=delay.started_by_id,
        severity=delay.severity,
        reason=standing.reason,
        action=standing.action,
        review_on=_next_review(standing, answer, today=today) if answer.holds else today,
        by_id=user,
        at=now,
        version=version,
        plan=standing.written,
        holds=answer.holds,
    )


def _next_review(standing: TakenUp, answer: PlanAnswer, *, today: date) -> date:
    plan = standing.written
    written_on = london_date(plan.at)
    day = looked_at_again(
        written_on=written_on, first_review_on=plan.review_on, spoke_on=answer.spoke_on
    )
    if answer.spoke_on < written_on or day <= today:
        raise PlanNotConfirmed(
            "You spoke too long ago for this plan. Leave it as it is here, and say on the page of "
            "the referral what is being done.",
            taken_up=standing.pk,
        )
    return max(day, standing.review_on)
