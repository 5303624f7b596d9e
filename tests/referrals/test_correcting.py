"""Correcting an entry: another one supersedes it, and both stay in sight."""

from datetime import UTC, datetime, timedelta

import pytest

from referrals.actions import Happening, correct_wait_event
from referrals.errors import (
    AlreadyCorrected,
    BeforeFirstContact,
    CannotBeUndone,
    ChangedMeanwhile,
    NotYetHappened,
)
from referrals.models import Custody, DelayFlag, Referral, WaitEvent
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, heron, moment, send

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

pytestmark = pytest.mark.django_db


def event_of(acting: Acting, referral: Referral, code: str) -> WaitEvent:
    with acting.context():
        return WaitEvent.objects.get(referral=referral, code=code, superseded_by__isnull=True)


def correct(referral: Referral, event: WaitEvent) -> str:
    return f"/referrals/{referral.reference}/events/{event.pk}/correct/"


def count(acting: Acting, referral: Referral) -> int:
    with acting.context():
        return WaitEvent.objects.filter(referral=referral).count()


def test_the_form_holds_what_was_recorded(riverside: Acting) -> None:
    referral = heron(riverside)
    event = event_of(riverside, referral, "fro_waitlisted")
    opened = form_of(caseworker(riverside), correct(referral, event))
    assert opened["organisation"] == riverside.organisation.pk
    assert {f"happened_at_{i}" for i in range(4)} <= opened.keys()


def test_a_correction_supersedes_and_both_stay_visible(
    riverside: Acting, northgate: Acting
) -> None:
    referral = heron(riverside)
    wrong = event_of(riverside, referral, "fro_waitlisted")
    client = caseworker(riverside)
    response = send(
        client,
        correct(referral, wrong),
        organisation=northgate.organisation.pk,
        reason="The list was Northgate's",
    )
    assert response.status_code == 302
    right = event_of(riverside, referral, "fro_waitlisted")
    assert (right.supersedes_id, right.root_id) == (wrong.pk, wrong.pk)
    assert right.organisation == northgate.organisation
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "<s>Put on a waiting list: Riverside Support (fictitious)</s>" in page
    assert "Put on a waiting list: Northgate Trust (fictitious)" in page
    assert "Correction: The list was Northgate&#x27;s" in page


def test_what_did_not_happen_is_recorded_in_error(riverside: Acting) -> None:
    referral = heron(riverside)
    wrong = event_of(riverside, referral, "fro_waitlisted")
    client = caseworker(riverside)
    send(client, correct(referral, wrong), what="did_not_happen", reason="Another person's entry")
    undone = event_of(riverside, referral, "recorded_in_error")
    assert undone.supersedes_id == wrong.pk
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "Recorded in error: Put on a waiting list" in page
    assert correct(referral, undone) not in page
    assert client.get(correct(referral, undone), follow=True).status_code == 404


def test_what_was_left_as_it_was_keeps_its_instant(riverside: Acting) -> None:
    at = datetime(2025, 10, 26, 1, 30, 20, tzinfo=UTC)  # 01:30 for the second time that night
    referral = factories.referral(
        riverside, contact=at - DAY, events=[happening("draft_started", at)]
    )
    event = event_of(riverside, referral, "draft_started")
    send(caseworker(riverside), correct(referral, event), detail="Section 3", reason="Forgotten")
    assert event_of(riverside, referral, "draft_started").happened_at == at


def test_a_reason_is_asked(riverside: Acting) -> None:
    referral = heron(riverside)
    event = event_of(riverside, referral, "fro_waitlisted")
    response = send(caseworker(riverside), correct(referral, event))
    assert response.context["form"].errors == {"reason": ["Enter why you correct it"]}


def test_the_first_contact_may_move_but_not_go(riverside: Acting) -> None:
    referral = heron(riverside, events=[])
    first = event_of(riverside, referral, "initial_contact")
    earlier = NOON - 30 * DAY
    client = caseworker(riverside)
    assert "what" not in client.get(correct(referral, first), follow=True).context["form"].fields
    send(client, correct(referral, first), reason="It was in the spring", **moment(earlier))
    with riverside.context():
        referral.refresh_from_db()
        custody = Custody.objects.get(referral=referral)
    assert (referral.first_contact_at, custody.since) == (earlier, earlier)
    with riverside.context(), pytest.raises(CannotBeUndone):
        correct_wait_event(
            event=event_of(riverside, referral, "initial_contact"),
            corrected=None,
            reason="x",
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )


def test_a_correction_retracts_the_flag_that_was_not_true(riverside: Acting) -> None:
    now = datetime.now(UTC)
    referral = factories.referral(riverside, contact=now - 20 * DAY, now=now)
    first = event_of(riverside, referral, "initial_contact")
    send(
        caseworker(riverside),
        correct(referral, first),
        reason="Typed the wrong month",
        **moment(now - timedelta(hours=1)),
    )
    with riverside.context():
        assert not DelayFlag.objects.filter(referral=referral).standing().exists()
        assert DelayFlag.objects.get(referral=referral, rule="entry-wait").retracted_at is not None


def test_a_closed_referral_can_be_corrected(riverside: Acting) -> None:
    referral, now = heron(riverside), datetime.now(UTC)
    factories.record(riverside, referral, happening("closed", now), now=now)
    event = event_of(riverside, referral, "fro_waitlisted")
    response = send(
        caseworker(riverside), correct(referral, event), what="did_not_happen", reason="No list"
    )
    assert response.status_code == 302
    with riverside.context():
        referral.refresh_from_db()
    assert referral.closed_at == now


def test_pressing_twice_corrects_once(riverside: Acting) -> None:
    referral = heron(riverside)
    event = event_of(riverside, referral, "fro_waitlisted")
    client = caseworker(riverside)
    sent = form_of(client, correct(referral, event)) | {"reason": "x"}
    assert [client.post(correct(referral, event), sent).status_code for _ in range(2)] == [302] * 2
    assert count(riverside, referral) == 5


def test_the_slower_of_two_corrects_the_newer_entry_instead(riverside: Acting) -> None:
    referral = heron(riverside)
    event = event_of(riverside, referral, "fro_waitlisted")
    client = caseworker(riverside)
    mine = form_of(client, correct(referral, event)) | {"reason": "mine"}
    send(client, correct(referral, event), reason="theirs")
    refused = client.post(correct(referral, event), mine)
    assert "Somebody else saved this first" in refused.content.decode()
    again = {name: refused.context["form"][name].value() for name in ("version", "key")}
    [error] = client.post(correct(referral, event), mine | again).context["form"].non_field_errors()
    assert error == "This entry has been corrected already. Correct the newer one."


class TestTheAction:
    def test_leaves_nothing_when_it_is_refused(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        event = event_of(riverside, referral, "fro_waitlisted")
        tomorrow = Happening(code="fro_waitlisted", happened_at=now + DAY)
        with riverside.context(), pytest.raises(NotYetHappened):
            correct_wait_event(
                event=event, corrected=tomorrow, reason="x", by=riverside.caseworker, now=now
            )
        assert count(riverside, referral) == 4
        with riverside.context():
            referral.refresh_from_db()
        assert referral.version == 1

    def test_refuses_an_old_version_and_a_second_correction(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        event = event_of(riverside, referral, "fro_waitlisted")
        facts = {"event": event, "corrected": None, "reason": "x", "by": riverside.caseworker}
        with riverside.context():
            correct_wait_event(**facts, now=now, version=1)
            with pytest.raises(ChangedMeanwhile):
                correct_wait_event(**facts, now=now, version=1)
            with pytest.raises(AlreadyCorrected):
                correct_wait_event(**facts, now=now, version=2)


def test_outsiders_find_nothing(riverside: Acting, northgate: Acting) -> None:
    referral, client = heron(riverside), caseworker(northgate)
    event = event_of(riverside, referral, "fro_waitlisted")
    there = client.get(correct(referral, event))
    missing = client.get(f"/referrals/R-2222-2222/events/{event.pk}/correct/")
    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content == missing.content


def test_another_referral_s_entry_is_not_found(riverside: Acting) -> None:
    referral, other = heron(riverside), heron(riverside, pseudonym="Wren")
    event = event_of(riverside, other, "fro_waitlisted")
    page = caseworker(riverside).get(correct(referral, event), follow=True)
    assert page.status_code == 404


def test_the_first_contact_does_not_overtake_what_followed(riverside: Acting) -> None:
    now = datetime.now(UTC)
    referral = heron(riverside, days=2)
    first = event_of(riverside, referral, "initial_contact")
    later = happening("initial_contact", now - DAY)
    with riverside.context(), pytest.raises(BeforeFirstContact, match="Safety screen"):
        correct_wait_event(
            event=first, corrected=later, reason="Typed wrong", by=riverside.caseworker, now=now
        )
