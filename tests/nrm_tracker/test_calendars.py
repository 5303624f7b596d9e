"""Working days of three jurisdictions, and London's days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm_tracker.calendars import calendar, london_date, midnight, noon
from tests.referrals.timelines import CALENDARS

MAUNDY_THURSDAY = date(2026, 4, 2)
NATIONS = ("england", "wales", "scotland", "northern_ireland")
DAYS = st.dates(date(1999, 12, 1), date(2101, 2, 1))


@pytest.mark.parametrize(
    ("nation", "n", "day"),
    [
        ("england", 5, date(2026, 4, 13)),
        ("wales", 5, date(2026, 4, 13)),
        ("scotland", 5, date(2026, 4, 10)),
        ("northern_ireland", 5, date(2026, 4, 13)),
        ("england", 1, date(2026, 4, 7)),
        ("scotland", 1, date(2026, 4, 6)),
    ],
)
def test_easter_monday_is_a_working_day_in_scotland_only(nation: str, n: int, day: date) -> None:
    assert CALENDARS[nation].working_day(MAUNDY_THURSDAY, n) == day


@pytest.mark.parametrize(
    ("day", "rests_in"),
    [
        (date(2026, 1, 2), {"scotland"}),
        (date(2026, 3, 17), {"northern_ireland"}),
        (date(2026, 7, 13), {"northern_ireland"}),
        (date(2026, 8, 3), {"scotland"}),
        (date(2026, 8, 31), {"england", "wales", "northern_ireland"}),
        (date(2026, 11, 30), {"scotland"}),
        (date(2026, 12, 28), set(NATIONS)),
        (date(2028, 2, 29), set()),
    ],
)
def test_bank_holidays_are_those_of_the_nation(day: date, rests_in: set[str]) -> None:
    assert {nation for nation in NATIONS if not CALENDARS[nation].is_working_day(day)} == rests_in


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_midnight_is_london_s(day: date, instant: datetime) -> None:
    assert midnight(day) == instant
    assert london_date(instant) == day
    assert london_date(instant - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_noon_is_london_s() -> None:
    assert noon(date(2026, 7, 1)) == datetime(2026, 7, 1, 11, tzinfo=UTC)


@settings(deadline=None)
@given(nation=st.sampled_from(NATIONS), start=DAYS, n=st.integers(1, 300))
def test_the_nth_working_day_has_n_working_days_up_to_it(nation: str, start: date, n: int) -> None:
    days = CALENDARS[nation]
    day = days.working_day(start, n)
    assert days.working_days_between(start, day) == n
    assert days.working_days_between(start, day - timedelta(days=1)) == n - 1


def test_an_end_before_its_start_has_no_working_days() -> None:
    assert CALENDARS["england"].working_days_between(date(2026, 5, 5), date(2026, 5, 1)) == 0


def test_a_day_of_rest_that_is_added_moves_the_working_days_after_it() -> None:
    known = CALENDARS["england"].rest_days
    jubilee = date(2026, 6, 3)
    assert calendar(known | {jubilee}).working_day(date(2026, 6, 1), 2) == date(2026, 6, 4)
    assert calendar(known).working_day(date(2026, 6, 1), 2) == jubilee


def test_the_same_days_of_rest_are_the_same_calendar() -> None:
    assert calendar(frozenset({MAUNDY_THURSDAY})) is calendar(frozenset([MAUNDY_THURSDAY]))
