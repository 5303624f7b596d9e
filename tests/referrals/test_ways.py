"""Which figures count a person, at the edges of each."""

from datetime import date, timedelta

import pytest

from referrals.ways.way import Segment, Step, Way, counted

TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def codes(way: Way) -> set[str]:
    return set(counted(way, today=TODAY).codes)


@pytest.mark.parametrize(
    ("days", "in_time"),
    [(14, "within-14"), (15, "not-within-14"), (0, "within-14")],
)
def test_entry_on_the_last_day_is_in_time(days: int, in_time: str) -> None:
    way = Way(1, asked=ago(100), entered=ago(100 - days))
    assert codes(way) >= {"time-14", in_time}
    assert len(codes(way) & {"within-14", "not-within-14"}) == 1


@pytest.mark.parametrize(("days", "had_the_time"), [(14, False), (15, True)])
def test_nobody_is_judged_before_the_last_day_is_over(days: int, had_the_time: bool) -> None:
    for entered in (None, ago(1)):
        assert ("time-14" in codes(Way(1, asked=ago(days), entered=entered))) is had_the_time


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, 0), (14, 0), (15, 15), (28, 15), (29, 29), (56, 29), (57, 57), (84, 57), (85, 85)],
)
def test_whoever_waits_is_in_one_band(days: int, band: int) -> None:
    found = {code for code in codes(Way(1, asked=ago(days))) if code.startswith("aged-")}
    assert found == {f"aged-{band}"}


def test_entry_comes_before_whatever_ended_it_later() -> None:
    """Closed after entry is entered; who has left is counted until then."""
    assert "entered" in codes(Way(1, asked=ago(60), entered=ago(50)))
    left = Way(1, asked=ago(60), ended=ago(20), lost=True)
    assert "lost" in codes(left)
    assert left.days(TODAY) == 40
    assert "ended" in codes(Way(1, asked=ago(60), ended=ago(20)))


def test_a_part_of_the_wait_is_done_goes_on_or_ended_without() -> None:
    steps = (ago(58), None, ago(40), None)
    waits = Way(1, asked=ago(60), steps=steps)
    offered = list(Step).index(Step.OFFERED)
    assert list(waits.segments(TODAY)) == [
        Segment(0, "done", 2),
        Segment(1, "now", 58),
        Segment(offered + 1, "now", 40),
    ]
    over = waits._replace(ended=ago(30))
    assert [(each.state, each.days) for each in over.segments(TODAY)] == [
        ("done", 2),
        ("without", 28),
        ("without", 10),
    ]


def test_steps_in_another_order_make_no_part() -> None:
    way = Way(1, asked=ago(60), steps=(ago(10), ago(20), None, None))
    assert [each.place for each in way.segments(TODAY)] == [0, 2]
