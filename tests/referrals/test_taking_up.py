"""Answering for a delay, or saying that it is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import take_up_delay
from referrals.errors import ChangedMeanwhile, ReviewDateNotAhead
from referrals.forms.taking_up import end_events
from referrals.models import Attention, Delay, DelayFlag, Referral, TakenUp, WaitEvent
from referrals.thresholds import all_thresholds
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, heron, moment, send

pytestmark = pytest.mark.django_db


def late(acting: Acting, rule: str, **facts: Any) -> tuple[Referral, Delay]:
    referral = heron(acting, **({"days": 40} | facts))
    with acting.context():
        return referral, Delay.objects.select_related("referral").get(referral=referral, rule=rule)


def take_up(referral: Referral, delay: Delay) -> str:
    return f"/referrals/{referral.reference}/delays/{delay.pk}/take-up/"


def happened(referral: Referral, delay: Delay) -> str:
    return f"/referrals/{referral.reference}/delays/{delay.pk}/already-happened/"


def answers(*, days: int = 7) -> dict[str, Any]:
    day = london_date(datetime.now(UTC)) + days * DAY
    boxes = {"review_on_0": day.day, "review_on_1": day.month, "review_on_2": day.year}
    return {"reason": "fro_capacity", "doing": "Asking Northgate again on Friday"} | boxes


def attention(acting: Acting, referral: Referral, rule: str) -> str:
    with acting.context():
        delays = Delay.objects.filter(referral=referral, rule=rule)
        return delays.with_attention(london_date(datetime.now(UTC))).get().attention


def test_a_delay_that_is_taken_up_is_owned(riverside: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    client = caseworker(riverside)
    assert attention(riverside, referral, "entry-wait") == Attention.NEW
    assert send(client, take_up(referral, delay), **answers()).status_code == 302
    assert attention(riverside, referral, "entry-wait") == Attention.OWNED
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "An organisation has no capacity. Asking Northgate again on Friday" in page


def test_the_review_lies_ahead(riverside: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    response = send(caseworker(riverside), take_up(referral, delay), **answers(days=0))
    assert response.context["form"].errors == {
        "review_on": ["Enter a date after today on which to look at this again."]
    }


def test_pressing_twice_takes_up_once(riverside: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    client = caseworker(riverside)
    sent = form_of(client, take_up(referral, delay)) | answers()
    assert [client.post(take_up(referral, delay), sent).status_code for _ in range(2)] == [302] * 2
    with riverside.context():
        assert TakenUp.objects.filter(referral=referral).count() == 1


def test_the_slower_of_two_sees_what_the_other_does_about_it(riverside: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    client = caseworker(riverside)
    mine = form_of(client, take_up(referral, delay)) | answers() | {"doing": "Ringing Harbour"}
    send(client, take_up(referral, delay), **answers())
    page = client.post(take_up(referral, delay), mine).content.decode()
    assert "A delay was taken up: Asking Northgate again on Friday" in page
    assert "Ringing Harbour" in page


def test_a_delay_that_has_ended_meanwhile_says_so(riverside: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    now = datetime.now(UTC)
    submitted = happening("referral_submitted", now, submitted_by=riverside.organisation)
    factories.record(riverside, referral, submitted, now=now)
    response = caseworker(riverside).get(take_up(referral, delay), follow=True)
    assert "This delay has ended meanwhile." in response.content.decode()


class TestThisAlreadyHappened:
    def test_in_time_retracts_the_flag(self, riverside: Acting) -> None:
        referral, delay = late(riverside, "safety-screen", events=[])
        at = datetime.now(UTC) - 40 * DAY + timedelta(hours=3)
        sent = moment(at) | {"code": "immediate_safety_checked"}
        response = send(caseworker(riverside), happened(referral, delay), **sent)
        assert response.status_code == 302
        with riverside.context():
            flag = DelayFlag.objects.get(referral=referral, rule="safety-screen")
        assert (flag.ended_at, flag.retracted_at is None) == (None, False)

    def test_too_late_ends_it(self, riverside: Acting) -> None:
        referral, delay = late(riverside, "safety-screen", events=[])
        at = (datetime.now(UTC) - 30 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)
        sent = moment(at) | {"code": "immediate_safety_checked"}
        send(caseworker(riverside), happened(referral, delay), **sent)
        with riverside.context():
            flag = DelayFlag.objects.get(referral=referral, rule="safety-screen")
        assert (flag.ended_at, flag.retracted_at) == (at, None)

    def test_the_answer_of_an_organisation_names_it(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        approached = happening(
            "fro_approached",
            datetime.now(UTC) - 12 * DAY,
            organisation=northgate.organisation,
        )
        referral, delay = late(riverside, "fro-reply", events=[approached])
        at = datetime.now(UTC) - 11 * DAY
        send(
            caseworker(riverside),
            happened(referral, delay),
            code="fro_declined_capacity",
            **moment(at),
        )
        with riverside.context():
            event = WaitEvent.objects.filter(referral=referral).latest("id")
        assert event.organisation == northgate.organisation

    def test_a_submission_asks_who_submitted(self, riverside: Acting) -> None:
        referral, delay = late(riverside, "entry-wait")
        client, at = caseworker(riverside), moment(datetime.now(UTC) - DAY)
        url = happened(referral, delay)
        answers = at | {"code": "referral_submitted", "submitted_by": ""}
        assert send(client, url, **answers).context["form"].errors == {
            "submitted_by": ["Choose the organisation that submitted the NRM referral"]
        }
        assert send(client, url, **(at | {"code": "referral_submitted"})).status_code == 302
        with riverside.context():
            event = WaitEvent.objects.filter(referral=referral).latest("id")
        assert event.submitted_by == riverside.organisation

    def test_the_page_opens_again_after_the_delay_has_gone(self, riverside: Acting) -> None:
        referral, delay = late(riverside, "safety-screen", events=[])
        client, url = caseworker(riverside), happened(referral, delay)
        sent = form_of(client, url) | moment(datetime.now(UTC) - 39 * DAY)
        sent["code"] = "immediate_safety_checked"
        assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
        with riverside.context():
            events = WaitEvent.objects.filter(referral=referral, code="immediate_safety_checked")
            assert events.count() == 1


@pytest.mark.usefixtures("db")
def test_every_rule_offers_what_may_have_happened() -> None:
    assert [rule.code for rule in all_thresholds() if not end_events(rule)] == []


class TestTheAction:
    def test_refuses_a_review_today_and_leaves_nothing(self, riverside: Acting) -> None:
        referral, delay = late(riverside, "entry-wait")
        now = datetime.now(UTC)
        facts: dict[str, Any] = {
            "delay": delay,
            "reason": TakenUp.Reason.OTHER,
            "action": "x",
            "by": riverside.caseworker,
            "now": now,
        }
        with riverside.context():
            with pytest.raises(ReviewDateNotAhead):
                take_up_delay(**facts, review_on=london_date(now))
            with pytest.raises(ChangedMeanwhile):
                take_up_delay(**facts, review_on=london_date(now) + DAY, version=9)
            assert not TakenUp.objects.filter(referral=referral).exists()


def test_outsiders_find_nothing(riverside: Acting, northgate: Acting) -> None:
    referral, delay = late(riverside, "entry-wait")
    client = caseworker(northgate)
    for path in ("take-up/", "already-happened/"):
        there = client.get(f"/referrals/{referral.reference}/delays/{delay.pk}/{path}")
        missing = client.get(f"/referrals/R-2222-2222/delays/{delay.pk}/{path}")
        assert (there.status_code, missing.status_code) == (404, 404)
        assert there.content == missing.content
