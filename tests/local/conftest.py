import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.local.support import Started, processes_of

Start = Callable[..., Started]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if sys.platform != "linux":
        for item in items:
            if "tests/local" in str(item.path) and item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="looks for processes in /proc"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose path has a space and is too long for a socket."""
    return tmp_path / "a folder" / ("long" * 25) / "data"


@pytest.fixture
def start(tmp_path: Path, data: Path) -> Iterator[Start]:
    """Starts supervisors; none of them outlives the test."""
    started: list[Started] = []

    def begin(*command: str, **more: str) -> Started:
        started.append(Started(tmp_path / f"{len(started)}.log", data, *command, **more))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            with suppress(ProcessLookupError):
                one.stop(signal.SIGTERM)
    assert processes_of(data) == []
