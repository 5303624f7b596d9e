"""A bank holiday that is added or withdrawn: what it moves, and what a timeline says of it."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from nrm_tracker.database import purpose
from organisations.actions import add_rest_day, withdraw_rest_day
from organisations.models import Membership, Reassessment, RestDay
from organisations.rest_days import rest_days
from referrals.actions import sweep
from referrals.models import DelayFlag, Referral
from referrals.pages.rest_days import effect_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import caseworker, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db

APPROACHED = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday: 2 working days end on Friday
FRIDAY = date(2026, 11, 20)
PASSED = datetime(2026, 11, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW = "/calendar/days/new/"
TYPED = {
    "day_0": "20",
    "day_1": "11",
    "day_2": "2026",
    "name": "Day of thanks",
    "nations": ["england"],
    "source": "The London Gazette",
    "known_from_0": "20",
    "known_from_1": "11",
    "known_from_2": "2026",
}
SAYS = (
    "Deadline of “Organisation's answer” (2 working days) moved from Friday 20 November to Monday "
    "23 November because Friday 20 November, Day of thanks, became a bank holiday in England. "
    "Known since Friday 20 November. Evidence: The London Gazette"
)


@pytest.fixture
def administrator(db: None) -> Membership:
    return factories.administrator()


@pytest.fixture
def waiting(riverside: Acting) -> Referral:
    """Asked of an FRO on Wednesday, and not answered by Friday."""
    return approached(riverside, "england")


def approached(acting: Acting, nation: str) -> Referral:
    events = [
        happening("consent_recorded", APPROACHED, consent_type="nrm"),
        happening("fro_approached", APPROACHED, organisation=acting.organisation),
    ]
    return factories.referral(acting, contact=APPROACHED, nation=nation, events=events)


def add(by: Membership, now: datetime = NOW, **facts: object) -> RestDay:
    usual = {"day": FRIDAY, "name": "Day of thanks", "nations": ["england"]}
    usual |= {"source": "The London Gazette", "known_from": FRIDAY}
    with factories.acts(by):
        return add_rest_day(**(usual | facts), by=by, now=now)  # type: ignore[arg-type]


def withdraw(by: Membership, row: RestDay, now: datetime) -> RestDay:
    with factories.acts(by):
        return withdraw_rest_day(
            rest_day=row, source="A misreading", known_from=FRIDAY, by=by, now=now
        )


def flag(acting: Acting) -> DelayFlag:
    with acting.context():
        return DelayFlag.objects.get(rule="fro-reply")


def page(acting: Acting, referral: Referral) -> str:
    return unescape(caseworker(acting).get(f"/referrals/{referral.reference}/").text)


def test_a_new_day_retracts_what_it_moves_and_its_withdrawal_raises_it_again(
    riverside: Acting, northgate: Acting, waiting: Referral, administrator: Membership
) -> None:
    approached(northgate, "scotland")
    sweep(now=NOW)
    assert (flag(riverside).breached_at, flag(riverside).retracted_at) == (PASSED, None)
    row = add(administrator)
    run = sweep(now=NOW + MINUTE)
    assert run
    assert (run.visited, run.retracted, run.failed) == (2, 1, 0)
    assert flag(riverside).retracted_at == NOW + MINUTE
    assert flag(northgate).retracted_at is None
    withdraw(administrator, row, NOW + 2 * MINUTE)
    run = sweep(now=NOW + 3 * MINUTE)
    assert run
    assert (run.raised, run.retracted) == (1, 0)
    assert (flag(riverside).breached_at, flag(riverside).retracted_at) == (PASSED, None)


def test_the_moved_deadline_is_passed_at_its_own_instant(
    riverside: Acting, waiting: Referral, administrator: Membership
) -> None:
    add(administrator)
    monday_ends = datetime(2026, 11, 24, tzinfo=UTC)
    sweep(now=monday_ends - MINUTE)
    with riverside.context():
        assert not DelayFlag.objects.filter(rule="fro-reply", retracted_at=None).exists()
    sweep(now=monday_ends)
    assert flag(riverside).breached_at == monday_ends


def test_a_day_of_one_nation_has_the_sweep_visit_that_nation_alone(
    riverside: Acting, northgate: Acting, waiting: Referral, administrator: Membership
) -> None:
    approached(northgate, "scotland")
    sweep(now=NOW)
    add(administrator, nations=["scotland"])
    run = sweep(now=NOW + MINUTE)
    assert run
    assert (run.visited, run.retracted) == (1, 1)
    assert flag(riverside).retracted_at is None
    assert flag(northgate).retracted_at == NOW + MINUTE
    with purpose("nrm_sweep"):
        assert Reassessment.objects.get().finished_at == NOW + MINUTE


def test_the_timeline_says_what_moved_from_when_to_when_and_why(
    riverside: Acting, waiting: Referral, administrator: Membership, at_now: None
) -> None:
    assert "Deadline moved" not in page(riverside, waiting)
    row = add(administrator, now=NOW - 2 * MINUTE)
    assert SAYS in page(riverside, waiting)
    withdraw(administrator, row, NOW - MINUTE)
    text = page(riverside, waiting)
    assert SAYS in text
    assert (
        "moved from Monday 23 November to Friday 20 November because Friday 20 November, Day of "
        "thanks, is no longer a bank holiday in England. Known since Friday 20 November. "
        "Evidence: A misreading"
    ) in text


def test_a_timeline_says_nothing_of_a_day_that_moved_nothing_on_it(
    riverside: Acting, northgate: Acting, administrator: Membership, at_now: None
) -> None:
    in_scotland = approached(riverside, "scotland")
    add(administrator, now=NOW - MINUTE)
    logged_after = factories.referral(
        riverside,
        contact=APPROACHED,
        now=NOW,
        events=[
            happening("consent_recorded", APPROACHED, consent_type="nrm"),
            happening("fro_approached", APPROACHED, organisation=northgate.organisation),
        ],
    )
    for referral in (in_scotland, logged_after):
        assert "Deadline moved" not in page(riverside, referral)


def test_what_was_recorded_after_the_day_did_not_move(
    riverside: Acting, administrator: Membership, at_now: None
) -> None:
    referral = factories.referral(
        riverside,
        contact=APPROACHED,
        events=[happening("consent_recorded", APPROACHED, consent_type="nrm")],
    )
    add(administrator, now=NOW - MINUTE)
    asked = happening("fro_approached", APPROACHED, organisation=riverside.organisation)
    factories.record(riverside, referral, asked, now=NOW)
    assert "Organisation's answer” (2 working days) moved" not in page(riverside, referral)


def test_an_answer_in_time_has_no_deadline_left_to_move(
    riverside: Acting, waiting: Referral, administrator: Membership, at_now: None
) -> None:
    answer = happening(
        "fro_accepted", APPROACHED + timedelta(hours=2), organisation=riverside.organisation
    )
    factories.record(riverside, waiting, answer, now=APPROACHED + timedelta(hours=3))
    add(administrator, now=NOW - MINUTE)
    assert "Organisation's answer” (2 working days) moved" not in page(riverside, waiting)


def test_the_effect_is_counted_before_it_is_done(
    riverside: Acting, northgate: Acting, waiting: Referral
) -> None:
    for _ in range(5):
        approached(northgate, "scotland")
    effect = effect_of(day=FRIDAY, nations=["england"], added=True, now=NOW)
    assert [(line.key, line.value) for line in effect.lines] == [
        ("England", "fewer than 5 people"),
        ("Wales", "nobody"),
        ("Scotland", "5 people"),
        ("Northern Ireland", "nobody"),
    ]
    assert effect.everybody
    assert effect.moves == "Deadlines of fewer than 5 people move."
    assert len(effect.warnings) == 1
    other = effect_of(day=date(2026, 11, 28), nations=["scotland"], added=True, now=NOW)
    assert [line.key for line in other.lines] == ["Scotland"]
    assert other.moves == "No deadline that runs now moves."
    assert "Saturday" in other.warnings[0]
    withdrawn = effect_of(day=date(2026, 11, 30), nations=["scotland"], added=False, now=NOW)
    assert not withdrawn.everybody


def test_the_administrator_is_shown_the_effect_and_then_adds_the_day(
    waiting: Referral, administrator: Membership, at_now: None
) -> None:
    client = signed_in_client(administrator.user)
    shown = send(client, NEW, **TYPED)
    assert "Check before you add this bank holiday" in shown.text
    assert "Friday 20 November 2026, in England" in shown.text
    assert "This day is past." in shown.text
    assert waiting.reference not in shown.text
    assert FRIDAY not in rest_days()["england"]
    changing = send(client, NEW, **TYPED, change="yes")
    assert changing.context["form"]["name"].value() == "Day of thanks"
    done = send(client, NEW, **TYPED, confirmed="yes")
    assert done.url == "/calendar/?nation=england&year=2026#days"
    row = RestDay.objects.get(day=FRIDAY)
    assert (row.name, row.recorded_by, row.recorded_at) == (
        "Day of thanks",
        administrator.user,
        NOW,
    )
    again = send(client, NEW, **TYPED, confirmed="yes")
    assert "is a bank holiday already" in again.text
    listed = client.get("/calendar/", {"nation": "england", "year": 2026}).text
    assert f"/calendar/days/{row.pk}/withdraw/" in listed


def test_the_administrator_withdraws_a_day(administrator: Membership, at_now: None) -> None:
    row = add(administrator, day=date(2026, 12, 2))
    client = signed_in_client(administrator.user)
    path = f"/calendar/days/{row.pk}/withdraw/"
    assert "No deadline that runs now moves." in client.get(path).text
    missing = send(client, path, source="")
    assert "Enter where the announcement can be seen" in missing.text
    known = {"known_from_0": "21", "known_from_1": "11", "known_from_2": "2026"}
    send(client, path, source="A misreading", **known)
    assert row.day not in rest_days()["england"]
    assert client.get(path).status_code == 404


def test_nobody_else_changes_the_calendar(riverside: Acting, db: None) -> None:
    client = signed_in_client(riverside.manager.user)
    assert client.get(NEW).status_code == 403
    assert client.get("/calendar/days/1/withdraw/").status_code == 403
    listed = client.get("/calendar/").text
    assert "Bank holidays in England" in listed
    assert "/withdraw/" not in listed
    assert NEW not in listed
    assert Client().get("/calendar/").status_code == 302
