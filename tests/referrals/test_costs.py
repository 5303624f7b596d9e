"""Money is whole pence, and totals are the sums of their entries however they are grouped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.costs import (
    Costed,
    Total,
    costed,
    hours,
    mean_and_median,
    pounds,
    rate_on,
    total_of,
    totals_by,
)
from referrals.models import Effort, EffortKind, Rate

DAY = date(2026, 11, 1)
KINDS = list(EffortKind.values)


def rate(pk: int, pence: int, since: date, kind: str = "") -> Rate:
    return Rate(pk=pk, kind=kind, pence_an_hour=pence, valid_from=since)


def effort(minutes: int, *, pence: int = 0, kind: str = "interview", day: date = DAY) -> Effort:
    return Effort(referral_id=1, kind=kind, minutes=minutes, pence=pence, day=day)


efforts = st.lists(
    st.builds(
        Effort,
        referral_id=st.integers(1, 5),
        kind=st.sampled_from(KINDS),
        minutes=st.integers(0, 1440),
        pence=st.integers(0, 1_000_000),
        day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    )
)
rates = st.lists(
    st.builds(
        Rate,
        pk=st.integers(1, 10**9),
        kind=st.sampled_from(["", *KINDS]),
        pence_an_hour=st.integers(0, 1_000_000),
        valid_from=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    ),
    max_size=6,
)


@given(efforts, rates)
def test_totals_are_the_same_whichever_way_entries_are_grouped(
    logged: list[Effort], known: list[Rate]
) -> None:
    entries = costed(logged, known)
    groupings = (
        lambda each: each.referral,
        lambda each: each.kind,
        lambda each: f"{each.day:%Y-%m}",
        lambda each: (each.referral, each.kind, each.day),
    )
    whole = total_of(entries)
    for key in groupings:
        assert sum(totals_by(entries, key).values(), start=Total()) == whole
    assert whole.minutes == sum(each.minutes for each in logged)
    assert whole.expenses == sum(each.pence for each in logged)
    assert whole.cost == sum(e.expenses + (e.time or 0) for e in entries)
    assert all(type(each) is int for each in (whole.minutes, whole.time, whole.cost))


@given(st.integers(1, 1440), st.integers(0, 1_000_000))
def test_an_entry_is_rounded_once_to_the_nearest_penny(minutes: int, pence: int) -> None:
    [entry] = costed([effort(minutes)], [rate(1, pence, DAY)])
    assert entry.time is not None
    assert abs(entry.time * 60 - minutes * pence) <= 30


def test_a_half_penny_goes_up() -> None:
    [entry] = costed([effort(30)], [rate(1, 5, DAY)])
    assert entry.time == 3


@pytest.mark.parametrize(
    ("kind", "day", "pence"),
    [
        ("interview", DAY, 2500),
        ("interview", DAY - timedelta(days=1), 2000),
        ("travel", DAY, 2000),
        ("travel", DAY - timedelta(days=11), None),
    ],
)
def test_the_rate_of_the_kind_that_holds_on_the_day_counts(
    kind: str, day: date, pence: int | None
) -> None:
    known = [
        rate(1, 1000, DAY - timedelta(days=10)),
        rate(2, 2000, DAY - timedelta(days=10)),  # said last
        rate(3, 2500, DAY, "interview"),
        rate(4, 9900, DAY + timedelta(days=1), "interview"),
    ]
    assert rate_on(known, kind=kind, day=day) == pence


def test_time_without_a_rate_is_counted_and_not_priced() -> None:
    total = total_of(costed([effort(45, pence=120)], []))
    assert total == Total(minutes=45, expenses=120, time=0, unpriced=45)
    assert total.cost == 120
    assert costed([effort(0, pence=120)], []) == [Costed(1, "interview", DAY, 0, 120, 0)]


def test_mean_and_median_are_whole_pence() -> None:
    assert mean_and_median([]) is None
    assert mean_and_median([100, 101]) == (101, 101)  # 100.5, twice
    assert mean_and_median([1, 2, 10]) == (4, 2)


def test_words() -> None:
    assert [pounds(0), pounds(5), pounds(123450)] == ["£0.00", "£0.05", "£1,234.50"]
    assert [hours(0), hours(5), hours(125)] == ["0 min", "5 min", "2 h 05 min"]
