"""What the top of a page offers, by permission. The floor knows permissions as strings only."""

from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse

ITEMS: tuple[tuple[str, str, str | None], ...] = (
    # label, url name, permission (None: everybody who is signed in)
    ("Today", "today", "record_wait_event"),
    ("Referrals", "referrals", "view_referrals"),
    ("Organisations", "organisations", "view_register"),
    ("Delays", "delays", "view_delays"),
    ("Thresholds", "thresholds", None),
)


class Member(Protocol):
    """What a membership must be able to answer."""

    def can(self, permission: str, /) -> bool: ...


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    current: str  # "page" on the page itself, "true" on a page below it, else ""


def navigation(member: Member | None, *, path: str) -> tuple[Item, ...]:
    """The items that this member may use, the present one marked.

    A url name that does not resolve raises: a missing page is found by the first request.
    """
    offered = [
        (label, reverse(name))
        for label, name, permission in ITEMS
        if permission is None or (member is not None and member.can(permission))
    ]
    above = max((url for _, url in offered if _leads_to(url, path)), key=len, default="")
    return tuple(
        Item(label=label, url=url, current=_current(url, above=above, path=path))
        for label, url in offered
    )


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _current(url: str, *, above: str, path: str) -> str:
    if url == path:
        return "page"
    return "true" if url == above else ""
