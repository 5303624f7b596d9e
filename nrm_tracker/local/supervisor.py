"""Starts children, keeps them running, and stops all of them, last started first."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from nrm_tracker.local.children import Child, Program, Write
from nrm_tracker.local.orphans import stop_recorded
from nrm_tracker.local.places import RefusedError

TICK = 0.05  # seconds
PATIENCE = 60.0  # seconds for a server to answer: it may have a log to replay
GRACE = 15.0  # a child that has not stopped by then is killed
ECHO = 1.0  # make and the terminal may both pass one Ctrl-C on: it counts once


class Interruptions:
    """Counts requests to stop: the first stops in order, the second at once."""

    def __init__(self) -> None:
        self.asked = 0
        self.last = -ECHO
        self.forward: Callable[[int], None] | None = None
        # a make that is killed passes nothing on
        self.parent = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        self.asked += now - self.last > ECHO
        self.last = now
        if self.forward:
            self.forward(number)

    @property
    def stop(self) -> bool:
        """Whether somebody asked, or nobody is left who could."""
        return self.asked > 0 or self.abandoned

    @property
    def abandoned(self) -> bool:
        """Whether the make that started us is gone."""
        return self.parent is not None and os.getppid() != self.parent


class Supervisor:
    """The children of one start. Use it from the main thread: Linux ties a child to its thread."""

    def __init__(self, *, records: Path, write: Write, interruptions: Interruptions) -> None:
        records.mkdir(exist_ok=True)
        for name in stop_recorded(records):
            write(name, "still ran after its supervisor ended: stopped")
        self.records = records
        self.write = write
        self.interruptions = interruptions
        self.children: list[Child] = []

    def start(self, program: Program) -> Child:
        """Start a program that is to be kept running."""
        child = Child(program, records=self.records, write=self.write)
        self.children.append(child)
        return child

    def wait(self, child: Child, *, ready: Callable[[], bool]) -> None:
        """Wait until a server that was started answers."""
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if child.ended() is not None or time.monotonic() > deadline:
                child.reader.join(timeout=1)
                raise RefusedError(f"{child.program.name} does not start. Read the lines above.")
            self.pause()

    def once(self, program: Program) -> None:
        """Run a program to its end while the servers are kept running."""
        child = Child(program, records=self.records, write=self.write)
        try:
            while child.ended() is None:
                self.pause()
                self.tend()
        finally:
            child.ask()
            self._settle([child])
        if child.process.returncode:
            raise RefusedError(f"{program.name} {child.fate()}. Read the lines above.")

    def tend(self) -> None:
        """Start again what ended."""
        for child in self.children:
            child.tend()

    def watch(self) -> None:
        """Keep all of it running until somebody asks to stop."""
        while not self.interruptions.stop:
            time.sleep(TICK)
            self.tend()

    def pause(self) -> None:
        """Wait a moment; raises KeyboardInterrupt when somebody asked to stop."""
        time.sleep(TICK)
        if self.interruptions.stop:
            raise KeyboardInterrupt

    def stop(self, *, keep: int = 0) -> None:
        """Stop all children but the first few that were started, together."""
        stopping, self.children = self.children[keep:], self.children[:keep]
        for child in stopping:
            child.ask()
        self._settle(stopping)

    def _settle(self, children: list[Child]) -> None:
        deadline = time.monotonic() + GRACE
        asked = self.interruptions.asked
        while any(child.ended() is None for child in children):
            if time.monotonic() > deadline or self.interruptions.asked > asked:
                break
            time.sleep(TICK)
        for child in children:
            child.clear()
