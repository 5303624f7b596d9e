"""manage.py without a database says what to do."""

import subprocess
import sys
from pathlib import Path

from nrm_tracker.local.places import ROOT
from tests.local.support import environment


def manage(data: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment(data, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )


def test_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "showmigrations", SECRET_KEY="for-this-test-only")
    assert done.returncode == 1
    assert done.stderr.startswith("No database runs: start make run, or set DATABASE_URL.\n")


def test_no_secret_key_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "showmigrations")
    assert done.returncode == 1
    assert done.stderr.startswith("No SECRET_KEY. Set SECRET_KEY to a long random text")
