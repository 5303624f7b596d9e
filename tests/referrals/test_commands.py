"""The commands that others rely on; docs/commands.md."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from nrm_tracker.celery import app
from nrm_tracker.database import purpose
from referrals.actions import correct_wait_event, restrict_referral
from referrals.migrations import __path__ as migrations
from referrals.models import DelayFlag, SweepRun, ThresholdVersion, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening

pytestmark = pytest.mark.django_db

KEYS = [
    "reference",
    "own_reference",
    "organisation",
    "threshold",
    "severity",
    "breached_at",
    "gross_wait_seconds",
    "net_wait_seconds",
]
CONTACT = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)  # a Thursday, 16:00 in London
DAY = 24 * 60 * 60


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def delays(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said("delays", "--json", *arguments))
    return found


def test_delays_are_computed_as_of_an_instant_and_written_as_promised(
    riverside: Acting, northgate: Acting
) -> None:
    referral = factories.referral(riverside, contact=CONTACT, own_reference="R1")
    factories.referral(northgate, contact=CONTACT + timedelta(days=300))
    assert delays("--as-of", "2026-04-03T15:59:59") == []
    assert delays("--as-of", "2026-04-03T16:00") == [
        {
            "reference": referral.reference,
            "own_reference": "R1",
            "organisation": "riverside",
            "threshold": "safety-screen",
            "severity": "red",
            "breached_at": "2026-04-03T15:00:00Z",
            "gross_wait_seconds": DAY,
            "net_wait_seconds": DAY,
        }
    ]
    assert delays("--as-of", "2026-04-03T15:00:00Z") == delays("--as-of", "2026-04-03T16:00")
    assert list(delays("--as-of", "2026-04-03T16:00")[0]) == KEYS
    assert delays("--as-of", "2026-04-03T16:00", "--organisation", "northgate") == []


def test_delays_at_the_shell_leave_nobody_out_and_say_references_alone(
    riverside: Acting,
) -> None:
    """Restricted ones too: the operator sees that a wait is late, and nothing of whose it is."""
    referral = factories.referral(riverside, contact=CONTACT, pseudonym="Quagga")
    as_of = ("--as-of", "2026-04-03T16:00")
    before = said("delays", "--json", *as_of), said("delays", *as_of)
    with riverside.context():
        restrict_referral(
            referral=referral,
            why="knows",
            named=[riverside.caseworker.user_id],
            by=riverside.caseworker,
            now=NOW,
        )
    assert (said("delays", "--json", *as_of), said("delays", *as_of)) == before
    for output in before:
        assert referral.reference in output
        assert "Quagga" not in output
        assert "Ash Caseworker" not in output


def test_an_hour_that_comes_twice_means_the_first(riverside: Acting) -> None:
    contact = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)
    factories.referral(riverside, contact=contact)
    assert len(delays("--as-of", "2026-10-25T01:30")) == 1
    assert delays("--as-of", "2026-10-25T01:29") == []


def test_delays_say_the_net_wait_and_leave_out_what_ended_by_then(riverside: Acting) -> None:
    at = CONTACT + timedelta(minutes=1)
    events = [
        happening("immediate_safety_checked", CONTACT),
        happening("consent_recorded", at),
        happening("pause_started", CONTACT + timedelta(days=2)),
        happening("pause_ended", CONTACT + timedelta(days=6)),
        happening(
            "referral_submitted",
            CONTACT + timedelta(days=25),
            submitted_by=riverside.organisation,
        ),
    ]
    factories.referral(riverside, contact=CONTACT, events=events)
    on_day_20 = [d for d in delays("--as-of", "2026-04-22T16:00") if d["threshold"] == "entry-wait"]
    assert [(d["severity"], d["gross_wait_seconds"], d["net_wait_seconds"]) for d in on_day_20] == [
        ("amber", 20 * DAY, 16 * DAY)
    ]
    assert on_day_20[0]["breached_at"] == "2026-04-20T23:00:00Z"
    after = delays("--as-of", "2026-04-28T16:00")
    assert "entry-wait" not in {each["threshold"] for each in after}


def test_delays_read_timelines_and_not_flags(riverside: Acting) -> None:
    factories.referral(riverside, contact=CONTACT, now=CONTACT)
    with riverside.context():
        assert not DelayFlag.objects.exists()
    assert len(delays("--as-of", "2026-04-03T16:00")) == 1
    with riverside.context():
        assert not DelayFlag.objects.exists()
        event = WaitEvent.objects.get(code="initial_contact")
        moved = happening("initial_contact", CONTACT + timedelta(hours=1))
        correct_wait_event(
            event=event, corrected=moved, reason="clock", by=riverside.caseworker, now=NOW
        )
    assert delays("--as-of", "2026-04-03T16:00") == []


def test_delays_are_sorted(riverside: Acting) -> None:
    for _ in range(3):
        factories.referral(riverside, contact=CONTACT)
    found = delays("--as-of", "2026-11-23")
    keys = [(each["reference"], each["threshold"], each["severity"]) for each in found]
    assert len(keys) > 9
    assert keys == sorted(keys)


def test_delays_as_a_table(riverside: Acting) -> None:
    referral = factories.referral(riverside, contact=CONTACT)
    heading, row, _, last = said("delays", "--as-of", "2026-04-03T16:00").splitlines()
    assert heading.split() == KEYS
    assert row.startswith(referral.reference)
    assert last == "1 delay"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--organisation", "nobody"], "No organisation has the slug 'nobody'."),
        (["--as-of", "soon"], "--as-of: “soon” is not a date and time."),
        (["--as-of", "2026-03-29T01:30"], "--as-of: The clocks went forward"),
    ],
)
def test_delays_say_what_is_wrong(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        delays(*arguments)
    assert str(refused.value).startswith(message)


def test_sweep_delays_sweeps_once_and_sums_up(riverside: Acting) -> None:
    contact = datetime.now(UTC) - timedelta(hours=25)
    factories.referral(riverside, contact=contact, now=contact)
    summary = json.loads(said("sweep_delays"))
    checked = datetime.fromisoformat(summary.pop("checked_until"))
    assert summary == {"visited": 1, "raised": 1, "ended": 0, "retracted": 0, "failed": 0}
    assert SweepRun.objects.get().checked_until == checked
    assert json.loads(said("sweep_delays"))["visited"] == 0


def test_beat_knows_intervals_only() -> None:
    schedules = {name: entry["schedule"] for name, entry in app.conf.beat_schedule.items()}
    assert schedules.keys() >= {"sweep_delays", "deliver_notices"}
    assert all(isinstance(each, timedelta) for each in schedules.values())
    assert schedules["sweep_delays"] <= timedelta(minutes=1)


def test_the_thresholds_are_loaded() -> None:
    files = Path(migrations[0]).glob("thresholds_2026*.json")
    rules = [rule for file in files for rule in json.loads(file.read_text())["rules"]]
    loaded = ThresholdVersion.objects.order_by("number").values_list("number", "code")
    assert list(loaded) == sorted((rule["number"], rule["code"]) for rule in rules)
    assert len(rules) == 35
    assert not ThresholdVersion.objects.filter(effective_from__isnull=False).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_thresholds_are_taken_back_and_loaded_again() -> None:
    loaded = list(ThresholdVersion.objects.order_by("number").values_list("code", "definition"))
    migrate_as_owner("0002_walls")
    assert not ThresholdVersion.objects.exists()
    migrate_as_owner()
    again = ThresholdVersion.objects.order_by("number").values_list("code", "definition")
    assert list(again) == loaded


GUARDS = """
SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.proname LIKE 'nrm%'
UNION ALL SELECT tablename || ' ' || policyname, coalesce(qual, '') || coalesce(with_check, '')
    FROM pg_policies
UNION ALL SELECT relname || '.' || attname, coalesce(attacl::text, '') FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT conrelid::regclass::text || ' ' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


def guards() -> set[tuple[str, str]]:
    """The functions, policies, grants and constraints of the database."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        found = set(cursor.fetchall())
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_handing_over_is_taken_back_and_put_in_again() -> None:
    before = guards()
    for target in ("0025_hand_over", "0024_linked"):
        migrate_as_owner(target)
        assert guards() != before
    migrate_as_owner()
    assert guards() == before


def migrate_as_owner(*target: str) -> None:
    url = urlsplit(os.environ["DATABASE_OWNER_URL"])
    name = settings.DATABASES["default"]["NAME"]
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "referrals", *target, "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url._replace(path=f"/{name}").geturl()},
        cwd=settings.BASE_DIR,
        check=True,
    )


def test_no_grant_of_the_sweep_shows_a_word_of_anybodys_story() -> None:
    with purpose("nrm_sweep"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege('referrals_referral', 'pseudonym', 'SELECT'),"
            " has_column_privilege('referrals_waitevent', 'detail', 'SELECT')"
        )
        assert cursor.fetchone() == (False, False)
