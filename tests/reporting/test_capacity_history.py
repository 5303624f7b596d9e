"""What the history says of an organisation's room: offered, used, turned away, and how counted."""

from datetime import date, timedelta

import pytest

from nrm_tracker.calendars import london_date
from organisations.actions import Said, say_capacity
from organisations.capacity import Slots
from referrals.actions import Meeting, ask_to_take, decline_hand_over, make_appointment
from referrals.actions import restrict_referral as restrict
from referrals.models import Referral
from reporting.capacity import Week, capacity_history
from tests.conftest import NOW
from tests.factories import Acting, happening, referral
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
TODAY = london_date(NOW)  # a Monday: this week has just begun
LAST = NOW - 3 * DAY  # Friday of the week before
MONDAY = date(2026, 11, 16)


def says(acting: Acting, *, version: int, at: object, state: str = "open", number: int = 3) -> None:
    said = Said(
        state=state,
        since=TODAY - 60 * DAY,
        cause="" if state == "open" else "staff",
        weekly=(Slots(number=number, cohort="adult"), Slots(number=1, cohort="child")),
    )
    with acting.context(acting.manager):
        say_capacity(said=said, version=version, by=acting.manager, now=at)


def weeks(acting: Acting) -> dict[date, Week]:
    with acting.context(acting.manager):
        return {week.monday: week for week in capacity_history(acting.manager, now=NOW).weeks}


def came(acting: Acting, *codes: str, at: object = LAST, contact: object = LAST) -> Referral:
    events = [happening(code, at) for code in codes]
    return referral(acting, contact=contact, events=events, now=NOW)


def asked(sender: Acting, receiver: Acting, *, declined: str, at: object) -> None:
    agreed = happening("consent_recorded", at - DAY, consent_type="sharing")
    of = referral(sender, contact=at - DAY, events=[agreed], now=at)
    with sender.context():
        [row] = ask_to_take(
            referral=of, organisations=[receiver.organisation], by=sender.caseworker, now=at
        )
    with receiver.context():
        decline_hand_over(hand_over=row, reason=declined, by=receiver.caseworker, now=at)


def test_offered_is_what_stood_when_the_week_ended(riverside: Acting, northgate: Acting) -> None:
    says(northgate, version=0, at=NOW - 8 * WEEK, number=90)  # an outsider's
    says(riverside, version=0, at=NOW - 4 * WEEK)
    says(riverside, version=1, at=LAST - WEEK, state="paused")
    says(riverside, version=2, at=LAST, number=5)
    offered = {monday: week.offered for monday, week in weeks(riverside).items()}
    assert list(offered.items())[:6] == [
        (TODAY, 6),
        (MONDAY, 6),
        (MONDAY - WEEK, 0),  # paused
        (MONDAY - 2 * WEEK, 4),
        (MONDAY - 3 * WEEK, 4),
        (MONDAY - 4 * WEEK, None),  # nothing was said yet
    ]
    assert len(offered) == 12


def test_used_is_meetings_held_or_missed_and_what_is_in_the_diary(
    riverside: Acting, northgate: Acting
) -> None:
    came(riverside, "appointment_attended")
    came(riverside, "appointment_missed")
    came(riverside, "appointment_cancelled_by_fro")
    came(northgate, "appointment_attended")
    of = came(riverside, at=NOW)
    with riverside.context():
        for purpose in ("referral_meeting", "other"):
            meeting = Meeting(at=NOW + DAY, purpose=purpose)
            make_appointment(referral=of, meeting=meeting, by=riverside.caseworker, now=NOW)
    found = weeks(riverside)
    assert (found[MONDAY].used, found[TODAY].used) == (2, 1)
    assert found[MONDAY].asked == 4
    assert weeks(northgate)[MONDAY].used == 1


def test_turned_away_is_what_was_declined_and_what_we_said_of_ourselves(
    riverside: Acting, northgate: Acting
) -> None:
    asked(northgate, riverside, declined="capacity", at=LAST)
    asked(northgate, riverside, declined="capacity", at=LAST)
    asked(northgate, riverside, declined="scope", at=LAST)
    asked(riverside, northgate, declined="capacity", at=LAST)
    own = happening("fro_declined_capacity", LAST, organisation=riverside.organisation)
    others = happening("fro_declined_capacity", LAST, organisation=northgate.organisation)
    referral(riverside, contact=LAST, events=[own, others], now=NOW)
    found = weeks(riverside)[MONDAY]
    assert (found.no_room, found.declined) == (3, 1)
    assert weeks(northgate)[MONDAY].no_room == 1


def test_what_is_restricted_to_others_is_not_counted(riverside: Acting) -> None:
    of = came(riverside, "appointment_attended")
    assert (weeks(riverside)[MONDAY].used, weeks(riverside)[MONDAY].asked) == (1, 1)
    with riverside.context():
        by = riverside.caseworker
        restrict(referral=of, why="asked", named=[by.user_id], by=by, now=NOW)
    assert (weeks(riverside)[MONDAY].used, weeks(riverside)[MONDAY].asked) == (0, 0)


@pytest.mark.usefixtures("at_now")
def test_the_page_is_the_managers_and_of_nobody_else(riverside: Acting, northgate: Acting) -> None:
    says(riverside, version=0, at=NOW - 4 * WEEK)
    says(northgate, version=0, at=NOW - WEEK, number=77)
    path = "/our-organisation/capacity/history/"
    page = signed_in_client(riverside.manager.user).get(path)
    assert "23 November 2026 (this week)" in page.text
    assert "3 a week: adults, with an interpreter where one is needed" in page.text
    assert "Bay Manager" in page.text
    assert "77" not in page.text
    assert signed_in_client(riverside.caseworker.user).get(path).status_code == 403


def test_one_that_said_nothing_sees_what_will_stand_there(riverside: Acting) -> None:
    found = signed_in_client(riverside.manager.user).get("/our-organisation/capacity/history/").text
    assert "Nothing was said yet" in found
    assert "Not said" in found


def test_as_many_queries_for_one_week_as_for_many(
    riverside: Acting, django_assert_num_queries: object
) -> None:
    says(riverside, version=0, at=NOW - 4 * WEEK)
    came(riverside, "appointment_attended")
    _counts(riverside, django_assert_num_queries)
    for n in range(1, 4):
        says(riverside, version=n, at=NOW - 3 * WEEK + n * DAY)
        came(riverside, "appointment_attended", at=LAST - n * WEEK, contact=LAST - n * WEEK)
    _counts(riverside, django_assert_num_queries)


def _counts(acting: Acting, django_assert_num_queries: object) -> None:
    with acting.context(acting.manager), django_assert_num_queries(10):
        capacity_history(acting.manager, now=NOW)
