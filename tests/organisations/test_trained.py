"""Who may act as a First Responder on a day: derived in one place."""

from datetime import date, timedelta

import pytest

from nrm_tracker.database import purpose
from organisations.actions import (
    Module,
    add_module,
    change_module,
    choose_responder_policy,
    end_module,
)
from organisations.coverage import by_nation, counts
from organisations.errors import ModuleThere, NotTheirs
from organisations.models import Membership, ResponderPolicy, TrainingModule
from organisations.pages.training import coverage, own_training
from organisations.trained import MayAct, who_may_act, with_trainings
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.organisations.test_training import MARKED, TRAINED, published, train
from tests.referrals.casework import send
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()
LAST_DAY = TRAINED + timedelta(days=365)


def standing(acting: Acting, *, on: date = TODAY) -> MayAct:
    with acting.context():
        rows = with_trainings(Membership.objects.visible_to(acting.caseworker))
        return who_may_act(rows, on=on)[acting.caseworker.pk]


def own_module(acting: Acting, *, name: str = "Safe interviews", **facts: object) -> TrainingModule:
    said = {"name": name, "good_for_days": 30, "required": True}
    with acting.context(acting.manager):
        return add_module(module=Module(**{**said, **facts}), by=acting.manager, now=NOW)


def test_two_modules_are_delivered_with_where_they_are_named() -> None:
    rows = TrainingModule.objects.in_order()
    assert [(r.name, r.publisher, r.required, r.good_for_days, r.checked_on) for r in rows] == [
        ("First Responder", "Home Office", True, 365, None),
        ("Child Victims of Modern Slavery", "Home Office", False, 365, None),
    ]
    assert all("first-responder-toolkit" in r.source for r in rows)


def test_who_is_not_marked_may_not_act(riverside: Acting) -> None:
    assert standing(riverside).why == "Not marked as a First Responder"
    train(riverside, first_responder_since=MARKED)
    assert (
        standing(riverside, on=MARKED - timedelta(days=1)).why == "Not marked as a First Responder"
    )


def test_who_is_marked_and_was_never_trained_may_not_act(riverside: Acting) -> None:
    train(riverside, trained_on=None, module=None)
    assert standing(riverside).why == "No training recorded"


def test_the_module_that_is_required_must_be_among_them(riverside: Acting) -> None:
    train(riverside, module=published("Child Victims of Modern Slavery"))
    assert standing(riverside).why == "First Responder: not completed"


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (TRAINED - timedelta(days=1), MayAct("No training recorded")),
        (TRAINED, MayAct("", LAST_DAY)),
        (LAST_DAY, MayAct("", LAST_DAY)),
        (LAST_DAY + timedelta(days=1), MayAct("First Responder ended on 12 January 2027")),
    ],
)
def test_training_counts_from_its_day_to_the_last_of_its_days(
    riverside: Acting, on: date, found: MayAct
) -> None:
    train(riverside)
    assert standing(riverside, on=on) == found


def test_who_has_left_may_not_act(riverside: Acting) -> None:
    train(riverside)
    with purpose("nrm_register"):
        Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=NOW)
    assert standing(riverside).why == "Does not act for the organisation any more"


def test_what_an_organisation_asks_besides_is_asked_of_its_own_alone(
    riverside: Acting, northgate: Acting
) -> None:
    for acting in (riverside, northgate):
        train(acting)
    module = own_module(riverside)
    assert standing(riverside).why == "Safe interviews: not completed"
    assert standing(northgate).why == ""
    train(riverside, module=module, trained_on=TODAY)
    assert standing(riverside) == MayAct("", TODAY + timedelta(days=30))


def test_a_module_that_is_ended_is_asked_of_nobody(riverside: Acting) -> None:
    train(riverside)
    module = own_module(riverside)
    with riverside.context(riverside.manager):
        end_module(row=module, by=riverside.manager, now=NOW)
    assert standing(riverside).why == ""


def test_a_module_is_kept_by_whoever_asks_for_it(riverside: Acting, northgate: Acting) -> None:
    module = own_module(riverside)
    said = Module(name="Another", good_for_days=1, required=False)
    for by, row in ((northgate.manager, module), (riverside.manager, published())):
        with factories.acts(by), pytest.raises(NotTheirs):
            change_module(row=row, module=said, by=by, now=NOW)
    with northgate.context(northgate.manager):
        assert not TrainingModule.objects.filter(pk=module.pk).exists()
        assert not TrainingModule.objects.visible_to(northgate.manager).filter(pk=module.pk)
    with pytest.raises(ModuleThere):
        own_module(riverside)


def test_the_administrator_keeps_what_everybody_is_asked_for() -> None:
    keeper = factories.administrator()
    client = signed_in_client(keeper.user)
    page = f"/training/published/{published().pk}/"
    assert send(client, page, good_for_days="100000").status_code == 200
    answer = send(client, page, good_for_days="180", source="https://example.org/module")
    assert answer.url == "/training/register/"
    row = published()
    assert (row.good_for_days, row.source) == (180, "https://example.org/module")
    again = send(client, "/training/published/new/", name="First Responder", required="no")
    assert "A module of this name is there already" in again.text


def test_managers_add_change_and_end_their_own_on_pages(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    answer = send(client, "/training/modules/new/", name="Safe interviews", required="yes")
    assert answer.url == "/training/"
    with riverside.context():
        row = TrainingModule.objects.get(organisation=riverside.organisation)
    assert "Safe interviews" in client.get("/training/").text
    assert send(client, f"/training/modules/{row.pk}/", required="no").url == "/training/"
    assert client.post(f"/training/modules/{row.pk}/end/").url == "/training/"
    assert "Safe interviews" not in client.get("/training/", follow=True).text.split("modules")[-1]
    assert client.get(f"/training/modules/{published().pk}/").status_code == 404


def test_coverage_says_plainly_that_nobody_may_act(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    assert "Nobody here may act as a First Responder today." in client.get("/training/").text
    train(riverside)
    text = client.get("/training/").text
    assert "Nobody here may act" not in text
    assert "1 of 1</strong> First Responders here may act today" in text
    assert "training ends within 90 days" in text  # on 12 January


@pytest.mark.parametrize(("ahead", "soon"), [(89, 1), (90, 0)])
def test_what_ends_within_90_days_is_counted(riverside: Acting, ahead: int, soon: int) -> None:
    train(riverside, trained_on=TODAY - timedelta(days=365 - ahead))
    with riverside.context(riverside.manager):
        assert coverage(riverside.manager, now=NOW).lapsing == soon


def test_administrators_see_numbers_by_organisation_and_nation_and_no_names(
    riverside: Acting, northgate: Acting
) -> None:
    train(riverside)
    with purpose("nrm_register"):
        type(northgate.organisation).objects.filter(pk=northgate.organisation.pk).update(
            nations=["wales"]
        )
    rows = counts(now=NOW)
    assert [(r.organisation.slug, r.marked, r.able, r.lapsing) for r in rows] == [
        ("northgate", 0, 0, 0),
        ("riverside", 1, 1, 1),
    ]
    assert [(n.nation, n.organisations, n.without, n.able) for n in by_nation(rows)] == [
        ("England", 1, 0, 1),
        ("Wales", 2, 1, 1),
        ("Scotland", 1, 0, 1),
        ("Northern Ireland", 1, 0, 1),
    ]
    text = signed_in_client(factories.administrator().user).get("/training/register/").text
    assert "Riverside Support (fictitious)" in text
    assert riverside.caseworker.user.name not in text


def test_everybody_sees_their_own_training_and_when_it_ends(riverside: Acting) -> None:
    client = signed_in_client(riverside.caseworker.user)
    assert "You are not marked as a First Responder here" in client.get("/training/mine/").text
    train(riverside, trained_on=None, module=None)
    text = client.get("/training/mine/").text
    assert "You may not act as a First Responder today" in text
    assert "No training recorded" in text
    assert "Still to complete" in text
    train(riverside)
    text = client.get("/training/mine/").text
    assert "You may act as a First Responder until 12 January 2027, in 50 days." in text
    with riverside.context():
        page = own_training(riverside.caseworker, now=NOW)
    assert (page.may, page.missing) == (True, [])


def test_the_members_page_says_who_may_act(riverside: Acting) -> None:
    train(riverside, trained_on=None, module=None)
    text = signed_in_client(riverside.manager.user).get("/members/").text
    assert "May not act today: No training recorded" in text


def test_the_policy_is_an_organisations_own_and_each_change_is_kept(
    riverside: Acting, northgate: Acting
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert "Nobody has chosen yet" in client.get("/training/untrained/").text
    for policy in ("refuse", "refuse", "warn"):
        assert send(client, "/training/untrained/", policy=policy).url == "/training/"
    with riverside.context():
        mine = ResponderPolicy.objects.visible_to(riverside.manager).order_by("id")
        assert list(mine.values_list("policy", "by", "at")) == [
            ("refuse", riverside.manager.user_id, NOW),
            ("warn", riverside.manager.user_id, NOW),
        ]
    with northgate.context(northgate.manager):
        assert not ResponderPolicy.objects.exists()
        assert not choose_responder_policy(
            policy=ResponderPolicy.Policy.WARN, by=northgate.manager, now=NOW
        )


@pytest.mark.parametrize("path", ["/training/", "/training/untrained/", "/training/register/"])
def test_a_caseworker_keeps_none_of_it(riverside: Acting, path: str) -> None:
    assert signed_in_client(riverside.caseworker.user).get(path).status_code == 403
