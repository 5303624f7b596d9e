"""Every route of the product, asked by everybody: who gets in, and what a stranger can tell.

Each test is a loop over the URL table, so a route written tomorrow is covered tomorrow. A test
gathers what it finds wrong, so that one run names all of it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from nrm_tracker.access import LIBRARY_ROUTES, Access
from nrm_tracker.database import context
from organisations.models import Membership
from organisations.roles import ROLE_PERMISSIONS, Permission, Role
from referrals.models import Notice
from tests.conftest import Lasting
from tests.house.routes import OWNED, Route, routes
from tests.house.world import (
    FIRST_ALONE,
    PSEUDONYM,
    STORY,
    FormOnPage,
    World,
    behind,
    build,
    everything_of,
    scoped_models,
    seen,
)

METHODS = ["GET", "POST"]
# The library's own routes that we do not offer: refused to everybody.
NOT_OFFERED = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_set_password",
    "account_reset_password_confirm",
    "mfa_deactivate_totp",
}
MAY_OPEN = {200, 302, 405}  # what somebody with the right gets; 405: the route knows one method


@dataclass(frozen=True)
class Asked:
    """One request of the walk, worded as a failure should name it."""

    who: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.path}"


@pytest.fixture(autouse=True)
def quiet_refusals(caplog: pytest.LogCaptureFixture) -> None:
    """A thousand refusals are what these tests are about; their log is not."""
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.fixture(scope="module")
def lasting_world(walls: str, lasting: Lasting) -> Iterator[World]:
    with lasting(behind(walls, lambda: build(now=timezone.now()))) as made:
        yield made


@pytest.fixture
def world(lasting_world: World, db: None) -> World:
    return lasting_world


def ask(client: Client, method: str, path: str, data: dict[str, str] | None = None) -> HttpResponse:
    return client.get(path) if method == "GET" else client.post(path, data or {})


def opened(path: str) -> str:
    """The address at which a form stands; without a key one is sent there."""
    return f"{path}?key=6f1c2a52-7a0f-4a55-9f0a-0d8f3ab1c9de"


def guarded() -> list[Route]:
    return [route for route in routes() if isinstance(route.access, Permission)]


def about_rows() -> list[Route]:
    return [route for route in routes() if route.owned]


def test_every_route_of_ours_declares_who_uses_it() -> None:
    ours = [route for route in routes() if not route.is_the_librarys]
    assert len(ours) > 20
    assert [r.pattern for r in ours if not isinstance(r.access, Access | Permission)] == []


def test_every_route_of_ours_has_a_name() -> None:
    assert [route.pattern for route in routes() if not route.name] == []


def test_the_librarys_list_names_routes_of_the_library() -> None:
    offered = {route.name for route in routes() if route.is_the_librarys}
    assert set(LIBRARY_ROUTES) - offered == set()
    assert {route.name for route in routes() if not route.is_the_librarys} & set(
        LIBRARY_ROUTES
    ) == set()


def test_routes_that_declare_nothing_are_known_and_refused(world: World) -> None:
    silent = [route for route in routes() if route.access is None]
    assert {route.name for route in silent} <= NOT_OFFERED
    clients = {"anonymous": Client(), "a manager": world.client(world.riverside.manager)}
    let_in = [
        Asked(who, method, path)
        for route in silent
        for path in route.paths(OWNED)
        for who, client in clients.items()
        for method in METHODS
        if ask(client, method, path).status_code != 403
    ]
    assert let_in == []


def test_anonymous_is_sent_to_sign_in(world: World) -> None:
    closed = [r for r in routes() if r.access not in {None, Access.PUBLIC}]
    wrong = []
    for route in closed:
        for path in route.paths(world.rows):
            for method in METHODS:
                reply = ask(Client(), method, path)
                if reply.headers.get("Location") != f"/accounts/login/?next={path}":
                    wrong.append((Asked("anonymous", method, path), reply.status_code))
    assert wrong == []


def test_whoever_has_no_second_factor_is_sent_to_set_one_up(world: World) -> None:
    user = world.riverside.caseworker.user
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    closed = [r for r in routes() if r.access not in {None, Access.PUBLIC, Access.ENROLLING}]
    let_in = [
        Asked("without a second factor", method, path)
        for route in closed
        for path in route.paths(world.rows)
        for method in METHODS
        if ask(client, method, path).headers.get("Location") != "/accounts/2fa/totp/activate/"
    ]
    assert let_in == []


def members(world: World) -> dict[Role, Membership]:
    return {
        Role.CASEWORKER: world.riverside.caseworker,
        Role.MANAGER: world.riverside.manager,
        Role.SAFEGUARDING_LEAD: world.lead,
        Role.DESIGNATION_ADMINISTRATOR: world.administrator,
    }


def test_a_role_without_the_permission_is_refused(world: World) -> None:
    assert set(members(world)) == set(Role)
    let_in = []
    for role, member in members(world).items():
        client = world.client(member)
        for route in guarded():
            if route.access in ROLE_PERMISSIONS[role]:
                continue
            for path in route.paths(world.rows):
                statuses = {method: ask(client, method, path).status_code for method in METHODS}
                if not {403} <= set(statuses.values()) <= {403, 405}:
                    let_in.append((Asked(role, "GET, POST", path), statuses))
    assert let_in == []


def test_a_role_with_the_permission_is_let_in(world: World) -> None:
    """The walk itself is tested: what it asks for is there for those who may see it."""
    turned_away = []
    for role, member in members(world).items():
        client = world.client(member)
        for route in guarded():
            if route.access not in ROLE_PERMISSIONS[role] or "question" in route.parameters:
                continue
            if role == Role.MANAGER and "harm" in route.parameters:
                continue  # what a caseworker recorded is read by them and by the lead
            if role == Role.DESIGNATION_ADMINISTRATOR and "member" in route.parameters:
                continue  # of their own organisation, not of Riverside
            rows = world.rows | {"notice": _notice_of(member) or world.rows["notice"]}
            replies = {path: ask(client, "GET", path).status_code for path in route.paths(rows)}
            turned_away += [
                (Asked(role, "GET", path), status)
                for path, status in replies.items()
                if status not in MAY_OPEN
            ]
    assert turned_away == []


def _notice_of(member: Membership) -> int | None:
    with context(user=member.user_id, organisation=member.organisation_id):
        return Notice.objects.values_list("pk", flat=True).first()


def pairs(world: World) -> Iterator[tuple[Route, str, str]]:
    """Addresses of Riverside's rows, each with the same address of rows that do not exist; and of
    Riverside's rows under Northgate's own referral."""
    for route in about_rows():
        yield from (
            (route, theirs, absent)
            for theirs, absent in zip(route.paths(world.rows), route.paths(OWNED), strict=True)
        )
        for name in route.owned:
            if name == "reference" or "reference" not in route.owned:
                continue
            mixed = world.own_rows | {name: world.rows[name]}
            nothing = world.own_rows | {name: OWNED[name]}
            yield from (
                (route, theirs, absent)
                for theirs, absent in zip(route.paths(mixed), route.paths(nothing), strict=True)
            )


def strangers(world: World) -> dict[str, Client]:
    return {
        "another organisation's caseworker": world.client(world.northgate.caseworker),
        "another organisation's manager": world.client(world.northgate.manager),
    }


def walk_as_stranger(world: World) -> list[object]:
    """What is wrong when strangers ask for Riverside's rows, sending what Riverside would send."""
    wrong: list[object] = []
    owner = world.client(world.riverside.caseworker)
    before = everything_of(world.riverside)
    assert before["Referral"]
    forms = {
        route: FormOnPage(owner.get(opened(route.paths(world.rows)[0]))).fields
        for route in about_rows()
    }
    for who, client in strangers(world).items():
        for route, theirs, absent in pairs(world):
            sent = forms[route]
            for method in METHODS:
                reply = ask(client, method, opened(theirs), sent)
                nothing = ask(client, method, opened(absent), sent)
                if reply.status_code not in ({404, 403, 405} if method == "GET" else {404, 403}):
                    wrong.append((Asked(who, method, theirs), reply.status_code))
                if seen(reply, path=theirs) != seen(nothing, path=absent):
                    wrong.append((Asked(who, method, theirs), "tells it from one that is absent"))
    if everything_of(world.riverside) != before:
        wrong.append("Riverside's rows changed")
    return wrong


def leaks(world: World) -> list[object]:
    """Riverside's words on the pages of others: every route that names no row, and those of
    Northgate's own rows. What both walls let through, each lets through alone: so one is off."""
    found: list[object] = []
    others = strangers(world) | {"the administrator": world.client(world.administrator)}
    for who, client in others.items():
        for route in routes():
            if not isinstance(route.access, Permission) and route.access is not Access.SIGNED_IN:
                continue
            for path in route.paths(world.own_rows):
                for method in METHODS:
                    if route.name in {"account_change_password", "act_for"}:
                        continue
                    reply = ask(client, method, path)
                    body = reply.content.decode(errors="replace") + str(reply.headers)
                    told = [word for word in world.secrets if escape(word) in body]
                    if told or reply.status_code >= 500:
                        found.append((Asked(who, method, path), reply.status_code, told))
    return found


@pytest.mark.slow
def test_another_organisations_rows_are_not_there(world: World) -> None:
    assert len(list(pairs(world))) > 10
    assert walk_as_stranger(world) == []


@pytest.mark.slow
def test_they_are_not_there_with_the_first_wall_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in scoped_models():
        monkeypatch.setattr(
            model._default_manager._queryset_class,
            "visible_to",
            lambda rows, _membership: rows.all(),
        )
    assert walk_as_stranger(world) == []
    assert leaks(world) == []


@pytest.mark.slow
@FIRST_ALONE
def test_they_are_not_there_with_the_second_wall_off(world: World) -> None:
    assert walk_as_stranger(world) == []
    assert leaks(world) == []


def test_an_absent_row_takes_as_many_queries_as_a_strangers(world: World) -> None:
    """No time tells them apart either: the same questions are asked of the database."""
    client = world.client(world.northgate.caseworker)
    client.get("/")
    differ = []
    for _, theirs, absent in pairs(world):
        counts = []
        for path in (theirs, absent):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(opened(path))
            counts.append(len(queries))
        if counts[0] != counts[1]:
            differ.append((theirs, counts))
    assert differ == []


def test_no_word_about_a_person_is_in_a_title_an_address_or_a_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django.request")
    client = world.client(world.riverside.manager)
    told, titles = [], 0
    for route in guarded():
        for path in route.paths(world.rows):
            page = client.get(opened(path))
            title = (
                page.content.decode(errors="replace")
                .partition("<title>")[2]
                .partition("</title>")[0]
            )
            titles += bool(title)
            sent = ask(client, "POST", path, FormOnPage(page).fields)
            for where, text in (("title", title), ("address", sent.headers.get("Location", ""))):
                if PSEUDONYM in text or STORY in text:
                    told.append((Asked("the manager", "GET", path), where))
    assert titles > 10
    assert told == []
    logged = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert [line for line in logged if PSEUDONYM in line or STORY in line] == []
