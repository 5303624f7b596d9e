import pytest

from nrm_tracker.ui.charts import (
    Bar,
    Part,
    Point,
    bar_rows,
    hatching,
    line_drawing,
    stacked_parts,
    wait_drawing,
)


def drawing(gone, limit, paused=0):
    return wait_drawing(gone, limit, paused=paused, unit="days", near=0.7)


def test_wait_within_its_limit_leaves_room():
    drawn = drawing(3, 5)
    assert (drawn.gone, drawn.limit, drawn.state) == (180.0, 300.0, "intime")
    assert drawn.words == "3 of 5 days"
    assert drawn.hatch == ""


@pytest.mark.parametrize(("gone", "state"), [(3, "intime"), (4, "near"), (5, "near"), (6, "over")])
def test_state_of_a_wait(gone, state):
    assert drawing(gone, 5).state == state


def test_wait_beyond_its_limit_moves_the_limit_inwards():
    drawn = drawing(60, 56, paused=15)
    assert (drawn.gone, drawn.limit, drawn.hatch_width) == (240.0, 224.0, 60.0)
    assert drawn.words == "60 of 56 days, plus 15 days that did not count"
    assert drawn.hatch.startswith("M240.0 ")


def test_limit_of_nothing_is_drawn():
    assert drawing(0, 0).gone == 0


def test_hatching_stays_in_its_box():
    pairs = [p for stroke in hatching(10, 20, 16).split("M")[1:] for p in stroke.split("L")]
    points = [tuple(map(float, pair.split())) for pair in pairs]
    assert points
    assert all(10 <= x <= 30 and 0 <= y <= 16 for x, y in points)


def test_bars_are_shares_of_the_longest():
    rows = bar_rows([Bar("a", 34), Bar("b", 17, words="33%"), Bar("c", 0)])
    assert [(row.width, row.text) for row in rows] == [(100.0, "34"), (50.0, "33%"), (0.0, "0")]
    assert bar_rows([Bar("none", 0)])[0].width == 0
    assert bar_rows([]) == []


def test_line_rises_from_nothing():
    drawn = line_drawing([Point("Jan", 10, 100), Point("Feb", 50, 100), Point("Mar", None, None)])
    assert [tick.text for tick in drawn.up] == ["0", "20", "40", "60", "80", "100"]
    assert drawn.median.count("L") == 1
    assert drawn.band.count("L") == 3
    assert [tick.text for tick in drawn.across] == ["Jan", "Feb", "Mar"]


def test_line_without_points_is_empty():
    drawn = line_drawing([])
    assert (drawn.median, drawn.band, drawn.median_end) == ("", "", None)


@pytest.mark.parametrize("highest", [0, 1, 7, 99, 365, 12_000])
def test_scale_has_few_steps_and_holds_the_highest(highest):
    ticks = line_drawing([Point("Jan", highest, highest)]).up
    assert 2 <= len(ticks) <= 7
    assert float(ticks[-1].text) >= highest


def test_parts_can_be_told_apart_without_colour() -> None:
    """By lines over the fill, in the bar as in the key; and no wider than the part."""
    parts = [Part(tone, 10, tone) for tone in ("fro", "interpreter", "survivor", "us")]
    drawn = stacked_parts(parts)
    assert drawn[0].texture == drawn[0].swatch == ""
    assert all(each.texture and each.swatch for each in drawn[1:])
    assert drawn[2].texture == "M50.00 2.5h25.00M50.00 5h25.00M50.00 7.5h25.00"


def test_the_names_of_two_lines_do_not_lie_on_each_other() -> None:
    drawn = line_drawing([Point("Jan", 10, 10), Point("Feb", 9, 9)])
    assert drawn.median_end
    assert drawn.slowest_end
    assert drawn.median_end[1] - drawn.slowest_end[1] == 22
