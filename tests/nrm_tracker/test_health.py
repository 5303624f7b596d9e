"""What the machines' watchers see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from referrals.actions import sweep


def test_live_needs_no_database() -> None:
    """Without the mark of a database, a query would fail this test."""
    answer = Client().get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.django_db
def test_ready_when_database_broker_and_sweep_are() -> None:
    sweep(now=datetime.now(UTC))
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "ok": True,
            "checks": {name: {"ok": True} for name in ("database", "broker", "sweep", "mail")},
        },
    )


@pytest.mark.django_db
def test_a_late_sweep_is_named() -> None:
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["sweep"]["fault"].startswith("Delays have never been checked.")
    sweep(now=datetime.now(UTC) - timedelta(minutes=5))
    checks = Client().get("/health/ready").json()["checks"]
    assert checks["sweep"]["fault"].startswith("Delays were last checked at ")
    assert checks["database"] == {"ok": True}


@pytest.mark.django_db
def test_a_missing_broker_is_named(settings: Settings) -> None:
    sweep(now=datetime.now(UTC))
    settings.REDIS_URL = "unix:///nonexistent/valkey.sock"
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {
        "ok": False,
        "checks": {
            "database": {"ok": True},
            "broker": {"ok": False, "fault": "It does not answer."},
            "sweep": {"ok": True},
            "mail": {"ok": True},
        },
    }


@pytest.mark.django_db(transaction=True)
def test_a_missing_database_is_named(settings: Settings) -> None:
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nonexistent"
    try:
        answer = Client().get("/health/ready")
    finally:
        connection.settings_dict["HOST"] = host
    assert answer.status_code == 503
    assert [name for name, each in answer.json()["checks"].items() if not each["ok"]] == [
        "database",
        "sweep",
    ]
