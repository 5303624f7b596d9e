"""Where the servers of a data folder are reached. Imported by settings: reads, starts nothing."""

import os
import socket
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Not $TMPDIR: a socket's path may have 103 bytes on macOS, 107 on Linux.
SOCKETS = Path("/", "tmp")


class RefusedError(Exception):
    """Why we do not start and what to do about it, as a sentence for the person who asked."""


@dataclass(frozen=True)
class Urls:
    """Addresses of the three things that the product needs: two logins and a broker."""

    database: str
    owner: str
    redis: str


def data_folder() -> Path:
    """NRM_DATA_DIR, else .local beside manage.py."""
    return Path(os.environ.get("NRM_DATA_DIR") or ROOT / ".local").resolve()


def socket_folder(data: Path) -> Path:
    """The private folder of the sockets of this data folder: short, and the same at each start."""
    digest = sha256(str(data.resolve()).encode()).hexdigest()[:12]
    return SOCKETS / f"nrm-{os.geteuid()}-{digest}"


def urls(data: Path) -> Urls:
    """The addresses that the servers of this data folder have when they run."""
    folder = socket_folder(data)
    return Urls(
        database=f"postgresql://nrm_app@/nrm?host={folder}",
        owner=f"postgresql://nrm_owner@/nrm?host={folder}",
        redis=f"unix://{folder}/valkey.sock",
    )


def running(data_dir: Path) -> Urls | None:
    """The addresses of the servers that run on this data folder, None when none does.

    PostgreSQL decides: the pages work without the broker.
    """
    folder = socket_folder(data_dir)
    if not private(folder) or not answers(folder / ".s.PGSQL.5432"):
        return None
    return urls(data_dir)


def private(folder: Path) -> bool:
    """Whether it is a folder (no link) that belongs to us and is closed to everybody else."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    closed = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return closed and found.st_uid == os.geteuid()


def answers(path: Path) -> bool:
    """Whether something listens on this socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
