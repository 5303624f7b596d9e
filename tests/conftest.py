"""The suite's database: migrated once by nrm_owner, used by nrm_app, renewed from a template.

Plain tests run in a transaction that is rolled back. Tests that need real commits
(`transaction=True`) get a fresh copy of the migrated database afterwards instead of Django's
flush, which nrm_app has no right to do. `lasting` is for what a whole module looks at.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from nrm_tracker import middleware
from tests import factories

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
Lasting = Callable[[Callable[[], object]], AbstractContextManager[Any]]

hypothesis.settings.register_profile("here", deadline=None)  # on a busy machine all is slow
hypothesis.settings.load_profile("here")


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


TEMPLATE = "test_nrm_template"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    whole_run = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        whole_run = whole_run.parent
    with django_db_blocker.unblock():
        _migrate_once(whole_run / "migrated")
        name = connections["default"].creation._get_test_db_name()
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
        _as_owner(f'DROP DATABASE IF EXISTS "{name}"', _copy_as(name))
        patch = pytest.MonkeyPatch()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _renew(name))
        yield
        patch.undo()
        connections.close_all()
        _hang_up(name)
        _as_owner(f'DROP DATABASE "{name}"')


def _migrate_once(mark: Path) -> None:
    """Whoever comes first makes the template; the other workers wait for it."""
    with mark.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if held.tell():
            return
        owner = urlsplit(os.environ["DATABASE_OWNER_URL"])
        connections.databases["owner"] = connections.databases["default"] | {
            "USER": owner.username,
            "PASSWORD": owner.password or "",
        }
        creation = connections["owner"].creation
        made = creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections["owner"].close()
        del connections["owner"], connections.databases["owner"]
        _as_owner(
            f'DROP DATABASE IF EXISTS "{TEMPLATE}"',
            f'ALTER DATABASE "{made}" RENAME TO "{TEMPLATE}"',
        )
        held.write("done")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The template goes last: after all workers, and only where one was made."""
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and (session.config._tmp_path_factory.getbasetemp() / "migrated").exists():
        _as_owner(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')


def _copy_as(name: str) -> str:
    return f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY file_copy'


def _renew(name: str) -> None:
    connections.close_all()
    _hang_up(name)
    _as_owner(f'DROP DATABASE "{name}"', _copy_as(name))


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Lasting:
    """Makes rows that stay until the fixture ends that asks for them: each test of a module is
    rolled back to them, and afterwards the database is as good as new."""

    @contextmanager
    def kept(make: Callable[[], object]) -> Iterator[Any]:
        with django_db_blocker.unblock():
            made = make()
        yield made
        with django_db_blocker.unblock():
            _renew(settings.DATABASES["default"]["NAME"])

    return kept


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
