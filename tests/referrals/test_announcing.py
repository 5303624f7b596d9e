"""That a threshold is to change without a second person is told to those whose work it touches."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.urls import reverse

from nrm_tracker.database import purpose
from organisations.models import Membership
from referrals.actions import change_draft, deliver_notices, settle_announced, withdraw_draft
from referrals.models import Email, Notice, NoticeChoice, OutboxMessage, ThresholdDraft
from referrals.pages.notices import NoticeRow, inbox
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.mailserver import free_port, is_sent_through
from tests.referrals.test_threshold_procedure import (
    DAY,
    MINUTE,
    announced,
    counted,
    drafted,
    proposal,
    waiting,
)
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Membership:
    return factories.administrator()


@pytest.fixture
def mail(settings: Any) -> None:
    is_sent_through(settings, free_port())
    settings.NRM_BASE_URL = "https://tracker.example"


def announce(cedar: Membership, *, days: int = 10, now: datetime = NOW) -> ThresholdDraft:
    draft = drafted(cedar, days, now=now)
    counted(draft, cedar, now=now)
    announced(draft, cedar, now=now)
    return draft


def told(member: Membership) -> list[NoticeRow]:
    with factories.acts(member):
        return [row for row in inbox(member) if not row.reference]


def letters(member: Membership) -> list[Email]:
    with factories.acts(member):
        return list(Email.objects.visible_to(member).order_by("id"))


def test_managers_of_organisations_with_open_referrals_are_told_once(
    riverside: Acting, northgate: Acting, cedar: Membership
) -> None:
    waiting(riverside, 12)
    announce(cedar)
    for minutes in range(3):
        deliver_notices(now=NOW + minutes * MINUTE)
    [row] = told(riverside.manager)
    assert (row.title, row.read) == ("Threshold: Way in", False)
    assert row.passed_on == (
        "It is to change on Tuesday 24 November 2026, 12:00 GMT, unless it is stopped before"
    )
    assert [told(each) for each in (riverside.caseworker, northgate.manager)] == [[], []]


def test_the_notice_leads_to_what_is_to_change_and_why(
    riverside: Acting, cedar: Membership
) -> None:
    waiting(riverside, 12)
    now = datetime.now(NOW.tzinfo)
    announce(cedar, now=now)
    deliver_notices(now=now)
    [row] = told(riverside.manager)
    client = signed_in_client(riverside.manager.user)
    assert "Threshold: Way in" in client.get(reverse("notices")).text
    page = client.post(reverse("read_notice", args=[row.id]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("threshold", args=["entry-wait"])
    assert "It is to change" in page.text
    assert "Too long" in page.text
    assert told(riverside.manager)[0].read
    assert reverse("threshold", args=["entry-wait"]) in client.get(reverse("thresholds")).text


def test_what_was_stopped_says_so(riverside: Acting, cedar: Membership) -> None:
    waiting(riverside, 12)
    draft = announce(cedar)
    deliver_notices(now=NOW)
    with factories.acts(cedar):
        withdraw_draft(draft=draft, by=cedar, now=NOW + MINUTE)
    [row] = told(riverside.manager)
    assert row.passed_on == "The change that was announced is stopped for now"
    client = signed_in_client(riverside.manager.user)
    opened = client.post(reverse("read_notice", args=[row.id]))
    assert opened.url == reverse("thresholds")


def test_nobody_is_told_of_what_was_stopped_before(riverside: Acting, cedar: Membership) -> None:
    waiting(riverside, 12)
    draft = announce(cedar)
    with factories.acts(cedar):
        withdraw_draft(draft=draft, by=cedar, now=NOW)
    deliver_notices(now=NOW)
    assert told(riverside.manager) == []


def test_one_that_is_changed_and_announced_anew_is_told_anew(
    riverside: Acting, cedar: Membership
) -> None:
    waiting(riverside, 12)
    draft = announce(cedar)
    deliver_notices(now=NOW)
    with factories.acts(cedar):
        change_draft(draft=draft, proposal=proposal(9), revision=1, by=cedar, now=NOW + MINUTE)
        draft = ThresholdDraft.objects.get(pk=draft.pk)
    counted(draft, cedar, now=NOW + 2 * MINUTE)
    announced(draft, cedar, now=NOW + 3 * MINUTE)
    deliver_notices(now=NOW + 4 * MINUTE)
    assert len(told(riverside.manager)) == 2


def test_once_it_has_taken_effect_the_notice_says_so(riverside: Acting, cedar: Membership) -> None:
    waiting(riverside, 12)
    announce(cedar)
    deliver_notices(now=NOW)
    settle_announced(now=NOW + DAY)
    [row] = told(riverside.manager)
    assert row.passed_on == "It has changed, or is to change on a day that is decided"


def test_a_mail_goes_with_it_once_and_says_nothing_of_anybody(
    riverside: Acting, cedar: Membership, mail: None
) -> None:
    late = waiting(riverside, 12)
    announce(cedar)
    for minutes in range(2):
        deliver_notices(now=NOW + minutes * MINUTE)
    [letter] = letters(riverside.manager)
    assert (letter.kind, letter.subject) == ("digest", "NRM Tracker: a threshold is to change")
    assert "“Way in” is to change on Tuesday 24 November 2026, 12:00 GMT" in letter.text
    assert "https://tracker.example/thresholds/entry-wait/" in letter.text
    assert [word for word in (late.reference, late.pseudonym) if word in letter.text] == []


def test_who_wants_no_mail_of_the_day_gets_none(
    riverside: Acting, cedar: Membership, mail: None
) -> None:
    waiting(riverside, 12)
    with factories.acts(riverside.manager):
        NoticeChoice.objects.create(user=riverside.manager.user, today="none", changed_at=NOW)
    announce(cedar)
    deliver_notices(now=NOW)
    assert letters(riverside.manager) == []
    assert len(told(riverside.manager)) == 1


def test_the_register_announces_and_writes_no_other_message(
    riverside: Acting, cedar: Membership
) -> None:
    referral = waiting(riverside, 12)
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_register"):
        list(OutboxMessage.objects.values("id"))
    with pytest.raises(ProgrammingError, match="row-level security"), purpose("nrm_register"):
        OutboxMessage.objects.bulk_create(
            [OutboxMessage(key="x", referral_id=referral.pk, created_at=NOW)],
            ignore_conflicts=True,
        )


def test_a_manager_of_two_organisations_is_told_in_each(
    riverside: Acting, northgate: Acting, cedar: Membership
) -> None:
    waiting(riverside, 12)
    waiting(northgate, 12)
    with purpose("nrm_register"):
        also = Membership.objects.create(
            user=riverside.manager.user,
            organisation=northgate.organisation,
            role=riverside.manager.role,
            started_at=NOW - timedelta(days=99),
        )
    announce(cedar)
    deliver_notices(now=NOW)
    assert [len(told(each)) for each in (riverside.manager, also, northgate.manager)] == [1, 1, 1]
    with factories.acts(northgate.manager):
        assert Notice.objects.filter(user=northgate.manager.user).count() == 1
