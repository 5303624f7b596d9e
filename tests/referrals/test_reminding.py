"""That a training ends is told once before, once after, to whoever it is and to their managers."""

from datetime import date, timedelta

import pytest

from nrm_tracker.database import purpose
from organisations.models import Membership, TrainingModule
from referrals.actions import remind_of_training
from referrals.models import Notice, OutboxMessage
from tests.conftest import NOW
from tests.factories import Acting
from tests.organisations.test_training import published, train
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()


def ends_in(days: int) -> date:
    """The day on which somebody was trained whose training counts for so many days yet."""
    return TODAY + timedelta(days=days - 365)


def told() -> list[tuple[int, str, str]]:
    with purpose("nrm_sweep"):
        rows = Notice.objects.filter(training__isnull=False).order_by("user_id", "message__key")
        return [
            (user, key.rpartition(":")[2], level)
            for user, key, level in rows.values_list("user_id", "message__key", "told")
        ]


@pytest.mark.parametrize(
    ("days", "step"), [(31, None), (30, "ends"), (0, "ends"), (-1, "ended"), (-30, "ended")]
)
def test_it_is_told_from_30_days_before_to_the_person_and_the_manager(
    riverside: Acting, northgate: Acting, days: int, step: str | None
) -> None:
    train(riverside, trained_on=ends_in(days))
    for _ in range(2):
        remind_of_training(now=NOW)
    people = sorted([riverside.caseworker.user_id, riverside.manager.user_id])
    assert told() == ([(user, step, "list") for user in people] if step else [])


def test_what_ended_long_ago_is_not_news(riverside: Acting) -> None:
    train(riverside, trained_on=ends_in(-31))
    assert remind_of_training(now=NOW) == 0


def test_before_and_after_each_once(riverside: Acting) -> None:
    train(riverside, trained_on=ends_in(10))
    for day in range(60):
        remind_of_training(now=NOW + timedelta(days=day))
    steps = [(user, step) for user, step, _ in told()]
    people = (riverside.caseworker.user_id, riverside.manager.user_id)
    assert sorted(steps) == sorted((u, s) for u in people for s in ("ends", "ended"))


def test_whoever_completed_it_again_is_not_reminded(riverside: Acting) -> None:
    train(riverside, trained_on=ends_in(10))
    train(riverside, trained_on=TODAY)
    assert remind_of_training(now=NOW) == 0


def test_nobody_is_reminded_of_what_is_not_needed(riverside: Acting) -> None:
    child = TrainingModule.objects.get(name="Child Victims of Modern Slavery")
    train(riverside, module=child, trained_on=ends_in(10))
    train(riverside, module=published(), trained_on=ends_in(10))
    with purpose("nrm_register"):
        Membership.objects.update(first_responder_since=None)
    assert remind_of_training(now=NOW) == 0
    with purpose("nrm_register"):
        Membership.objects.update(first_responder_since=TODAY)
    assert remind_of_training(now=NOW) == 1
    with purpose("nrm_sweep"):
        assert OutboxMessage.objects.get().training_id is not None


def test_the_inbox_says_whose_and_leads_there(riverside: Acting) -> None:
    train(riverside, trained_on=ends_in(10))
    remind_of_training(now=NOW)
    for member, words, leads_to in (
        (riverside.caseworker, "Yours ends on 3 December 2026", "/training/mine/"),
        (riverside.manager, "That of a colleague ends on 3 December 2026", "/training/"),
    ):
        client = signed_in_client(member.user)
        text = client.get("/notices/").text
        assert "Training: First Responder" in text
        assert words in text
        assert "app-severity--red" not in text
        with riverside.context(member):
            notice = Notice.objects.visible_to(member).get()
        assert client.post(f"/notices/{notice.pk}/").url == leads_to
