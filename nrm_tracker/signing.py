"""Signing what leaves on paper, so that anybody can tell later that it is ours (Ed25519).

The signing key follows from the present master key and stands nowhere: who rotates the master key
signs with another one from then on. What was signed names the public key that it was signed with.
"""

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nrm_tracker.sealing import KEY, master_keys

PURPOSE = b"nrm-tracker: signing a proof of wait"


@dataclass(frozen=True, slots=True)
class Signature:
    """Both in base64."""

    public_key: str
    value: str


def sign(text: str) -> Signature:
    """With the key that follows from the present master key."""
    private = _private(next(iter(master_keys().values())))
    return Signature(_public(private), base64.b64encode(private.sign(text.encode())).decode())


def is_signed(text: str, signature: Signature) -> bool:
    """Whether the signature is that key's, over exactly this text."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public_key))
        key.verify(base64.b64decode(signature.value), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> list[str]:
    """Of every master key that is known, the present one first."""
    return [_public(_private(master)) for master in master_keys().values()]


def _private(master: bytes) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=KEY, salt=None, info=PURPOSE).derive(master)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(private: Ed25519PrivateKey) -> str:
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()
