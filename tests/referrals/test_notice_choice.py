"""What one wants by e-mail: a choice by level, with safe defaults; in-app, always all."""

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEntry
from nrm_tracker.database import purpose
from referrals.models import Email, NoticeChoice
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import form_of
from tests.support import signed_in_client

URL = "/notices/choice/"


@pytest.fixture
def browser(riverside: Acting, settings: Any) -> Client:
    settings.EMAIL_IS_SENT = True
    return signed_in_client(riverside.caseworker.user)


def choice(acting: Acting) -> tuple[str, str]:
    with acting.context():
        found = NoticeChoice.objects.get(user=acting.caseworker.user_id)
    return found.at_once, found.today


@pytest.mark.django_db
class TestChoice:
    def test_who_has_said_nothing_is_mailed(self, browser: Client) -> None:
        form = form_of(browser, URL)
        assert (form["at_once"], form["today"]) == ("at_once", "digest")

    def test_it_is_kept_and_noted(
        self, browser: Client, riverside: Acting, northgate: Acting
    ) -> None:
        said = {"at_once": "digest", "today": "none"}
        page = browser.post(URL, said, follow=True).text
        assert "Saved." in page
        assert choice(riverside) == ("digest", "none")
        assert form_of(browser, URL) == said
        with northgate.context():
            assert not NoticeChoice.objects.exists()
        with riverside.context():
            assert AuditEntry.objects.filter(action="notices_chosen").count() == 1

    def test_a_second_choice_takes_the_place_of_the_first(
        self, browser: Client, riverside: Acting
    ) -> None:
        for at_once in ("none", "at_once"):
            browser.post(URL, {"at_once": at_once, "today": "digest"})
        assert choice(riverside) == ("at_once", "digest")

    @pytest.mark.parametrize("wrong", ["never", ""])
    def test_what_is_no_choice_is_refused(self, browser: Client, wrong: str) -> None:
        page = browser.post(URL, {"at_once": wrong, "today": "digest"}).text
        assert "There is a problem" in page

    def test_it_says_that_one_is_mailed_all_the_same_where_nobody_else_is(
        self, browser: Client
    ) -> None:
        assert "you are sent one all the same" in browser.get(URL).text

    def test_where_no_mail_server_is_set_both_pages_say_so(
        self, browser: Client, settings: Any
    ) -> None:
        settings.EMAIL_IS_SENT = False
        assert "No mail server is set up here" in browser.get(URL).text
        assert "No e-mail is sent" in browser.get("/notices/").text

    def test_mail_that_does_not_arrive_is_said_to_whom_it_was_for(
        self, browser: Client, riverside: Acting
    ) -> None:
        with purpose("nrm_sweep"):
            Email.objects.create(
                key="notice-1-1",
                user_id=riverside.caseworker.user_id,
                organisation_id=riverside.organisation.pk,
                kind="at_once",
                created_at=NOW,
                next_try_at=NOW,
                attempts=3,
                trouble="refused",
            )
        words = "The last e-mail to you has not gone out."
        assert words in browser.get("/notices/").text
        assert words not in signed_in_client(riverside.manager.user).get("/notices/").text
