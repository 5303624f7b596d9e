"""Starts the supervisor as a person would, and looks for what it leaves behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nrm_tracker.local.places import ROOT, socket_folder

SUPERVISOR = [sys.executable, "-m", "nrm_tracker.local"]
BUSY = ("exec", "--", "sh", "-c", "echo begun; exec sleep 60")
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def environment(data: Path, **more: str) -> dict[str, str]:
    """Ours, as if no servers ran and no make had started us."""
    unset = {*ADDRESSES, "MAKELEVEL", "SECRET_KEY", "PORT", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"NRM_DATA_DIR": str(data)} | more


def execute(data: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """exec COMMAND to its end."""
    return subprocess.run(
        [*SUPERVISOR, "exec", *command],
        env=environment(data, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )


def processes_of(data: Path) -> list[str]:
    """Every process, from /proc, that works in, was given, or was told of this data folder."""
    marks = [str(data).encode(), str(socket_folder(data)).encode()]
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            told = (process / "environ").read_bytes()
            seen = command + told + bytes((process / "cwd").readlink())
            if any(mark in seen for mark in marks) and int(process.name) != os.getpid():
                found.append(f"{process.name} {command.decode(errors='replace')}")
    return found


def eventually(true: Callable[[], object], *, within: float = 20) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


class Started:
    """A supervisor in the background, its lines in a file."""

    def __init__(self, log: Path, data: Path, *command: str, **more: str) -> None:
        self.log, self.data = log, data
        with log.open("w") as lines:
            self.process = subprocess.Popen(
                [*SUPERVISOR, *command],
                env=environment(data, **more),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.log.read_text()

    def says(self, words: str, *, within: float = 30) -> None:
        """Wait until the words are on its terminal."""
        eventually(lambda: words in self.text or self.process.poll() is not None, within=within)
        assert words in self.text, self.text

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)

    def child(self, name: str) -> int:
        """The number of the process that runs as this child."""
        return int((self.data / "run" / f"{name}.pid").read_text().split()[0])
