"""Bank holidays as rows: what is known, what is added, what is withdrawn; nothing is deleted."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client

from audit.models import AuditEntry
from nrm_tracker.database import purpose
from organisations.actions import add_rest_day, learn_rest_days, withdraw_rest_day
from organisations.calendars import calendars
from organisations.errors import RestsAlready, WithdrawnAlready
from organisations.models import Membership, Nation, Reassessment, RestDay
from organisations.published import SOURCE, published
from organisations.rest_days import after, before, rest_days
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.timelines import CALENDARS

pytestmark = pytest.mark.django_db

UK = {"england", "wales", "scotland", "northern_ireland"}
NOT_SCOTLAND = UK - {"scotland"}
DAY = date(2027, 6, 9)  # a Wednesday on which nobody rests
ANNOUNCED = date(2026, 11, 20)


@pytest.fixture
def administrator(db: None) -> Membership:
    return factories.administrator()


def add(by: Membership, **facts: object) -> RestDay:
    usual = {"day": DAY, "name": "Day of thanks", "nations": ["england", "wales"]}
    usual |= {"source": "The London Gazette", "known_from": ANNOUNCED}
    with factories.acts(by):
        return add_rest_day(**(usual | facts), by=by, now=NOW)  # type: ignore[arg-type]


def withdraw(by: Membership, row: RestDay) -> RestDay:
    with factories.acts(by):
        return withdraw_rest_day(
            rest_day=row, source="A misreading", known_from=NOW.date(), by=by, now=NOW
        )


def owed() -> list[tuple[list[str], str]]:
    with purpose("nrm_sweep"):
        return list(Reassessment.objects.order_by("id").values_list("nations", "reason"))


@pytest.mark.parametrize(
    ("day", "rests_in"),
    [
        (date(2012, 6, 5), UK),  # the diamond jubilee
        (date(2020, 5, 4), set()),  # moved to 8 May, 75 years after the war
        (date(2020, 5, 8), UK),
        (date(2022, 5, 30), set()),  # the spring holiday, moved to 2 June
        (date(2022, 6, 2), UK),
        (date(2022, 6, 3), UK),
        (date(2022, 9, 19), UK),  # the state funeral
        (date(2023, 5, 8), UK),  # the coronation
        (date(2026, 1, 1), UK),
        (date(2026, 1, 2), {"scotland"}),
        (date(2026, 3, 17), {"northern_ireland"}),
        (date(2026, 4, 3), UK),  # Good Friday
        (date(2026, 4, 6), NOT_SCOTLAND),  # Easter Monday
        (date(2026, 5, 4), UK),
        (date(2026, 5, 25), UK),
        (date(2026, 7, 12), {"northern_ireland"}),  # a Sunday
        (date(2026, 7, 13), {"northern_ireland"}),
        (date(2026, 8, 3), {"scotland"}),
        (date(2026, 8, 31), NOT_SCOTLAND),
        (date(2026, 11, 30), {"scotland"}),  # St Andrew's Day
        (date(2026, 12, 25), UK),
        (date(2026, 12, 28), UK),  # for Boxing Day, a Saturday
        (date(2027, 3, 26), UK),
        (date(2027, 3, 29), NOT_SCOTLAND),
        (date(2026, 4, 2), set()),
    ],
)
def test_the_product_is_delivered_with_the_days_of_each_nation(
    day: date, rests_in: set[str]
) -> None:
    assert {nation for nation, days in rest_days().items() if day in days} == rests_in


def test_every_nation_has_a_calendar_and_wales_has_englands() -> None:
    assert set(rest_days()) == set(Nation.values)
    assert rest_days()["wales"] == rest_days()["england"]
    assert {n: c.rest_days for n, c in calendars().items()} == {
        n: c.rest_days for n, c in CALENDARS.items()
    }


def test_the_days_are_asked_for_once_until_one_is_added(administrator: Membership) -> None:
    known = rest_days()
    assert rest_days() is known
    add(administrator)
    assert rest_days() is not known
    assert rest_days()["england"] == known["england"] | {DAY}
    assert rest_days()["scotland"] == known["scotland"]


def test_everybody_reads_them_in_every_purpose(riverside: Acting) -> None:
    known = rest_days()
    with riverside.context():
        assert rest_days() == known
    for role in ("nrm_sweep", "nrm_figures", "nrm_register"):
        with purpose(role):  # type: ignore[arg-type]
            assert rest_days() == known


def test_nobody_changes_or_deletes_a_day_and_only_the_register_adds(riverside: Acting) -> None:
    first = RestDay.objects.filter(day=date(2026, 4, 3))
    for entered in (riverside.context(), purpose("nrm_register"), purpose("nrm_sweep")):
        with pytest.raises(ProgrammingError, match="permission denied"), entered:
            first.update(name="None")
    for entered in (riverside.context(), purpose("nrm_register")):
        with pytest.raises(ProgrammingError, match="permission denied"), entered:
            first._raw_delete("default")
    row = RestDay(day=DAY, name="Ours", nations=["wales"], source="us", recorded_at=NOW)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        riverside.context(),
        transaction.atomic(),
    ):
        row.save()


def test_a_day_is_added_with_its_audit_entry_and_the_work_it_owes(
    administrator: Membership,
) -> None:
    row = add(administrator, nations=["scotland"])
    with factories.acts(administrator):
        entry = AuditEntry.objects.visible_to(administrator).get()
    assert (row.known_from, row.recorded_by_id) == (ANNOUNCED, administrator.user_id)
    assert (entry.action, entry.subject) == ("calendar_changed", f"rest day {row.pk}")
    assert owed() == [(["scotland"], "Day of thanks, 9 June 2027, became a bank holiday")]


def test_a_day_of_the_deciders_concerns_everybody(administrator: Membership) -> None:
    add(administrator)
    assert [nations for nations, _ in owed()] == [[]]


def test_a_day_that_rests_already_is_refused(administrator: Membership) -> None:
    with pytest.raises(RestsAlready, match="Easter Monday, in England, Wales, Northern Ireland"):
        add(administrator, day=date(2026, 4, 6), nations=["scotland", "wales"])
    add(administrator, day=date(2026, 4, 6), nations=["scotland"])
    assert date(2026, 4, 6) in rest_days()["scotland"]


def test_a_mistaken_day_is_withdrawn_and_stays_in_sight(administrator: Membership) -> None:
    known = rest_days()
    row = add(administrator)
    withdrawal = withdraw(administrator, row)
    assert rest_days() == known
    assert before(row) == known
    assert DAY in after(row)["wales"]
    assert before(withdrawal) == after(row)
    assert after(withdrawal) == known
    assert RestDay.objects.filter(day=DAY).count() == 2
    assert [reason for _, reason in owed()][1].endswith("is no longer a bank holiday")
    for again in (row, withdrawal):
        with pytest.raises(WithdrawnAlready):
            withdraw(administrator, again)
    add(administrator)
    assert DAY in rest_days()["england"]


def test_a_day_of_the_library_can_be_withdrawn_and_does_not_come_back(
    administrator: Membership,
) -> None:
    row = RestDay.objects.get(day=date(2027, 5, 3))
    withdraw(administrator, row)
    compared = learn_rest_days(published=published(), source=SOURCE, now=NOW)
    assert compared.added == ()
    assert date(2027, 5, 3) not in rest_days()["england"]


def test_what_the_library_says_today_is_what_we_were_delivered_with() -> None:
    compared = learn_rest_days(published=published(), source=SOURCE, now=NOW)
    assert (compared.added, compared.only_here) == ((), ())
    assert owed() == []


def test_a_later_library_adds_its_days_where_they_are_new_and_removes_none() -> None:
    later = dict(published())
    later[(DAY, "Day of thanks")] = ("england", "wales")
    later[(date(2026, 11, 30), "Saint Andrew's Day")] = ("scotland", "northern_ireland")
    forgotten = next(key for key in later if key[0] == date(2022, 9, 19))
    del later[forgotten]
    compared = learn_rest_days(published=later, source="holidays 1.0", now=NOW)
    assert [(row.day, row.nations) for row in compared.added] == [
        (date(2026, 11, 30), ["northern_ireland"]),
        (DAY, ["england", "wales"]),
    ]
    assert [row.day for row in compared.only_here] == [date(2022, 9, 19)]
    assert {row.known_from for row in compared.added} == {NOW.date()}
    assert date(2022, 9, 19) in rest_days()["wales"]
    assert DAY in rest_days()["england"]
    again = learn_rest_days(published=later, source="holidays 1.0", now=NOW)
    assert again.added == ()


def test_the_command_says_what_the_library_does_not_have(
    administrator: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    add(administrator, nations=["wales"])
    call_command("learn_rest_days")
    said = json.loads(capsys.readouterr().out)
    assert (said["library"], said["added"]) == (SOURCE, [])
    assert [(row["day"], row["nations"]) for row in said["only_here"]] == [
        (DAY.isoformat(), ["wales"])
    ]


PAGE = "/working-days/"


def page(**asked: object) -> str:
    return Client().get(PAGE, asked).text


def ask(n: object, start: date, where: str) -> str:
    parts = {"start_0": start.day, "start_1": start.month, "start_2": start.year}
    return page(n=n, where=where, **parts)


def test_anybody_reads_the_calendar_of_a_year() -> None:
    text = page(nation="scotland", year=2026)
    assert "Bank holidays in Scotland, 2026" in text
    assert "Saint Andrew" in text
    assert "Easter Monday" not in text
    assert "Easter Monday" in page(nation="wales", year=2026)


@pytest.mark.parametrize(
    ("n", "start", "where", "answer", "why"),
    [
        (5, date(2026, 4, 2), "england", "Monday 13 April 2026", "3 April 2026: Good Friday"),
        (5, date(2026, 4, 2), "scotland", "Friday 10 April 2026", "5 April 2026: Sunday"),
        (1, date(2026, 7, 10), "northern_ireland", "Tuesday 14 July 2026", "Boyne"),
        (1, date(2022, 9, 16), "wales", "Tuesday 20 September 2022", "State Funeral"),
    ],
)
def test_a_count_is_answered_with_the_days_that_did_not_count(
    n: int, start: date, where: str, answer: str, why: str
) -> None:
    text = ask(n, start, where)
    assert f": {answer}</strong>" in text
    assert why in text


@pytest.mark.parametrize(
    ("n", "start", "words"),
    [
        (0, date(2026, 4, 2), "Enter 1 or more working days"),
        (261, date(2026, 4, 2), "Enter 260 working days or fewer"),
        (5, date(1999, 4, 2), "Enter a day from 2000 to 2099"),
        ("x", date(2026, 4, 2), "Enter a whole number"),
    ],
)
def test_what_cannot_be_counted_is_said(n: object, start: date, words: str) -> None:
    text = ask(n, start, "england")
    assert words in text
    assert "<title>Error: " in text


def test_a_year_that_is_not_known_is_refused() -> None:
    assert "Enter a year from 2000 to 2100" in page(nation="england", year=1999)


def test_an_added_day_is_marked_and_a_withdrawn_one_is_struck_through(
    administrator: Membership,
) -> None:
    row = add(administrator)
    asked = {"nation": "england", "year": DAY.year}
    assert "Added by an administrator" in page(**asked)
    assert administrator.user.name not in page(**asked)
    withdraw(administrator, row)
    text = page(**asked)
    assert "<s>Wednesday 9 June</s>" in text
    assert "Withdrawn, known since Monday 23 November 2026: A misreading" in text
    later = ask(1, DAY - timedelta(days=1), "england")
    assert ": Wednesday 9 June 2027</strong>" in later
