"""make run: the whole product, until somebody asks it to stop."""

import http.client
import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from nrm_tracker.local import embedded, environment, folders, processes
from nrm_tracker.local.children import Program
from nrm_tracker.local.places import Urls, data_folder
from nrm_tracker.local.supervisor import Interruptions, Supervisor
from nrm_tracker.local.terminal import write

# Celery warns at each start when we are root; here that is the choice of who started us.
DEFAULTS = {"NRM_DEMONSTRATION": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}


def run() -> int:
    """Start everything on NRM_DATA_DIR and keep it running."""
    interruptions, data = Interruptions(), data_folder()
    with folders.held(data), ExitStack() as stack:
        port = environment.free_port(os.environ)
        supervisor = Supervisor(records=data / "run", write=write, interruptions=interruptions)
        stack.callback(supervisor.stop)
        with suppress(KeyboardInterrupt):
            addresses = environment.given_urls(os.environ)
            if addresses is None:
                addresses = embedded.start(supervisor, data, forgetful=False)
                stack.callback(supervisor.stop, keep=embedded.SERVERS)
            start(supervisor, addresses, data, port)
            threading.Thread(target=announce, args=[port], daemon=True).start()
            supervisor.watch()
        write("nrm", "Stopping.")
    write("nrm", "Stopped.")
    return 0


def start(supervisor: Supervisor, addresses: Urls, data: Path, port: int) -> None:
    """Prepare database, files and demonstration, then start web, worker and beat."""
    told = {
        **DEFAULTS,
        "STATIC_ROOT": str(data / "static"),
        **environment.told(data, addresses),
        "PORT": str(port),
    }
    owner = told.pop("DATABASE_OWNER_URL")  # for migrate only
    supervisor.once(program("migrate", processes.migrate(), {**told, "DATABASE_URL": owner}))
    supervisor.once(program("static", processes.collect_static(), told))
    if told["NRM_DEMONSTRATION"] == "1":
        (data / "demonstration").touch()  # commands beside us see it
        supervisor.once(program("demonstration", processes.demonstration(), told))
    else:
        supervisor.once(program("check", processes.before_real_use(), told))
        (data / "demonstration").unlink(missing_ok=True)
    for name, command in {
        "web": processes.web(bind=f"127.0.0.1:{port}"),
        "worker": processes.worker(),
        "beat": processes.beat(schedule=str(data / "beat-schedule")),
    }.items():
        supervisor.start(program(name, command, told))


def program(name: str, command: processes.Command, told: Mapping[str, str]) -> Program:
    """One of our own processes, on this interpreter."""
    return Program(name=name, command=(sys.executable, *command[1:]), environment=told)


def announce(port: int) -> None:
    """Say the address as soon as a page comes back from it."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/live")
            connection.getresponse()
            break
        time.sleep(0.1)
    write("nrm", f"NRM Tracker answers at http://localhost:{port} (Ctrl-C stops it)")
