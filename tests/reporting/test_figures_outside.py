"""Nothing that is kept back from the figures for somebody outside follows from what is shown."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from referrals.actions import Opening, open_referrals
from referrals.ways.story import WAY_IN
from reporting.exports import NOT_SHOWN, exported
from reporting.small_numbers import Sum, follow_from_the_rest, without_room
from reporting.tables import Table
from tests import factories
from tests.conftest import NOW, Lasting
from tests.factories import Acting, happening
from tests.reporting.people import crowd
from tests.support import signed_in_client

DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
ASKED = [
    {"asked_since": since, "asked_until": until, **more}
    for until, months in (
        ("2026-11", ("2026-11", "2026-10", "2026-07", "2026-01", "2025-06")),
        ("2026-09", ("2026-08", "2026-05")),
    )
    for since in months
    for more in ({}, {"nation": "england"})
]


@pytest.fixture(scope="module")
def world(lasting: Lasting) -> Iterator[Acting]:
    """A hundred and one people of Harbour's."""

    def make() -> Acting:
        harbour, *others = (
            factories.organisation(name, name.lower()) for name in ("Harbour", "A", "B", "C")
        )
        crowd(harbour, others, number=100)
        return harbour

    with lasting(make) as made:
        yield made


@pytest.fixture
def outside(world: Acting, db: None) -> Iterator["Outside"]:
    """What somebody outside is given, for each choice of months and filters."""
    client = signed_in_client(world.manager.user)
    return (
        Outside(
            (
                *client.get("/figures/", asked).context["waits"].tables,
                *client.get("/figures/why/", asked).context["reasons"].tables,
            )
        )
        for asked in ASKED
    )


class Outside:
    """The cells by their place, true and as they are shown; and the sums that a reader knows,
    worked out here from what the tables say of themselves."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.lines = {table.code: len(table.lines) for table in tables}
        self.counts, self.texts = {}, {}
        for table, sheet in zip(tables, exported(tables, threshold=5), strict=True):
            for row, line in enumerate(table.lines):
                for column, figure in enumerate(line.figures):
                    place = f"{table.code} {row} {column}"
                    self.counts[place] = figure.value or 0
                    self.texts[place] = sheet.rows[row][column + 1]

    def kept_back(self, among: list[Sum]) -> set[str]:
        names = {name for each in among for name in each.cells}
        return {name for name in names if self.texts.get(name) == NOT_SHOWN}

    def told(self, among: list[Sum]) -> set[str]:
        wholes = {each.whole: sum(self.counts[name] for name in each.parts) for each in among}
        for name, whole in wholes.items():
            assert self.counts.get(name, whole) == whole, name
        back = self.kept_back(among)
        counts = {**wholes, **self.counts}
        return follow_from_the_rest(among, back) | without_room(counts, among, back)

    def column(self, code: str, column: int, lines: int | None = None) -> tuple[str, ...]:
        return tuple(f"{code} {row} {column}" for row in range(lines or self.lines[code]))

    @property
    def people(self) -> list[Sum]:
        columns = [
            *(("months", n) for n in range(5)),
            *(("tried", n) for n in (0, 1)),
            *(("ageing", 0), ("due", 0)),
        ]
        found = [Sum(names[-1], names[:-1]) for names in (self.column(*each) for each in columns)]
        for which in (0, 1):
            asked, *out = self.column("compared", which, 5)
            found.append(Sum(asked, tuple(out)))
        for code, lines, end in (("months", self.lines["months"], 5), ("within", 3, 3)):
            rows = [[f"{code} {row} {n}" for n in range(end)] for row in range(lines)]
            found += [Sum(whole, tuple(parts)) for whole, *parts in rows]
        last = self.lines["months"] - 1
        return [*found, *(Sum(f"compared {n} 0", (f"months {last} {n}",)) for n in range(5))]

    @property
    def days(self) -> list[Sum]:
        """All days of the way in: by cause; of all; and without pauses, with the pauses."""
        assert self.lines["causes"] == len(WAY_IN)
        return [
            Sum("all", self.column("causes", 1)),
            Sum("all", self.column("net", 1)),
            Sum("all", (*self.column("net", 2), *self.column("pauses", 1))),
        ]


def test_nothing_that_is_kept_back_follows(outside: Iterator[Outside]) -> None:
    numbers = days = shares = 0
    for each in outside:
        assert each.told(each.people) == set()
        assert each.told(each.days) == set()
        numbers += len(each.kept_back(each.people))
        days += len(each.kept_back(each.days))
        shares += shares_kept_back(each)
        a_median_shown_twice_is_kept_back_twice(each)
    assert (numbers > 300, days > 50, shares > 50) == (True, True, True)


def shares_kept_back(each: Outside) -> int:
    """With the numbers that they are of."""
    rests = {f"compared 7 {n}": (f"compared 0 {n}", f"compared 3 {n}") for n in (0, 1)}
    rests["compared 8 0"] = tuple(f"within 1 {n}" for n in range(3))
    rests |= {f"within {n} 3": tuple(f"within {n} {m}" for m in range(3)) for n in range(3)}
    rests |= {f"causes {n} 2": (f"causes {n} 1",) for n in range(len(WAY_IN))}
    seen = 0
    for share, numbers in rests.items():
        if NOT_SHOWN in {each.texts[number] for number in numbers}:
            assert each.texts[share] == NOT_SHOWN, share
            seen += 1
    return seen


def a_median_shown_twice_is_kept_back_twice(each: Outside) -> None:
    last = each.lines["months"] - 1
    for row in (5, 6):
        assert each.texts[f"compared {row} 0"] == each.texts[f"months {last} {row}"]


def test_a_share_goes_though_its_number_is_kept_back_only_for_another(riverside: Acting) -> None:
    """Six left and two were closed otherwise, of 26 who asked; the eight together would tell."""
    start = NOW - timedelta(days=40)
    sent = happening("referral_submitted", start + DAY, submitted_by=riverside.organisation)
    left = happening("closed", start + DAY, outcome="moved_away")
    otherwise = happening("closed", start + DAY, outcome="other")
    ends = [sent] * 8 + [None] * 10 + [left] * 6 + [otherwise] * 2
    openings = [
        Opening(
            pseudonym=f"Word {n}",
            age_group="adult",
            nation="england",
            happenings=[happening("initial_contact", start), *([end] if end else [])],
        )
        for n, end in enumerate(ends)
    ]
    with riverside.context():
        open_referrals(openings=openings, by=riverside.caseworker, now=NOW)
    asked = {"asked_since": "2026-10", "asked_until": "2026-11"}
    client = signed_in_client(riverside.manager.user)
    found = client.get("/figures/", asked).context["waits"]
    texts = [row[1] for row in exported(found.tables, threshold=5)[0].rows]
    assert texts[:5] == ["26", "8", "10", NOT_SHOWN, NOT_SHOWN]
    assert texts[7:] == [NOT_SHOWN, "31%"]
