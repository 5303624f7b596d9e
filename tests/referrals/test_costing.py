"""Time and expenses logged with a tap: appended, taken back, an organisation's own."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from audit.models import AuditEntry
from referrals.actions import Spent, log_effort, set_rate, withdraw_effort
from referrals.errors import TakenBackAlready
from referrals.models import Effort, Rate, Referral
from referrals.pages.costing import spending_on
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import DAY, caseworker, send
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()


@pytest.fixture
def somebody(riverside: Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - 4 * DAY, now=NOW - 3 * DAY)


def spend(acting: Acting, referral: Referral, **facts: object) -> Effort:
    said = {"kind": "interview", "day": TODAY, "minutes": 30}
    with acting.context():
        made = log_effort(
            referral=referral, spent=Spent(**{**said, **facts}), by=acting.caseworker, now=NOW
        )
    assert made
    return made


def price(acting: Acting, pence: int, *, kind: str = "", since: date = date(2026, 1, 1)) -> Rate:
    with acting.context(acting.manager):
        return set_rate(
            kind=kind, pence_an_hour=pence, valid_from=since, by=acting.manager, now=NOW
        )


def test_one_tap_logs_half_an_hour_of_today(riverside: Acting, somebody: Referral) -> None:
    client = caseworker(riverside)
    page = f"/referrals/{somebody.reference}/"
    assert "Log time spent today" in client.get(page).text
    tapped = {"key": str(uuid4()), "kind": "interview", "tap": "30"}
    answer = client.post(f"{page}time/", tapped)
    assert answer.url == f"{page}#time"
    assert client.post(f"{page}time/", tapped).url == f"{page}#time"  # pressed twice
    with riverside.context():
        assert list(Effort.objects.values_list("kind", "minutes", "pence", "day", "by")) == [
            ("interview", 30, 0, TODAY, riverside.caseworker.user_id)
        ]
        logged = AuditEntry.objects.filter(action="effort_logged", referral=somebody.pk)
        assert logged.count() == 1
    assert "30 min. No rate holds for 30 min of it." in client.get(page).text


def test_expenses_and_another_day_are_typed(riverside: Acting, somebody: Referral) -> None:
    client = caseworker(riverside)
    url = f"/referrals/{somebody.reference}/time/"
    yesterday = TODAY - timedelta(days=1)
    day = {"day_0": yesterday.day, "day_1": yesterday.month, "day_2": yesterday.year}
    sent = send(client, url, kind="travel", minutes="45", pence="£1,012.50", **day)
    assert sent.status_code == 302
    with riverside.context():
        assert list(Effort.objects.values_list("kind", "minutes", "pence", "day")) == [
            ("travel", 45, 101_250, yesterday)
        ]
    assert "Travel: 45 min and £1,012.50" in client.get(url, follow=True).text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"kind": "travel"}, "Enter the minutes, or what was paid"),
        ({"minutes": "30"}, "Choose what it was for"),
        ({"kind": "travel", "minutes": "1441"}, "Enter a number of minutes from 1 to 1440"),
        ({"kind": "travel", "tap": "9999"}, "Enter a number of minutes from 1 to 1440"),
        ({"kind": "travel", "tap": "-5"}, "Enter a number of minutes from 1 to 1440"),
        ({"kind": "travel", "pence": "1.005"}, "Enter an amount in whole pence"),
        ({"kind": "travel", "pence": "-1"}, "Enter an amount in pounds, such as 12.50"),
        ({"kind": "travel", "pence": "NaN"}, "Enter an amount in pounds, such as 12.50"),
        ({"kind": "travel", "pence": "10001"}, "Enter an amount up to 10,000 pounds"),
        (
            {"kind": "travel", "minutes": "5", "day_0": "24", "day_1": "11", "day_2": "2026"},
            "must be today or in the past",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    riverside: Acting, somebody: Referral, sent: dict[str, str], message: str
) -> None:
    url = f"/referrals/{somebody.reference}/time/"
    assert message in send(caseworker(riverside), url, **sent).text
    with riverside.context():
        assert not Effort.objects.exists()


def test_what_is_typed_counts_before_a_tap_that_came_along(
    riverside: Acting, somebody: Referral
) -> None:
    url = f"/referrals/{somebody.reference}/time/"
    sent = send(caseworker(riverside), url, kind="travel", tap="9999", minutes="20")
    assert sent.status_code == 302
    with riverside.context():
        assert Effort.objects.get().minutes == 20


def test_an_entry_is_taken_back_and_stays(riverside: Acting, somebody: Referral) -> None:
    price(riverside, 2000)
    spend(riverside, somebody)
    mistaken = spend(riverside, somebody, minutes=90)
    client = caseworker(riverside)
    url = f"/referrals/{somebody.reference}/time/"
    assert send(client, f"{url}{mistaken.pk}/withdraw/", why="twice").url == url
    with riverside.context():
        assert spending_on(somebody, membership=riverside.caseworker) == ("30 min: £10.00 in all")
        with pytest.raises(TakenBackAlready):
            withdraw_effort(effort=mistaken, why=Effort.Why.DAY, by=riverside.caseworker, now=NOW)
    assert "Taken back: It is logged twice" in client.get(url, follow=True).text


def test_nothing_of_an_entry_changes_but_that_it_is_taken_back(
    riverside: Acting, somebody: Referral
) -> None:
    made = spend(riverside, somebody)
    for change in ({"minutes": 5}, {"pence": 1}, {"day": date(2020, 1, 1)}):
        with (
            riverside.context(),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            Effort.objects.filter(pk=made.pk).update(**change)
    with riverside.context(), pytest.raises(ProgrammingError), transaction.atomic():
        Effort.objects.filter(pk=made.pk)._raw_delete("default")


def test_another_organisation_neither_sees_nor_logs(
    riverside: Acting, northgate: Acting, somebody: Referral
) -> None:
    made = spend(riverside, somebody)
    price(riverside, 2000)
    with northgate.context():
        assert (Effort.objects.count(), Rate.objects.count()) == (0, 0)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            log_effort(
                referral=somebody,
                spent=Spent(kind="other", day=TODAY, minutes=1),
                by=northgate.caseworker,
                now=NOW,
            )
    client = caseworker(northgate)
    url = f"/referrals/{somebody.reference}/time/"
    assert client.get(url).status_code == 404
    assert client.post(f"{url}{made.pk}/withdraw/", {"why": "day"}).status_code == 404


def test_rates_are_kept_by_managers_and_appended(riverside: Acting) -> None:
    assert caseworker(riverside).get("/cost/rates/").status_code == 403
    client = signed_in_client(riverside.manager.user)
    assert "Until there is one, hours are counted" in client.get("/cost/rates/").text
    since = {"valid_from_0": "1", "valid_from_1": "4", "valid_from_2": "2026"}
    for amount in ("23.40", "24"):
        sent = send(client, "/cost/rates/", kind="", pence_an_hour=amount, **since)
        assert sent.url == "/cost/rates/"
    text = client.get("/cost/rates/").text
    assert "£23.40 an hour from 1 April 2026" in text
    assert "£24.00 an hour from 1 April 2026" in text
    with pytest.raises(ProgrammingError, match="permission denied"), riverside.context():
        Rate.objects.update(pence_an_hour=1)
