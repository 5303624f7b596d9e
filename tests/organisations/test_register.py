"""The register: what may follow what, who may record it, and what others see."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nrm_tracker.database import purpose
from organisations import actions
from organisations.errors import ChangedMeanwhile, NameTaken, NoSuchStep
from organisations.models import (
    Application,
    Designation,
    Membership,
    Organisation,
    Proposal,
    Reassessment,
    RegisterQuestion,
)
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
Status = Designation.Status
TODAY = NOW.date()


@pytest.fixture
def keeper() -> Membership:
    return factories.administrator()


@pytest.fixture
def heath(keeper: Membership) -> Organisation:
    facts = actions.Facts(name="Heath Aid (fictitious)", nations=["england"])
    with factories.acts(keeper):
        return actions.add_organisation(facts=facts, by=keeper, now=NOW)


def record(keeper: Membership, row: Organisation, status: str, since: date) -> None:
    factories.record_step(row, status=status, since=since, by=keeper, now=NOW)


def spans(row: Organisation) -> list[tuple[str, date, date | None]]:
    return list(
        Designation.objects.filter(organisation=row)
        .order_by("effective_from")
        .values_list("status", "effective_from", "effective_until")
    )


def test_a_suspension_ends_the_designation_from_its_date(
    keeper: Membership, heath: Organisation
) -> None:
    record(keeper, heath, Status.ACTIVE, date(2020, 1, 1))
    record(keeper, heath, Status.SUSPENDED, date(2026, 3, 1))
    assert spans(heath) == [
        ("active", date(2020, 1, 1), date(2026, 3, 1)),
        ("suspended", date(2026, 3, 1), None),
    ]


def test_a_step_learnt_of_late_ends_where_the_next_one_begins(
    keeper: Membership, heath: Organisation
) -> None:
    record(keeper, heath, Status.ACTIVE, date(2020, 1, 1))
    record(keeper, heath, Status.WITHDRAWN, date(2026, 3, 1))
    record(keeper, heath, Status.SUSPENDED, date(2025, 6, 1))
    assert spans(heath) == [
        ("active", date(2020, 1, 1), date(2025, 6, 1)),
        ("suspended", date(2025, 6, 1), date(2026, 3, 1)),
        ("withdrawn", date(2026, 3, 1), None),
    ]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.WITHDRAWN])
def test_only_what_is_designated_can_be_suspended_or_withdrawn(
    keeper: Membership, heath: Organisation, status: str
) -> None:
    with pytest.raises(NoSuchStep, match="not designated"):
        record(keeper, heath, status, TODAY)
    assert spans(heath) == []


def test_two_steps_cannot_begin_on_the_same_day(keeper: Membership, heath: Organisation) -> None:
    record(keeper, heath, Status.ACTIVE, TODAY)
    with pytest.raises(NoSuchStep, match="very day"):
        record(keeper, heath, Status.SUSPENDED, TODAY)


def test_the_database_itself_refuses_two_designations_at_once(
    keeper: Membership, heath: Organisation
) -> None:
    with purpose("nrm_register"):
        factories.designate(heath, since=date(2020, 1, 1), by=keeper.user)
        with pytest.raises(IntegrityError, match="no_two_designations"), transaction.atomic():
            factories.designate(heath, since=date(2024, 1, 1), by=keeper.user)


def test_a_designation_decides_the_application(keeper: Membership, heath: Organisation) -> None:
    with factories.acts(keeper):
        actions.record_application(
            organisation=heath,
            submitted_on=date(2023, 5, 1),
            source="letter",
            may_be_named=True,
            version=heath.version,
            by=keeper,
            now=NOW,
        )
    assert Organisation.objects.with_standing(TODAY).get(pk=heath.pk).standing == "applicant"
    record(keeper, heath, Status.ACTIVE, TODAY)
    assert Organisation.objects.with_standing(TODAY).get(pk=heath.pk).standing == "active"
    with purpose("nrm_register"):
        assert Application.objects.get().outcome == "approved"


def test_each_step_makes_the_sweep_look_again(keeper: Membership, heath: Organisation) -> None:
    record(keeper, heath, Status.ACTIVE, date(2020, 1, 1))
    with purpose("nrm_register"):
        owed = Reassessment.objects.get()
    assert (owed.organisation, owed.finished_at) == (heath, None)


def test_a_refused_step_leaves_nothing_behind(keeper: Membership, heath: Organisation) -> None:
    decided = actions.Decided(effective_from=TODAY, known_from=TODAY, source="letter")
    with pytest.raises(ChangedMeanwhile), factories.acts(keeper):
        actions.propose_designation(
            organisation=heath, decided=decided, version=heath.version + 1, by=keeper, now=NOW
        )
    with purpose("nrm_register"):
        assert (Proposal.objects.count(), Reassessment.objects.count()) == (0, 0)


def test_a_name_is_taken_whatever_its_capitals(keeper: Membership, heath: Organisation) -> None:
    with pytest.raises(NameTaken), factories.acts(keeper):
        actions.add_organisation(
            facts=actions.Facts(name="HEATH aid (fictitious)"), by=keeper, now=NOW
        )


def test_the_administrator_records_a_suspension_in_the_browser(
    client: Client, keeper: Membership, heath: Organisation
) -> None:
    record(keeper, heath, Status.ACTIVE, date(2020, 1, 1))
    client = signed_in_client(keeper.user)
    page = client.get(f"/organisations/{heath.slug}/")
    assert "Record a suspension" in page.text
    form = client.get(f"/organisations/{heath.slug}/suspended/")
    sent = {
        "version": form.context["form"]["version"].value(),
        "effective_from_0": "1",
        "effective_from_1": "3",
        "effective_from_2": "2026",
        "known_from_0": "2",
        "known_from_1": "3",
        "known_from_2": "2026",
        "cause": "staff",
        "told_by": "home_office",
        "reason": "No trained staff",
        "source": "https://example.org/letter",
    }
    answer = client.post(f"/organisations/{heath.slug}/suspended/", sent, follow=True)
    assert "No trained staff" in answer.text
    assert Organisation.objects.with_standing(TODAY).get(pk=heath.pk).standing == "suspended"


def test_an_empty_form_says_what_to_enter(keeper: Membership, heath: Organisation) -> None:
    client = signed_in_client(keeper.user)
    answer = client.post(f"/organisations/{heath.slug}/active/", {"version": heath.version})
    assert answer.status_code == 200
    assert "Enter the date from which it applies" in answer.text
    assert "Enter where the decision can be seen" in answer.text
    assert "<title>\n    Error:" in answer.text or "Error: " in answer.text


def test_two_administrators_see_both_versions_and_lose_nothing(
    keeper: Membership, heath: Organisation
) -> None:
    client = signed_in_client(keeper.user)
    url = f"/organisations/{heath.slug}/edit/"
    opened = client.get(url).context["form"]
    sent = {
        name: opened[name].value() if opened[name].value() is not None else ""
        for name in opened.fields
    } | {"opens_at": "09:00", "closes_at": "17:00"}
    client.post(url, sent | {"takes": "Women only"})
    second = client.post(url, sent | {"takes": "Men only"})
    assert "Somebody else" in second.text
    assert "Women only" in second.text
    assert "Men only" in second.text
    again = {name: second.context["form"][name].value() or "" for name in opened.fields}
    assert client.post(url, again).status_code == 302
    with purpose("nrm_register"):
        assert Organisation.objects.get(pk=heath.pk).takes == "Men only"


def test_a_caseworker_reads_the_register_and_changes_nothing(
    riverside: factories.Acting, heath: Organisation
) -> None:
    client = signed_in_client(riverside.caseworker.user)
    assert "Heath Aid" in client.get("/organisations/").text
    page = client.get(f"/organisations/{heath.slug}/")
    assert "Record a designation" not in page.text
    for path in ("new/", f"{heath.slug}/edit/", f"{heath.slug}/active/"):
        assert client.get(f"/organisations/{path}").status_code == 403


@pytest.mark.parametrize("extra", [0, 2])
def test_the_list_takes_the_same_queries_whatever_its_length(
    keeper: Membership,
    heath: Organisation,
    extra: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(extra):
        with factories.acts(keeper):
            actions.add_organisation(
                facts=actions.Facts(name=f"Extra {number}", nations=["wales"]), by=keeper, now=NOW
            )
    client = signed_in_client(keeper.user)
    client.get("/organisations/")
    with django_assert_num_queries(QUERIES):
        client.get("/organisations/")


QUERIES = 24


def test_the_filter_finds_by_status_and_nation(keeper: Membership, heath: Organisation) -> None:
    record(keeper, heath, Status.ACTIVE, TODAY - timedelta(days=3))
    client = signed_in_client(keeper.user)
    assert "Heath Aid" in client.get("/organisations/?status=active&nation=england").text
    assert "Heath Aid" not in client.get("/organisations/?status=suspended").text
    assert "Heath Aid" not in client.get("/organisations/?status=active&nation=wales").text


def test_a_question_about_the_register_is_answered(
    keeper: Membership, heath: Organisation, riverside: factories.Acting
) -> None:
    with riverside.context():
        RegisterQuestion.objects.bulk_create(
            [RegisterQuestion(organisation=heath, about=TODAY, asked_at=NOW)],
            ignore_conflicts=True,
        )
    client = signed_in_client(keeper.user)
    assert "Please check the register (1)" in client.get("/organisations/").text
    with purpose("nrm_register"):
        question = RegisterQuestion.objects.get()
    client.post(f"/organisations/questions/{question.pk}/")
    assert "Please check the register" not in client.get("/organisations/").text


def test_acting_for_an_organisation_needs_membership(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    client = signed_in_client(riverside.caseworker.user)
    refused = client.post("/act-for/", {"organisation": northgate.organisation.pk})
    assert refused.status_code == 403


def test_the_matrix_is_shown_to_everybody(riverside: factories.Acting) -> None:
    client = signed_in_client(riverside.caseworker.user)
    assert "log a new referral" in client.get("/roles/").text
