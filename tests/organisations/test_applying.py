"""An application to become a First Responder Organisation: recorded, corrected, never forgotten."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client

from nrm_tracker.database import purpose
from organisations import actions
from organisations.errors import AlreadySettled, ChangedMeanwhile, NoSuchStep, RecordedByOthers
from organisations.models import (
    Application,
    ApplicationMessage,
    ChecklistEntry,
    Correspondence,
    Criterion,
    Membership,
    NamingConsent,
    Organisation,
    StageEntry,
)
from organisations.stages import APPLICANTS, ENDS, FOLLOWS, HOME_OFFICES, NEXT, Stage, misfit
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()
SENT = date(2025, 3, 3)
Record = Callable[..., Application]


@pytest.fixture
def lantern() -> factories.Acting:
    return factories.organisation("Lantern (fictitious)", "lantern", designated=False)


@pytest.fixture
def other() -> factories.Acting:
    """Another applicant, whose rows are there in each test of who sees what."""
    return factories.organisation("Quillon (fictitious)", "quillon", designated=False)


@pytest.fixture
def keeper() -> Membership:
    return factories.administrator()


def record(acting: factories.Acting, by: Membership, stage: str, on: date) -> Application:
    happened = actions.Happened(stage=stage, happened_on=on, known_on=TODAY, source="a letter")
    with factories.acts(by):
        return actions.record_stage(
            organisation=acting.organisation, happened=happened, by=by, now=NOW
        )


def now_of(acting: factories.Acting) -> Application:
    with purpose("nrm_register"):
        return Application.objects.with_last_word().get(organisation=acting.organisation)


def standing(acting: factories.Acting, *, by: Membership | None = None) -> str:
    with factories.acts(by or acting.manager):
        return Organisation.objects.with_standing(TODAY).get(pk=acting.organisation.pk).standing


def everything(acting: factories.Acting, keeper: Membership) -> Application:
    """One row of each kind, by the applicant itself, and one by the register where there is one."""
    application = record(acting, acting.manager, "submitted", SENT)
    record(acting, keeper, "acknowledged", SENT + timedelta(days=9))
    word = actions.Word(on=SENT, direction="to_home_office", channel="email", gist="sent it")
    for by in (acting.manager, keeper):
        with factories.acts(by):
            actions.log_correspondence(application=application, word=word, by=by, now=NOW)
            actions.send_message(organisation=acting.organisation, text="hello", by=by, now=NOW)
            actions.say_naming(
                application=application, given=False, on=TODAY, told="x", by=by, now=NOW
            )
    with acting.context(acting.manager):
        actions.write_checklist(
            criterion=Criterion.objects.earliest("id"),
            how_far=actions.HowFar(state="done", words="policy"),
            version=0,
            by=acting.manager,
            now=NOW,
        )
    return application


KINDS = (StageEntry, Correspondence, NamingConsent, ApplicationMessage, ChecklistEntry)


# The life cycle is a table


def test_every_stage_has_its_place_in_each_table() -> None:
    real = set(Stage) - {Stage.NOT_SO}
    assert set(FOLLOWS) == real
    assert set(NEXT) == set(Stage)
    assert set(ENDS) | {s for before in FOLLOWS.values() for s in before if s} == real
    assert not set(ENDS) & {s for before in FOLLOWS.values() for s in before if s}
    assert not APPLICANTS & HOME_OFFICES


@pytest.mark.parametrize(
    ("stages", "place"),
    [
        (["interest", "submitted", "acknowledged", "considered", "approved"], None),
        (["submitted", "considered", "asked", "answered", "asked", "answered", "refused"], None),
        (["submitted", "paused", "considered", "paused", "lapsed"], None),
        (["acknowledged"], 0),
        (["submitted", "answered"], 1),
        (["submitted", "refused", "considered"], 2),
        (["interest", "asked"], 1),
    ],
)
def test_what_may_follow_what(stages: list[str], place: int | None) -> None:
    assert misfit(stages) == place


def test_an_application_is_what_its_entries_say(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, lantern.manager, "interest", SENT - timedelta(days=30))
    assert (now_of(lantern).stage, standing(lantern)) == ("interest", "none")
    record(lantern, lantern.manager, "submitted", SENT)
    assert standing(lantern) == "applicant"
    record(lantern, keeper, "asked", date(2025, 9, 1))
    record(lantern, lantern.manager, "answered", date(2025, 9, 20))
    found = now_of(lantern)
    assert (found.stage, found.submitted_on, found.closed_on) == ("answered", SENT, None)
    assert found.last_word_on == date(2025, 9, 1)
    record(lantern, keeper, "refused", date(2026, 2, 2))
    found = now_of(lantern)
    assert (found.outcome, found.closed_on) == ("refused", date(2026, 2, 2))
    assert standing(lantern) == "none"


def test_a_pause_does_not_stop_the_days(lantern: factories.Acting, keeper: Membership) -> None:
    record(lantern, keeper, "submitted", SENT)
    record(lantern, keeper, "paused", date(2025, 4, 1))
    with purpose("nrm_register"):
        [undecided] = Application.objects.undecided(TODAY)
    assert undecided.submitted_on == SENT


def test_what_was_learnt_late_finds_its_place(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, keeper, "submitted", SENT)
    record(lantern, keeper, "considered", date(2025, 6, 1))
    record(lantern, keeper, "acknowledged", date(2025, 4, 1))
    assert now_of(lantern).stage == "considered"
    with pytest.raises(NoSuchStep, match="does not fit"):
        record(lantern, keeper, "answered", date(2025, 5, 1))


def test_a_letter_from_the_home_office_is_its_last_word_until_it_is_struck_out(
    lantern: factories.Acting, keeper: Membership
) -> None:
    application = everything(lantern, keeper)
    assert now_of(lantern).last_word_on == SENT + timedelta(days=9)
    word = actions.Word(
        on=date(2026, 1, 5), direction="from_home_office", channel="telephone", gist="no date yet"
    )
    with lantern.context(lantern.manager):
        actions.log_correspondence(application=application, word=word, by=lantern.manager, now=NOW)
        letter = Correspondence.objects.latest("id")
        assert now_of(lantern).last_word_on == date(2026, 1, 5)
        actions.strike_correspondence(letter=letter, by=lantern.manager, now=NOW)
    assert now_of(lantern).last_word_on == SENT + timedelta(days=9)


def test_only_the_register_records_what_the_home_office_did(lantern: factories.Acting) -> None:
    record(lantern, lantern.manager, "submitted", SENT)
    for stage in set(FOLLOWS) - APPLICANTS:
        with pytest.raises(RecordedByOthers):
            record(lantern, lantern.manager, stage, TODAY)
    assert now_of(lantern).stage == "submitted"


def test_a_correction_stands_in_place_of_what_it_corrects(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, lantern.manager, "submitted", SENT)
    with lantern.context(lantern.manager):
        entry = StageEntry.objects.get()
        right = actions.Happened(
            stage="submitted", happened_on=date(2024, 3, 3), known_on=TODAY, source="the e-mail"
        )
        actions.correct_stage(entry=entry, happened=right, by=lantern.manager, now=NOW)
        assert StageEntry.objects.count() == 2
        with pytest.raises(AlreadySettled):
            actions.correct_stage(entry=entry, happened=right, by=lantern.manager, now=NOW)
    assert now_of(lantern).submitted_on == date(2024, 3, 3)


def test_a_decision_recorded_in_error_opens_the_application_again(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, keeper, "submitted", SENT)
    record(lantern, keeper, "refused", date(2026, 2, 2))
    with factories.acts(keeper), purpose("nrm_register"):
        entry = StageEntry.objects.get(stage="refused")
    not_so = actions.Happened(
        stage="not_so", happened_on=TODAY, known_on=TODAY, source="the wrong organisation"
    )
    with factories.acts(keeper):
        actions.correct_stage(entry=entry, happened=not_so, by=keeper, now=NOW)
    assert (now_of(lantern).stage, now_of(lantern).outcome) == ("submitted", "")
    assert standing(lantern) == "applicant"


def test_an_application_that_never_was_is_no_application(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, keeper, "submitted", SENT)
    with factories.acts(keeper), purpose("nrm_register"):
        entry = StageEntry.objects.get()
    not_so = actions.Happened(stage="not_so", happened_on=TODAY, known_on=TODAY, source="x")
    with factories.acts(keeper):
        actions.correct_stage(entry=entry, happened=not_so, by=keeper, now=NOW)
    assert (now_of(lantern).outcome, standing(lantern)) == ("error", "none")


def test_an_applicant_corrects_nothing_of_the_registers(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, keeper, "submitted", SENT)
    right = actions.Happened(stage="submitted", happened_on=TODAY, known_on=TODAY, source="x")
    with lantern.context(lantern.manager), pytest.raises(RecordedByOthers):
        actions.correct_stage(
            entry=StageEntry.objects.get(), happened=right, by=lantern.manager, now=NOW
        )


def test_a_confirmed_designation_decides_it_with_its_source(
    lantern: factories.Acting, keeper: Membership
) -> None:
    record(lantern, keeper, "submitted", SENT)
    factories.record_step(
        lantern.organisation, status="active", since=date(2026, 3, 1), by=keeper, now=NOW
    )
    with purpose("nrm_register"):
        last = StageEntry.objects.latest("id")
    assert (last.stage, last.happened_on, last.source) == ("approved", date(2026, 3, 1), "letter")
    assert (now_of(lantern).outcome, standing(lantern)) == ("approved", "active")


def test_two_who_write_the_same_line_of_the_checklist_are_told(lantern: factories.Acting) -> None:
    line, by = Criterion.objects.earliest("id"), lantern.manager
    far = actions.HowFar(state="in_hand", words="half of it")
    with lantern.context(by):
        actions.write_checklist(criterion=line, how_far=far, version=0, by=by, now=NOW)
        with pytest.raises(ChangedMeanwhile):
            actions.write_checklist(criterion=line, how_far=far, version=0, by=by, now=NOW)


# Who sees what


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_an_applicant_sees_its_own_the_register_all_others_nothing(
    lantern: factories.Acting, other: factories.Acting, keeper: Membership, model: Any
) -> None:
    everything(lantern, keeper)
    everything(other, keeper)
    nobodys = factories.organisation("Northgate (fictitious)", "northgate")
    mine = {lantern.organisation.pk}
    seen = {}
    for name, member in (
        ("manager", lantern.manager),
        ("caseworker", lantern.caseworker),
        ("another", nobodys.manager),
    ):
        with factories.acts(member):
            by_code = set(model.objects.visible_to(member).values_list("organisation", flat=True))
            by_wall = set(model.objects.values_list("organisation", flat=True))
        seen[name] = (by_code, by_wall)
    assert seen == {"manager": (mine, mine), "caseworker": (mine, mine), "another": (set(), set())}
    with factories.acts(keeper), purpose("nrm_register"):
        all_ = set(model.objects.visible_to(keeper).values_list("organisation", flat=True))
    assert all_ == mine | {other.organisation.pk}
    assert not model.objects.exists()  # without a context
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
        model.objects.exists()


def test_no_wall_lets_an_applicant_record_what_the_home_office_did(
    lantern: factories.Acting, other: factories.Acting, keeper: Membership
) -> None:
    application, theirs = everything(lantern, keeper), everything(other, keeper)
    entry = {
        "organisation": lantern.organisation,
        "application": application,
        "side": "applicant",
        "stage": "answered",
        "happened_on": TODAY,
        "known_on": TODAY,
        "source": "x",
        "recorded_by": lantern.manager.user,
        "recorded_at": NOW,
    }
    with lantern.context(lantern.manager):
        StageEntry.objects.create(**entry)
        registers = StageEntry.objects.get(side="register")
    for wrong in (
        {"stage": "approved"},
        {"side": "register"},
        {"application": theirs},
        {"organisation": other.organisation},
        {"supersedes": registers},
        {"recorded_by": other.manager.user},
    ):
        with (
            lantern.context(lantern.manager),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            StageEntry.objects.create(**entry | wrong)


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_what_was_recorded_is_changed_by_nobody(
    lantern: factories.Acting, keeper: Membership, model: Any
) -> None:
    everything(lantern, keeper)
    for context in (lantern.context(lantern.manager), purpose("nrm_register")):
        with pytest.raises(ProgrammingError, match="permission denied"), context:
            model.objects.update(organisation=lantern.organisation)
    for context in (lantern.context(lantern.manager), purpose("nrm_register")):
        with pytest.raises(ProgrammingError, match="permission denied"), context:
            model.objects.all()._raw_delete("default")


def test_a_message_is_read_by_the_other_side_alone(
    lantern: factories.Acting, keeper: Membership
) -> None:
    everything(lantern, keeper)
    with lantern.context(lantern.manager):
        actions.read_messages(organisation=lantern.organisation, by=lantern.manager, now=NOW)
        read = dict(ApplicationMessage.objects.values_list("side", "read_at"))
        assert read == {"register": NOW, "applicant": None}
        assert ApplicationMessage.objects.filter(side="applicant").update(read_at=NOW) == 0


# Pages


def test_a_caseworker_reads_where_it_stands_and_writes_nothing(
    lantern: factories.Acting, keeper: Membership
) -> None:
    everything(lantern, keeper)
    client = signed_in_client(lantern.caseworker.user)
    page = client.get("/our-application/").text
    assert "Acknowledged by the Home Office" in page
    assert "630 days" in page
    assert "not the Home Office&#x27;s" in page or "not the Home Office's" in page
    assert "Record that" not in page
    assert client.get("/our-application/submitted/").status_code == 403
    assert client.get("/our-application/messages/").status_code == 403


def test_the_pipeline_says_how_long_and_what_is_to_be_looked_at(
    lantern: factories.Acting, other: factories.Acting, keeper: Membership
) -> None:
    everything(lantern, keeper)
    record(other, other.manager, "submitted", date(2026, 11, 3))
    client = signed_in_client(keeper.user)
    for view in ("", "?view=list"):
        page = client.get(f"/applications/{view}").text
        assert page.index("Lantern") < page.index("Quillon")
        assert ("630 days" in page, "621 days" in page, "20 days" in page) == (True, True, True)
        assert "1 unread message" in page
        assert page.count("Evidence to look at") == 2
        assert page.count("Undecided for long") == 1
    assert "Lantern" not in client.get("/applications/?stage=submitted").text


@pytest.mark.parametrize("more", [0, 2])
def test_the_pipeline_takes_the_same_queries_whatever_its_length(
    lantern: factories.Acting, keeper: Membership, more: int, django_assert_num_queries: Any
) -> None:
    everything(lantern, keeper)
    for number in range(more):
        acting = factories.organisation(f"More {number}", f"more-{number}", designated=False)
        everything(acting, keeper)
    client = signed_in_client(keeper.user)
    client.get("/applications/")
    with django_assert_num_queries(PIPELINE):
        client.get("/applications/")


PIPELINE = 23


# In public


def public(path: str = "/first-responders/applications/") -> str:
    return Client().get(path).text


def test_the_public_reads_a_name_only_while_it_was_agreed_to(
    lantern: factories.Acting, other: factories.Acting, keeper: Membership
) -> None:
    application = everything(lantern, keeper)
    hidden = everything(other, keeper)
    assert "No application that awaits a decision" in public()  # nobody looked at the evidence
    with factories.acts(keeper):
        actions.check_application(application=application, by=keeper, now=NOW)
        actions.check_application(application=hidden, by=keeper, now=NOW)
    assert "2 applications await a decision." in public()
    assert "None of them agreed to be named" in public()
    say = {"application": application, "on": TODAY, "told": "trustees", "by": lantern.manager}
    with lantern.context(lantern.manager):
        actions.say_naming(given=True, now=NOW, **say)
    page = public()
    assert ("Lantern" in page, ">630<" in page, "And 1 more" in page) == (True, True, True)
    assert "Quillon" not in page
    assert "Applicant" in public("/first-responders/lantern/")
    with lantern.context(lantern.manager):
        actions.say_naming(given=False, now=NOW, **say)
    assert "Lantern" not in public()


def test_a_day_that_the_applicant_moves_is_not_told_until_somebody_looked_again(
    lantern: factories.Acting, keeper: Membership
) -> None:
    application = everything(lantern, keeper)
    with factories.acts(keeper):
        actions.check_application(application=application, by=keeper, now=NOW)
    assert "1 application awaits a decision." in public()
    sent = StageEntry.objects.filter(stage="submitted")
    with lantern.context(lantern.manager):
        entry = sent.get()
        earlier = actions.Happened(
            stage="submitted", happened_on=date(2019, 3, 1), known_on=TODAY, source="a letter"
        )
        actions.correct_stage(entry=entry, happened=earlier, by=lantern.manager, now=NOW)
    assert "No application that awaits a decision" in public()
    assert now_of(lantern).submitted_on == date(2019, 3, 1)


def test_who_alone_says_that_it_applied_has_no_public_page(lantern: factories.Acting) -> None:
    application = record(lantern, lantern.manager, "submitted", SENT)
    with lantern.context(lantern.manager):
        actions.say_naming(
            application=application, given=True, on=TODAY, told="us", by=lantern.manager, now=NOW
        )
    assert Client().get("/first-responders/lantern/").status_code == 404


def test_no_public_page_tells_that_somebody_applied_who_may_not_be_named(
    lantern: factories.Acting, keeper: Membership
) -> None:
    """A page that is there for an applicant, and not for others, would name it: so there is none
    for anybody who is neither designated, on a list nor named."""
    application = everything(lantern, keeper)
    with factories.acts(keeper):
        actions.check_application(application=application, by=keeper, now=NOW)
    assert "Lantern" not in public("/first-responders/")
    absent = Client().get("/first-responders/no-such/")
    for path in ("lantern/", "lantern/report/"):
        answer = Client().get(f"/first-responders/{path}")
        assert (answer.status_code, answer.text.replace("lantern", "no-such")) == (
            404,
            absent.text,
        )
    stranger = factories.organisation("Northgate (fictitious)", "northgate").manager
    assert standing(lantern, by=stranger) == "none"
    page = signed_in_client(stranger.user).get("/organisations/lantern/").text
    assert "Not designated" in page
    assert "Applied to become" not in page


def test_the_count_of_the_unnamed_cannot_say_whose_they_are() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
        list(Application.objects.values_list("organisation"))
