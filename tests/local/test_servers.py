"""PostgreSQL and Valkey for one command, started for real."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nrm_tracker.local.places import ROOT, running, socket_folder
from tests.local.support import (
    BUSY,
    SUPERVISOR,
    Started,
    environment,
    eventually,
    execute,
    processes_of,
)

pytestmark = pytest.mark.slow
Start = Callable[..., Started]
QUESTIONS = """
import os, psycopg2
def ask(url, *statements):
    with psycopg2.connect(os.environ[url]) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()
print(ask("DATABASE_URL", "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    " FROM pg_roles WHERE rolname = current_user"))
print(ask("DATABASE_OWNER_URL", "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole,"
    " rolcreatedb FROM pg_roles WHERE rolname = current_user"))
print(ask("DATABASE_URL", "SELECT r.rolname FROM pg_auth_members m"
    " JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = 'nrm_app'::regrole ORDER BY 1"))
print(ask("DATABASE_URL", "SELECT current_setting('timezone'),"
    " current_setting('server_encoding'), current_setting('max_connections')::int >= 100,"
    " current_setting('listen_addresses')"))
ask("DATABASE_OWNER_URL", "CREATE EXTENSION btree_gist", "CREATE TABLE owned (id serial)",
    "GRANT SELECT (id) ON owned TO nrm_sweep", "SELECT 1")
print(ask("DATABASE_URL", "INSERT INTO owned DEFAULT VALUES RETURNING id"))
print(ask("DATABASE_URL", "SET LOCAL ROLE nrm_sweep", "SELECT id FROM owned"))
"""


def test_roles_are_as_the_walls_need_them_and_the_server_is_as_everywhere(data: Path) -> None:
    done = execute(data, "--fast", "--", sys.executable, "-c", QUESTIONS)
    assert done.stdout.splitlines() == [
        "[('nrm_app', False, False, False, False)]",
        "[('nrm_owner', False, False, False, True)]",
        "[('nrm_audit',), ('nrm_figures',), ('nrm_register',), ('nrm_sweep',)]",
        "[('UTC', 'UTF8', True, '')]",
        "[(1,)]",
        "[(1,)]",
    ], done.stderr


def test_exec_ends_as_its_command_ends_and_leaves_nothing(data: Path) -> None:
    script = 'echo "$NRM_DATA_DIR"; test -n "$SECRET_KEY" && exit 7'
    done = execute(data, "--fast", "--", "sh", "-c", script)
    assert done.returncode == 7
    temporary = Path(done.stdout.strip())
    assert not temporary.exists()
    assert not socket_folder(temporary).exists()
    assert processes_of(temporary) == []


def test_exec_starts_again_on_the_same_data_and_keeps_to_its_folder(data: Path) -> None:
    data.parent.mkdir(parents=True)
    data.parent.chmod(0o700)
    query = 'psycopg2.connect(os.environ["DATABASE_OWNER_URL"])'
    script = f"import os, psycopg2; c = {query}; c.autocommit = True; c.cursor().execute('{{}}')"
    made = execute(data, "--", sys.executable, "-c", script.format("CREATE TABLE kept ()"))
    again = execute(data, "--", sys.executable, "-c", script.format("SELECT FROM kept"))
    assert (made.returncode, again.returncode) == (0, 0), made.stderr + again.stderr
    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600


def test_a_second_start_is_refused_while_exec_beside_it_uses_its_servers(
    start: Start, data: Path
) -> None:
    first = start(*BUSY)
    first.says("begun")
    beside = execute(data, "--", "sh", "-c", 'echo "$DATABASE_URL $REDIS_URL"; exit 3')
    folder = socket_folder(data)
    assert beside.returncode == 3
    assert beside.stdout == (
        f"postgresql://nrm_app@/nrm?host={folder} unix://{folder}/valkey.sock\n"
    )
    second = start("run")
    assert second.process.wait(timeout=10) == 1
    assert second.text == f"Another NRM Tracker uses {data}. Stop it, or set NRM_DATA_DIR.\n"
    assert first.stop(signal.SIGTERM) == 128 + signal.SIGTERM
    assert running(data) is None


def test_exec_passes_a_signal_on_and_stops_its_servers(start: Start, data: Path) -> None:
    one = start(*BUSY)
    one.says("begun")
    assert one.stop(signal.SIGINT) == 128 + signal.SIGINT
    assert processes_of(data) == []


def test_nothing_is_left_when_the_supervisor_is_killed(start: Start, data: Path) -> None:
    one = start(*BUSY)
    one.says("begun")
    one.stop(signal.SIGKILL)
    eventually(lambda: processes_of(data) == [], within=5)


def test_a_server_that_is_killed_is_started_again(start: Start, data: Path) -> None:
    one = start(*BUSY)
    one.says("begun")
    killed = {name: one.child(name) for name in ("postgres", "valkey")}
    for number in killed.values():
        os.kill(number, signal.SIGKILL)
    eventually(lambda: running(data) is None)
    eventually(lambda: running(data) is not None)
    assert all(one.child(name) != number for name, number in killed.items())


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A data folder of somebody who is not root."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.chown(folder, "nobody")
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="the whole suite runs as an ordinary user")
def test_an_ordinary_user_can_start_it(nobodys: Path) -> None:
    person = ["--reuid=nobody", "--clear-groups", "--inh-caps=+dac_override"]
    # the right to pass closed folders: this Python may live in root's home
    command = ["setpriv", *person, "--ambient-caps=+dac_override", *SUPERVISOR]
    script = 'id -un; stat -c %U "$NRM_DATA_DIR/postgres"; echo "$REDIS_URL"'
    done = subprocess.run(
        [*command, "exec", "--", "sh", "-c", script],
        env=environment(nobodys),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )
    name, owner, redis = done.stdout.split() or [done.stderr] * 3
    assert (name, owner) == ("nobody", "nobody")
    assert redis.startswith("unix:///tmp/nrm-65534-")
    assert processes_of(nobodys) == []
