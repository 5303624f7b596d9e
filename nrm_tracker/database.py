"""The one way into row-level security, for views, tasks, commands and tests.

PostgreSQL's policies read two transaction-local settings, `nrm.user` and `nrm.organisation`.
Without a context every table of survivors and organisations shows no rows, and says no error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Purpose = Literal["nrm_sweep", "nrm_figures", "nrm_register", "nrm_audit"]


def now() -> datetime:
    """The instant by PostgreSQL's clock, in UTC: one for all workers, however wrong their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
    return instant


@contextmanager
def context(*, user: int | None = None, organisation: int | None = None) -> Iterator[None]:
    """A transaction in which rows are seen as this user, acting for this organisation (ids).

    Inside another context the outer one is put back at the end; an exception rolls back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        before = _set(cursor, str(user or ""), str(organisation or ""))
        yield
        _set(cursor, *before)


@contextmanager
def purpose(role: Purpose) -> Iterator[None]:
    """A transaction with the rights of a purpose: a list of column grants, across organisations."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH before AS MATERIALIZED (SELECT current_setting('role') AS role)"
            " SELECT role, set_config('role', %s, true) FROM before",
            [role],
        )
        before = cursor.fetchone()[0]
        yield
        cursor.execute("RESET ROLE" if before == "none" else f"SET LOCAL ROLE {before}")


@contextmanager
def alone(lock: int, *, wait: bool = False) -> Iterator[bool]:
    """Whether we hold an advisory lock, which one process at a time does: at once, or after
    waiting for it. PostgreSQL lets go of it when the process dies."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
            ours = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
            ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _set(cursor: CursorWrapper, user: str, organisation: str) -> tuple[str, str]:
    cursor.execute(
        "WITH before AS MATERIALIZED (SELECT"
        " coalesce(current_setting('nrm.user', true), '') AS who,"
        " coalesce(current_setting('nrm.organisation', true), '') AS organisation)"
        " SELECT who, organisation, set_config('nrm.user', %s, true),"
        " set_config('nrm.organisation', %s, true) FROM before",
        [user, organisation],
    )
    who, acting_for, *_ = cursor.fetchone()
    return who, acting_for
