"""The link of an invitation. It follows from SECRET_KEY, the invitation and how many links were
made, so that it need be written nowhere; the database holds a hash of it."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from organisations.models import Invitation

VALID = timedelta(hours=72)
SALT = "nrm-tracker invitation"


def new_token(invitation: UUID, *, number: int) -> str:
    return next(_tokens(invitation, number))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(invitation: Invitation) -> str | None:
    """None where the key that it followed from is gone: then it has to be sent again."""
    tokens = _tokens(invitation.pk, invitation.links)
    return next((each for each in tokens if hashed(each) == invitation.token_hash), None)


def _tokens(invitation: UUID, number: int) -> Iterator[str]:
    """By the present secret, then by those before."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        mac = salted_hmac(SALT, f"{invitation} {number}", secret=secret, algorithm="sha256")
        yield base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
