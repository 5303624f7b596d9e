"""What something costs: seconds of processor, ours and that of the database connections we use.

They do not grow with what else the machine does, as time on the clock would. Where the system does
not tell (no /proc), it is time on the clock after all.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
TOLD = Path("/proc/self/stat").exists()


def effort(action: Callable[[], object]) -> float:
    """Of an action on Django's connection."""
    before = _spent()
    action()
    return _spent() - before


def of_backend(pid: int) -> float:
    """What a process of the database has spent since it began."""
    if not TOLD:
        return 0.0
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = after_name[11:13]
    return (int(user) + int(system)) / TICKS


def _spent() -> float:
    if not TOLD:
        return time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return time.process_time() + of_backend(pid)
