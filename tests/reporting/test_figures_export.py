"""The figures as a file: definitions first, small numbers kept back for others, noted."""

import csv
import hashlib
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from audit.models import Action, AuditEntry
from reporting.exports import NOT_SHOWN, exported, sums_of
from reporting.small_numbers import Sum, follow_from_the_rest, kept_back
from reporting.tables import UNSAID, Figure, Kind, Line, Table, share
from tests.conftest import NOW
from tests.factories import Acting, happening, referral
from tests.reporting.people import crowd
from tests.support import gave_a_code, signed_in_client

DAY = timedelta(days=1)
EXPORT = "/figures/export/"


@pytest.fixture
def bay(at_now: None, riverside: Acting, northgate: Acting) -> Client:
    """The manager, who gave a code a moment ago; three people here, and others elsewhere."""
    for days, word in ((40, "Heron"), (50, "Linden"), (60, "Elm")):
        sent = happening("referral_submitted", NOW - DAY, submitted_by=riverside.organisation)
        events = [sent] if word == "Elm" else []
        referral(riverside, contact=NOW - days * DAY, events=events, now=NOW, pseudonym=word)
    crowd(northgate, [riverside], number=5)
    client = signed_in_client(riverside.manager.user)
    gave_a_code(client, riverside.manager.user, ago=timedelta(seconds=5))
    return client


def export(client: Client, kind: str, whom: str, query: str = "") -> HttpResponse:
    return client.post(f"{EXPORT}{query}", {"kind": kind, "whom": whom})


def lines(answer: HttpResponse) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.django_db
def test_a_file_of_commas_says_first_what_it_is(bay: Client) -> None:
    rows = lines(export(bay, "csv", "inside", "?asked_since=2026-09&nation=england"))
    first = {row[0]: row[1] for row in rows[: rows.index([])]}
    assert first["Filters"] == "asked for help from September 2026 to November 2026; England"
    assert first["Of"].startswith("Riverside Support (fictitious)")
    assert first["Exported"].startswith("by Bay Manager, ")
    assert "small ones too" in first["Small numbers"]
    assert "Kaplan and Meier" in first["The wait to enter, by month of asking for help"]
    start = rows.index(["The wait to enter, by month of asking for help"])
    assert rows[start + 1][:3] == ["Asked for help in", "Asked for help", "Entered"]
    assert ["Oct 2026", "2", "0", "2", "0", "0", UNSAID, UNSAID] in rows
    assert ["Sep 2026", "1", "1", "0", "0", "0", "59", "59"] in rows


@pytest.mark.django_db
def test_a_workbook_has_a_sheet_for_each_table_and_no_formula(bay: Client) -> None:
    book = load_workbook(BytesIO(export(bay, "xlsx", "inside").content))
    assert book.sheetnames == [
        *("about", "compared", "months", "within", "steps", "ageing", "due"),
        *("causes", "refusals", "tried", "pauses", "net", "late"),
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in book["ageing"][4]] == ["29 to 56 days", "2"]


@pytest.mark.django_db
def test_for_somebody_outside_small_numbers_are_kept_back(bay: Client) -> None:
    rows = lines(export(bay, "csv", "outside"))
    found = {row[0]: row[1:] for row in rows if row}
    assert found["Oct 2026"] == [NOT_SHOWN, "0", NOT_SHOWN, "0", "0", NOT_SHOWN, NOT_SHOWN]
    assert found["All who wait"] == [NOT_SHOWN]
    assert found["29 to 56 days"] == [NOT_SHOWN]
    assert found["85 days or more"] == ["0"]
    assert "from 1 to 4 are not shown" in found["Small numbers"][0]


@pytest.mark.django_db
def test_no_word_for_a_person_is_in_it(bay: Client) -> None:
    text = export(bay, "csv", "inside").content.decode("utf-8-sig")
    assert not any(word in text for word in ("Heron", "Linden", "Elm", "R-"))


@pytest.mark.django_db
def test_it_is_noted_with_rows_and_hash(riverside: Acting, bay: Client) -> None:
    answer = export(bay, "csv", "inside", "?asked_since=2026-10")
    with riverside.context():
        [noted] = AuditEntry.objects.filter(action=Action.LIST_EXPORTED)
    assert noted.subject == f"sha256 {hashlib.sha256(answer.content).hexdigest()}"
    assert noted.fields == ["56 rows"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_second_factor_is_asked_for_again(riverside: Acting, bay: Client, method: str) -> None:
    gave_a_code(bay, riverside.manager.user, ago=timedelta(days=900))
    answer = getattr(bay, method)(f"{EXPORT}?nation=wales")
    assert answer.url.startswith("/accounts/2fa/reauthenticate/?next=%2Ffigures%2Fexport%2F")
    with riverside.context():
        assert not AuditEntry.objects.filter(action=Action.LIST_EXPORTED).exists()


@pytest.mark.django_db
def test_filters_that_cannot_be_lead_back(bay: Client) -> None:
    assert bay.get(f"{EXPORT}?nation=atlantis").url == "/figures/?nation=atlantis"


def months(*rows: tuple[int, int, int]) -> Table:
    """What became of those who asked in each month, with the sums."""
    every = [*rows, tuple(map(sum, zip(*rows, strict=True)))]
    lines = [
        Line(
            f"month {n}",
            (
                *(Figure(number) for number in (sum(row), *row)),
                Figure(34, kind=Kind.DAYS, rests_on=(sum(row),)),
                share(row[0], sum(row)),
            ),
        )
        for n, row in enumerate(every)
    ]
    head = ("Month", "All", "Entered", "Waiting", "Left", "Half", "Share")
    return Table("months", "", "", head, tuple(lines), across=(0, (1, 2, 3)), down=True)


def test_what_rests_on_a_number_kept_back_goes_with_it() -> None:
    table = months((2, 9, 8), (20, 20, 20), (30, 30, 30))
    first, second, third, every = (row[1:] for row in exported([table], threshold=5)[0].rows)
    assert first == ("19", NOT_SHOWN, "9", NOT_SHOWN, NOT_SHOWN, NOT_SHOWN)
    assert second == ("60", NOT_SHOWN, "20", NOT_SHOWN, NOT_SHOWN, NOT_SHOWN)
    assert third == ("90", "30", "30", "30", "34", "33%")
    assert every == ("169", "52", "59", "58", "34", "31%")


def test_a_share_goes_with_the_numbers_in_other_lines_that_it_is_of() -> None:
    """Nine left of 69; they are kept back only so that the two do not follow."""
    parts = {"entered": 28, "waiting": 30, "lost": 9, "ended": 2}
    lines = [Line(code, (Figure(number, name=code),)) for code, number in parts.items()]
    shares = (share(9, 69, of=("lost", "asked")), share(28, 69, of=("entered", "asked")))
    lines += [Line(word, (each,)) for word, each in zip(("left", "in"), shares, strict=True)]
    asked = Line("asked", (Figure(69, name="asked"),))
    table = Table("", "", "", ("", "n"), (asked, *lines), sums=(Sum("asked", tuple(parts)),))
    assert [row[1] for row in exported([table], threshold=5)[0].rows] == [
        *("69", "28", "30", NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, "41%"),
    ]


def test_days_kept_back_do_not_follow_from_a_sum_that_stands_elsewhere() -> None:
    """Three people's 40 days; of 400 together, which are in the other table."""
    rows = ((3, 40), (20, 300), (9, 60), (0, 0))
    lines = [
        Line(
            f"cause {n}",
            (
                Figure(people),
                Figure(days, kind=Kind.DAYS, name=f"days {n}"),
                Figure(days // 4, kind=Kind.SHARE, of=("days",)),
            ),
        )
        for n, (people, days) in enumerate(rows)
    ]
    sums = (Sum("days", tuple(f"days {n}" for n in range(4))),)
    causes = Table("causes", "", "", ("", "n", "days", "share"), tuple(lines), sums=sums)
    every = Line("all", (Figure(25), Figure(400, kind=Kind.DAYS, name="days")))
    net = Table("net", "", "", ("", "n", "days"), (every,))
    first, second = exported([causes, net], threshold=5)
    assert [row[1:] for row in (*first.rows, *second.rows)] == [
        (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN),
        ("20", "300", "75%"),
        ("9", NOT_SHOWN, NOT_SHOWN),
        ("0", "0", "0%"),
        ("25", "400"),
    ]


def test_everything_is_shown_within_the_organisation() -> None:
    table = months((2, 1, 0))
    assert exported([table], threshold=0)[0].rows[0] == ("month 0", "3", "2", "1", "0", "34", "67%")


def test_a_figure_shown_twice_is_kept_back_twice() -> None:
    one = Table("one", "", "", ("", "n"), (Line("a", (Figure(3, name="same"),)),))
    two = Table(
        "two",
        *("", "", ("", "n")),
        (Line("a", (Figure(3, name="same"),)), Line("b", (Figure(9),)), Line("all", (Figure(12),))),
        down=True,
    )
    assert [sheet.rows for sheet in exported([one, two], threshold=5)] == [
        (("a", NOT_SHOWN),),
        (("a", NOT_SHOWN), ("b", NOT_SHOWN), ("all", "12")),
    ]


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=5))
def test_nothing_kept_back_follows_from_a_table(rows: list[tuple[int, int, int]]) -> None:
    table = months(*rows)
    people = {name: f.value or 0 for name, f in table.cells() if f.kind == Kind.PEOPLE}
    back = kept_back(people, sums_of(table))
    assert follow_from_the_rest(sums_of(table), back) == set()
    shown = exported([table], threshold=5)[0].rows
    for (name, figure), text in zip(
        table.cells(), (cell for row in shown for cell in row[1:]), strict=True
    ):
        if name in back or (figure.kind == Kind.PEOPLE and 0 < (figure.value or 0) < 5):
            assert text == NOT_SHOWN
