"""Starts the two servers of a data folder under a supervisor."""

from pathlib import Path

from nrm_tracker.local import servers
from nrm_tracker.local.places import Urls, urls
from nrm_tracker.local.supervisor import Supervisor

SERVERS = 2  # the first children of the supervisor


def start(supervisor: Supervisor, data: Path, *, forgetful: bool) -> Urls:
    """Valkey, and PostgreSQL with roles and database."""
    servers.own_socket_folder(data)
    servers.prepare_postgres(data, forgetful=forgetful)
    broker = supervisor.start(servers.valkey(data))
    database = supervisor.start(servers.postgres(data, forgetful=forgetful))
    pid = database.process.pid
    supervisor.wait(database, ready=lambda: servers.postgres_answers(data, pid=pid))
    servers.make_roles(data)
    supervisor.wait(broker, ready=lambda: servers.valkey_answers(data))
    return urls(data)
