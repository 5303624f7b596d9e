"""Half of them, with those who still wait counted: by hand, on another path, and by lifelines."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.estimate import HALF, NINE_IN_TEN, Spell, days_until

ENTERED, WAITING = True, False
some = st.lists(st.builds(Spell, st.integers(0, 60), st.booleans()), min_size=1, max_size=60)


def spells(*days: tuple[int, bool]) -> list[Spell]:
    return [Spell(day, entered=entered) for day, entered in days]


@pytest.mark.parametrize(
    ("share", "waits", "expected"),
    [
        (0.5, [], None),
        (0.5, [(5, ENTERED), (9, ENTERED), (20, ENTERED)], 9),
        (0.5, [(5, ENTERED), (9, ENTERED)], 5),
        (0.5, [(5, WAITING), (9, WAITING)], None),
        (0.5, [(5, ENTERED), (30, WAITING), (40, WAITING)], None),
        # 4 people: 3/4 wait after day 2; one is lost at 3; of 2 left one enters on 10: 3/8.
        (0.5, [(2, ENTERED), (3, WAITING), (10, ENTERED), (50, WAITING)], 10),
        (0.9, [(n, ENTERED) for n in range(1, 11)], 9),
        (0.9, [(n, ENTERED) for n in range(1, 10)] + [(10, WAITING)], 9),
        (0.9, [(n, ENTERED) for n in range(1, 9)] + [(9, WAITING), (10, WAITING)], None),
    ],
)
def test_the_share_that_had_entered(
    share: float, waits: list[tuple[int, bool]], expected: int | None
) -> None:
    assert days_until(share, spells(*waits)) == expected


def test_finished_waits_alone_would_look_better_than_they_are() -> None:
    queue = spells((3, ENTERED), (4, ENTERED), (60, WAITING), (70, WAITING), (80, WAITING))
    assert days_until(0.5, [s for s in queue if s.entered]) == 3
    assert days_until(0.5, queue) is None


def test_entry_comes_before_being_lost_on_the_same_day() -> None:
    assert days_until(0.5, spells((7, WAITING), (7, ENTERED))) == 7


def by_fractions(share: Fraction, seen: list[Spell]) -> int | None:
    """Day by day, from the first to the last, in exact fractions."""
    waiting = Fraction(1)
    for day in range(max(each.days for each in seen) + 1):
        there = [each for each in seen if each.days >= day]
        gone = [each for each in there if each.days == day and each.entered]
        waiting *= Fraction(len(there) - len(gone), len(there))
        if waiting <= 1 - share:
            return day
    return None


@given(some, st.sampled_from([(HALF, Fraction(1, 2)), (NINE_IN_TEN, Fraction(9, 10))]))
def test_it_is_what_a_naive_count_gives(seen: list[Spell], share: tuple[float, Fraction]) -> None:
    assert days_until(share[0], seen) == by_fractions(share[1], seen)


@given(some, st.integers(0, 59))
def test_nobody_can_shorten_it_by_waiting_longer(seen: list[Spell], place: int) -> None:
    """Whoever still waits a day more makes the figure no smaller."""
    place %= len(seen)
    more = [
        Spell(each.days + 1, entered=False) if n == place and not each.entered else each
        for n, each in enumerate(seen)
    ]
    before, after = days_until(HALF, seen), days_until(HALF, more)
    assert after is None or (before is not None and before <= after)


@settings(max_examples=60)
@given(some)
def test_it_is_what_lifelines_estimates(seen: list[Spell]) -> None:
    lifelines = pytest.importorskip("lifelines", reason="make test fetches it")
    fitted = lifelines.KaplanMeierFitter()
    fitted.fit([each.days for each in seen], [each.entered for each in seen])
    curve = fitted.survival_function_["KM_estimate"]
    for share in (HALF, NINE_IN_TEN):
        reached = curve[curve <= 1 - share + 1e-9].index
        assert days_until(share, seen) == (int(reached[0]) if len(reached) else None)
