"""Days on which one office is closed: they change who answers, and move no deadline."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.utils import ProgrammingError

from nrm_tracker.calendars import london_date
from organisations.actions import close_office
from organisations.hours import is_open, open_at, working_on
from organisations.models import Closure
from referrals.actions import sweep
from referrals.models import DelayFlag
from referrals.pages.waits import out_of_hours
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.casework import caseworker, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db

NEW = "/our-organisation/closures/new/"
OURS = "/our-organisation/"
TODAY = london_date(NOW)  # a Monday


def closed(acting: Acting, first: date = TODAY, last: date = TODAY) -> Closure:
    with acting.context(acting.manager):
        return close_office(
            first_on=first, last_on=last, why="Training", by=acting.manager, now=NOW
        )


def test_a_closed_office_is_not_open_and_others_are(riverside: Acting, northgate: Acting) -> None:
    both = [riverside.organisation, northgate.organisation]
    assert open_at(both, NOW) == {each.pk for each in both}
    closed(riverside, last=TODAY + timedelta(days=1))
    assert open_at(both, NOW) == {northgate.organisation.pk}
    assert [
        is_open(riverside.organisation, NOW + timedelta(days=days)) for days in range(-3, 4)
    ] == [True, False, False, False, False, True, True]


def test_it_is_closed_though_it_answers_day_and_night_else(db: None) -> None:
    heath = factories.organisation("Heath Aid (fictitious)", "heath", always_open=True)
    christmas = date(2026, 12, 25)
    assert working_on([heath.organisation], christmas) == {heath.organisation.pk}
    closed(heath, first=christmas, last=christmas)
    assert working_on([heath.organisation], christmas) == set()


def test_who_acts_out_of_hours_is_shown_while_it_is_closed(db: None) -> None:
    heath = factories.organisation("Heath Aid (fictitious)", "heath", on_call="the duty lead")
    assert out_of_hours(heath.organisation, NOW) == ""
    closed(heath)
    assert out_of_hours(heath.organisation, NOW) == "On call: the duty lead."


def test_it_moves_no_deadline(riverside: Acting) -> None:
    contact = datetime(2026, 11, 10, 10, tzinfo=UTC)
    asked = happening("fro_approached", contact, organisation=riverside.organisation)
    consent = happening("consent_recorded", contact, consent_type="nrm")
    referral = factories.referral(riverside, contact=contact, events=[consent, asked])
    sweep(now=NOW)
    before = flags(riverside)
    assert ("fro-reply", datetime(2026, 11, 13, tzinfo=UTC)) in before
    closed(riverside, first=contact.date(), last=TODAY + timedelta(days=30))
    factories.record(riverside, referral, happening("contact_made", NOW), now=NOW)
    assert flags(riverside) == before


def flags(acting: Acting) -> list[tuple[str, datetime]]:
    with acting.context():
        standing = DelayFlag.objects.filter(retracted_at=None).order_by("breached_at", "rule")
        return list(standing.values_list("rule", "breached_at"))


def test_the_manager_adds_a_closure_sees_it_and_withdraws_it(
    riverside: Acting, at_now: None
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert "No closure lies ahead" in client.get(OURS).text
    days = {"first_on_0": "24", "first_on_1": "12", "first_on_2": "2026"}
    days |= {"last_on_0": "1", "last_on_1": "1", "last_on_2": "2027"}
    answer = send(client, NEW, why="Christmas closure", **days)
    assert answer.url == OURS
    words = "Thursday 24 December to Friday 1 January 2027"
    assert words in client.get(OURS).text
    assert f"{words} (Christmas closure)" in client.get("/organisations/riverside/").text
    closure = Closure.objects.get()
    client.post(f"/our-organisation/closures/{closure.pk}/withdraw/")
    assert "No closure lies ahead" in client.get(OURS).text
    closure.refresh_from_db()
    assert (closure.withdrawn_at, closure.withdrawn_by) == (NOW, riverside.manager.user)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, "Enter the first day on which you are closed"),
        (
            {"first_on_0": "2", "first_on_1": "12", "first_on_2": "2026"}
            | {"last_on_0": "1", "last_on_1": "12", "last_on_2": "2026"},
            "Enter a last day on or after the first",
        ),
        (
            {"first_on_0": "2", "first_on_1": "12", "first_on_2": "2026"}
            | {"last_on_0": "3", "last_on_1": "12", "last_on_2": "2027"},
            "Enter a year or less at a time",
        ),
    ],
)
def test_days_that_cannot_be_are_refused(
    riverside: Acting, days: dict[str, str], words: str
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert words in send(client, NEW, why="Training", **days).text
    assert not Closure.objects.exists()


def test_one_day_needs_no_end(riverside: Acting) -> None:
    days = {"first_on_0": "2", "first_on_1": "12", "first_on_2": "2026"}
    send(signed_in_client(riverside.manager.user), NEW, why="Training", **days)
    row = Closure.objects.get()
    assert row.first_on == row.last_on == date(2026, 12, 2)


def test_a_caseworker_closes_nothing(riverside: Acting) -> None:
    assert caseworker(riverside).get(NEW).status_code == 403


def test_another_organisation_is_closed_by_nobody_else(
    riverside: Acting, northgate: Acting
) -> None:
    theirs = closed(northgate)
    client = signed_in_client(riverside.manager.user)
    path = f"/our-organisation/closures/{theirs.pk}/withdraw/"
    assert client.post(path).status_code == 404
    with riverside.context(riverside.manager):
        changed = Closure.objects.update(withdrawn_at=NOW, withdrawn_by=riverside.manager.user)
    assert changed == 0
    forged = Closure(
        organisation=northgate.organisation,
        first_on=TODAY,
        last_on=TODAY,
        why="x",
        recorded_by=riverside.manager.user,
        recorded_at=NOW,
    )
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        riverside.context(riverside.manager),
    ):
        forged.save()
    for change in ({"why": "Other"}, {"last_on": TODAY}):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            northgate.context(northgate.manager),
        ):
            Closure.objects.update(**change)
    with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
        Closure.objects.all()._raw_delete("default")
