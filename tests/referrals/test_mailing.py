"""E-mail: rows, not calls; at least once, with a stable key; never a name or a story."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from nrm_tracker.database import purpose
from nrm_tracker.settings import smtp
from organisations.models import Membership, Organisation
from referrals import mail_check
from referrals.actions import (
    choose_notices,
    deliver_notices,
    open_in_emergency,
    posting,
    restrict_referral,
    send_emails,
    sweep,
)
from referrals.models import Email, Notice, Referral, Restriction
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.mailserver import Server, free_port, is_sent_through, listening

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
CONTACT = NOW - 3 * HOUR
RAISED = CONTACT + 4 * HOUR  # 13:00 on a Monday
CASEWORKER, MANAGER = "caseworker@riverside.example", "manager@riverside.example"
CANARIES = ("Quagga", "zephyr wrote a letter", "RIV-quincunx-1", "Ash", "Bay")


@pytest.fixture
def port(settings: Any) -> int:
    found = free_port()
    is_sent_through(settings, found)
    settings.NRM_BASE_URL = "https://tracker.example"
    return found


@pytest.fixture
def server(port: int) -> Iterator[Server]:
    made = Server()
    with listening(made, port):
        yield made


def urgent(acting: Acting, **facts: Any) -> Referral:
    risk = happening("risk_flag_added", CONTACT, risk="still_in_exploitation", detail=CANARIES[1])
    told = {"pseudonym": CANARIES[0], "own_reference": CANARIES[2], "now": NOW} | facts
    return factories.referral(acting, contact=CONTACT, events=[risk], **told)


def rung(acting: Acting, **facts: Any) -> Referral:
    """A critical delay, told at once to the caseworker and the manager."""
    referral = urgent(acting, **facts)
    sweep(now=RAISED)
    deliver_notices(now=RAISED)
    return referral


def emails(**which: Any) -> list[Email]:
    with purpose("nrm_sweep"):
        return list(Email.objects.filter(**which).order_by("id"))


def choose(member: Membership, *, at_once: str, today: str = "digest") -> None:
    with factories.acts(member):
        choose_notices(at_once=at_once, today=today, by=member, now=NOW)


@pytest.mark.django_db
class TestAtOnce:
    @pytest.mark.usefixtures("northgate")
    def test_who_is_told_at_once_has_a_mail_at_once(
        self, server: Server, riverside: Acting
    ) -> None:
        rung(riverside)
        assert send_emails(now=RAISED) == 2
        assert server.readers == [CASEWORKER, MANAGER]
        assert send_emails(now=RAISED + HOUR) == 0

    def test_it_says_reference_rule_since_when_who_is_on_call_and_where_to_sign_in(
        self, server: Server, riverside: Acting
    ) -> None:
        with purpose("nrm_register"):
            Organisation.objects.filter(pk=riverside.organisation.pk).update(on_call="Duty worker")
        referral = rung(riverside)
        send_emails(now=RAISED)
        text = server.arrived[0][1].get_content()
        assert text.replace("\r\n", "\n") == (
            f"{referral.reference}: Safety screen, urgent. The limit was passed on "
            "Monday 23 November 2026, 13:00 GMT.\n\n"
            "The office is open now. Out of hours: On call: Duty worker.\n\n"
            "Sign in to see it and to say what is being done: "
            f"https://tracker.example/referrals/{referral.reference}/\n\n"
            "You get this because you act for Riverside Support (fictitious). "
            "Choose what is sent to you: https://tracker.example/notices/choice/\n"
        )

    def test_it_is_sent_at_night_too_and_says_that_the_office_is_closed(
        self, server: Server, riverside: Acting
    ) -> None:
        night = datetime(2026, 11, 22, 3, tzinfo=UTC)  # a Sunday
        risk = happening("risk_flag_added", night - 4 * HOUR, risk="still_in_exploitation")
        factories.referral(riverside, contact=night - 4 * HOUR, events=[risk])
        sweep(now=night)
        deliver_notices(now=night)
        assert send_emails(now=night) == 2
        text = server.arrived[0][1].get_content()
        assert "The office is closed now. Nobody is on call out of hours" in text

    def test_nothing_of_a_person_is_in_a_mail_a_header_or_a_log(
        self, server: Server, riverside: Acting, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.refused = {MANAGER}
        rung(riverside)
        send_emails(now=RAISED)
        [(_, message)] = server.arrived
        logged = [
            r.getMessage()
            for r in caplog.records
            if r.name.startswith(("referrals", "django.core"))
        ]
        everything = [message.as_string(), message.get_content(), *logged]
        assert [word for word in CANARIES for text in everything if word in text] == []
        assert any("E-mail" in line for line in logged)
        assert not any("@" in line for line in logged)

    def test_of_a_restricted_one_that_one_cannot_see_only_that_there_is_one(
        self, server: Server, riverside: Acting
    ) -> None:
        lead = factories.safeguarding_lead(riverside)
        referral = urgent(riverside)
        with riverside.context():
            restrict_referral(
                referral=referral,
                why="asked",
                named=[riverside.caseworker.user_id],
                by=riverside.caseworker,
                now=NOW,
            )
        with riverside.context(riverside.manager):
            open_in_emergency(
                restriction=Restriction.objects.get(),
                reason="in danger",
                by=riverside.manager,
                now=NOW,
            )
        deliver_notices(now=NOW)
        send_emails(now=NOW)
        [(address, message)] = server.arrived
        assert address == lead.user.email
        assert "A restricted referral was opened in an emergency." in message.get_content()
        assert "https://tracker.example/restricted/" in message.get_content()
        assert referral.reference + "/" not in message.get_content()

    @pytest.mark.parametrize("choice", ["digest", "none"])
    def test_whoever_does_not_want_it_gets_none_while_somebody_else_does(
        self, server: Server, riverside: Acting, choice: str
    ) -> None:
        choose(riverside.manager, at_once=choice)
        rung(riverside)
        send_emails(now=RAISED)
        assert server.readers == [CASEWORKER]
        with purpose("nrm_sweep"):
            assert Notice.objects.count() == 2  # in-app, always

    def test_a_critical_one_is_mailed_though_all_who_are_told_chose_none(
        self, server: Server, riverside: Acting
    ) -> None:
        for member in (riverside.caseworker, riverside.manager):
            choose(member, at_once="none")
        rung(riverside)
        send_emails(now=RAISED)
        assert server.readers == [CASEWORKER, MANAGER]

    def test_whoever_left_gets_none(self, server: Server, riverside: Acting) -> None:
        rung(riverside)
        with purpose("nrm_register"):
            Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=RAISED)
        send_emails(now=RAISED)
        assert server.readers == [MANAGER]
        assert [e.trouble for e in emails(given_up_at=RAISED)] == ["left"]

    def test_where_no_server_is_set_no_mail_is_written(
        self, riverside: Acting, settings: Any
    ) -> None:
        settings.EMAIL_IS_SENT = False
        rung(riverside)
        assert emails() == []
        assert send_emails(now=RAISED) == 0


@pytest.mark.django_db
class TestServersThatFail:
    def test_a_refused_address_does_not_hold_up_the_others(
        self, server: Server, riverside: Acting
    ) -> None:
        server.refused = {CASEWORKER}
        rung(riverside)
        assert send_emails(now=RAISED) == 1
        assert server.readers == [MANAGER]
        [refused] = emails(sent_at=None)
        assert (refused.trouble, refused.attempts) == ("refused", 1)
        assert refused.next_try_at > RAISED

    def test_it_is_given_up_after_days_and_that_can_be_seen(
        self, server: Server, riverside: Acting
    ) -> None:
        server.refused = {CASEWORKER}
        rung(riverside)
        for hours in range(0, 96, 2):
            send_emails(now=RAISED + hours * HOUR)
        [given_up] = emails(sent_at=None)
        assert given_up.given_up_at is not None
        assert 2 * DAY < given_up.given_up_at - RAISED <= 3 * DAY
        assert mail_check.undelivered(RAISED + 4 * DAY) == "Riverside Support (fictitious) (1)"

    def test_whoever_is_busy_is_asked_again_later_and_each_time_later(
        self, server: Server, riverside: Acting
    ) -> None:
        server.busy = True
        rung(riverside)
        assert send_emails(now=RAISED) == 0
        assert [email.trouble for email in emails()] == ["later", "later"]
        waits, now = [], RAISED
        for _ in range(9):
            [first, *_] = emails()
            waits.append(first.next_try_at - now)
            now = first.next_try_at
            send_emails(now=now)
        assert waits[0] <= 30 * SECOND
        assert all(15 * SECOND <= wait <= timedelta(minutes=30) for wait in waits)
        assert waits[-1] >= timedelta(minutes=15)
        server.busy = False
        assert send_emails(now=now + HOUR) == 2

    def test_two_mails_do_not_come_back_at_the_same_instant(
        self, server: Server, riverside: Acting
    ) -> None:
        server.busy = True
        rung(riverside)
        send_emails(now=RAISED)
        first, second = emails()
        assert first.next_try_at != second.next_try_at

    def test_a_server_that_is_down_for_a_day_loses_nothing(
        self, port: int, riverside: Acting
    ) -> None:
        rung(riverside)
        now = RAISED
        while now < RAISED + DAY:
            assert send_emails(now=now) == 0
            now += timedelta(minutes=5)
        assert mail_check.check(now).startswith(
            "2 e-mails could not be sent, the oldest of 2026-11-23T13"
        )
        server = Server()
        with listening(server, port):
            assert send_emails(now=now + HOUR) == 2
        assert server.readers == [CASEWORKER, MANAGER]
        assert mail_check.check(now + HOUR) == ""

    def test_a_server_that_hangs_is_left_and_the_next_round_serves_the_next(
        self, server: Server, riverside: Acting
    ) -> None:
        server.hangs_for = {CASEWORKER}
        rung(riverside)
        begun = datetime.now(UTC)
        assert send_emails(now=RAISED) == 0
        assert datetime.now(UTC) - begun < 5 * SECOND
        assert send_emails(now=RAISED + 5 * SECOND) == 1
        assert server.readers == [MANAGER]

    @pytest.mark.parametrize("hangs", [True, False], ids=["no word from it", "we died"])
    def test_what_was_taken_but_not_marked_comes_again_with_the_same_key(
        self, server: Server, riverside: Acting, monkeypatch: pytest.MonkeyPatch, hangs: bool
    ) -> None:
        choose(riverside.manager, at_once="none")
        rung(riverside)
        if hangs:
            server.hangs_after_taking = True
            send_emails(now=RAISED)
            server.hangs_after_taking = False
        else:
            with dying_before_it_is_marked(monkeypatch), pytest.raises(SystemExit):
                send_emails(now=RAISED)
        assert len(server.arrived) == 1
        assert send_emails(now=RAISED + HOUR) == 1
        first, second = (message["Message-ID"] for _, message in server.arrived)
        assert first == second == f"<{emails()[0].key}@tracker.example>"
        assert send_emails(now=RAISED + 2 * HOUR) == 0


@contextmanager
def dying_before_it_is_marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    send = posting._send

    def die(*arguments: Any) -> str:
        assert send(*arguments) == ""
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(posting, "_send", die)
        yield


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_send_each_mail_once_even_without_their_lock(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    for number in range(6):
        urgent(riverside, pseudonym=f"Heron {number}", own_reference=f"RIV-{number}")
    sweep(now=RAISED)
    deliver_notices(now=RAISED)

    @contextmanager
    def never_alone(_lock: int) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(posting, "alone", never_alone)
    together = threading.Barrier(2)

    def post() -> int:
        together.wait()
        try:
            return send_emails(now=RAISED)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = [each.result() for each in [pool.submit(post) for _ in range(2)]]
    assert sum(sent) == 12
    keys = [message["Message-ID"] for _, message in server.arrived]
    assert len(keys) == len(set(keys)) == 12


class TestSettings:
    def test_an_address_is_read(self) -> None:
        found = smtp("smtp://us%40er:pass@mail.example:2525")
        assert found is not None
        assert (found.host, found.port, found.user, found.starttls, found.encrypted) == (
            "mail.example",
            2525,
            "us@er",
            True,
            False,
        )

    def test_the_usual_ports(self) -> None:
        ports = [smtp(f"{kind}://mail.example").port for kind in ("smtp", "smtps", "smtp+plain")]
        assert ports == [587, 465, 25]

    def test_nothing_set_sends_nothing(self) -> None:
        assert smtp("") is None

    @pytest.mark.parametrize(
        "wrong", ["mail.example", "http://mail.example", "smtp://", "smtp://m:port"]
    )
    def test_a_wrong_one_says_what_to_do(self, wrong: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
            smtp(wrong)
