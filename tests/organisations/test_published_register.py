"""What published lists and sources say: brought again and again, and nothing guessed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from nrm_tracker.database import purpose
from organisations import actions
from organisations.errors import NothingToSettle
from organisations.models import (
    Alias,
    ContactRoute,
    Designation,
    Listing,
    Membership,
    Organisation,
    PublishedFact,
)
from organisations.models.organisation import Nation
from organisations.published_register import PublishedRegister, published_register
from organisations.scope import Exploitation, Gender, Kind, Takes
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()
REGISTER = published_register()
CHOICES = {
    "nations": Nation.values,
    "age_groups": Takes.values,
    "genders": Gender.values,
    "exploitation": Exploitation.values,
}


@pytest.fixture
def loaded() -> actions.Loaded:
    return actions.load_register(published=REGISTER, now=NOW)


@pytest.fixture
def keeper() -> Membership:
    return factories.administrator()


def named(name: str) -> Organisation:
    return Organisation.objects.with_standing(TODAY).get(name=name)


def saying(field: str, value: object, of: str = "TARA") -> PublishedRegister:
    """The register as published, with one fact said otherwise."""
    rows = [
        replace(
            row,
            facts=tuple(
                replace(fact, value=value) if (row.name, fact.field) == (of, field) else fact
                for fact in row.facts
            ),
        )
        for row in REGISTER.organisations
    ]
    return PublishedRegister(REGISTER.lists, tuple(rows))


def test_the_file_says_only_what_the_register_can_hold() -> None:
    codes = {each.code for each in REGISTER.lists}
    names = {row.name for row in REGISTER.organisations}
    assert len(names) == len(REGISTER.organisations) == 27
    for row in REGISTER.organisations:
        assert row.kind in Kind.values
        assert set(row.lists) <= codes
        assert set(row.notes) <= set(row.lists)
        assert set(row.lists.values()) <= set(Listing.Says.values)
        assert not row.succeeded_by or row.succeeded_by in names
        for fact in row.facts:
            assert (
                set(fact.value) <= set(CHOICES.get(fact.field, fact.value or ()))
                if isinstance(fact.value, list)
                else fact.value
            )
            assert fact.source.startswith("http")


def test_every_one_is_brought_with_what_its_lists_say(loaded: actions.Loaded) -> None:
    assert len(loaded.added) == Organisation.objects.count() == 27
    tara = named("TARA")
    assert (tara.nations, tara.age_groups, tara.genders) == (["scotland"], ["adult"], ["women"])
    says = Listing.objects.filter(organisation=tara).values_list("of__code", "says")
    assert dict(says) == dict.fromkeys(
        ("form", "page", "college", "statistics", "scotland"), "named"
    )
    assert Alias.objects.get(organisation=tara).name == "Trafficking Awareness Raising Alliance"
    assert named("Gangmasters and Labour Abuse Authority").succeeded_by == named("Fair Work Agency")


def test_nobody_is_designated_by_a_list_and_no_disagreement_is_resolved(
    loaded: actions.Loaded,
) -> None:
    assert not Designation.objects.exists()
    disputed = Organisation.objects.standing_as("disputed", on=TODAY).order_by("name")
    assert [row.name for row in disputed] == [
        "Belfast and Lisburn Women's Aid",
        "Fair Work Agency",
        "POPPY Project",
        "Refugee Council",
        "Regional Organised Crime Units",
        "Youth Work Alliance",
    ]
    assert named("The Salvation Army").standing == "listed"


def test_what_no_source_says_is_not_known(loaded: actions.Loaded) -> None:
    barnardos = named("Barnardo's")
    assert (barnardos.nations, barnardos.age_groups, barnardos.takes) == ([], [], "")
    page = Client().get(f"/first-responders/{barnardos.slug}/").text
    assert page.count("Not known") >= 8
    assert "Monday to Friday" not in page


def test_bringing_it_again_changes_nothing(loaded: actions.Loaded) -> None:
    before = list(Organisation.objects.order_by("id").values())
    again = actions.load_register(published=REGISTER, now=NOW + timedelta(days=1))
    assert (again.added, again.changed, again.differ) == ([], [], [])
    assert list(Organisation.objects.order_by("id").values()) == before
    assert ContactRoute.objects.count() == 4


def test_what_nobody_checked_follows_its_source(loaded: actions.Loaded) -> None:
    again = actions.load_register(published=saying("genders", ["women", "other"]), now=NOW)
    assert (again.changed, again.differ) == (["TARA"], [])
    assert named("TARA").genders == ["women", "other"]


def test_what_an_administrator_confirmed_is_kept_and_the_difference_is_listed(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    tara = named("TARA")
    scope = actions.Scope(age_groups=["adult"], genders=["women", "men"], exploitation=["sexual"])
    with factories.acts(keeper):
        actions.edit_scope(organisation=tara, scope=scope, version=tara.version, by=keeper, now=NOW)
    again = actions.load_register(published=REGISTER, now=NOW)
    assert (again.changed, again.differ) == ([], ["TARA: genders"])
    assert named("TARA").genders == ["women", "men"]
    client = signed_in_client(keeper.user)
    assert "A source says otherwise (1)" in client.get("/register/").text
    fact = PublishedFact.objects.get(organisation=tara, field="genders")
    client.post(f"/organisations/facts/{fact.pk}/", {"do": "keep"})
    assert "A source says otherwise (0)" in client.get("/register/").text
    assert actions.load_register(published=REGISTER, now=NOW).differ == []
    assert named("TARA").genders == ["women", "men"]

    # until the source says something new
    changed = saying("genders", ["other"])
    assert actions.load_register(published=changed, now=NOW).differ == ["TARA: genders"]
    client.post(f"/organisations/facts/{fact.pk}/", {"do": "take"})
    assert named("TARA").genders == ["other"]


def test_a_disagreement_is_settled_with_evidence_until_a_list_says_something_new(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    poppy = named("POPPY Project")
    with factories.acts(keeper):
        actions.settle_lists(
            organisation=poppy, evidence="A letter", version=poppy.version, by=keeper, now=NOW
        )
    assert named("POPPY Project").standing == "none"
    later = NOW + timedelta(days=1)
    rows = [
        replace(row, lists={**row.lists, "form": "named"}) if row.name == poppy.name else row
        for row in REGISTER.organisations
    ]
    actions.load_register(published=PublishedRegister(REGISTER.lists, tuple(rows)), now=later)
    assert named("POPPY Project").standing == "listed"


def test_where_no_list_names_it_there_is_nothing_to_settle(
    riverside: factories.Acting, keeper: Membership
) -> None:
    with pytest.raises(NothingToSettle), factories.acts(keeper):
        actions.settle_lists(
            organisation=riverside.organisation, evidence="x", version=1, by=keeper, now=NOW
        )


def test_a_recorded_designation_ends_the_dispute_and_the_lists_stay_in_sight(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    fair = named("Fair Work Agency")
    factories.record_step(fair, status="active", since=TODAY, by=keeper, now=NOW)
    assert named("Fair Work Agency").standing == "active"
    page = signed_in_client(keeper.user).get(f"/organisations/{fair.slug}/").text
    assert "These lists disagree." in page
    assert "The register follows the evidence that was recorded." in page
    assert "Successor of" in page


def test_a_kind_of_body_is_found_by_another_name_and_is_never_designated_itself(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    client = signed_in_client(keeper.user)
    page = client.get("/organisations/?q=trafficking awareness").text
    assert "1 organisation<" in page
    assert "TARA" in page
    councils = client.get("/organisations/local-authorities/").text
    assert "Record a designation" not in councils
    assert "stands for every body of its kind" in councils


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("nation=scotland", {"TARA", "Migrant Help", "Barnardo's"}),
        ("nation=england&status=listed", {"Migrant Help", "Barnardo's"}),
        ("gender=men", {"Migrant Help", "Barnardo's"}),
        ("exploitation=labour&kind=charity", {"Migrant Help", "Barnardo's"}),
        ("age_group=child", {"Barnardo's", "Migrant Help"}),
        ("kind=police", set()),
    ],
)
def test_the_filter_hides_nobody_of_whom_it_is_not_known(
    loaded: actions.Loaded, keeper: Membership, asked: str, found: set[str]
) -> None:
    page = signed_in_client(keeper.user).get(f"/organisations/?{asked}")
    shown = {row.organisation.name for row in page.context["rows"]}
    assert shown & {"TARA", "Migrant Help", "Barnardo's"} == found


def test_a_demonstration_takes_no_real_organisation(settings: pytest.FixtureRequest) -> None:
    settings.NRM_DEMONSTRATION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="invented"):
        call_command("load_register")
    assert not Organisation.objects.exists()


def test_a_caseworker_reads_it_and_answers_nothing(
    loaded: actions.Loaded, riverside: factories.Acting
) -> None:
    client = signed_in_client(riverside.caseworker.user)
    assert "Where the facts are from" in client.get("/organisations/tara/").text
    fact = PublishedFact.objects.first()
    assert fact
    for path in (f"facts/{fact.pk}/", "tara/scope/", "tara/contact/", "bring/"):
        assert client.post(f"/organisations/{path}").status_code == 403
    with purpose("nrm_register"):
        assert not PublishedFact.objects.filter(kept_at__isnull=False).exists()


def test_ways_of_contact_are_checked_and_fall_due_after_ninety_days(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    client = signed_in_client(keeper.user)
    assert "Ways of contact to check (4)" in client.get("/register/").text
    route = ContactRoute.objects.get(organisation__name="Medaille Trust")
    client.post(f"/organisations/routes/{route.pk}/", {"do": "check"})
    assert "Ways of contact to check (3)" in client.get("/register/").text
    with purpose("nrm_register"):
        ContactRoute.objects.filter(pk=route.pk).update(last_checked_on=TODAY - timedelta(days=90))
    assert "Ways of contact to check (4)" in client.get("/register/").text
    client.post(f"/organisations/routes/{route.pk}/", {"do": "withdraw"})
    assert "Ways of contact to check (3)" in client.get("/register/").text
    assert actions.load_register(published=REGISTER, now=NOW).added == []
    assert not ContactRoute.objects.standing().filter(organisation=route.organisation).exists()


def test_the_history_says_what_was_changed_by_whom(
    loaded: actions.Loaded, keeper: Membership
) -> None:
    tara = named("TARA")
    scope = actions.Scope(age_groups=["adult"], genders=["women"], languages="English, Vietnamese")
    with factories.acts(keeper):
        actions.edit_scope(organisation=tara, scope=scope, version=tara.version, by=keeper, now=NOW)
    page = signed_in_client(keeper.user).get("/organisations/tara/")
    first, *_ = page.context["changes"]
    assert (first.by, first.at) == ("Cedar Administrator", NOW)
    assert {each.label: (each.theirs, each.yours) for each in first.differences} == {
        "Exploitation": ("Sexual", "Not known"),
        "Languages": ("Not known", "English, Vietnamese"),
    }
