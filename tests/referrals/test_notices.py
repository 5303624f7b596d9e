"""The inbox: one's own notices, unread ones first, opened by a press."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from referrals.actions import deliver_notices, telling
from referrals.models import Notice, Referral
from referrals.pages.notices import inbox
from tests import factories
from tests.support import signed_in_client

HOUR = timedelta(hours=1)


def told(acting: factories.Acting, *words: str) -> list[Referral]:
    """Children whom the local authority was not told about for 25 hours."""
    now = timezone.now()
    made = [
        factories.referral(
            acting, contact=now - 25 * HOUR, now=now, pseudonym=word, age_group="child"
        )
        for word in words
    ]
    deliver_notices(now=now)
    return made


def mine(acting: factories.Acting) -> list[Notice]:
    with acting.context():
        return list(Notice.objects.visible_to(acting.caseworker).order_by("id"))


@pytest.fixture
def browser(riverside: factories.Acting, northgate: factories.Acting) -> Client:
    told(northgate, "Plover")
    return signed_in_client(riverside.caseworker.user)


def test_no_other_news_stops_those_of_delays(
    riverside: factories.Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deliver_member_changes(**_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(telling, "deliver_member_changes", deliver_member_changes)
    told(riverside, "Plover")
    assert len(mine(riverside)) == 1


def test_a_notice_says_reference_and_rule_and_never_the_word(
    browser: Client, riverside: factories.Acting
) -> None:
    [referral] = told(riverside, "Heron")
    page = browser.get("/notices/").text
    assert page.count("Local authority told") == 1
    assert referral.reference in page
    assert "Heron" not in page
    assert 'class="moj-notification-badge">1<' in page


def test_nobody_elses_notices_are_shown(browser: Client, northgate: factories.Acting) -> None:
    page = browser.get("/notices/").text
    assert "No notices yet" in page
    with northgate.context():
        assert Referral.objects.get().reference not in page


def test_opening_a_notice_marks_it_and_leads_to_the_referral(
    browser: Client, riverside: factories.Acting
) -> None:
    [referral] = told(riverside, "Heron")
    [notice] = mine(riverside)
    response = browser.post(f"/notices/{notice.pk}/")
    assert response.url == f"/referrals/{referral.reference}/"
    assert mine(riverside)[0].read_at is not None
    assert "New</span>" not in browser.get("/notices/").text


def test_a_notice_is_not_opened_by_looking(browser: Client, riverside: factories.Acting) -> None:
    told(riverside, "Heron")
    [notice] = mine(riverside)
    assert browser.get(f"/notices/{notice.pk}/").status_code == 405
    assert mine(riverside)[0].read_at is None


def test_all_are_marked_read_and_only_ones_own(
    browser: Client, riverside: factories.Acting
) -> None:
    told(riverside, "Heron", "Larch")
    browser.post("/notices/read/")
    assert [notice.read_at is None for notice in mine(riverside)] == [False, False]
    with riverside.context(riverside.manager):
        assert Notice.objects.visible_to(riverside.manager).unread().count() == 2


def test_somebody_elses_notice_is_not_there(
    browser: Client, riverside: factories.Acting, northgate: factories.Acting
) -> None:
    told(riverside, "Heron")
    with riverside.context(riverside.manager):
        colleagues = Notice.objects.visible_to(riverside.manager).get()
    for theirs in (colleagues, *mine(northgate)):
        assert browser.post(f"/notices/{theirs.pk}/").status_code == 404


def test_unread_ones_come_first(browser: Client, riverside: factories.Acting) -> None:
    told(riverside, "Heron", "Larch", "Slate")
    first, second, third = mine(riverside)
    browser.post(f"/notices/{third.pk}/")
    with riverside.context():
        rows = inbox(riverside.caseworker)
    assert [(row.id, row.read) for row in rows] == [
        (second.pk, False),
        (first.pk, False),
        (third.pk, True),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_notices(
    riverside: factories.Acting, django_assert_num_queries: Any, number: int
) -> None:
    told(riverside, *(f"Heron {n}" for n in range(number)))
    with riverside.context(), django_assert_num_queries(INBOX):
        assert len(inbox(riverside.caseworker)) == number


INBOX = 4  # notices, their referrals, which of these are restricted, the rules' titles


def test_the_administrator_receives_none(db: None) -> None:
    assert signed_in_client(factories.administrator().user).get("/notices/").status_code == 403


def test_a_late_sweep_is_said_on_every_page(browser: Client) -> None:
    for address in ("/today/", "/referrals/", "/notices/", "/thresholds/", "/organisations/"):
        assert "Delays are being checked late." in browser.get(address).text
