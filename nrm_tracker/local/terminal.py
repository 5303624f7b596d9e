"""Lines on the terminal, each after the name of the child that wrote it."""

import threading
from contextlib import suppress

WIDTH = len("demonstration")
_one_at_a_time = threading.Lock()


def write(name: str, line: str) -> None:
    """Print a line. A reader that went away (`make run | head`) stops nothing."""
    with _one_at_a_time, suppress(OSError):
        print(f"{name:<{WIDTH}} | {line}", flush=True)
