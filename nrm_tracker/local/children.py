"""A child process that ends with us, writes prefixed lines, and is started again when it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from nrm_tracker.local import orphans
from nrm_tracker.local.places import ROOT, RefusedError

LINUX = sys.platform == "linux"
SETTLED = 10.0  # seconds after which a child that ends counts as a first failure again
LONGEST_PAUSE = 10.0

Write = Callable[[str, str], None]


@dataclass(frozen=True)
class Account:
    """Whom a server runs as when we are root: PostgreSQL refuses root."""

    user: int
    group: int


@dataclass(frozen=True)
class Program:
    """What to run, how to ask it to stop, and what the kernel sends it when we die (Linux)."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop: Signals = signal.SIGTERM
    orphaned: Signals = signal.SIGKILL
    account: Account | None = None
    folder: Path = ROOT
    unsaid: str = ""  # lines with these words are left out


def guarded(
    command: tuple[str, ...], *, orphaned: Signals, account: Account | None = None
) -> list[str]:
    """The command as one that ends with us. Call from the thread that lives as long as we do.

    The other account keeps the right to pass closed folders, so that we chmod nothing.
    """
    if not LINUX:
        return list(command)
    signal_name = orphaned.name.removeprefix("SIG")
    unprivileged = (
        [
            f"--reuid={account.user}",
            f"--regid={account.group}",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
        ]
        if account
        else []
    )
    return ["setpriv", *unprivileged, f"--pdeathsig={signal_name}", "--", *command]


class Child:
    """One program that is kept running."""

    def __init__(self, program: Program, *, records: Path, write: Write) -> None:
        self.program = program
        self.record = records / f"{program.name}.pid"
        self.write = write
        self.failures = 0
        self.due: float | None = None
        self.start()

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C reaches only the supervisor."""
        program = self.program
        command = guarded(program.command, orphaned=program.orphaned, account=program.account)
        try:
            self.process = subprocess.Popen(
                command,
                env=dict(program.environment),
                cwd=program.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
                errors="replace",
            )
        except FileNotFoundError as error:
            raise RefusedError(f"{error.filename} is missing. Install it (util-linux).") from error
        orphans.record(self.record, self.process.pid, program.stop)
        self.began, self.due, self.cleared = time.monotonic(), None, False
        self.reader = threading.Thread(target=self._read, args=[self.process], daemon=True)
        self.reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            text, unsaid = line.rstrip(), self.program.unsaid
            if text and not (unsaid and unsaid in text):
                self.write(self.program.name, text)

    def ended(self) -> int | None:
        """The exit code, None while it runs."""
        return self.process.poll()

    def tend(self) -> None:
        """Start it again when it ended, later each time it does not last."""
        if self.ended() is None:
            return
        now = time.monotonic()
        if self.due is None:
            self.clear()
            self.failures = 0 if now - self.began > SETTLED else self.failures + 1
            pause = min(0.25 * 2**self.failures, LONGEST_PAUSE)
            self.due = now + pause
            self.write(self.program.name, f"{self.fate()}; starts again in {pause:g} s")
        elif now >= self.due:
            self.start()

    def fate(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return f"ended by {Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def ask(self) -> None:
        """Ask it to stop in order."""
        if self.ended() is None:
            self.process.send_signal(self.program.stop)

    def clear(self) -> None:
        """End what is left of it: its own children, which share its process group."""
        if self.cleared:
            return
        self.cleared = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join(timeout=1)
        self.record.unlink(missing_ok=True)
