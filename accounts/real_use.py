"""From the demonstration to real use: its secrets are public, and nobody may go on with them."""

import hashlib
from collections.abc import Iterator

from django.conf import settings

from accounts.demonstration import demonstration_users
from accounts.models import DemonstrationSecret
from nrm_tracker.local.folders import MADE


def secrets() -> Iterator[tuple[str, str]]:
    """Each secret of this installation: the name of its setting, and a fingerprint of it."""
    yield "SECRET_KEY", _fingerprint(settings.SECRET_KEY)
    for entry in settings.NRM_MASTER_KEYS:
        name, _, key = entry.partition(":")
        yield f"the key “{name}” of NRM_MASTER_KEYS", _fingerprint(key)


def note_the_demonstrations() -> None:
    """Whoever ran the demonstration has shown these to everybody."""
    DemonstrationSecret.objects.bulk_create(
        [DemonstrationSecret(fingerprint=fingerprint) for _, fingerprint in secrets()],
        ignore_conflicts=True,
    )


def hindrances() -> list[str]:
    """What stands in the way of real use, each as what to do."""
    known = set(DemonstrationSecret.objects.values_list("fingerprint", flat=True))
    found = [
        f"Set another secret: {name} was used by a demonstration."
        for name, fingerprint in secrets()
        if fingerprint in known
    ]
    if settings.SECRET_KEY.startswith(MADE):
        found.append("Set SECRET_KEY to one of your own: `make run` made this for itself.")
    if any(entry.startswith(f"{MADE}:") for entry in settings.NRM_MASTER_KEYS):
        found.append("Set NRM_MASTER_KEYS to keys of your own: `make run` made one for itself.")
    if demonstration_users().exists():
        found.append(
            "Begin with an empty database: this one holds the demonstration, whose passwords "
            "everybody knows."
        )
    if not settings.NRM_MASTER_KEYS:
        found.append("Set NRM_MASTER_KEYS: without it no identity can be recorded.")
    if settings.DEBUG:
        found.append("Set NRM_DEBUG=0: its error pages show what people typed.")
    return found


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(f"nrm-tracker demonstration {secret}".encode()).hexdigest()
