"""Whom a delay that nobody answers for goes to, and when: pure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nrm_tracker.calendars import midnight
from referrals.delays import Limit
from referrals.delays.unanswered import Step, ladder
from tests.referrals.timelines import CALENDARS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
CRITICAL = Limit.from_spec({"severity": "critical", "n": 4, "unit": "h", "told": "at_once"})
RED = Limit.from_spec({"severity": "red", "n": 1, "unit": "wd", "told": "today"})


class TestLadder:
    """Pure: which step is taken when."""

    def test_hours_are_elapsed_and_the_second_step_takes_as_much_time_again(self) -> None:
        rungs = ladder(CRITICAL, since=NOW, calendar=CALENDARS["england"], review=False)
        assert rungs == ((Step.MANAGER, NOW + 4 * HOUR), (Step.LEAD, NOW + 8 * HOUR))

    @pytest.mark.parametrize(
        ("nation", "manager", "lead"),
        [
            # over the new year, since Thursday 31 December: 2 January is a holiday in Scotland,
            # and since it is a Saturday, Monday 4 January is one in its place
            ("england", date(2027, 1, 5), date(2027, 1, 6)),
            ("scotland", date(2027, 1, 6), date(2027, 1, 7)),
        ],
    )
    def test_working_days_are_those_of_the_nation(
        self, nation: str, manager: date, lead: date
    ) -> None:
        since = datetime(2026, 12, 31, 15, tzinfo=UTC)
        rungs = ladder(RED, since=since, calendar=CALENDARS[nation], review=False)
        assert [(r.step, r.at) for r in rungs] == [
            (Step.MANAGER, midnight(manager)),
            (Step.LEAD, midnight(lead)),
        ]

    def test_hours_pass_as_they_do_when_clocks_change(self) -> None:
        since = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
        rungs = ladder(CRITICAL, since=since, calendar=CALENDARS["england"], review=False)
        assert [rung.at - since for rung in rungs] == [4 * HOUR, 8 * HOUR]

    def test_a_review_is_said_at_midnight_and_its_limit_runs_from_the_morning(self) -> None:
        day = midnight(date(2026, 7, 1))
        rungs = ladder(CRITICAL, since=day, calendar=CALENDARS["england"], review=True)
        morning = datetime(2026, 7, 1, 7, tzinfo=UTC)
        assert rungs == (
            (Step.REVIEW, day),
            (Step.MANAGER, morning + 4 * HOUR),
            (Step.LEAD, morning + 8 * HOUR),
        )

    def test_what_has_no_limit_goes_to_nobody_else(self) -> None:
        assert ladder(None, since=NOW, calendar=CALENDARS["england"], review=False) == ()
