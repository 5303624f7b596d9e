"""Asking what if: one's own line, worked out in the background, and told in bands."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.models import WhatIf
from reporting.what_if import asking
from reporting.what_if.answering import Row, answer, in_words
from reporting.what_if.asking import BATCH, KEPT, RUNS, ask_what_if, cancel_what_if, run_what_ifs
from reporting.what_if.history import Place, history_of, weekly
from reporting.what_if.line import History, TooLittleToSay
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.support import signed_in_client

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
WEEKS = 16
FULL = {
    "arrived": [3] * WEEKS,
    "seen": [2] * WEEKS,
    "left": [0] * WEEKS,
    "waiting": list(range(11, 11 + WEEKS)),
}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class TestWeeks:
    def test_are_whole_ones_until_yesterday(self) -> None:
        places = [
            Place(came=ago(21)),
            Place(came=ago(14), seen=ago(8)),
            Place(came=ago(13), left=ago(1)),
            Place(came=ago(7), seen=ago(0)),
            Place(came=ago(0)),
        ]
        assert weekly(places, today=TODAY) == History(
            arrived=(2, 1), seen=(1, 0), left=(0, 1), waiting=(2, 2)
        )

    def test_nobody_makes_no_week(self) -> None:
        assert weekly([], today=TODAY) == History((), (), (), ())

    def test_are_those_of_a_year_at_most_with_whoever_waited_before(self) -> None:
        places = [Place(came=ago(7 * 80)), Place(came=ago(7 * 70), seen=ago(7 * 60))]
        found = weekly(places, today=TODAY)
        assert (len(found.arrived), set(found.waiting), sum(found.arrived)) == (52, {1}, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
class TestOwnLine:
    def person(self, acting: Acting, *then: tuple[str, int], days: int, **facts: Any) -> None:
        events = [happening(code, NOW - ago * DAY) for code, ago in then]
        factories.referral(acting, contact=NOW - days * DAY, now=NOW, events=events, **facts)

    def test_is_of_adults_in_line_here(self, riverside: Acting, northgate: Acting) -> None:
        for acting in (riverside, northgate):
            self.person(acting, days=16)
            self.person(acting, ("appointment_attended", 3), days=15)
            self.person(acting, ("interview_completed", 9), ("closed", 2), days=12)
            self.person(acting, ("closed", 2), days=12)
            self.person(acting, days=12, age_group="child")
        self.person(northgate, days=12)
        with riverside.context(riverside.manager):
            found = history_of(riverside.manager, now=NOW)
        assert found == History(arrived=(2, 0), seen=(1, 1), left=(0, 1), waiting=(3, 1))

    def test_takes_one_query(
        self, riverside: Acting, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        self.person(riverside, days=16)
        self.person(riverside, days=15)
        with riverside.context(riverside.manager), django_assert_num_queries(1):
            history_of(riverside.manager, now=NOW)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> History:
    """A line that is long enough to be asked about."""
    line = History(**{name: tuple(weeks) for name, weeks in FULL.items()})
    for place in ("what_if.asking", "views.what_if"):
        monkeypatch.setattr(f"reporting.{place}.history_of", lambda *_, **__: line)
    return line


def ask(acting: Acting, *, more: float = 2, lasts: int | None = None, at: datetime = NOW) -> WhatIf:
    with acting.context(acting.manager):
        return ask_what_if(more=more, begins=0, lasts=lasts, by=acting.manager, now=at)


@pytest.mark.django_db
class TestAsking:
    def test_too_little_is_refused(self, riverside: Acting) -> None:
        with pytest.raises(TooLittleToSay):
            ask(riverside)
        with riverside.context(riverside.manager):
            assert not WhatIf.objects.exists()

    @pytest.mark.usefixtures("full")
    def test_is_worked_out_in_the_background(self, riverside: Acting) -> None:
        asked = ask(riverside)
        assert run_what_ifs(now=NOW + DAY) == RUNS
        with riverside.context(riverside.manager):
            asked.refresh_from_db()
        assert (asked.done, len(asked.runs), asked.finished_at) == (RUNS, RUNS, NOW + DAY)
        assert run_what_ifs(now=NOW + DAY) == 0
        found = answer(asked)
        assert [row.label for row in found.line] == [
            "21 December 2026",
            "15 February 2027",
            "24 May 2027",
        ]
        assert found.line[1] == Row(
            "15 February 2027", "38 to 38 (middle 38)", "14 to 14 (middle 14)"
        )
        assert len(found.waits) == 6

    @pytest.mark.usefixtures("full")
    def test_a_killed_worker_loses_no_run_and_makes_none_twice(
        self, riverside: Acting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = ask(riverside)

        def dies(*_: Any, **__: Any) -> Any:
            raise KeyboardInterrupt

        once = asking._run_a_batch(now=NOW)
        with monkeypatch.context() as patch:
            patch.setattr(asking, "runs", dies)
            with pytest.raises(KeyboardInterrupt):
                run_what_ifs(now=NOW)
        assert run_what_ifs(now=NOW) == RUNS - once
        with riverside.context(riverside.manager):
            whole.refresh_from_db()
        assert (once, len(whole.runs)) == (BATCH, RUNS)

    @pytest.mark.usefixtures("full")
    def test_one_that_breaks_stops_no_other(
        self, riverside: Acting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, sound = ask(riverside), ask(riverside, at=NOW + DAY)
        working = asking._runs

        def breaks(what_if: WhatIf, *, number: int) -> Any:
            if what_if.pk == broken.pk:
                raise ZeroDivisionError
            return working(what_if, number=number)

        monkeypatch.setattr(asking, "_runs", breaks)
        run_what_ifs(now=NOW)
        run_what_ifs(now=NOW)
        with riverside.context(riverside.manager):
            assert WhatIf.objects.get(pk=broken.pk).failed_at == NOW
            assert WhatIf.objects.get(pk=sound.pk).finished_at == NOW
        page = signed_in_client(riverside.manager.user).get(f"/what-if/{broken.pk}/").text
        assert "something broke" in page

    @pytest.mark.usefixtures("full")
    def test_two_questions_do_not_hold_up_a_sweep_for_both(self, riverside: Acting) -> None:
        ask(riverside)
        ask(riverside)
        assert [run_what_ifs(now=NOW) for _ in range(3)] == [RUNS, RUNS, 0]

    @pytest.mark.usefixtures("full")
    def test_what_is_cancelled_is_not_worked_out(self, riverside: Acting) -> None:
        asked = ask(riverside)
        with riverside.context(riverside.manager):
            assert cancel_what_if(what_if=asked, by=riverside.manager, now=NOW)
            assert not cancel_what_if(what_if=asked, by=riverside.manager, now=NOW)
        assert run_what_ifs(now=NOW) == 0

    @pytest.mark.usefixtures("full")
    def test_the_latest_are_kept(self, riverside: Acting, northgate: Acting) -> None:
        ask(northgate)
        for hour in range(KEPT + 3):
            ask(riverside, at=NOW + timedelta(hours=hour))
        kept = []
        for acting in (riverside, northgate):
            with acting.context(acting.manager):
                kept.append(WhatIf.objects.count())
        assert kept == [KEPT, 1]

    @pytest.mark.parametrize(
        ("more", "begins", "lasts", "words"),
        [
            (2.0, 0, None, "2 more people seen each week"),
            (-1.0, 4, 8, "1 fewer person seen each week, beginning in 4 weeks, for 8 weeks"),
            (0.5, 0, None, "0.5 more people seen each week"),
        ],
    )
    def test_is_said_in_words(
        self, more: float, begins: int, lasts: int | None, words: str
    ) -> None:
        assert in_words(WhatIf(more=more, begins=begins, lasts=lasts)) == words


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
class TestPages:
    @pytest.fixture
    def client(self, riverside: Acting) -> Client:
        return signed_in_client(riverside.manager.user)

    def test_too_little_is_said_instead_of_a_form(self, client: Client) -> None:
        page = client.get("/what-if/").content.decode()
        assert "Too little is recorded to say anything." in page
        assert "0 whole weeks of 12 at least" in page
        assert "Work it out" not in page

    @pytest.mark.usefixtures("full")
    def test_from_the_question_to_the_answer(self, client: Client) -> None:
        said = {"direction": "fewer", "number": "1", "begins": "4", "lasts": "8"}
        answer = client.post("/what-if/", said)
        page = client.get(answer.url)
        assert page.headers["Refresh"] == "3; url=?refresh"
        assert "0 of 200 runs" in page.content.decode()
        run_what_ifs(now=NOW)
        page = client.get(answer.url)
        assert "Refresh" not in page.headers
        assert "What this assumes" in page.content.decode()
        assert "Finished" in client.get("/what-if/").content.decode()

    @pytest.mark.usefixtures("full")
    def test_it_is_cancelled_by_a_press(self, client: Client, riverside: Acting) -> None:
        asked = ask(riverside)
        page = client.post(f"/what-if/{asked.pk}/", follow=True).content.decode()
        assert "Cancelled." in page
        assert run_what_ifs(now=NOW) == 0

    @pytest.mark.usefixtures("full")
    def test_nonsense_gets_a_sentence(self, client: Client) -> None:
        page = client.post("/what-if/", {"direction": "more", "number": "-3", "begins": "0"})
        assert "Enter how many people in figures, 0.5 to 50" in page.content.decode()

    def test_a_caseworker_has_no_such_page(self, riverside: Acting) -> None:
        assert signed_in_client(riverside.caseworker.user).get("/what-if/").status_code == 403
