"""Whose form it is: stands signed in each form, so that what somebody sends after their sign-in is
gone can be kept for them, and for nobody else."""

from datetime import datetime, timedelta

from django.core import signing

NAME = "whose"  # of the hidden field
_SALT, _VALID = "whose form it is", timedelta(days=1)


def mark(user: int, path: str, *, now: datetime) -> str:
    """For a form that this person (id) was shown, which is sent to that path."""
    return signing.dumps([user, path, now.timestamp()], salt=_SALT)


def whose(text: str, path: str, *, now: datetime) -> int | None:
    """The id of the person; None where it is not a mark of ours for this path, or a day old."""
    try:
        user, marked, at = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    fresh = now.timestamp() - at < _VALID.total_seconds()
    return int(user) if marked == path and fresh else None
