"""What is kept back cannot be worked out from what is published, by one table or by two."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.small_numbers import Sum, follow_from_the_rest, is_small, kept_back, rounded

Grid = list[list[int]]
grids = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 12), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


def with_margins(grid: Grid, *, prefix: str = "") -> tuple[dict[str, int], list[Sum]]:
    """The cells of a table with the sums of its rows, its columns, and all."""
    rows, columns = range(len(grid)), range(len(grid[0]))
    counts = {f"{prefix}{r},{c}": grid[r][c] for r, c in product(rows, columns)}
    counts |= {f"{prefix}{r},all": sum(grid[r]) for r in rows}
    counts |= {f"{prefix}all,{c}": sum(grid[r][c] for r in rows) for c in columns}
    counts["all"] = sum(map(sum, grid))
    sums = [Sum(f"{prefix}{r},all", tuple(f"{prefix}{r},{c}" for c in columns)) for r in rows]
    sums += [Sum(f"{prefix}all,{c}", tuple(f"{prefix}{r},{c}" for r in rows)) for c in columns]
    sums.append(Sum("all", tuple(f"{prefix}{r},all" for r in rows)))
    sums.append(Sum("all", tuple(f"{prefix}all,{c}" for c in columns)))
    return counts, sums


def holds(tried: dict[str, int], sums: list[Sum]) -> bool:
    """Of the sums whose every count is tried."""
    return all(
        tried[each.whole] == sum(tried[name] for name in each.parts)
        for each in sums
        if all(name in tried for name in each.cells)
    )


def solutions(
    known: dict[str, int], counts: dict[str, int], names: list[str], sums: list[Sum]
) -> Iterator[dict[str, int]]:
    """By trying: one more or one less than each count is, where every sum still holds and none is
    below one: nought would have been published."""
    if not names:
        yield known
        return
    for value in (counts[names[0]] + change for change in (0, 1, -1)):
        tried = known | {names[0]: value}
        if value >= 1 and holds(tried, sums):
            yield from solutions(tried, counts, names[1:], sums)


@settings(max_examples=150)
@given(grids.filter(lambda grid: len(grid) * len(grid[0]) <= 6))
def test_each_count_kept_back_may_have_been_another(grid: Grid) -> None:
    counts, sums = with_margins(grid)
    back = sorted(kept_back(counts, sums))
    known = {name: count for name, count in counts.items() if name not in back}
    found = list(solutions(known, counts, back, sums))
    for name in back:
        assert len({each[name] for each in found}) > 1, name


@given(grids, st.integers(2, 8))
def test_every_small_number_is_kept_back_and_none_follows(grid: Grid, threshold: int) -> None:
    counts, sums = with_margins(grid)
    back = kept_back(counts, sums, threshold=threshold)
    assert {name for name, count in counts.items() if 0 < count < threshold} <= back
    assert follow_from_the_rest(sums, back) == set()


@given(grids, st.integers(2, 8))
def test_what_one_line_keeps_back_is_not_small_together(grid: Grid, threshold: int) -> None:
    counts, sums = with_margins(grid)
    back = kept_back(counts, sums, threshold=threshold)
    for each in sums:
        if each.whole not in back:
            together = sum(counts[name] for name in each.parts if name in back)
            assert not is_small(together, threshold=threshold)


@given(grids)
def test_two_tables_of_the_same_people_give_nothing_away(grid: Grid) -> None:
    """By nation, and by nation and age: whatever one adds to the other, nothing kept back in one
    follows from both. Each alone would have published what the other keeps back."""
    counts, sums = with_margins(grid)
    nations = {f"nation {r}": counts[f"{r},all"] for r in range(len(grid))}
    sums += [Sum("all", tuple(nations))]
    sums += [Sum(f"{r},all", (f"nation {r}",)) for r in range(len(grid))]
    back = kept_back(counts | nations, sums)
    assert follow_from_the_rest(sums, back) == set()
    for r in range(len(grid)):
        assert (f"nation {r}" in back) == (f"{r},all" in back)


@given(grids)
def test_nought_is_published_and_nothing_is_kept_back_without_need(grid: Grid) -> None:
    counts, sums = with_margins(grid)
    back = kept_back(counts, sums)
    assert all(counts[name] for name in back)
    if not any(is_small(count) for count in counts.values()):
        assert back == frozenset()


@pytest.mark.parametrize(
    ("counts", "back"),
    [
        ({"a": 2, "b": 9, "c": 20}, {"a", "b"}),  # b, the least, so that a does not follow
        ({"a": 2, "b": 3, "c": 20}, {"a", "b"}),  # 5 together
        ({"a": 1, "b": 2, "c": 20}, {"a", "b", "c"}),  # 3 together would be told
        ({"a": 2, "b": 0, "c": 0}, {"a", "all"}),
        ({"a": 5, "b": 0, "c": 6}, set()),
        (dict.fromkeys("abcde", 1), {*"abcde", "all"}),  # 5 of 1 or more each: every one is 1
        (dict.fromkeys("abcdef", 1) | {"g": 9}, {*"abcdefg"}),
    ],
)
def test_a_line_that_adds_up(counts: dict[str, int], back: set[str]) -> None:
    whole = {"all": sum(counts.values())}
    assert kept_back(counts | whole, [Sum("all", tuple(counts))]) == back


def test_the_least_that_is_possible_is_not_told_by_sums_of_sums() -> None:
    """Rows of 3 and columns of 2 are kept back; six cells that are 6 together would each be 1."""
    counts, sums = with_margins([[1, 1, 1], [1, 1, 1]])
    assert kept_back(counts, sums) == counts.keys()


def test_two_loops_joined_by_one_cell_do_not_give_it_away() -> None:
    """Every row and column has two kept back, and the cell between the loops follows all the same
    unless the equations are solved together."""
    grid = [[2, 3, 9, 9], [4, 2, 3, 9], [9, 9, 2, 4], [9, 9, 3, 2]]
    counts, sums = with_margins(grid)
    small = {name for name, count in counts.items() if is_small(count)}
    assert follow_from_the_rest(sums, small) == {"1,2"}
    back = kept_back(counts, sums)
    assert small < back
    assert follow_from_the_rest(sums, back) == set()


@pytest.mark.parametrize(
    ("count", "base", "shown"), [(0, 5, 0), (2, 5, 0), (3, 5, 5), (5, 10, 10), (4, 10, 0)]
)
def test_a_count_may_be_rounded(count: int, base: int, shown: int) -> None:
    assert rounded(count, base=base) == shown
