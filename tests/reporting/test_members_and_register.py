"""Rules 30 to 32: applications, entries of the register and trainings, by the same engine."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nrm_tracker.database import purpose
from organisations.actions import record_training
from organisations.models import Application, Organisation, TrainingModule
from reporting.members import MemberRow, members_of
from reporting.register import RegisterPage, register_page
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def published(name: str) -> TrainingModule:
    return TrainingModule.objects.get(name=name, organisation=None)


LONG_MARKED = ago(900)


def member(acting: Acting, *, trained: date | None, marked: date | None = LONG_MARKED) -> MemberRow:
    with acting.context(acting.manager):
        record_training(
            member=acting.caseworker,
            first_responder_since=marked,
            trained_on=trained,
            module=published("First Responder") if trained else None,
            by=acting.manager,
            now=NOW,
        )
        rows = members_of(acting.manager, now=NOW)
    return next(row for row in rows if row.id == acting.caseworker.pk)


@pytest.mark.parametrize(("days", "late"), [(365, False), (366, True)])
def test_training_is_due_again_when_day_365_has_ended(
    riverside: Acting, days: int, late: bool
) -> None:
    assert member(riverside, trained=ago(days)).late is late


def test_the_latest_training_counts(riverside: Acting) -> None:
    member(riverside, trained=ago(700))
    row = member(riverside, trained=ago(10))
    assert (row.late, row.training) == (False, "Last trained on Friday 13 November")


def test_a_first_responder_without_any_training_is_due_at_once(riverside: Acting) -> None:
    row = member(riverside, trained=None, marked=ago(1))
    assert (row.late, row.training) == (True, "No training is recorded: it is due now")


def test_who_is_no_first_responder_needs_no_training(riverside: Acting) -> None:
    row = member(riverside, trained=ago(900), marked=None)
    assert (row.late, row.first_responder, row.training) == (False, "No", "")


def test_whose_training_is_due_stands_first_and_strangers_do_not(
    riverside: Acting, northgate: Acting
) -> None:
    member(northgate, trained=None)
    with riverside.context(riverside.manager):
        record_training(
            member=riverside.manager,
            first_responder_since=ago(5),
            trained_on=None,
            module=None,
            by=riverside.manager,
            now=NOW,
        )
        rows = members_of(riverside.manager, now=NOW)
    assert [row.name for row in rows] == ["Bay Manager", "Ash Caseworker"]


@pytest.mark.parametrize("more", [False, True])
def test_the_members_page_takes_the_same_queries_whatever_its_length(
    riverside: Acting, more: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if more:
        factories.safeguarding_lead(riverside)
    client = signed_in_client(riverside.manager.user)
    client.get("/members/")
    with django_assert_num_queries(QUERIES):
        client.get("/members/")


QUERIES = 16


def entry(slug: str, *, checked: date | None, designated: bool = True) -> Organisation:
    return factories.organisation(
        f"{slug.title()} (fictitious)", slug, designated=designated, last_reviewed_on=checked
    ).organisation


def page() -> RegisterPage:
    return register_page(now=NOW)


def test_an_entry_is_to_be_checked_when_day_90_has_ended() -> None:
    entry("heath", checked=ago(90))
    entry("marsh", checked=ago(91))
    entry("never", checked=None)
    assert [row.slug for row in page().to_check] == ["never", "marsh"]
    assert page().checked == 1


def test_who_is_neither_designated_nor_applies_is_not_checked() -> None:
    entry("gone", checked=ago(400), designated=False)
    assert page().to_check == ()


def apply(organisation: Organisation, *, on: date, closed: date | None = None) -> None:
    keeper = factories.person(f"keeper@{organisation.slug}.example", "Cedar Administrator")
    with purpose("nrm_register"):
        Application.objects.create(
            organisation=organisation,
            submitted_on=on,
            closed_on=closed,
            outcome="withdrawn" if closed else "",
            source="invented for a test",
            recorded_by=keeper,
            recorded_at=NOW,
        )


@pytest.mark.parametrize(
    ("days", "severity"),
    [(90, ""), (91, "info"), (180, "info"), (181, "amber"), (365, "amber"), (366, "red")],
)
def test_an_application_passes_its_limits(days: int, severity: str) -> None:
    apply(entry("lantern", checked=TODAY, designated=False), on=ago(days))
    assert [(row.words, row.severity) for row in page().applications] == [
        (f"{days} days since it applied", severity)
    ]


def test_a_decided_application_waits_no_more() -> None:
    apply(entry("lantern", checked=TODAY, designated=False), on=ago(300), closed=ago(3))
    assert page().applications == ()


def test_only_who_keeps_the_register_sees_what_waits(riverside: Acting) -> None:
    apply(entry("lantern", checked=TODAY, designated=False), on=ago(300))
    keeper = signed_in_client(factories.administrator().user)
    assert "300 days since it applied" in keeper.get("/register/").text
    assert signed_in_client(riverside.manager.user).get("/register/").status_code == 403
