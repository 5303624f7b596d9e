"""Children that outlived their supervisor are recognised and stopped; strangers are left alone."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nrm_tracker.local import orphans


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def test_a_recorded_child_is_stopped(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    orphans.record(tmp_path / "beat.pid", sleeper.pid, signal.SIGTERM)
    assert orphans.stop_recorded(tmp_path) == ["beat"]
    assert sleeper.wait(timeout=5) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_a_stranger_with_the_same_number_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    (tmp_path / "beat.pid").write_text(f"{sleeper.pid}\n15\nanother boot 12345\n")
    (tmp_path / "postmaster.pid").write_text(f"{sleeper.pid}\n")
    assert orphans.stop_recorded(tmp_path) == []
    (tmp_path / "postmaster.pid").write_text(f"{sleeper.pid}\n")
    assert orphans.stop_postmaster(tmp_path) is False
    assert sleeper.poll() is None


def test_a_record_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "beat.pid").write_text("12")
    assert orphans.stop_recorded(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_does_not_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "PATIENCE", 0.2)
    deaf = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 60; done"]
    with subprocess.Popen(deaf, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        orphans.end(process.pid, signal.SIGTERM)
        assert process.wait(timeout=5) == -signal.SIGKILL
