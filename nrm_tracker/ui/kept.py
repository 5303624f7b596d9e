"""Words that were typed and not sent, for the forms of the page that is being made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import QueryDict

_kept: ContextVar[Mapping[str, QueryDict] | None] = ContextVar("kept", default=None)
HERE = ""  # the page itself, to which a form without an action is sent


@contextmanager
def kept_words(by_path: Mapping[str, QueryDict]) -> Iterator[None]:
    """Inside, forms that are sent to one of these paths show these words."""
    token = _kept.set(by_path)
    yield
    _kept.reset(token)


def words_for(action: str) -> QueryDict | None:
    by_path = _kept.get() or {}
    return by_path.get(action)
