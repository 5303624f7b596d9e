"""exec: one command, with the servers that it needs for as long as it runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nrm_tracker.local import embedded, environment, folders
from nrm_tracker.local.children import guarded
from nrm_tracker.local.places import RefusedError, data_folder, running
from nrm_tracker.local.supervisor import Interruptions, Supervisor


def execute(command: list[str], *, fast: bool) -> int:
    """Run the command; its exit code, as a shell counts it."""
    interruptions = Interruptions()
    with ExitStack() as stack:
        data = stack.enter_context(folders.temporary()) if fast else data_folder()
        addresses = environment.given_urls(os.environ) or (None if fast else running(data))
        supervisor = None
        if addresses is None:
            supervisor = stack.enter_context(_servers(data, interruptions))
            addresses = embedded.start(supervisor, data, forgetful=fast)
        process = _begin(command, environment.told(data, addresses))
        interruptions.forward = lambda number: _forward(process, number)
        return _finish(process, supervisor, interruptions)


@contextmanager
def _servers(data: Path, interruptions: Interruptions) -> Iterator[Supervisor]:
    """A supervisor whose children's lines go to a file: the terminal is the command's."""
    with folders.held(data), (data / "servers.log").open("w", buffering=1) as log:

        def write(name: str, line: str) -> None:
            log.write(f"{name:<8} | {line}\n")

        supervisor = Supervisor(records=data / "run", write=write, interruptions=interruptions)
        try:
            yield supervisor
        except RefusedError as refused:
            words = (data / "servers.log").read_text()
            raise RefusedError(f"{words}{refused}") from refused
        finally:
            supervisor.stop()


def _begin(command: list[str], told: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(guarded(tuple(command), orphaned=signal.SIGTERM), env=told)
    except FileNotFoundError:
        raise RefusedError(f"There is no command {command[0]}.") from None


def _forward(process: subprocess.Popen[bytes], number: int) -> None:
    """Pass the request to stop on, unless the terminal gave it to both of us."""
    at_terminal = sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    if number != signal.SIGINT or not at_terminal:
        process.send_signal(number)


def _finish(
    process: subprocess.Popen[bytes], supervisor: Supervisor | None, interruptions: Interruptions
) -> int:
    told_to_stop = False
    while True:
        try:
            code = process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            if supervisor:
                supervisor.tend()
            if interruptions.abandoned and not told_to_stop:
                process.terminate()
                told_to_stop = True
        else:
            return code if code >= 0 else 128 - code
