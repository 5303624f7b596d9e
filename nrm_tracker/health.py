"""Is it alive, and is it ready? For whoever watches the machines; public, and says no secrets."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string

from nrm_tracker.access import public

logger = logging.getLogger(__name__)
BROKER_PATIENCE = 1.0  # seconds
Check = Callable[[datetime], str]


class TimedRequest(Protocol):
    """A request after the middleware: it knows its instant."""

    now: datetime


@public
def live(_request: HttpRequest) -> JsonResponse:
    """This process answers. Needs neither database nor broker."""
    return JsonResponse({"ok": True})


@public
def ready(request: TimedRequest) -> JsonResponse:
    """Everything that the product needs answers; else 503, naming what does not."""
    found = faults(request.now)
    checks = {
        name: {"ok": not fault, **({"fault": fault} if fault else {})}
        for name, fault in found.items()
    }
    ok = not any(found.values())
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


def faults(now: datetime) -> dict[str, str]:
    """What is wrong with each part, in words; "" where nothing is."""
    return {name: _fault(path, now) for name, path in settings.HEALTH_CHECKS.items()}


def database(_now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def broker(_now: datetime) -> str:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_PATIENCE, socket_connect_timeout=BROKER_PATIENCE
    ) as valkey:
        valkey.ping()
    return ""


def _fault(path: str, now: datetime) -> str:
    """What is wrong, in words; "" when nothing is."""
    check: Check = import_string(path)
    try:
        return check(now)
    except Exception:
        logger.exception("The check %s failed", path)
        return "It does not answer."
