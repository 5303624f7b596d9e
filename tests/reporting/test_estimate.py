"""Half of them, with those who still wait counted. Worked out by hand."""

import pytest

from reporting.estimate import Spell, days_until

ENTERED, WAITING = True, False


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
