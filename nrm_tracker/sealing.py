"""Sealing what a dump of the database must not tell: AES-256-GCM, bound to its place.

What belongs to one person is sealed with a key of that person's own. That key stands in the
database wrapped by a master key, which stands in no database: settings.NRM_MASTER_KEYS. Whoever
destroys the person's key has destroyed all that it sealed, in histories and backups too.
"""

import base64
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE, KEY = 12, 32  # bytes


class CannotBeOpened(Exception):
    """Not sealed with this key, not from this place, or changed since."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something sealed stands. Moved to another row or column it can not be opened."""

    table: str
    column: str
    row: object

    @property
    def bytes(self) -> bytes:
        return json.dumps([self.table, self.column, str(self.row)]).encode()


def new_key() -> bytes:
    return AESGCM.generate_key(8 * KEY)


def seal(text: str, *, key: bytes, place: Place) -> bytes:
    return _seal(text.encode(), key, place)


def unseal(sealed: bytes, *, key: bytes, place: Place) -> str:
    """Raises CannotBeOpened."""
    return _open(sealed, key, place).decode()


def wrap(key: bytes, *, place: Place) -> tuple[str, bytes]:
    """A person's key, sealed with the present master key; and that one's name."""
    name, master = next(iter(master_keys().items()))
    return name, _seal(key, master, place)


def unwrap(wrapped: bytes, *, master: str, place: Place) -> bytes:
    """A person's key again. Raises CannotBeOpened."""
    try:
        return _open(wrapped, master_keys()[master], place)
    except KeyError:
        raise CannotBeOpened(f"NRM_MASTER_KEYS has no key called {master}.") from None


def rewrap(wrapped: bytes, *, master: str, place: Place) -> tuple[str, bytes]:
    """The same key under the present master key, as `wrap` gives it. Raises CannotBeOpened."""
    return wrap(unwrap(wrapped, master=master, place=place), place=place)


def master_keys() -> dict[str, bytes]:
    """By name; the first one is the present one, the others still open. Raises
    ImproperlyConfigured."""
    keys = {}
    for entry in settings.NRM_MASTER_KEYS:
        name, _, text = entry.partition(":")
        try:
            keys[name] = base64.b64decode(text, validate=True)
        except ValueError:
            keys[name] = b""
    if not keys or any(len(key) != KEY for key in keys.values()):
        raise ImproperlyConfigured(
            "Set NRM_MASTER_KEYS to NAME:KEY, where KEY is what `openssl rand -base64 32` prints. "
            "After a rotation the former ones follow, separated by commas."
        )
    return keys


def derived_keys(use: str) -> dict[str, bytes]:
    """For one use a key of its own from each master key, by that one's name, the present first:
    who learns it learns nothing of the master key, or of what another use has sealed."""
    return {
        name: HKDF(algorithm=SHA256(), length=KEY, salt=None, info=use.encode()).derive(master)
        for name, master in master_keys().items()
    }


def _seal(content: bytes, key: bytes, place: Place) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place.bytes)


def _open(sealed: bytes, key: bytes, place: Place) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.bytes)
    except (InvalidTag, ValueError) as error:
        raise CannotBeOpened(f"{place.table}.{place.column} cannot be opened.") from error
