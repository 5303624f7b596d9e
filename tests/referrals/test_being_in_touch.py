"""How often somebody wants to be in touch: agreed in a conversation, corrected, replayed, shown."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from nrm_tracker.ui.moments import Unreadable
from referrals.actions import (
    Calling,
    Happening,
    agree_contact,
    correct_wait_event,
    record_wait_events,
    said_by,
)
from referrals.contact import Terms
from referrals.errors import NoSuchInterval
from referrals.importing import cells
from referrals.in_touch import every
from referrals.models import DelayFlag, Referral, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.house.world import as_owner
from tests.referrals.casework import DAY, caseworker, form_of, send
from tests.referrals.test_conflict import differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def of(acting: Acting, referral: Referral) -> list[tuple[str, int | None]]:
    with acting.context():
        rows = WaitEvent.objects.filter(referral=referral, code__startswith="contact_").order_by(
            "id"
        )
        return [(row.code, row.every_days) for row in rows]


def flags(acting: Acting, referral: Referral) -> list[str]:
    with acting.context():
        found = DelayFlag.objects.filter(referral=referral, rule="lost-contact").standing()
        return [f"{flag.breached_at:%Y-%m-%d}" for flag in found]


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - 40 * DAY, now=NOW - 39 * DAY)


@pytest.fixture
def ash(riverside: Acting) -> Client:
    return caseworker(riverside)


class TestWhereOneSpoke:
    def test_it_is_recorded_with_its_day_and_stands_on_the_page(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        send(ash, f"/referrals/{hers.reference}/record/spoke/", every_days="10")
        assert of(riverside, hers) == [("contact_made", None), ("contact_interval_agreed", 10)]
        page = ash.get(f"/referrals/{hers.reference}/").text
        assert "Agreed on Monday 23 November: in touch at least every 10 days" in page
        assert "Agreed how often to be in touch: every 10 days" in page

    def test_a_later_word_stands_in_place_of_the_former_and_it_can_end(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        url = f"/referrals/{hers.reference}/record/spoke/"
        assert "interval_over" not in form_of(ash, url)
        send(ash, url, every_days="10")
        assert "every 10 days" in ash.get(url, follow=True).text
        send(ash, url, every_days="20")
        send(ash, url, interval_over="on")
        assert [row for row in of(riverside, hers) if row[0] != "contact_made"] == [
            ("contact_interval_agreed", 10),
            ("contact_interval_agreed", 20),
            ("contact_interval_withdrawn", None),
        ]
        assert "in touch at least" not in ash.get(f"/referrals/{hers.reference}/").text

    @pytest.mark.parametrize("days", ["0", "57", "-1", "often", "1.5"])
    def test_it_has_bounds(self, riverside: Acting, hers: Referral, ash: Client, days: str) -> None:
        page = send(ash, f"/referrals/{hers.reference}/record/spoke/", every_days=days)
        assert "Enter a number of days from 1 to 56" in page.content.decode()
        assert of(riverside, hers) == []

    def test_both_answers_at_once_are_none(self, hers: Referral, ash: Client) -> None:
        url = f"/referrals/{hers.reference}/record/spoke/"
        send(ash, url, every_days="10")
        page = send(ash, url, every_days="12", interval_over="on")
        assert "not both" in page.content.decode()

    def test_the_form_says_that_a_risk_is_not_loosened(self, hers: Referral, ash: Client) -> None:
        page = ash.get(f"/referrals/{hers.reference}/record/spoke/", follow=True).text
        assert "what is agreed can bring it forward, not put it off" in page


class TestWithHowContactIsSafe:
    def test_only_a_changed_interval_is_an_entry(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        url = f"/referrals/{hers.reference}/contact/"
        send(ash, url, every_days="14", telephone="yes")
        assert of(riverside, hers) == [("contact_interval_agreed", 14)]
        assert form_of(ash, url)["every_days"] == 14
        send(ash, url, interpreter="Tigrinya")
        assert len(of(riverside, hers)) == 1  # to mend a word is no conversation
        send(ash, url, every_days="")
        assert of(riverside, hers)[1:] == [("contact_interval_withdrawn", None)]

    def test_an_agreement_before_they_asked_for_help_is_refused_whole(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        day = NOW - 60 * DAY
        when = {f"agreed_at_{n}": part for n, part in enumerate((day.day, day.month, day.year))}
        page = send(ash, f"/referrals/{hers.reference}/contact/", every_days="14", **when)
        assert "before they first asked for help" in page.content.decode()
        assert of(riverside, hers) == []


class TestHistory:
    def test_the_flag_follows_what_was_agreed_and_a_correction(
        self, riverside: Acting, hers: Referral
    ) -> None:
        assert flags(riverside, hers) == []
        at = NOW - 20 * DAY
        agreed = happening("contact_interval_agreed", at, every_days=10)
        factories.record(riverside, hers, agreed, now=NOW - 19 * DAY)
        factories.record(riverside, hers, happening("evidence_requested", NOW), now=NOW)
        assert flags(riverside, hers) == ["2026-11-14"]
        with riverside.context():
            event = WaitEvent.objects.get(referral=hers, code="contact_interval_agreed")
            said = replace(said_by(event), every_days=30)
            correct_wait_event(
                event=event, corrected=said, reason="misheard", by=riverside.caseworker, now=NOW
            )
        assert flags(riverside, hers) == []
        assert at_the_shell("--as-of", f"{NOW:%Y-%m-%dT%H:%M}Z") == []
        then = f"{NOW - DAY:%Y-%m-%dT%H:%M}Z"
        assert at_the_shell("--as-of", then, "--known-at", then) == ["2026-11-14T00:00:00Z"]

    def test_a_correction_by_the_form_asks_for_the_days(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        agreed = happening("contact_interval_agreed", NOW - DAY, every_days=10)
        factories.record(riverside, hers, agreed, now=NOW)
        with riverside.context():
            pk = WaitEvent.objects.get(referral=hers, code="contact_interval_agreed").pk
        url = f"/referrals/{hers.reference}/events/{pk}/correct/"
        assert form_of(ash, url)["every_days"] == 10
        send(ash, url, every_days="9", reason="misheard")
        assert of(riverside, hers)[-1] == ("contact_interval_agreed", 9)

    def test_an_event_without_days_is_refused_by_the_action_and_by_the_database(
        self, riverside: Acting, hers: Referral
    ) -> None:
        with riverside.context(), pytest.raises(NoSuchInterval):
            record_wait_events(
                referral=hers,
                happenings=[happening("contact_interval_agreed", NOW)],
                by=riverside.caseworker,
                now=NOW,
            )
        facts: dict[str, Any] = {
            "referral": hers,
            "happened_at": NOW,
            "recorded_at": NOW,
            "recorded_by": riverside.organisation,
            "version": 9,
        }
        wrong = [("contact_interval_agreed", None), ("contact_interval_agreed", 57), ("closed", 5)]
        for code, days in wrong:
            with riverside.context(), pytest.raises(IntegrityError), transaction.atomic():
                WaitEvent.objects.create(code=code, every_days=days, **facts)


class TestWhyThisDate:
    def page(self, acting: Acting, hers: Referral, client: Client) -> str:
        with acting.context():
            pk = WaitEvent.objects.get(referral=hers, code="contact_interval_agreed").pk
        text = client.get(f"/referrals/{hers.reference}/why/{pk}/lost-contact/").text
        return " ".join(text.split())

    def test_says_what_was_agreed(self, riverside: Acting, hers: Referral, ash: Client) -> None:
        agreed = happening("contact_interval_agreed", NOW - 3 * DAY, every_days=10)
        factories.record(riverside, hers, agreed, now=NOW)
        page = self.page(riverside, hers, ash)
        assert "Agreed on Friday 20 November: every 10 days" in page
        assert "10 days" in page
        assert "shorter limit stands" not in page

    def test_says_that_a_risk_goes_first(
        self, riverside: Acting, hers: Referral, ash: Client
    ) -> None:
        agreed = happening("contact_interval_agreed", NOW - 3 * DAY, every_days=10)
        risk = happening("risk_flag_added", NOW - 2 * DAY, risk="pregnant")
        factories.record(riverside, hers, agreed, risk, now=NOW)
        page = self.page(riverside, hers, ash)
        assert "every 10 days" in page
        assert "the shorter limit stands" in page


def test_who_spoke_at_the_same_time_is_shown_what_the_other_agreed_about_calling(
    riverside: Acting, hers: Referral, ash: Client
) -> None:
    url = f"/referrals/{hers.reference}/record/spoke/"
    form = form_of(ash, url) | {"call_back": "yes", "call_when": "any day"}
    with riverside.context(riverside.manager):
        record_wait_events(
            referral=hers,
            happenings=[Happening(code="contact_made", happened_at=NOW)],
            calling=Calling(may_call=False, agreed_at=NOW),
            by=riverside.manager,
            now=NOW,
        )
    shown = differences(ash.post(url, form))
    assert shown["May we call them?"] == ("Yes", "No: do not call")
    assert shown["When is it safe to call?"] == ("any day", "Nothing")


def test_what_stood_before_the_form_was_opened_is_no_conflict(
    riverside: Acting, hers: Referral, ash: Client
) -> None:
    with riverside.context():
        terms = Terms(agreed_at=NOW, safe=("telephone",), never="an uncle")
        agree_contact(referral=hers, terms=terms, by=riverside.caseworker, now=NOW)
    url = f"/referrals/{hers.reference}/record/spoke/"
    form = form_of(ash, url)
    factories.record(riverside, hers, happening("evidence_requested", NOW), now=NOW)
    assert list(differences(ash.post(url, form))) == ["What happened"]


@pytest.mark.parametrize("text", ["0", "57", "-3", "ten", "٣", "1e1", "9" * 30])
def test_an_imported_interval_has_bounds(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.interval(text)


def test_an_imported_interval_is_a_number_of_days() -> None:
    assert (cells.interval("1"), cells.interval("56")) == (1, 56)
    assert (every(1), every(2)) == ("every day", "every 2 days")


def test_the_role_of_the_sweep_reads_the_days() -> None:
    with as_owner() as cursor:
        cursor.execute(
            "SELECT has_column_privilege(role, 'referrals_waitevent', 'every_days', 'SELECT')"
            " FROM unnest(ARRAY['nrm_sweep', 'nrm_figures']) role"
        )
        assert cursor.fetchall() == [(True,), (False,)]


def at_the_shell(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("delays", "--json", *arguments, stdout=out)
    found = json.loads(out.getvalue())
    return [each["breached_at"] for each in found if each["threshold"] == "lost-contact"]


def test_the_day_of_the_limit_is_the_day_of_london(riverside: Acting, hers: Referral) -> None:
    agreed = happening("contact_interval_agreed", NOW - timedelta(days=2), every_days=1)
    factories.record(riverside, hers, agreed, now=NOW)
    assert flags(riverside, hers) == ["2026-11-23"]
