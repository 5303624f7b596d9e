"""Stopped sweeps are seen by everybody; what cannot be assessed stands on top; old rows go."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nrm_tracker.database import purpose
from nrm_tracker.ui.words import exact
from referrals.actions import sweep, throw_old_rows_away
from referrals.heartbeat import check
from referrals.models import Digest, Email, Referral, SweepRun
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.referrals.test_worker import celery, until
from tests.support import signed_in_client

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def urgent(acting: Acting, contact: datetime, **facts: Any) -> Referral:
    risk = happening("risk_flag_added", contact, risk="still_in_exploitation")
    return factories.referral(acting, contact=contact, events=[risk], **facts)


@pytest.mark.django_db
def test_readiness_names_the_oldest_limit_that_nobody_looked_at(
    riverside: Acting, northgate: Acting
) -> None:
    urgent(northgate, NOW - 2 * HOUR, now=NOW)
    urgent(riverside, NOW - 3 * HOUR, now=NOW)
    sweep(now=NOW)
    assert check(NOW + 2 * HOUR) == (
        "Delays were last checked at 2026-11-23T12:00:00+00:00. "
        "The oldest limit unchecked was due at 2026-11-23T13:00:00+00:00."
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_what_could_not_be_assessed_stands_on_top_whatever_is_filtered(
    riverside: Acting, northgate: Acting
) -> None:
    broken, theirs = (urgent(a, NOW - 5 * HOUR, now=NOW) for a in (riverside, northgate))
    for acting, referral in ((riverside, broken), (northgate, theirs)):
        with acting.context():
            Referral.objects.filter(pk=referral.pk).update(
                nation="atlantis", next_deadline_at=NOW - HOUR
            )
    sweep(now=NOW)
    client = signed_in_client(riverside.manager.user)
    page = client.get("/delays/?nation=scotland").text
    assert page.index("could not be assessed") < page.index("app-tiles")
    assert (broken.reference in page, theirs.reference in page) == (True, False)
    assert "work out by hand what is late" in page


@pytest.mark.django_db
def test_old_sweeps_are_thrown_away_but_never_the_last(riverside: Acting) -> None:
    with purpose("nrm_sweep"):
        for days in (90, 60, 40):
            at = NOW - days * DAY
            SweepRun.objects.create(started_at=at, checked_until=at)
        SweepRun.objects.create(started_at=NOW - 35 * DAY)  # died
    throw_old_rows_away(now=NOW)
    with purpose("nrm_sweep"):
        assert [run.checked_until for run in SweepRun.objects.all()] == [NOW - 40 * DAY]
    sweep(now=NOW)
    throw_old_rows_away(now=NOW)
    with purpose("nrm_sweep"):
        assert [run.checked_until for run in SweepRun.objects.all()] == [NOW]


@pytest.mark.django_db
def test_old_mails_and_mornings_go_and_what_is_still_to_be_sent_stays(riverside: Acting) -> None:
    facts = {
        "user_id": riverside.caseworker.user_id,
        "organisation_id": riverside.organisation.pk,
        "kind": "at_once",
        "next_try_at": NOW,
    }
    old = NOW - 31 * DAY
    with purpose("nrm_sweep"):
        Email.objects.create(key="sent", created_at=old, sent_at=old, **facts)
        Email.objects.create(key="waits", created_at=old, **facts)
        Email.objects.create(key="new", created_at=NOW, sent_at=NOW, **facts)
        for day in (old.date(), date(2026, 11, 20)):
            Digest.objects.create(organisation=riverside.organisation, day=day, written_at=NOW)
    throw_old_rows_away(now=NOW)
    with purpose("nrm_sweep"):
        assert set(Email.objects.values_list("key", flat=True)) == {"waits", "new"}
        assert [digest.day for digest in Digest.objects.all()] == [date(2026, 11, 20)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_within_three_minutes_of_a_worker_that_was_killed_every_page_says_so(
    tmp_path: Path,
) -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    begun = datetime.now(UTC)
    with celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile", ""):
        with celery("worker", "--concurrency", "1"):
            until(swept, seconds=60, every=0.1)
            contact = datetime.now(UTC) - 4 * HOUR + 5 * SECOND
        killed = datetime.now(UTC)  # with -9; beat goes on
        urgent(riverside, contact, now=killed)
        client = signed_in_client(riverside.caseworker.user)
        assert "Delays are being checked late." not in client.get("/thresholds/").text
        until(lambda: late(client), seconds=180, every=1)
    assert datetime.now(UTC) - killed < timedelta(minutes=3)
    assert begun < killed
    for path in ("/today/", "/referrals/", "/notices/", "/thresholds/", "/organisations/"):
        assert "Delays are being checked late." in client.get(path).text
    with riverside.context():
        Referral.objects.update(next_deadline_at=contact + 4 * HOUR)  # as no page had looked
    assert exact(contact + 4 * HOUR) in client.get("/thresholds/").text
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert "last checked at" in answer.json()["checks"]["sweep"]["fault"]


def swept() -> bool:
    with purpose("nrm_sweep"):
        return SweepRun.objects.filter(checked_until__isnull=False).exists()


def late(client: Client) -> bool:
    return "Delays are being checked late." in client.get("/thresholds/").text
