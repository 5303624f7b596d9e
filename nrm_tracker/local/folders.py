"""The data folder: held by one supervisor at a time, with the secret key in it."""

import base64
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nrm_tracker.local.places import RefusedError, socket_folder

TEMPORARY = "nrm-fast-"
MADE = "made-by-make-run"  # in each secret made here, so that real use can refuse it


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the data folder for ourselves. The kernel lets go of it when we die."""
    _make(data)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                f"Another NRM Tracker uses {data}. Stop it, or set NRM_DATA_DIR."
            ) from None
        try:
            yield
        finally:
            shutil.rmtree(socket_folder(data), ignore_errors=True)


@contextmanager
def temporary() -> Iterator[Path]:
    """A data folder for one command, removed at the end."""
    _remove_abandoned()
    data = Path(tempfile.mkdtemp(prefix=TEMPORARY)).resolve()
    try:
        yield data
    finally:
        _remove(data)


def secret_key(data: Path) -> str:
    """SECRET_KEY, else the one in the data folder, made when it is missing."""
    return _kept(data, "secret_key", "SECRET_KEY", f"{MADE}-{secrets.token_urlsafe(50)}")


def master_keys(data: Path) -> str:
    """NRM_MASTER_KEYS, else the one in the data folder, made when it is missing."""
    made = base64.b64encode(secrets.token_bytes(32)).decode()
    return _kept(data, "master_keys", "NRM_MASTER_KEYS", f"{MADE}:{made}")


def _kept(data: Path, name: str, variable: str, made: str) -> str:
    if given := os.environ.get(variable):
        return given
    _make(data)
    file = data / name
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return ",".join(file.read_text().split())
    with os.fdopen(descriptor, "w") as kept:
        kept.write(made)
    return made


def _make(data: Path) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    data.mkdir(mode=0o700, exist_ok=True)
    if not os.access(data, os.W_OK | os.X_OK):
        raise RefusedError(f"{data} is not ours to write in. Set NRM_DATA_DIR to another folder.")


def _remove(data: Path) -> None:
    shutil.rmtree(socket_folder(data), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


def _remove_abandoned() -> None:
    for data in Path(tempfile.gettempdir()).resolve().glob(f"{TEMPORARY}*"):
        try:
            with (data / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(data)
        except OSError:  # in use, or somebody else's
            continue
