"""A database of its own for the bench, beside the product's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import extensions

NAME = "nrm_bench"
MAY_SEE = "SET nrm.migrating = on"  # what the owner's policies ask for
ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database with the product's tables, for as long as it is needed."""
    maintenance, owner = _owner("postgres"), _owner(NAME)
    _run(maintenance, f"DROP DATABASE IF EXISTS {NAME}", f"CREATE DATABASE {NAME}")
    command = (sys.executable, "manage.py", "migrate", "--verbosity", "0")
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": owner}, check=True)
    given = urlsplit(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = given._replace(path=f"/{NAME}").geturl()
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        _run(maintenance, f"DROP DATABASE {NAME}")


def as_owner(*statements: str) -> None:
    """Run these in the bench's database, each in a transaction of its own."""
    _run(_owner(NAME), *statements)


@contextmanager
def owner_cursor() -> Iterator[extensions.cursor]:
    """A connection of its own to the bench's database, committed at the end."""
    with closing(psycopg2.connect(_owner(NAME))) as connection, connection.cursor() as one:
        one.execute(MAY_SEE)
        yield one
        connection.commit()


def copy(columns: dict[str, str], texts: dict[str, str]) -> None:
    """COPY into some tables, by name. It obeys no policy, so they are the owner's alone
    meanwhile."""
    with owner_cursor() as cursor:
        for table in texts:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for table, text in texts.items():
            cursor.copy_expert(f"COPY {table} ({columns[table]}) FROM STDIN", StringIO(text))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in texts:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _owner(name: str) -> str:
    return urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{name}").geturl()


def _run(address: str, *statements: str) -> None:
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(MAY_SEE)
            for statement in statements:
                cursor.execute(statement)
