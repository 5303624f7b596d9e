from datetime import UTC, datetime, timedelta

import pytest

from nrm_tracker.ui.words import count, duration, exact, instant_in_words

NOW = datetime(2026, 4, 18, 9, 12, tzinfo=UTC)  # a Saturday, 10:12 in London


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 4, 18, 9, 11, 20, tzinfo=UTC), "40 seconds ago"),
        (datetime(2026, 4, 18, 9, 6, tzinfo=UTC), "6 minutes ago"),
        (datetime(2026, 4, 18, 9, 13, tzinfo=UTC), "in 1 minute"),
        (datetime(2026, 4, 18, 6, 0, tzinfo=UTC), "today at 07:00"),
        (datetime(2026, 4, 17, 22, 59, tzinfo=UTC), "yesterday at 23:59"),
        (datetime(2026, 4, 17, 23, 0, tzinfo=UTC), "today at 00:00"),
        (datetime(2026, 4, 18, 23, 0, tzinfo=UTC), "tomorrow at 00:00"),
        (datetime(2026, 4, 14, 8, 12, tzinfo=UTC), "Tuesday 14 April, 4 days ago"),
        (datetime(2026, 4, 21, 9, 12, tzinfo=UTC), "Tuesday 21 April, in 3 days"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "Wednesday 31 December 2025, 108 days ago"),
    ],
)
def test_instant_in_words(at, words):
    assert instant_in_words(at, now=NOW) == words


def test_exact_names_the_clock():
    assert exact(datetime(2026, 4, 14, 8, 12, tzinfo=UTC)) == "Tuesday 14 April 2026, 09:12 BST"
    assert exact(datetime(2026, 1, 14, 9, 12, tzinfo=UTC)) == "Wednesday 14 January 2026, 09:12 GMT"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=61, hours=5), "61 days"),
        (timedelta(hours=5, minutes=59), "5 hours"),
        (60, "1 minute"),
        (0, "0 seconds"),
        (-7200, "2 hours"),
    ],
)
def test_duration(length, words):
    assert duration(length) == words


def test_count():
    assert [count(1, "day"), count(2, "day"), count(1204, "day")] == [
        "1 day",
        "2 days",
        "1,204 days",
    ]
