"""What a process of the product is told: addresses, secret key, data folder, port."""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from nrm_tracker.local.folders import master_keys, secret_key
from nrm_tracker.local.places import RefusedError, Urls

GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def given_urls(variables: Mapping[str, str]) -> Urls | None:
    """The servers that the environment names: all three, or none."""
    missing = [name for name in GIVEN if not variables.get(name)]
    if len(missing) == len(GIVEN):
        return None
    if missing:
        raise RefusedError(
            f"Set {' and '.join(missing)} too. With none of {', '.join(GIVEN)} set, "
            "NRM Tracker starts servers of its own."
        )
    return Urls(*(variables[name] for name in GIVEN))


def told(data: Path, addresses: Urls) -> dict[str, str]:
    """Our environment, with all that settings.py asks for."""
    programs = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": addresses.database,
        "DATABASE_OWNER_URL": addresses.owner,
        "REDIS_URL": addresses.redis,
        "SECRET_KEY": secret_key(data),
        "NRM_MASTER_KEYS": master_keys(data),
        "NRM_DATA_DIR": str(data),
    }


def free_port(variables: Mapping[str, str]) -> int:
    """PORT, else 8000; refused when something else listens on it."""
    try:
        port = int(variables.get("PORT") or "8000")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (ValueError, OverflowError):
        raise RefusedError("PORT must be a number from 1 to 65535, such as 8000.") from None
    except OSError as error:
        raise RefusedError(
            f"Port {port} cannot be used ({error.strerror}). Stop what uses it, "
            f"or choose another: make run PORT={8001 if port == 8000 else 8000}"
        ) from None
    return port
