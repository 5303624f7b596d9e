"""The register without an account, and what the public says of it."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nrm_tracker.database import context, purpose
from organisations import actions
from organisations.errors import ThereAlready
from organisations.models import ContactRoute, ErrorReport, Listing, Organisation, PublishedList
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
REPORT = "/first-responders/riverside/report/"
SAID = {"about": "contact", "words": "The <b>number</b> rings at https://evil.example/now"}


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    cache.clear()


def reports() -> list[ErrorReport]:
    with purpose("nrm_register"):
        return list(ErrorReport.objects.order_by("id"))


def test_the_public_sees_who_refers_and_whom_they_take(riverside: factories.Acting) -> None:
    with purpose("nrm_register"):
        Organisation.objects.update(nations=["wales"], age_groups=["adult"], takes="Women in Wales")
    page = Client().get("/first-responders/").text
    assert "Designated (1)" in page
    assert "Women in Wales" in page
    assert "999" in page
    assert Client().get("/first-responders/?age_group=child").text.count("Women in Wales") == 0
    one = Client().get("/first-responders/riverside/").text
    assert "Designated since" in one
    assert "Ash Caseworker" not in one
    assert "Bay Manager" not in one


def test_an_organisation_that_neither_refers_nor_is_listed_is_not_offered(
    riverside: factories.Acting,
) -> None:
    factories.organisation("Lantern (fictitious)", "lantern", designated=False)
    assert "Lantern" not in Client().get("/first-responders/").text


def test_an_address_that_asks_for_what_there_is_not_shows_everything(
    riverside: factories.Acting,
) -> None:
    assert "Riverside" in Client().get("/first-responders/?nation=atlantis").text


def test_a_mistake_is_reported_without_an_account_and_read_by_the_register_alone(
    riverside: factories.Acting,
) -> None:
    keeper = factories.administrator()
    answer = Client().post(REPORT, SAID, follow=True)
    assert "Thank you" in answer.text
    [report] = reports()
    assert (report.organisation, report.about, report.reported_at) == (
        riverside.organisation,
        "contact",
        NOW,
    )
    page = signed_in_client(keeper.user).get("/register/").text
    assert "The &lt;b&gt;number&lt;/b&gt; rings at https://evil.example/now" in page
    assert 'href="https://evil.example' not in page  # no link is made of it
    assert "evil.example" not in Client().get("/first-responders/riverside/").text
    signed_in_client(keeper.user).post(f"/organisations/reports/{report.pk}/")
    assert reports()[0].answered_by == keeper.user
    assert "evil.example" not in signed_in_client(keeper.user).get("/register/").text


@pytest.mark.parametrize(
    "more", [{"answered_at": NOW}, {"words": "x" * 1001}], ids=["answered", "too long"]
)
def test_the_database_lets_the_public_write_a_report_and_nothing_else(
    riverside: factories.Acting, more: dict[str, object]
) -> None:
    said = {"about": "other", "words": "x", "reported_at": NOW} | more
    row = ErrorReport(organisation=riverside.organisation, **said)
    with pytest.raises(DatabaseError), context(), transaction.atomic():
        ErrorReport.objects.bulk_create([row], ignore_conflicts=True)
    assert reports() == []


def test_nobody_else_reads_a_report(riverside: factories.Acting) -> None:
    Client().post(REPORT, SAID)
    with pytest.raises(DatabaseError), riverside.context(riverside.manager), transaction.atomic():
        ErrorReport.objects.count()


def test_nobody_reports_without_end(riverside: factories.Acting) -> None:
    statuses = [Client().post(REPORT, SAID).status_code for _ in range(6)]
    assert statuses == [302, 302, 302, 302, 302, 429]
    assert len(reports()) == 5


def test_an_empty_report_says_what_to_enter_and_costs_no_try(riverside: factories.Acting) -> None:
    for _ in range(7):
        answer = Client().post(REPORT, {"about": "", "words": ""})
    assert "Choose what is wrong" in answer.text
    assert "Enter what it should say" in answer.text
    assert reports() == []


def test_where_lists_disagree_the_public_reads_it(riverside: factories.Acting) -> None:
    with purpose("nrm_register"):
        heath = Organisation.objects.create(name="Heath (fictitious)", slug="heath", nations=[])
        for code, says in (("one", "named"), ("two", "not_named")):
            of = PublishedList.objects.create(
                code=code, name=f"List {code}", source="https://example.org", dated="2026"
            )
            Listing.objects.create(organisation=heath, of=of, says=says, changed_at=NOW)
    assert "Lists disagree (1)" in Client().get("/first-responders/").text
    page = Client().get("/first-responders/heath/").text
    assert "These lists disagree." in page
    assert "Does not name it" in page


def test_a_way_of_contact_is_shown_with_when_it_was_checked(riverside: factories.Acting) -> None:
    keeper = factories.administrator()
    route = actions.Route(kind="telephone", value="01632 960123", source="their page")
    with factories.acts(keeper):
        actions.add_route(organisation=riverside.organisation, route=route, by=keeper, now=NOW)
    page = Client().get("/first-responders/riverside/").text
    assert 'href="tel:01632960123"' in page
    assert "Last checked on Monday 23 November" in page
    with pytest.raises(ThereAlready), factories.acts(keeper):
        actions.add_route(organisation=riverside.organisation, route=route, by=keeper, now=NOW)
    assert ContactRoute.objects.count() == 1


def test_an_address_that_would_run_a_script_is_refused(riverside: factories.Acting) -> None:
    client = signed_in_client(factories.administrator().user)
    sent = {"kind": "web", "value": "javascript:alert(1)", "source": "x"}
    answer = client.post("/organisations/riverside/contact/", sent)
    assert "Enter the whole address" in answer.text
    assert not ContactRoute.objects.exists()


def test_a_withdrawn_organisation_is_no_longer_offered(riverside: factories.Acting) -> None:
    keeper = factories.administrator()
    factories.record_step(
        riverside.organisation, status="withdrawn", since=date(2026, 11, 1), by=keeper, now=NOW
    )
    assert "Riverside" not in Client().get("/first-responders/").text


@pytest.mark.parametrize("more", [0, 2])
def test_the_public_list_takes_the_same_queries_whatever_its_length(
    riverside: factories.Acting, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        factories.organisation(f"More {number} (fictitious)", f"more-{number}")
    Client().get("/first-responders/")
    with django_assert_num_queries(PUBLIC):
        Client().get("/first-responders/")


PUBLIC = 1
