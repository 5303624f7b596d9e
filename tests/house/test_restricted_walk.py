"""A restricted referral, asked for by everybody of the organisation who is not named.

Every route is walked with both walls, and with the first alone: so that a page which forgets it is
found, though the database would still have hidden the row.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from nrm_tracker.access import Access
from nrm_tracker.calendars import london_date
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions import restrict_referral
from referrals.models import Appointment, Delay, Note, Referral, TakenUp, Task, WaitEvent
from tests.conftest import Lasting
from tests.house.routes import Route, routes
from tests.house.test_guard import text_of
from tests.house.world import (
    OWN_REFERENCE,
    PSEUDONYM,
    STORY,
    WALLS,
    FormOnPage,
    World,
    behind,
    build,
    in_letters,
    seen,
)
from tests.support import gave_a_code

pytestmark = pytest.mark.django_db
KEY = "key=6f1c2a52-7a0f-4a55-9f0a-0d8f3ab1c9de"
# Where one may learn that it exists, and open it in an emergency: tests/referrals/test_restricting.
KNOWN_OF = {"restricted", "emergency", "end_emergency", "member_end"}
ROWS = ("reference", "event", "delay", "note", "task", "appointment")
ABOUT = (WaitEvent, Delay, Note, Task, Appointment, TakenUp)


@pytest.fixture(scope="module")
def world(walls: str, lasting: Lasting) -> Iterator[World]:
    with lasting(behind(walls, named_to_ash)) as made:
        yield made


def named_to_ash() -> World:
    """Riverside's referral with everything on it, of a list that was imported."""
    made = build(now=timezone.now())
    acting = made.riverside
    with acting.context():
        Referral.objects.filter(pk=made.referral.pk).update(imported_by=made.rows["run"])
        restrict_referral(
            referral=made.referral,
            why="knows",
            named=[acting.caseworker.user_id],
            by=acting.caseworker,
            now=timezone.now(),
        )
        made.referral.refresh_from_db()
    return made


def not_named(world: World) -> dict[Membership, Client]:
    """The manager, who covers for Ash, and the lead."""
    found = {}
    for member in (world.riverside.manager, world.lead):
        found[member] = world.client(member)
        gave_a_code(found[member], member.user, ago=timedelta(seconds=5))
    return found


def walked() -> Iterator[Route]:
    for route in routes():
        if route.is_the_librarys or route.name in KNOWN_OF:
            continue
        if isinstance(route.access, Permission) or route.access is Access.SIGNED_IN:
            yield route


def told(world: World, reply: HttpResponse, path: str) -> list[str]:
    """What of it stands in an answer, beside what was asked with."""
    text = text_of(reply) if "Content-Disposition" in reply.headers else seen(reply, path=path)[1]
    words = (PSEUDONYM, STORY, OWN_REFERENCE, world.referral.reference)
    return [word for word in words if escape(word).casefold() in str(text).casefold()]


def as_it_stands(world: World) -> list[object]:
    """The referral and what hangs on it, as the one who is named sees it."""
    with world.riverside.context():
        about = {"referral": world.referral.pk}
        own = Referral.objects.filter(pk=world.referral.pk)
        rows = [own, *(model.objects.filter(**about).order_by("pk") for model in ABOUT)]
        return [[in_letters(row) for row in each.values_list()] for each in rows]


@pytest.mark.slow
@WALLS
def test_nobody_else_sees_or_changes_anything_of_it(world: World) -> None:
    ash, before = world.client(world.riverside.caseworker), as_it_stands(world)
    found: list[object] = []
    for member, client in not_named(world).items():
        for route in walked():
            for path in route.paths(world.rows):
                address = f"{path}?{KEY}"
                fields = FormOnPage(ash.get(address)).fields
                for reply in (client.get(address), client.post(address, fields, follow=True)):
                    words = told(world, reply, address)
                    if words or reply.status_code >= 500:
                        found.append((member.role, path, reply.status_code, words))
                    if set(route.owned) & set(ROWS) and reply.status_code in {200, 302}:
                        found.append((member.role, path, reply.status_code, "is let in"))
    assert found == []
    assert as_it_stands(world) == before


@WALLS
def test_no_search_list_or_file_has_it(world: World) -> None:
    words, reference = (PSEUDONYM, OWN_REFERENCE), world.referral.reference
    queries = [f"/referrals/?q={word}" for word in (*words, reference)]
    queries += ["/delays/", "/delays/?closed=on", "/today/", "/tasks/", "/notices/", "/members/"]
    for member, client in not_named(world).items():
        for address in queries:
            assert told_but_asked(world, client.get(address), address) == [], (member, address)
        for kind in ("csv", "xlsx"):
            reply = client.post("/referrals/export/", {"kind": kind})
            assert "attachment" in reply.headers["Content-Disposition"]
            assert told(world, reply, "") == []
    ash = world.client(world.riverside.caseworker)
    assert PSEUDONYM in ash.get(f"/referrals/?q={reference}").text


def told_but_asked(world: World, reply: HttpResponse, address: str) -> list[str]:
    return [word for word in told(world, reply, address) if word not in address]


@WALLS
def test_nothing_is_done_with_many_of_which_it_is_one(world: World) -> None:
    before, now = as_it_stands(world), timezone.now()
    chosen = f"{world.referral.reference}:{world.referral.version}"
    for member, client in not_named(world).items():
        address = f"{reverse('chosen')}?chosen={chosen}&key={uuid4()}"
        page = client.get(address)
        assert told(world, page, address) in ([], [world.referral.reference])
        for do in ("contact", "share_out"):
            sent = {"do": do, "caseworker": member.user_id, "versions": chosen, "key": uuid4()}
            sent["confirmed"] = "on"
            reply = client.post(address, sent | {"acting_for": member.organisation_id})
            assert reply.status_code == 200, (member, do)
    assert as_it_stands(world) == before
    assert taken_up(world, world.riverside.manager, now=now) == 0
    assert as_it_stands(world) == before
    assert taken_up(world, world.riverside.caseworker, now=now) > 0
    assert as_it_stands(world) != before


def taken_up(world: World, member: Membership, *, now: datetime) -> int:
    """How many delays the form of the list takes up."""
    soon = london_date(now) + timedelta(days=7)
    sent = {"reason": TakenUp.Reason.OTHER, "doing": "Asked", "key": str(uuid4())}
    boxes = {"review_on_0": soon.day, "review_on_1": soon.month, "review_on_2": soon.year}
    reply = world.client(member).post(
        reverse("take_up_imported", args=[world.rows["run"]]),
        {**sent, **boxes, "acting_for": member.organisation_id},
    )
    assert reply.status_code == 302
    with world.riverside.context():
        return TakenUp.objects.filter(referral=world.referral.pk, at__gte=now).count()
