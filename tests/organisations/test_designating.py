"""A designation counts once a second person has confirmed it; what ends one counts at once."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client

from nrm_tracker.database import context, purpose
from organisations import actions
from organisations.errors import (
    AlreadySettled,
    NoSuchStep,
    RecordedByOthers,
    RecordedByYou,
    TwoNeeded,
    WaitsAlready,
)
from organisations.models import Designation, Membership, Organisation, Proposal
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()
A_DAY_LATER = NOW + timedelta(hours=24)
DECIDED = actions.Decided(
    effective_from=date(2026, 10, 1), known_from=TODAY, source="https://example.org/letter"
)


@pytest.fixture
def keeper() -> Membership:
    return factories.administrator()


@pytest.fixture
def fellow(keeper: Membership) -> Membership:
    return factories.fellow_administrator(keeper)


@pytest.fixture
def heath(keeper: Membership) -> Organisation:
    with factories.acts(keeper):
        return actions.add_organisation(
            facts=actions.Facts(name="Heath Aid (fictitious)"), by=keeper, now=NOW
        )


@pytest.fixture
def proposal(keeper: Membership, heath: Organisation) -> Proposal:
    with factories.acts(keeper):
        return actions.propose_designation(
            organisation=heath, decided=DECIDED, version=heath.version, by=keeper, now=NOW
        )


def standing(row: Organisation) -> str:
    return Organisation.objects.with_standing(TODAY).get(pk=row.pk).standing


def state(proposal: Proposal) -> str:
    with purpose("nrm_register"):
        return Proposal.objects.get(pk=proposal.pk).state


def test_what_waits_for_a_second_person_does_not_count(
    proposal: Proposal, heath: Organisation
) -> None:
    assert standing(heath) == "none"
    assert not Designation.objects.exists()


def test_a_second_person_confirms_it(
    proposal: Proposal, heath: Organisation, keeper: Membership, fellow: Membership
) -> None:
    with factories.acts(fellow):
        made = actions.confirm_designation(proposal=proposal, by=fellow, now=NOW)
    assert (made.effective_from, made.known_from) == (date(2026, 10, 1), TODAY)
    assert (standing(heath), made.recorded_by) == ("active", keeper.user)
    page = signed_in_client(fellow.user).get(f"/organisations/{heath.slug}/").text
    assert "Cedar Administrator, confirmed by Rowan Administrator" in page


def test_whoever_recorded_it_cannot_confirm_it(
    proposal: Proposal, heath: Organisation, keeper: Membership
) -> None:
    with pytest.raises(RecordedByYou), factories.acts(keeper):
        actions.confirm_designation(proposal=proposal, by=keeper, now=NOW)
    assert standing(heath) == "none"


def test_the_database_itself_refuses_that(
    proposal: Proposal, heath: Organisation, keeper: Membership
) -> None:
    with purpose("nrm_register"):
        made = factories.designate(heath, since=TODAY, by=keeper.user)
        with pytest.raises(IntegrityError, match="confirm_it_at_once"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(
                state="confirmed", settled_by=keeper.user, made=made
            )


def test_what_was_decided_is_never_changed_again(proposal: Proposal, fellow: Membership) -> None:
    with factories.acts(fellow):
        actions.withdraw_designation(proposal=proposal, by=fellow, now=NOW)
    with purpose("nrm_register"):
        assert Proposal.objects.update(state="open") == 0
    with pytest.raises(AlreadySettled), factories.acts(fellow):
        actions.confirm_designation(proposal=proposal, by=fellow, now=NOW)


def test_no_designation_goes_past_the_second_person(
    keeper: Membership, heath: Organisation
) -> None:
    with pytest.raises(TwoNeeded), factories.acts(keeper):
        actions.record_designation(
            organisation=heath,
            status="active",
            decided=DECIDED,
            version=heath.version,
            by=keeper,
            now=NOW,
        )


def test_one_at_a_time_waits(proposal: Proposal, heath: Organisation, keeper: Membership) -> None:
    with pytest.raises(WaitsAlready), factories.acts(keeper):
        actions.propose_designation(
            organisation=heath, decided=DECIDED, version=None, by=keeper, now=NOW
        )


def test_of_few_one_alone_lets_it_stand_a_day_later(
    proposal: Proposal, heath: Organisation, keeper: Membership, riverside: factories.Acting
) -> None:
    with factories.acts(keeper):
        actions.announce_designation(proposal=proposal, by=keeper, now=NOW)
    seen = signed_in_client(riverside.caseworker.user).get(f"/organisations/{heath.slug}/").text
    assert "One person has recorded a designation" in seen
    assert actions.settle_announced_designations(now=A_DAY_LATER - timedelta(seconds=1)) == 0
    assert standing(heath) == "none"
    assert actions.settle_announced_designations(now=A_DAY_LATER) == 1
    assert standing(heath) == "active"
    assert actions.settle_announced_designations(now=A_DAY_LATER) == 0


def test_where_enough_may_confirm_one_alone_never_does(
    proposal: Proposal, keeper: Membership
) -> None:
    for name in ("Rowan Two", "Sorrel Three", "Tansy Four"):
        factories.fellow_administrator(keeper, name)
    with pytest.raises(TwoNeeded), factories.acts(keeper):
        actions.announce_designation(proposal=proposal, by=keeper, now=NOW)


def test_what_was_announced_waits_for_a_second_person_once_there_are_enough(
    proposal: Proposal, keeper: Membership, heath: Organisation
) -> None:
    with factories.acts(keeper):
        actions.announce_designation(proposal=proposal, by=keeper, now=NOW)
    for name in ("Rowan Two", "Sorrel Three", "Tansy Four"):
        factories.fellow_administrator(keeper, name)
    assert actions.settle_announced_designations(now=A_DAY_LATER) == 0
    assert (standing(heath), state(proposal)) == ("none", "open")


def test_an_announcement_that_somebody_withdrew_comes_to_nothing(
    proposal: Proposal, keeper: Membership, fellow: Membership, heath: Organisation
) -> None:
    with pytest.raises(RecordedByOthers), factories.acts(fellow):
        actions.announce_designation(proposal=proposal, by=fellow, now=NOW)
    with factories.acts(keeper):
        actions.announce_designation(proposal=proposal, by=keeper, now=NOW)
    with factories.acts(fellow):
        actions.withdraw_designation(proposal=proposal, by=fellow, now=NOW)
    assert actions.settle_announced_designations(now=A_DAY_LATER) == 0
    assert standing(heath) == "none"


def test_what_no_longer_follows_after_the_day_waits_for_a_second_person(
    proposal: Proposal, keeper: Membership, heath: Organisation
) -> None:
    with factories.acts(keeper):
        actions.announce_designation(proposal=proposal, by=keeper, now=NOW)
    with purpose("nrm_register"):
        factories.designate(heath, since=date(2026, 9, 1), by=keeper.user)
    assert actions.settle_announced_designations(now=A_DAY_LATER) == 0
    assert state(proposal) == "open"


def test_evidence_that_waits_is_for_the_register_alone(
    proposal: Proposal, riverside: factories.Acting
) -> None:
    with riverside.context():
        assert Proposal.objects.count() == 0
    with context():
        assert Proposal.objects.count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"), riverside.context():
        Proposal.objects.update(state="confirmed")


def test_the_page_shows_the_evidence_and_offers_what_each_may_do(
    proposal: Proposal, heath: Organisation, keeper: Membership, fellow: Membership
) -> None:
    address = f"/organisations/{heath.slug}/"
    mine = signed_in_client(keeper.user).get(address).text
    assert "Let it stand in 24 hours" in mine
    assert "I have looked at the evidence" not in mine
    theirs = signed_in_client(fellow.user)
    assert "I have looked at the evidence" in theirs.get(address).text
    assert "Recorded by <bdi>Cedar Administrator" in theirs.get(address).text
    answer = f"/organisations/designations/{proposal.pk}/"
    assert "Confirmed" in theirs.post(answer, {"do": "confirm"}, follow=True).text
    assert standing(heath) == "active"


def test_a_kind_of_body_has_no_designation_of_its_own(keeper: Membership) -> None:
    with purpose("nrm_register"):
        councils = Organisation.objects.create(name="Councils", slug="councils", is_group=True)
    with pytest.raises(NoSuchStep, match="stands for many"), factories.acts(keeper):
        actions.propose_designation(
            organisation=councils, decided=DECIDED, version=None, by=keeper, now=NOW
        )


def test_the_page_asks_for_cause_and_how_we_know(keeper: Membership, heath: Organisation) -> None:
    client = signed_in_client(keeper.user)
    answer = client.post(f"/organisations/{heath.slug}/active/", {"version": heath.version})
    assert "Choose why, or that it was not said" in answer.text
    assert "Choose how we know" in answer.text


FILE = """name,kind,nations,email_domains,duty_to_notify,designated_from
Heath Aid (fictitious),local_authority,england,,yes,
Fern Council (fictitious),local_authority,england;wales,fern.example,yes,2015-11-01
Moss Police (fictitious),police,scotland,,no,2015-11-01
"""


def brings(client: Client, text: str) -> dict[str, str]:
    """What the preview's form would send."""
    return {
        "text": text,
        "source": "A list",
        "told_by": "published",
        "known_from_0": "1",
        "known_from_1": "11",
        "known_from_2": "2026",
    }


def test_a_list_is_shown_before_it_is_saved_and_its_designations_wait(
    keeper: Membership, fellow: Membership, heath: Organisation
) -> None:
    client = signed_in_client(keeper.user)
    sent = brings(client, FILE)
    preview = client.post("/organisations/bring/", sent)
    assert [each.line.name for each in preview.context["added"]] == [
        "Fern Council (fictitious)",
        "Moss Police (fictitious)",
    ]
    [changed] = preview.context["changed"]
    assert ("Duty to Notify", "no", "yes") in changed.changes
    assert Organisation.objects.responders().count() == 1
    saved = client.post(
        "/organisations/bring/", sent | {"seen": preview.context["seen"]}, follow=True
    )
    assert "Designations of a list to confirm (2)" in saved.text
    fern = Organisation.objects.get(name__startswith="Fern")
    assert (fern.nations, fern.email_domains) == (["england", "wales"], ["fern.example"])
    assert standing(fern) == "none"

    # the second person confirms all of them; the first cannot
    address = saved.redirect_chain[-1][0]
    assert "Ask a colleague" in client.post(address, {"do": "confirm"}, follow=True).text
    assert standing(fern) == "none"
    signed_in_client(fellow.user).post(address, {"do": "confirm"})
    assert standing(fern) == "active"


def test_the_same_list_again_changes_nothing(
    keeper: Membership, fellow: Membership, heath: Organisation
) -> None:
    client = signed_in_client(keeper.user)
    sent = brings(client, FILE)
    for _ in range(2):
        preview = client.post("/organisations/bring/", sent)
        client.post("/organisations/bring/", sent | {"seen": preview.context["seen"]})
    assert (preview.context["added"], preview.context["changed"]) == ([], [])
    with purpose("nrm_register"):
        assert Proposal.objects.count() == 2


def test_what_changed_after_the_preview_is_looked_at_again(
    keeper: Membership, heath: Organisation
) -> None:
    client = signed_in_client(keeper.user)
    sent = brings(client, FILE)
    seen = client.post("/organisations/bring/", sent).context["seen"]
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=heath.pk).update(duty_to_notify=True)
    answer = client.post("/organisations/bring/", sent | {"seen": seen})
    assert "The register changed meanwhile" in answer.text
    assert Organisation.objects.responders().count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing\n", "The first line lacks the column “name”"),
        ("name,kind\nFern,castle\n", "Line 2: “castle” is no kind"),
        ("name,kind\nFern,police\nfern,police\n", "“fern” stands twice"),
        ("name,kind,designated_from\nFern,police,last year\n", "“last year” is no date"),
        ("name,kind,nations\nFern,police,atlantis\n", "“atlantis” is no nation"),
        ("name,kind\n", "There is no organisation in this file"),
        (",\n,\n", "The first line lacks the column"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_line_by_line(
    keeper: Membership, text: str, said: str
) -> None:
    client = signed_in_client(keeper.user)
    answer = client.post("/organisations/bring/", brings(client, text))
    assert said in answer.text
    assert not Organisation.objects.responders().exists()
