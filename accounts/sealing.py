"""Second-factor secrets are sealed with a key made from SECRET_KEY: a dump alone reads nothing."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises `cryptography.fernet.InvalidToken` for what no key of ours has sealed."""
    return _keys().decrypt(sealed.encode()).decode()


def _keys() -> MultiFernet:
    """The present key seals; those of SECRET_KEY_FALLBACKS still open."""
    return _ring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=8)
def _ring(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nrm-tracker second factor")
    return base64.urlsafe_b64encode(hkdf.derive(secret.encode()))
