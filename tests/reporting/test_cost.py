"""What the role costs: by month and kind, with the gaps, for the organisation itself."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import AuditEntry
from referrals.actions import accept_hand_over, ask_to_take
from referrals.models import Referral
from reporting.cost import cost, table
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import DAY
from tests.referrals.test_costing import price, spend
from tests.support import gave_a_code, signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY, LONG_AGO = NOW.date(), NOW - 60 * DAY
OCTOBER = TODAY.replace(month=10)
YEAR = {"since": "2025-12", "until": "2026-11"}


@pytest.fixture
def logged(riverside: Acting, northgate: Acting) -> Referral:
    """Riverside holds three, and logged something for two; Northgate has its own."""
    price(riverside, 2000)
    price(riverside, 3000, kind="drafting")
    agreed = happening("consent_recorded", LONG_AGO, consent_type="sharing")
    first, second, _third = (
        factories.referral(riverside, contact=LONG_AGO, now=NOW - 59 * DAY, events=[agreed])
        for _ in range(3)
    )
    spend(riverside, first, minutes=90)
    spend(riverside, first, kind="drafting", minutes=20, day=OCTOBER)
    spend(riverside, second, kind="travel", minutes=0, pence=1250)
    theirs = factories.referral(northgate, contact=NOW - 60 * DAY, now=NOW - 59 * DAY)
    spend(northgate, theirs, minutes=600)
    return first


def test_hours_expenses_and_cost_by_month_and_kind(riverside: Acting, logged: Referral) -> None:
    with riverside.context(riverside.manager):
        page = cost(riverside.manager, **YEAR)
    assert table(page)[1:] == [
        ("2026-11", "Interview", "1 h 30 min", "90", "0.00", "30.00", "30.00", "0"),
        ("2026-11", "Travel", "0 min", "0", "12.50", "0.00", "12.50", "0"),
        ("2026-10", "Drafting", "20 min", "20", "0.00", "10.00", "10.00", "0"),
    ]
    assert (page.total.minutes, page.total.cost) == (110, 5250)
    assert (page.logged, page.referrals, page.mean, page.median) == (2, 3, "£26.25", "£26.25")


def test_a_month_counts_its_own_days(riverside: Acting, logged: Referral) -> None:
    with riverside.context(riverside.manager):
        page = cost(riverside.manager, since="2026-10", until="2026-10")
    assert (page.total.minutes, page.logged) == (20, 1)
    assert (f"{page.since}", f"{page.until}") == ("2026-10-01", "2026-10-31")


def test_the_page_shows_the_gaps_and_what_is_not_counted(
    riverside: Acting, logged: Referral
) -> None:
    price(riverside, 0, kind="other", since=TODAY + timedelta(days=1))
    client = signed_in_client(riverside.manager.user)
    text = client.get("/cost/").text
    assert "Logged on 2 of 3 referrals" in text
    assert "Not counted: what nobody logged" in text
    assert "£52.50" in text
    assert signed_in_client(riverside.caseworker.user).get("/cost/").status_code == 403


def test_with_nothing_logged_it_says_what_will_appear(northgate: Acting) -> None:
    text = signed_in_client(northgate.manager.user).get("/cost/").text
    assert "Nothing is logged in this time" in text
    assert "Logged on 0 of 0 referrals" in text


def test_what_was_handed_over_stays_counted_where_it_was_spent(
    riverside: Acting, northgate: Acting, logged: Referral
) -> None:
    with riverside.context(riverside.manager):
        before = cost(riverside.manager, **YEAR).total
    with riverside.context():
        [row] = ask_to_take(
            referral=logged,
            organisations=[northgate.organisation],
            by=riverside.caseworker,
            now=NOW,
        )
    with northgate.context():
        accept_hand_over(hand_over=row, by=northgate.caseworker, now=NOW)
    spend(northgate, logged, minutes=15)
    with riverside.context(riverside.manager):
        assert cost(riverside.manager, **YEAR).total == before
    with northgate.context(northgate.manager):
        page = cost(northgate.manager, **YEAR)
    assert (page.total.minutes, page.logged, page.referrals) == (615, 2, 2)


def test_the_export_asks_for_the_code_is_marked_and_is_noted(
    riverside: Acting, logged: Referral
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert client.get("/cost/export/").status_code == 302
    gave_a_code(client, riverside.manager.user, ago=datetime.now(UTC) - NOW)
    reply = client.post("/cost/export/", {"kind": "csv"})
    assert reply["Content-Disposition"] == 'attachment; filename="cost.csv"'
    lines = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert "The cost of the role" in lines[0][0]
    assert lines[2][:2] == ["2026-11", "Interview"]
    with riverside.context(riverside.manager):
        [entry] = AuditEntry.objects.filter(action="list_exported")
    assert entry.fields == ["3 rows"]
