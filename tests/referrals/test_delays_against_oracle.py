"""The engine finds the same delays as the naive reading of the rules, whatever the timeline."""

from dataclasses import asdict
from datetime import datetime

from hypothesis import HealthCheck, given, settings

from referrals import delays
from tests.referrals import oracle
from tests.referrals.timelines import WITH_PAUSES


def of_engine(timeline: oracle.Timeline) -> delays.Timeline:
    return delays.Timeline(
        age_group=timeline.age_group,
        nation=timeline.nation,
        turns_18_on=timeline.turns_18_on,
        events=tuple(delays.Event(**asdict(event)) for event in timeline.events),
        responsible=tuple(delays.Responsible(**asdict(row)) for row in timeline.responsible),
    )


def standing(timeline: oracle.Timeline, now: datetime) -> set[oracle.Delay]:
    return {
        oracle.Delay(
            breach.rule,
            breach.severity,
            breach.breached_at,
            breach.started_at,
            breach.gross(now),
            breach.net(now),
        )
        for breach in delays.breaches(of_engine(timeline), WITH_PAUSES, now=now)
        if breach.ended_at is None
    }


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(oracle.cases())
def test_the_engine_and_the_oracle_find_the_same_delays(case):
    timeline, now = case
    assert standing(timeline, now) == oracle.delayed(timeline, now=now)
