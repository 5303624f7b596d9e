"""The product on a socket, a browser, and people to send to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from organisations.models import Membership
from tests import factories
from tests.browser import chromium, served
from tests.journeys.person import Person, can_sign_in

Arrive = Callable[..., Person]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; our use of the database beside it is in order.
    # Django keeps one set of connections while the loop runs and another while it does not: one
    # left open across the change would be cut when the database is renewed.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    connections.close_all()
    with chromium() as started:
        yield started
        connections.close_all()
    patch.undo()


@pytest.fixture
def site(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    with served(settings, tmp_path) as address:
        yield address


@pytest.fixture
def arrive(browser: Browser, site: str) -> Iterator[Arrive]:
    """A member in a browser of their own, signed in; everybody leaves at the end. Who is to `look`
    goes through the pages of signing in, and looks at those too."""
    people: list[Person] = []
    known: set[int] = set()

    def arrive(member: Membership, *, look: bool = False, **how: Any) -> Person:
        if member.user_id not in known:
            known.add(can_sign_in(member.user).pk)
        person = Person(browser, site, member.user, **how)
        people.append(person)
        if look:
            person.signs_in(look=True)
        else:
            person.is_signed_in()
        return person

    yield arrive
    for person in people:
        person.leaves()


@pytest.fixture
def riverside(transactional_db: None) -> factories.Acting:
    return factories.organisation("Riverside Support (fictitious)", "riverside")


@pytest.fixture
def northgate(transactional_db: None) -> factories.Acting:
    return factories.organisation("Northgate Trust (fictitious)", "northgate")


@pytest.fixture
def now() -> datetime:
    """Journeys happen now: the pages read the real clock."""
    return datetime.now(UTC)
