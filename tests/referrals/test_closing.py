"""Closing and reopening a referral."""

from datetime import UTC, datetime, timedelta

import pytest

from referrals.actions import close_referral, reopen_referral
from referrals.catalogue import Outcome
from referrals.errors import ChangedMeanwhile, IsClosed, IsOpen, UnansweredDecision
from referrals.models import DelayFlag, Referral, WaitEvent
from tests import factories
from tests.factories import Acting, happening
from tests.referrals.casework import DAY, caseworker, form_of, heron, send

pytestmark = pytest.mark.django_db


def close(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/close/"


def reopen(referral: Referral) -> str:
    return f"/referrals/{referral.reference}/reopen/"


def fresh(acting: Acting, referral: Referral) -> Referral:
    with acting.context():
        return Referral.objects.get(pk=referral.pk)


def closed(acting: Acting) -> Referral:
    referral, now = heron(acting), datetime.now(UTC)
    with acting.context():
        close_referral(
            referral=referral, reason=Outcome.OUT_OF_CONTACT, by=acting.caseworker, now=now
        )
    return fresh(acting, referral)


def refused_on_paper(acting: Acting) -> Referral:
    """Somebody with a negative decision that nobody has answered."""
    now = datetime.now(UTC)
    events = [
        happening("referral_submitted", now - 20 * DAY, submitted_by=acting.organisation),
        happening("rg_decision", now - 2 * DAY, outcome="negative"),
    ]
    return heron(acting, days=30, events=events)


def test_a_closed_referral_says_why_and_offers_to_reopen(riverside: Acting) -> None:
    referral, client = heron(riverside), caseworker(riverside)
    send(client, close(referral), reason="out_of_contact", detail="No answer since May.")
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "This referral is closed." in page
    assert "Out of contact. <bdi>No answer since May.</bdi>" in page
    assert reopen(referral) in page
    assert "Record what happened" not in page


def test_closing_ends_every_wait(riverside: Acting) -> None:
    referral, client = heron(riverside, days=40), caseworker(riverside)
    with riverside.context():
        assert DelayFlag.objects.filter(referral=referral).standing().exists()
    send(client, close(referral), reason="left_before_entry")
    with riverside.context():
        assert not DelayFlag.objects.filter(referral=referral).standing().exists()
    assert client.get(f"/referrals/{referral.reference}/").context["page"].running == []


def test_an_unanswered_decision_leads_to_where_it_is_answered(riverside: Acting) -> None:
    referral, client = refused_on_paper(riverside), caseworker(riverside)
    response = send(client, close(referral), reason="entered")
    page = response.content.decode()
    assert "Record whether reconsideration is requested before you close" in page
    record = f"/referrals/{referral.reference}/record"
    for code in ("reconsideration_requested", "reconsideration_not_requested"):
        assert f"{record}/{code}/" in page
    send(client, f"{record}/reconsideration_not_requested/", detail="The person's choice.")
    assert send(client, close(referral), reason="entered").status_code == 302
    assert fresh(riverside, referral).closed_at is not None


def test_a_reason_is_asked(riverside: Acting) -> None:
    response = send(caseworker(riverside), close(heron(riverside)))
    assert response.context["form"].errors == {"reason": ["Choose why it is closed"]}


def test_the_same_request_goes_on(riverside: Acting) -> None:
    referral, client = closed(riverside), caseworker(riverside)
    assert send(client, reopen(referral), same_request="yes").status_code == 302
    assert fresh(riverside, referral).closed_at is None
    with riverside.context():
        assert WaitEvent.objects.filter(referral=referral).latest("id").code == "reopened"


def test_another_request_is_a_new_referral_that_follows(riverside: Acting) -> None:
    referral, client = closed(riverside), caseworker(riverside)
    response = send(client, reopen(referral), same_request="no")
    assert response.headers["Location"] == f"/referrals/new/?follows={referral.reference}"
    assert fresh(riverside, referral).closed_at is not None


def test_closing_twice_is_an_error_of_the_form(riverside: Acting) -> None:
    response = send(caseworker(riverside), close(closed(riverside)), reason="entered")
    assert response.context["form"].non_field_errors() == ["This referral is closed already."]


def test_pressing_twice_closes_once(riverside: Acting) -> None:
    referral, client = heron(riverside), caseworker(riverside)
    sent = form_of(client, close(referral)) | {"reason": "entered"}
    assert [client.post(close(referral), sent).status_code for _ in range(2)] == [302, 302]
    with riverside.context():
        assert WaitEvent.objects.filter(referral=referral, code="closed").count() == 1


class TestTheActions:
    def test_refuse_what_is_so_already(self, riverside: Acting) -> None:
        shut, now = closed(riverside), datetime.now(UTC)
        with riverside.context(), pytest.raises(IsClosed):
            close_referral(referral=shut, reason=Outcome.ENTERED, by=riverside.caseworker, now=now)
        with riverside.context(), pytest.raises(IsOpen):
            reopen_referral(referral=heron(riverside), by=riverside.caseworker, now=now)

    def test_refuse_an_old_version(self, riverside: Acting) -> None:
        referral, now = heron(riverside), datetime.now(UTC)
        factories.record(riverside, referral, happening("contact_made", now), now=now)
        with riverside.context(), pytest.raises(ChangedMeanwhile):
            close_referral(
                referral=referral,
                reason=Outcome.ENTERED,
                by=riverside.caseworker,
                now=now,
                version=1,
            )
        assert fresh(riverside, referral).closed_at is None

    def test_leave_an_unanswered_decision_open(self, riverside: Acting) -> None:
        referral = refused_on_paper(riverside)
        with riverside.context(), pytest.raises(UnansweredDecision):
            close_referral(
                referral=referral,
                reason=Outcome.ENTERED,
                by=riverside.caseworker,
                now=datetime.now(UTC),
            )
        assert fresh(riverside, referral).closed_at is None

    def test_limits_run_anew_from_the_reopening(self, riverside: Acting) -> None:
        referral = heron(riverside, days=40)
        now = datetime.now(UTC)
        with riverside.context():
            close_referral(
                referral=referral, reason=Outcome.ENTERED, by=riverside.caseworker, now=now
            )
            shut = Referral.objects.get(pk=referral.pk)
            later = now + timedelta(minutes=5)
            reopen_referral(referral=shut, by=riverside.caseworker, now=later)
            assert not DelayFlag.objects.filter(referral=referral).standing().exists()


def test_outsiders_find_nothing(riverside: Acting, northgate: Acting) -> None:
    referral, client = heron(riverside), caseworker(northgate)
    for path in ("close/", "reopen/"):
        there = client.get(f"/referrals/{referral.reference}/{path}")
        missing = client.get(f"/referrals/R-2222-2222/{path}")
        assert (there.status_code, missing.status_code) == (404, 404)
        assert there.content == missing.content
