"""The suite's database: migrated by nrm_owner, used by nrm_app, renewed from a template.

Plain tests run in a transaction that is rolled back. Tests that need real commits
(`transaction=True`) get a fresh copy of the migrated database afterwards instead of Django's
flush, which nrm_app has no right to do.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from nrm_tracker import middleware
from tests import factories

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute begins first, beside the others."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _as_owner(*statements: str) -> None:
    _run(os.environ["DATABASE_OWNER_URL"], *statements)


def _hang_up(name: str) -> None:
    """End what still talks to a database, as the role that does: the owner has no right to, and
    nobody has to autovacuum, which goes by itself."""
    ending = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE usename = current_user AND datname = "
    )
    _run(os.environ["DATABASE_URL"], f"{ending}'{name}'")


def _run(address: str, *statements: str) -> None:
    """Run these on the maintenance database, each on its own."""
    url = urlsplit(address)
    with closing(psycopg2.connect(url._replace(path="/postgres").geturl())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    with django_db_blocker.unblock():
        owner = urlsplit(os.environ["DATABASE_OWNER_URL"])
        connections.databases["owner"] = connections.databases["default"] | {
            "USER": owner.username,
            "PASSWORD": owner.password or "",
        }
        creation = connections["owner"].creation
        name = creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections["owner"].close()
        del connections["owner"], connections.databases["owner"]
        template = f"{name}_template"
        _as_owner(
            f'DROP DATABASE IF EXISTS "{template}"',
            f'ALTER DATABASE "{name}" RENAME TO "{template}"',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
        )
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
        patch = pytest.MonkeyPatch()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _renew(name, template))
        yield
        patch.undo()
        connections.close_all()
        _hang_up(name)
        _as_owner(f'DROP DATABASE "{name}"', f'DROP DATABASE "{template}"')


def _renew(name: str, template: str) -> None:
    connections.close_all()
    _hang_up(name)
    _as_owner(
        f'DROP DATABASE "{name}"',
        f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
    )


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at NOW."""
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: NOW))


@pytest.fixture
def riverside(db: None) -> factories.Acting:
    """A designated organisation with a caseworker and a manager."""
    return factories.organisation("Riverside Support (fictitious)", "riverside")


@pytest.fixture
def northgate(db: None) -> factories.Acting:
    """Another designated organisation: the outsider of every scope test."""
    return factories.organisation("Northgate Trust (fictitious)", "northgate")
