"""Rule 35: how long another organisation may leave a hand-over without an answer. Read by the
engine when a page is shown and when the sweep comes: there are few of them. Late ones ring on Today
for who can act, and by a notice; see `actions.awaiting`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from referrals.catalogue import TIGHTENING_RISKS, EventCode
from referrals.delays import Event, Timeline, Wait, waits
from referrals.models import HandOver
from referrals.thresholds import rules

SENT = "hand_over_sent"
ANSWERS = {
    HandOver.State.ACCEPTED: "hand_over_accepted",
    HandOver.State.DECLINED: "hand_over_declined",
    HandOver.State.WITHDRAWN: "hand_over_withdrawn",
    HandOver.State.LAPSED: "hand_over_withdrawn",
}


def answers_awaited(rows: Iterable[HandOver], *, now: datetime) -> dict[UUID, Wait]:
    """By hand-over: the wait for its answer, running or ended."""
    judged_by = rules("hand_over")
    found = {row.pk: waits(_timeline(row), judged_by, now=now) for row in rows}
    return {pk: running[0] for pk, running in found.items() if running}


def is_late(wait: Wait, *, now: datetime) -> bool:
    """It runs, and a limit has passed."""
    return wait.running and any(mark.due_at and mark.due_at <= now for mark in wait.marks)


def _timeline(row: HandOver) -> Timeline:
    """What the engine reads. Which risk it is nobody there is told: any of them tightens."""
    events = [Event(id=1, code=SENT, happened_at=row.sent_at, organisation=row.receiver_id)]
    if row.at_risk:
        code, risk = EventCode.RISK_FLAG_ADDED, TIGHTENING_RISKS[0]
        events.insert(0, Event(id=2, code=code, happened_at=row.sent_at, risk=risk))
    if row.ended_at and (code_ := ANSWERS.get(HandOver.State(row.state))):
        events.append(
            Event(id=3, code=code_, happened_at=row.ended_at, organisation=row.receiver_id)
        )
    return Timeline(row.age_group, row.nation, None, tuple(events), ())
