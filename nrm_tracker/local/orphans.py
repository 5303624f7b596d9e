"""Children that outlived the supervisor that started them, found and stopped at the next start.

Linux ends them with us (setpriv --pdeathsig); macOS has no such thing.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 30.0  # seconds; PostgreSQL may have a checkpoint to write


def record(file: Path, pid: int, stop: signal.Signals) -> None:
    """Keep what the next start needs to recognise this child and to stop it in order."""
    file.write_text(f"{pid}\n{stop:d}\n{born(pid)}\n")


def stop_recorded(folder: Path) -> list[str]:
    """Stop the children that were recorded in this folder and still run; their names."""
    found = []
    for file in sorted(folder.glob("*.pid")):
        pid, stop, birth = _read(file)
        if pid and birth and born(pid) == birth:
            end(pid, stop)
            found.append(file.stem)
        file.unlink()
    return found


def stop_postmaster(postgres: Path) -> bool:
    """Stop a PostgreSQL that has this data folder without a record of ours."""
    try:
        pid = int((postgres / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    if pid <= 1 or not _ask("comm", pid).endswith("postgres"):
        return False
    end(pid, signal.SIGINT)
    return True


def end(pid: int, stop: signal.Signals) -> None:
    """Ask the process to stop; after a while, end its whole group."""
    with suppress(ProcessLookupError):
        os.kill(pid, stop)
    deadline = time.monotonic() + PATIENCE
    while born(pid):
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def born(pid: int) -> str:
    """When the process began, so that a number used twice is not mistaken; "" when it is gone."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _ask("lstart", pid)
    return "" if status[0] in "ZX" else f"{boot} {status[19]}"


def _ask(column: str, pid: int) -> str:
    if column == "comm" and (name := Path(f"/proc/{pid}/comm")).exists():
        return name.read_text().strip()
    if Path("/proc/self").exists():
        return ""
    environment = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/bin:/usr/bin"}
    answer = subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def _read(file: Path) -> tuple[int, signal.Signals, str]:
    try:
        pid, stop, birth = file.read_text().split("\n", 2)
        return int(pid), signal.Signals(int(stop)), birth.strip()
    except ValueError:  # written in part when the power went
        return 0, signal.SIGTERM, ""
