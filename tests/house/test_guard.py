"""The guard of safe contact, walked: nothing says how to reach somebody who forbade it.

Whoever asks to see who a person is, is shown what the guard lets through; nobody is told anything
of it anywhere else. A page written tomorrow is searched tomorrow.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.management import CommandError, call_command, get_commands
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nrm_tracker.access import Access
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions import agree_contact, close_referral, record_identity
from referrals.catalogue import Outcome
from referrals.contact import Method, Terms
from referrals.identity import Identity
from referrals.models import Referral
from tests import factories
from tests.conftest import Lasting
from tests.house.routes import Route, routes
from tests.house.source import APPS, ROOT
from tests.house.world import FormOnPage, World, build
from tests.support import gave_a_code

REACHED_AT = Identity(
    telephone="07700 900987", email="canary@mail.example", address="9 Canary Lane"
)
# Their sign wherever they turn up: a number in a link has no space.
WAYS, AGREED = (
    ("900987", "canary@mail", "canary lane"),
    ("canary-cousin", "canary-word", "canary-never"),
)
KEY = "key=6f1c2a52-7a0f-4a55-9f0a-0d8f3ab1c9de"
QUERIES = {"duty_to_notify": ("", "text")}
FILES = {"export": ({"kind": "csv"}, {"kind": "xlsx"})}
SHELL: dict[str, tuple[str, ...]] = {
    "add_member": ("new@riverside.example", "New", "riverside", "caseworker"),
    "add_oversight": ("Another Desk (fictitious)",),
    "audit_verify": (),
    "before_real_use": (),
    "delays": ("--json",),
    "demo_accounts": ("--json",),
    "demonstration": (),
    "erase_survivor": ("{reference}", "--organisation", "riverside", "--yes"),
    "import_referrals": (
        f"{ROOT}/tests/house/lists/referrals.csv",
        f"{ROOT}/tests/house/lists/wait_events.csv",
        "--organisation",
        "riverside",
    ),
    "learn_rest_days": (),
    "life_cycle": (),
    "load_register": (),
    "reset_second_factor": ("caseworker@riverside.example",),
    "rotate_master_key": (),
    "sweep_delays": (),
    "who_sees_what": (),
}


@pytest.fixture(autouse=True)
def quiet_refusals(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.fixture(scope="module")
def lasting_world(lasting: Lasting) -> Iterator[World]:
    with lasting(nobody_may_be_reached) as made:
        yield made


@pytest.fixture
def world(lasting_world: World, db: None) -> World:
    return lasting_world


def nobody_may_be_reached() -> World:
    """At Riverside."""
    now = timezone.now()
    made = build(now=now)
    riverside = made.riverside
    with riverside.context():
        for referral in Referral.objects.filter(holder=riverside.organisation.pk):
            forbid(riverside, referral, now=now)
    return made


def forbid(acting: factories.Acting, referral: Referral, *, now: datetime) -> None:
    """Keep how to reach the person, who agreed to none of it."""
    terms = Terms(
        agreed_at=now,
        unsafe=tuple(Method.values),
        who_answers="canary-cousin",
        code_word="canary-word",
        never="canary-never",
    )
    by = acting.caseworker
    with acting.context():
        record_identity(
            referral=referral, identity=REACHED_AT, birth_is_estimated=False, by=by, now=now
        )
        agree_contact(referral=referral, terms=terms, by=by, now=now)


def others(world: World) -> list[Referral]:
    """Those whose pages are other pages: a child, who did not consent, who went, delayed or not."""
    acting, now = world.riverside, timezone.now()
    at = now - timedelta(days=9)
    said_no = [factories.happening("consent_refused", at, consent_type="nrm")]
    made = [
        factories.referral(acting, contact=at, pseudonym="Child", age_group="child", now=now),
        factories.referral(acting, contact=at, pseudonym="Unasked", events=said_no, now=now),
        factories.referral(acting, contact=at, pseudonym="Gone", now=now),
    ]
    for referral in made:
        forbid(acting, referral, now=now)
    with acting.context():
        close_referral(
            referral=made[-1], reason=Outcome.OUT_OF_CONTACT, by=acting.caseworker, now=now
        )
    return made


def members(world: World) -> dict[Membership, Client]:
    """Who may ask at Riverside, each with a code given a moment ago."""
    found = {}
    for member in (world.riverside.caseworker, world.riverside.manager, world.lead):
        found[member] = world.client(member)
        gave_a_code(found[member], member.user, ago=timedelta(seconds=5))
    return found


def ours() -> list[Route]:
    return [
        route
        for route in routes()
        if isinstance(route.access, Permission) or route.access is Access.SIGNED_IN
    ]


def paths(world: World, route: Route, people: list[Referral]) -> Iterator[str]:
    """Its addresses: where it is about a referral, about each of these people too."""
    references = [world.rows["reference"], world.rows["restricted"]]
    references += [referral.reference for referral in people]
    for reference in references if "reference" in route.parameters else references[:1]:
        yield from route.paths(world.rows | {"reference": reference})


def text_of(reply: HttpResponse) -> str:
    """Everything that a reply says, in small letters, a workbook's cells as well."""
    content = b"".join(reply) if reply.streaming else reply.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return f"{reply.headers}{content.decode(errors='replace')}".casefold()


def told(reply: HttpResponse, words: tuple[str, ...] = WAYS + AGREED) -> list[str]:
    text = text_of(reply)
    return [word for word in words if word in text]


@pytest.mark.slow
def test_no_page_says_how_to_reach_somebody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    people, found, walked = others(world), [], set()
    for member, client in members(world).items():
        about = people if member is world.riverside.caseworker else []
        for route in ours():
            for path in paths(world, route, about):
                for query in QUERIES.get(route.name, (KEY,)):
                    reply = client.get(f"{path}?{query}", follow=True)
                    if reply.status_code == 200:
                        walked.add(route.name)
                    if words := told(reply):
                        found.append((member.role, path, query, words))
    assert {"referral", "duty_to_notify", "person", "contact", "export", "notices"} <= walked
    assert found == []
    lines = [record.getMessage().casefold() for record in caplog.records]
    assert [line for line in lines if any(word in line for word in WAYS + AGREED)] == []
    assert mail.outbox == []


@pytest.mark.slow
def test_no_form_that_is_sent_says_it_either(world: World) -> None:
    """Each form as it stands, the export's file too. On asking, the guard stands before it."""
    found, files, sent_by = [], [], members(world)
    for route in ours():
        if route.is_the_librarys:
            continue
        member = who_sends(world, route)
        for path in route.paths(world.rows):
            with transaction.atomic():
                fields = FormOnPage(sent_by[member].get(f"{path}?{KEY}", follow=True)).fields
                for more in FILES.get(route.name, ({},)):
                    reply = sent_by[member].post(path, fields | more, follow=True)
                    files += [path] if "Content-Disposition" in reply.headers else []
                    words = told(reply, WAYS if route.name == "person" else WAYS + AGREED)
                    if words:
                        found.append((member.role, path, words))
                transaction.set_rollback(True)
    assert found == []
    assert files.count("/referrals/export/") == 2


def who_sends(world: World, route: Route) -> Membership:
    """The caseworker where they may."""
    for member in (world.riverside.caseworker, world.riverside.manager):
        if route.access is Access.SIGNED_IN or member.can(route.access):
            return member
    return world.lead


def test_in_danger_it_is_all_told_to_whoever_asks(world: World) -> None:
    """So the walk would have found it."""
    client = world.client(world.riverside.caseworker)
    reply = client.post(f"/referrals/{world.referral.reference}/person/", {"reason": "danger"})
    assert told(reply) == [*WAYS, *AGREED]


def test_the_shell_says_it_nowhere(
    world: World, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    commands = [name for name, app in get_commands().items() if app in (*APPS, "nrm_tracker")]
    unknown = set(commands) - set(SHELL)
    assert not unknown, f"Say in SHELL with what these are called: {sorted(unknown)}"
    settings.NRM_DEMONSTRATION = False  # type: ignore[attr-defined]
    said = []
    for name, arguments in SHELL.items():
        try:
            call_command(name, *(str(a).format(**world.rows) for a in arguments))
        except CommandError as refused:
            said.append(str(refused))
    output = capsys.readouterr()
    text = "".join((*said, output.out, output.err)).casefold()
    assert world.referral.reference.casefold() in text
    assert [word for word in WAYS + AGREED if word in text] == []
