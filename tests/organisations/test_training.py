"""Who acts as a First Responder, and when they were trained: kept by the manager."""

from datetime import date

import pytest
from django.db import connection

from nrm_tracker.database import context, purpose
from organisations.actions import record_training, withdraw_training
from organisations.errors import NotAMember
from organisations.models import Membership, Training, TrainingModule
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import send
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
MARKED, TRAINED = date(2026, 1, 5), date(2026, 1, 12)


def published(name: str = "First Responder") -> TrainingModule:
    return TrainingModule.objects.get(name=name, organisation=None)


def train(acting: Acting, **facts: object) -> None:
    said = {"first_responder_since": MARKED, "trained_on": TRAINED, "module": published()}
    with acting.context(acting.manager):
        record_training(member=acting.caseworker, by=acting.manager, now=NOW, **{**said, **facts})


def test_the_manager_marks_a_first_responder_and_adds_a_training(riverside: Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    answer = send(
        client,
        f"/members/{riverside.caseworker.pk}/",
        first_responder_since_0="5",
        first_responder_since_1="1",
        first_responder_since_2="2026",
        trained_on_0="12",
        trained_on_1="1",
        trained_on_2="2026",
        module=published().pk,
        certificate="FR-2026-7",
    )
    assert answer.url == "/members/"
    with riverside.context():
        member = Membership.objects.get(pk=riverside.caseworker.pk)
        assert member.first_responder_since == MARKED
        assert list(member.trainings.values_list("trained_on", "course", "certificate")) == [
            (TRAINED, "First Responder", "FR-2026-7")
        ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"module": "1"}, "Enter the day on which they completed it"),
        (
            {"trained_on_0": "12", "trained_on_1": "1", "trained_on_2": "2026"},
            "Choose which training it was",
        ),
        (
            {
                "trained_on_0": "1",
                "trained_on_1": "1",
                "trained_on_2": "2027",
                "module": "1",
            },
            "must be today or in the past",
        ),
    ],
)
def test_half_an_answer_is_asked_for_the_other_half(
    riverside: Acting, sent: dict[str, str], message: str
) -> None:
    client = signed_in_client(riverside.manager.user)
    assert message in send(client, f"/members/{riverside.caseworker.pk}/", **sent).text


def test_a_caseworker_does_not_keep_training(riverside: Acting) -> None:
    client = signed_in_client(riverside.caseworker.user)
    assert client.get(f"/members/{riverside.caseworker.pk}/").status_code == 403


def test_recording_it_twice_keeps_it_once(riverside: Acting) -> None:
    train(riverside)
    train(riverside)
    with riverside.context():
        assert Training.objects.count() == 1


def test_another_organisations_members_are_not_ours_to_change(
    riverside: Acting, northgate: Acting
) -> None:
    with riverside.context(riverside.manager), pytest.raises(NotAMember):
        record_training(
            member=northgate.caseworker,
            first_responder_since=MARKED,
            trained_on=None,
            module=None,
            by=riverside.manager,
            now=NOW,
        )


def test_trainings_are_seen_by_colleagues_alone(riverside: Acting, northgate: Acting) -> None:
    train(riverside)
    with northgate.context(northgate.manager):
        assert not Training.objects.exists()
    with context():
        assert not Training.objects.exists()
    with riverside.context(riverside.manager):
        assert Training.objects.count() == 1


@pytest.mark.parametrize("role", ["nrm_app", "nrm_register"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
def test_nobody_has_the_right_to_change_a_training(role: str, right: str) -> None:
    """Its withdrawal apart, which is a column grant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'organisations_training', %s)", [role, right]
        )
        assert cursor.fetchone() == (False,)


def test_a_mistaken_training_is_withdrawn_and_stays(riverside: Acting) -> None:
    train(riverside)
    client = signed_in_client(riverside.manager.user)
    with riverside.context():
        row = Training.objects.get()
    page = f"/members/{riverside.caseworker.pk}/"
    assert send(client, f"{page}trainings/{row.pk}/withdraw/", why="day").url == page
    assert "Withdrawn: The day is wrong" in client.get(page).text
    with riverside.context():
        row = Training.objects.get()
    assert (row.withdrawn_at, row.withdrawn_by, row.withdrawn_why) == (
        NOW,
        riverside.manager.user,
        "day",
    )
    train(riverside)  # the same again, rightly this time
    with riverside.context():
        assert Training.objects.standing().count() == 1
        assert Training.objects.count() == 2


def test_a_withdrawn_training_stays_withdrawn(riverside: Acting) -> None:
    train(riverside)
    with riverside.context(riverside.manager):
        row = Training.objects.select_related("membership").get()
        said = {"by": riverside.manager, "now": NOW}
        withdraw_training(training=row, why=Training.Why.DAY, **said)
        withdraw_training(training=row, why=Training.Why.PERSON, **said)
        assert Training.objects.get().withdrawn_why == "day"
    with purpose("nrm_register"):
        assert Training.objects.update(withdrawn_why="person") == 0
