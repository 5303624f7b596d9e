"""Sweeps that overlap, and sweeps that die: each flag and each message exists exactly once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection

from nrm_tracker.database import purpose
from referrals.actions import Opening, open_referrals, record_wait_events, sweep
from referrals.actions.sweeping import _sweep
from referrals.models import DelayFlag, OutboxMessage, Referral
from tests.conftest import NOW
from tests.factories import Acting, happening

pytestmark = pytest.mark.django_db(transaction=True)

CONTACT = NOW - timedelta(hours=5)
RULE = "safety-screen-urgent"


def overdue(acting: Acting, number: int) -> list[Referral]:
    """Referrals whose four hours ran out an hour ago, unnoticed."""
    first = happening("initial_contact", CONTACT)
    risk = happening("risk_flag_added", CONTACT, risk="still_in_exploitation")
    opening = Opening(
        pseudonym="Heron", age_group="adult", nation="england", happenings=[first, risk]
    )
    with acting.context():
        return open_referrals(openings=[opening] * number, by=acting.caseworker, now=CONTACT)


def at_once(number: int, do: Callable[[], Any]) -> list[Any]:
    """Do it in several threads, each with a connection of its own, all starting together."""
    start = threading.Barrier(number)

    def one(_: int) -> Any:
        with own_connection():
            start.wait()
            return do()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


@contextmanager
def own_connection() -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()


def flagged() -> tuple[int, int]:
    """How many flags stand, and how many messages were written."""
    with purpose("nrm_sweep"):
        return DelayFlag.objects.filter(rule=RULE).count(), OutboxMessage.objects.count()


def test_sweeps_at_once_raise_each_flag_once(riverside: Acting) -> None:
    overdue(riverside, 60)
    runs = at_once(4, lambda: sweep(now=NOW, wait=True))
    assert sum(run.raised for run in runs) == 60
    assert flagged() == (60, 60)


def test_a_sweep_leaves_the_field_to_the_one_that_runs(riverside: Acting) -> None:
    overdue(riverside, 600)
    runs = [run for run in at_once(3, lambda: sweep(now=NOW)) if run is not None]
    assert sum(run.raised for run in runs) == 600
    assert flagged() == (600, 600)


def test_even_without_the_lock_each_flag_is_raised_once(riverside: Acting) -> None:
    overdue(riverside, 60)
    at_once(4, lambda: _sweep(now=NOW))
    assert flagged() == (60, 60)


def test_a_sweep_and_a_caseworker_agree(riverside: Acting) -> None:
    referrals = overdue(riverside, 30)
    checked = happening("immediate_safety_checked", NOW - timedelta(minutes=1))

    def record() -> None:
        with riverside.context():
            for referral in referrals:
                record_wait_events(
                    referral=referral, happenings=[checked], by=riverside.caseworker, now=NOW
                )

    turns = iter([record, lambda: sweep(now=NOW)])
    lock = threading.Lock()

    def take_turn() -> None:
        with lock:
            turn = next(turns)
        turn()

    at_once(2, take_turn)
    sweep(now=NOW)
    with purpose("nrm_sweep"):
        ended = DelayFlag.objects.filter(rule=RULE).values_list("ended_at", flat=True)
        assert list(ended) == [checked.happened_at] * 30


def test_a_sweep_that_is_killed_loses_and_doubles_nothing(riverside: Acting) -> None:
    overdue(riverside, 1_600)
    backend: list[int] = []

    def doomed() -> None:
        with own_connection():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.append(cursor.fetchone()[0])
            with suppress(Error):  # between two batches it dies, within one it tries again
                sweep(now=NOW)

    with ThreadPoolExecutor(1) as threads:
        outcome = threads.submit(doomed)
        while not 0 < flagged()[0] < 1_600:
            assert not outcome.done()
            time.sleep(0.005)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", backend)
        outcome.result()
    flags, messages = flagged()
    assert 0 < flags == messages
    run = sweep(now=NOW + timedelta(seconds=30))
    assert run is not None
    assert run.raised == 1_600 - flags
    assert flagged() == (1_600, 1_600)
