"""The URL table as rows that tests can loop over, with an address for each route.

A loop guards views that are not written yet. A route whose parameters are not in the two tables
below stops the walk with a sentence that says what to add.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from nrm_tracker.access import declared
from referrals.doors import DOORS

# Parameters that name a row of an organisation, and a value that names none.
OWNED: dict[str, object] = {
    "reference": "R-2222-2222",
    "event": 987_654_321,
    "delay": 987_654_321,
    "notice": 987_654_321,
    "named": 987_654_321,
    "restricted": "R-2222-2222",
    "run": "00000000-0000-4000-8000-000000000000",
    "note": "00000000-0000-4000-8000-000000000000",
    "asked": "00000000-0000-4000-8000-000000000000",
    "hand_over": "00000000-0000-4000-8000-000000000000",
    "harm": "00000000-0000-4000-8000-000000000000",
    "link": 987_654_321,
    "proof": "00000000-0000-4000-8000-000000000000",
    "task": 987_654_321,
    "appointment": 987_654_321,
    "cover": 987_654_321,
    "member": 987_654_321,
    "invitation": "00000000-0000-4000-8000-000000000000",
    "closure": 987_654_321,
    "draft": 987_654_321,
    "view": 987_654_321,
    "what_if": "00000000-0000-4000-8000-000000000000",
    "completed": 987_654_321,
    "module": 987_654_321,
    "effort": "00000000-0000-4000-8000-000000000000",
    "application": 987_654_321,
    "entry": 987_654_321,
    "letter": 987_654_321,
}
# Parameters that name nothing of anybody's: words, and rows of the public register.
OTHERS: dict[str, tuple[object, ...]] = {
    "door": (*DOORS, "contact_lost"),
    "slug": ("riverside",),
    "part": ("staying",),
    "section": ("background",),
    "guide": ("first-day",),
    "rule": ("entry-wait",),
    "question": (987_654_321,),
    "proposal": (987_654_321,),
    "route": (987_654_321,),
    "fact": (987_654_321,),
    "report": (987_654_321,),
    "criterion": (1,),  # one that the product is delivered with
    "bulk": ("00000000-0000-4000-8000-000000000000",),
    "published": (1, 2),  # trainings that the product is delivered with
    "rest_day": (1,),  # one that the product is delivered with
    "uidb36": ("1",),
    "key": ("set-password",),
    "token": ("leads-nowhere",),
}


@dataclass(frozen=True)
class Route:
    """One line of the URL table."""

    name: str
    pattern: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def access(self) -> object | None:
        return declared(self.view, self.name)

    @property
    def owned(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name in OWNED)

    @property
    def is_the_librarys(self) -> bool:
        return self.view.__module__.startswith("allauth.")

    def paths(self, rows: dict[str, object]) -> list[str]:
        """Its addresses, about these rows."""
        known = {name: (value,) for name, value in rows.items()} | OTHERS
        values = product(*(known[name] for name in self.parameters))
        return [
            _filled(self.pattern, dict(zip(self.parameters, each, strict=True))) for each in values
        ]


@cache
def routes() -> tuple[Route, ...]:
    found = tuple(_walk(get_resolver(), ""))
    unknown = [
        f"{route.pattern}: say in tests/house/routes.py what “{name}” is: a row of an organisation "
        "(OWNED) or nothing of anybody's (OTHERS)."
        for route in found
        for name in route.parameters
        if name not in OWNED and name not in OTHERS
    ]
    assert not unknown, "\n".join(unknown)
    return found


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, before + str(entry.pattern))
        else:
            yield _route(entry, before + str(entry.pattern))


def _route(entry: URLPattern, pattern: str) -> Route:
    if names := entry.pattern.regex.groupindex:
        parameters = tuple(names)
    else:
        parameters = tuple(entry.pattern.converters)
    return Route(entry.name or "", pattern, parameters, entry.callback)


def _filled(pattern: str, values: dict[str, object]) -> str:
    """An address from Django's notation of a path, or from one of the library's regexes."""
    if pattern.endswith("$"):
        before, _, regex = pattern.removesuffix("$").partition("^")
        for name, value in values.items():
            regex = re.sub(rf"\(\?P<{name}>[^)]*\)", str(value), regex)
        return f"/{before}{regex}"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), pattern)
