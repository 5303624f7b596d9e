"""Who acts as a First Responder, and when they were trained: kept by the manager."""

from datetime import date

import pytest
from django.db import connection

from nrm_tracker.database import context
from organisations.actions import record_training
from organisations.errors import NotAMember
from organisations.models import Membership, Training
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import send
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
MARKED, TRAINED = date(2026, 1, 5), date(2026, 1, 12)


def train(acting: Acting, **facts: object) -> None:
    said = {"first_responder_since": MARKED, "trained_on": TRAINED, "course": "First Responder"}
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
        course="First Responder",
    )
    assert answer.url == "/members/"
    with riverside.context():
        member = Membership.objects.get(pk=riverside.caseworker.pk)
        assert member.first_responder_since == MARKED
        assert list(member.trainings.values_list("trained_on", "course")) == [
            (TRAINED, "First Responder")
        ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"course": "First Responder"}, "Enter the day on which they completed it"),
        (
            {"trained_on_0": "12", "trained_on_1": "1", "trained_on_2": "2026"},
            "Enter which training it was",
        ),
        (
            {
                "trained_on_0": "1",
                "trained_on_1": "1",
                "trained_on_2": "2027",
                "course": "First Responder",
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
            course="",
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'organisations_training', %s)", [role, right]
        )
        assert cursor.fetchone() == (False,)
