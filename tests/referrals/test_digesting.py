"""The e-mail of a working day's morning: at 08:00 in London, what is new, one line a person."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from nrm_tracker.calendars import LONDON, midnight
from nrm_tracker.database import purpose
from organisations.hours import is_quiet, not_quiet_from
from organisations.models import Membership, Organisation
from referrals.actions import (
    arrange_cover,
    choose_notices,
    deliver_notices,
    restrict_referral,
    send_emails,
    sweep,
    take_up_delay,
    write_digests,
)
from referrals.models import Delay, Digest, Email, Referral, TakenUp
from tests import factories
from tests.factories import Acting
from tests.mailserver import Server, free_port, is_sent_through, listening

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 11, 23)
CONTACT = datetime(2026, 11, 23, 15, tzinfo=UTC)
RED = CONTACT + DAY  # "Safety screen", told today
WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=UTC)


def at(day: date, clock: str = "08:00") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON).astimezone(UTC)


@pytest.mark.django_db
class TestWhen:
    """Which instants are quiet, by an organisation's days and London's clock."""

    WEEK = Organisation(nations=["england"])
    ALWAYS = Organisation(nations=["england"], always_open=True)

    @pytest.mark.parametrize(
        ("day", "clock", "quiet"),
        [
            (MONDAY, "07:59", True),
            (MONDAY, "08:00", False),
            (MONDAY, "19:59", False),
            (MONDAY, "20:00", True),
            (date(2026, 11, 22), "12:00", True),  # a Sunday
            (date(2026, 12, 25), "12:00", True),  # Christmas Day, a Friday
            (date(2026, 3, 30), "08:00", False),  # the Monday after the clocks went on: 07:00 UTC
            (date(2026, 3, 30), "07:59", True),
            (date(2026, 10, 26), "08:00", False),  # after they went back: 08:00 UTC
            (date(2026, 10, 26), "07:59", True),
        ],
    )
    def test_quiet(self, day: date, clock: str, quiet: bool) -> None:
        assert is_quiet(self.WEEK, at(day, clock)) == quiet

    @pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_on_the_day_itself_on_which_the_clocks_change(self, day: date) -> None:
        """Sundays, of an organisation that is always there."""
        assert is_quiet(self.ALWAYS, at(day) - MINUTE)
        assert not is_quiet(self.ALWAYS, at(day))
        assert at(day).hour == (7 if day.month == 3 else 8)

    def test_where_no_days_are_recorded_the_working_days_count(self) -> None:
        nobody = Organisation(nations=["scotland"], open_days=[])
        assert not is_quiet(nobody, at(MONDAY))
        assert is_quiet(nobody, at(date(2026, 11, 30)))  # St Andrew's Day

    @pytest.mark.parametrize(
        ("asked", "when"),
        [
            (at(MONDAY, "10:00"), at(MONDAY, "10:00")),
            (at(MONDAY, "06:00"), at(MONDAY)),
            (at(date(2026, 11, 27), "21:00"), at(date(2026, 11, 30))),  # Friday night
            (at(date(2026, 12, 24), "20:00"), at(date(2026, 12, 29))),  # the 28th is a holiday too
        ],
    )
    def test_the_morning_that_ends_the_quiet(self, asked: datetime, when: datetime) -> None:
        assert not_quiet_from(self.WEEK, asked) == when


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    is_sent_through(settings, free_port())
    settings.NRM_BASE_URL = "https://tracker.example"


def unscreened(acting: Acting, **facts: Any) -> Referral:
    return factories.referral(acting, contact=CONTACT, **facts)


def swept(now: datetime) -> None:
    sweep(now=now)
    deliver_notices(now=now)


def written() -> dict[str, str]:
    """By the local part of the address, the last one's lines."""
    with purpose("nrm_sweep"):
        mails = Email.objects.filter(kind="digest").order_by("id")
        return {
            address.partition("@")[0]: text
            for address, text in mails.values_list("user__email", "text")
        }


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("R-")]


@pytest.mark.django_db
class TestMorning:
    def test_whoever_is_responsible_has_one_line_a_person(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        referral = unscreened(riverside)
        unscreened(northgate)
        swept(RED)
        assert write_digests(now=WEDNESDAY) == 2
        mails = written()
        assert lines(mails["caseworker"]) != []
        with riverside.context():
            email = Email.objects.visible_to(riverside.caseworker).get()
        assert email.text == (
            "1 person needs somebody to look at a delay.\n\n"
            f"{referral.reference}: Safety screen, since 24 November 2026. "
            f"https://tracker.example/referrals/{referral.reference}/\n\n"
            "You get this because you act for Riverside Support (fictitious). "
            "Choose what is sent to you: https://tracker.example/notices/choice/\n"
        )
        assert email.subject == "NRM Tracker: 1 person needs you today"
        assert "manager" not in mails

    def test_it_is_written_at_eight_and_once(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(RED)
        assert write_digests(now=WEDNESDAY - MINUTE) == 0
        assert write_digests(now=WEDNESDAY) == 1
        assert write_digests(now=WEDNESDAY + MINUTE) == 0
        with purpose("nrm_sweep"):
            assert (Digest.objects.count(), Email.objects.filter(kind="digest").count()) == (1, 1)

    def test_a_worker_that_was_down_at_eight_sends_it_when_it_is_back(
        self, riverside: Acting
    ) -> None:
        unscreened(riverside)
        swept(RED)
        assert write_digests(now=WEDNESDAY + 5 * HOUR) == 1
        assert len(written()) == 1

    def test_a_morning_that_was_missed_is_in_the_next_one(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(RED)
        write_digests(now=at(MONDAY + DAY))
        assert write_digests(now=WEDNESDAY + 13 * HOUR) == 0
        assert write_digests(now=WEDNESDAY + DAY) == 1
        assert len(lines(written()["caseworker"])) == 1

    def test_what_was_said_is_not_said_again_but_counted(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(RED)
        write_digests(now=WEDNESDAY)
        other = factories.referral(
            riverside, contact=CONTACT + DAY, pseudonym="Wren", now=CONTACT + DAY + MINUTE
        )
        swept(RED + DAY)
        write_digests(now=WEDNESDAY + DAY)
        text = written()["caseworker"]
        assert [line[:11] for line in lines(text)] == [other.reference]
        assert "1 more that you were told of before still needs somebody" in text

    def test_with_nothing_new_there_is_no_mail(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(RED)
        for day in range(3):
            write_digests(now=WEDNESDAY + day * DAY)
        with purpose("nrm_sweep"):
            to_caseworker = Email.objects.filter(user=riverside.caseworker.user_id)
            assert to_caseworker.filter(kind="digest").count() == 1

    def test_what_nobody_answers_for_comes_to_the_manager(self, riverside: Acting) -> None:
        referral = unscreened(riverside)
        swept(RED)
        write_digests(now=WEDNESDAY)
        swept(midnight(date(2026, 11, 26)))
        write_digests(now=WEDNESDAY + DAY)
        [line] = lines(written()["manager"])
        assert line.startswith(
            f"{referral.reference}: Safety screen, since 24 November 2026 "
            "(passed on to you: nobody has taken it up)."
        )

    def test_whoever_took_it_up_is_told_that_the_day_has_come(self, riverside: Acting) -> None:
        unscreened(riverside)
        swept(RED)
        friday = date(2026, 11, 27)
        with riverside.context():
            take_up_delay(
                delay=Delay.objects.get(rule="safety-screen"),
                reason=TakenUp.Reason.INTERPRETER,
                action="zephyr",
                review_on=friday,
                by=riverside.caseworker,
                now=RED + HOUR,
            )
        for day in (WEDNESDAY, WEDNESDAY + DAY):
            write_digests(now=day)
        assert written() == {}
        swept(midnight(friday))
        write_digests(now=at(friday))
        [line] = lines(written()["caseworker"])
        assert "(to be looked at again today)" in line

    def test_where_nobody_is_responsible_the_manager_is_told(self, riverside: Acting) -> None:
        unscreened(riverside)
        with purpose("nrm_register"):
            Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=CONTACT)
        swept(RED)
        write_digests(now=WEDNESDAY)
        assert [*written()] == ["manager"]

    def test_whoever_covers_has_it_too(self, riverside: Acting) -> None:
        unscreened(riverside)
        with riverside.context(riverside.manager):
            arrange_cover(
                away=riverside.caseworker.user_id,
                covered_by=riverside.manager.user_id,
                first_on=MONDAY,
                last_on=MONDAY + 9 * DAY,
                by=riverside.manager,
                now=CONTACT,
            )
        swept(RED)
        write_digests(now=WEDNESDAY)
        assert sorted(written()) == ["caseworker", "manager"]

    def test_a_restricted_one_is_for_the_named(self, riverside: Acting) -> None:
        referral = unscreened(riverside, now=CONTACT)
        with riverside.context(riverside.manager):
            restrict_referral(
                referral=referral,
                why="named",
                named=[riverside.manager.user_id],
                by=riverside.manager,
                now=CONTACT,
            )
        swept(RED)
        write_digests(now=WEDNESDAY)
        assert [*written()] == ["manager"]

    def test_where_none_of_the_named_is_left_the_lead_learns_that_and_no_more(
        self, riverside: Acting
    ) -> None:
        factories.safeguarding_lead(riverside)
        referral = unscreened(riverside, now=CONTACT)
        named = {"named": [riverside.caseworker.user_id], "by": riverside.caseworker}
        with riverside.context():
            restrict_referral(referral=referral, why="named", now=CONTACT, **named)
        with purpose("nrm_register"):
            Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=CONTACT)
        swept(RED)
        write_digests(now=WEDNESDAY)
        assert written() == {}
        swept(midnight(date(2026, 11, 26)))
        write_digests(now=WEDNESDAY + DAY)
        [[address, text]] = written().items()
        assert (address, lines(text)) == (
            "lead",
            [
                f"{referral.reference}: A restricted referral passed a limit, and nobody who is "
                "named is here. https://tracker.example/restricted/"
            ],
        )

    def test_whoever_wants_none_gets_none(self, riverside: Acting) -> None:
        unscreened(riverside)
        with riverside.context():
            choose_notices(at_once="at_once", today="none", by=riverside.caseworker, now=CONTACT)
        swept(RED)
        write_digests(now=WEDNESDAY)
        assert written() == {}

    @pytest.mark.parametrize(("choice", "number"), [("at_once", 0), ("digest", 1), ("none", 0)])
    def test_what_is_told_at_once_is_in_it_for_whoever_wants_it_there(
        self, riverside: Acting, choice: str, number: int
    ) -> None:
        with riverside.context():
            choose_notices(at_once=choice, today="digest", by=riverside.caseworker, now=CONTACT)
        factories.referral(riverside, contact=CONTACT, age_group="child")
        swept(RED)  # the local authority was not told within 24 hours: critical
        with purpose("nrm_sweep"):
            Delay.objects.get(rule="child-la-referral")
        write_digests(now=WEDNESDAY)
        titles = [line for text in written().values() for line in lines(text)]
        assert sum("Local authority told" in line for line in titles) == number

    def test_late_paperwork_is_quiet(self, riverside: Acting) -> None:
        unscreened(riverside, now=RED + DAY + MINUTE)
        swept(RED + DAY + MINUTE)
        write_digests(now=WEDNESDAY + DAY)
        assert written() == {}

    def test_on_a_day_on_which_the_organisation_is_closed_there_is_none(
        self, riverside: Acting
    ) -> None:
        with purpose("nrm_register"):
            Organisation.objects.filter(pk=riverside.organisation.pk).update(open_days=[1, 2])
        unscreened(riverside)
        swept(RED)
        assert write_digests(now=WEDNESDAY) == 0
        assert write_digests(now=at(date(2026, 11, 30))) == 1

    def test_nothing_of_a_person_is_in_it(self, riverside: Acting) -> None:
        unscreened(riverside, pseudonym="Quagga", own_reference="RIV-quincunx-1")
        swept(RED)
        write_digests(now=WEDNESDAY)
        [text] = written().values()
        assert [word for word in ("Quagga", "quincunx", "Ash", "Bay") if word in text] == []

    def test_one_that_waited_for_a_server_is_not_sent_in_the_evening(
        self, riverside: Acting, settings: Any
    ) -> None:
        unscreened(riverside)
        swept(RED)
        write_digests(now=WEDNESDAY)
        server = Server()
        with listening(server, settings.EMAIL_PORT):
            evening = WEDNESDAY + 12 * HOUR
            assert send_emails(now=evening) == 0
            assert send_emails(now=evening + 11 * HOUR) == 0
            assert send_emails(now=WEDNESDAY + DAY) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_delays(
    riverside: Acting, django_assert_num_queries: Any, number: int
) -> None:
    for n in range(number):
        unscreened(riverside, pseudonym=f"Heron {n}")
    swept(RED)
    with django_assert_num_queries(QUERIES):
        write_digests(now=WEDNESDAY)
    assert len(lines(written()["caseworker"])) == number


QUERIES = 27
