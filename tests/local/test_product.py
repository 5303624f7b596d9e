"""make run, as a person has it: everything starts, is kept running, and stops."""

import http.client
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.support import Started, eventually, processes_of

pytestmark = pytest.mark.slow
Start = Callable[..., Started]
NAMES = ("postgres", "valkey", "web", "worker", "beat")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


OWN = {"SECRET_KEY": "a secret of our own", "NRM_MASTER_KEYS": f"ours:{'A' * 43}="}


def test_run_answers_survives_its_children_and_leaves_nothing(start: Start, data: Path) -> None:
    port = free_port()
    address = f"http://localhost:{port}"
    first = start("run", PORT=str(port), NRM_DEMONSTRATION="0", **OWN)
    first.says(f"NRM Tracker answers at {address}", within=180)
    checked = "check         | Nothing of a demonstration is left."
    assert checked in first.text, "real use began without the check"

    killed = {name: first.child(name) for name in NAMES}
    for number in killed.values():
        os.kill(number, signal.SIGKILL)
    for name in NAMES:
        first.says(f"{name:<13} | ended by SIGKILL; starts again in 0.")
    eventually(lambda: all((data / "run" / f"{name}.pid").exists() for name in NAMES))
    eventually(lambda: answers(port), within=60)
    assert all(first.child(name) != number for name, number in killed.items())

    first.stop(signal.SIGKILL)
    eventually(lambda: processes_of(data) == [], within=15)

    second = start("run", PORT=str(port), NRM_DEMONSTRATION="0", **OWN)
    second.says(f"NRM Tracker answers at {address}", within=60)
    assert second.stop(signal.SIGINT) == 0
    assert second.text.rstrip().endswith("| Stopped.")
    assert processes_of(data) == []


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_a_taken_port_is_named(start: Start, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = start("run", PORT=str(port))
        assert refused.process.wait(timeout=10) == 1
    assert refused.text == (
        f"Port {port} cannot be used (Address already in use). Stop what uses it, "
        "or choose another: make run PORT=8000\n"
    )


def test_a_missing_address_is_named(start: Start) -> None:
    refused = start("run", PORT=str(free_port()), DATABASE_URL="postgresql://nrm_app@db/nrm")
    assert refused.process.wait(timeout=10) == 1
    assert refused.text == (
        "Set DATABASE_OWNER_URL and REDIS_URL too. With none of DATABASE_URL, DATABASE_OWNER_URL, "
        "REDIS_URL set, NRM Tracker starts servers of its own.\n"
    )
