"""The real worker and beat on a real broker: a flag arrives; a killed worker loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from nrm_tracker.database import purpose
from referrals.actions import Opening, open_referrals
from referrals.models import DelayFlag, Notice, OutboxMessage
from tests.factories import Acting, happening

MANY = 2_000
RULE = "safety-screen-urgent"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_flag_arrives_and_a_killed_worker_loses_and_doubles_nothing(
    riverside: Acting, tmp_path: Path
) -> None:
    overdue(riverside)
    with celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile", ""):
        with celery("worker", "--concurrency", "1"):
            until(lambda: flags() > 0, seconds=60)
        # leaving the block is a kill -9, in the middle of the sweep
        survived = flags()
        assert 0 < survived < MANY
        with celery("worker", "--concurrency", "1"):
            until(lambda: notices() == (MANY, 2 * MANY), seconds=75, every=0.25)
    assert flags() == MANY


def overdue(acting: Acting) -> None:
    contact = datetime.now(UTC) - timedelta(hours=4, minutes=10)
    first = happening("initial_contact", contact)
    risk = happening("risk_flag_added", contact, risk="still_in_exploitation")
    opening = Opening(
        pseudonym="Heron",
        age_group="adult",
        nation="england",
        happenings=[first, risk],
        assigned_to=acting.caseworker.user_id,
    )
    with acting.context():
        open_referrals(openings=[opening] * MANY, by=acting.caseworker, now=contact)


@contextmanager
def celery(*arguments: str) -> Iterator[None]:
    """A celery process on the test's database, killed at the end with its children."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = settings.DATABASES["default"]["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "nrm_tracker", *arguments, "--loglevel", "WARNING"],
        env={**os.environ, "DATABASE_URL": url._replace(path=f"/{name}").geturl()},
        cwd=settings.BASE_DIR,
        start_new_session=True,
    )
    try:
        yield
        assert process.poll() is None, "it ended by itself"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def flags() -> int:
    with purpose("nrm_sweep"):
        return DelayFlag.objects.filter(rule=RULE).count()


def notices() -> tuple[int, int]:
    with purpose("nrm_sweep"):
        return OutboxMessage.objects.count(), Notice.objects.count()


def until(true: Callable[[], bool], *, seconds: float, every: float = 0.02) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} seconds: {flags()} {notices()}"
        time.sleep(every)
