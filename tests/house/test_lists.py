"""Every list and every page of a referral is shown from the truth: a dead sweep hides nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.roles import Permission
from referrals.models import Referral
from tests import factories
from tests.house.routes import OWNED, routes
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
# Pages that name a referral and say nothing of what is late: what to do next, forms, the inbox.
SAYS_NOTHING_OF_LATENESS = {
    "approaches",
    "appointment_new",
    "caseworker",
    "contact",
    "home_office_reference",
    "intake",
    "intake_page",
    "looked",
    "notes",
    "task_about",
    "person",
    "person_record",
    "word",
    "already_happened",
    "close",
    "correct",
    "notices",
    "read_notice",
    "readiness",
    "readiness_print",
    "readiness_section",
    "submitted",
    "record",
    "record_door",
    "referral_new",
    "referral_opened",
    "reopen",
    "take_up",
}


def test_pages_that_show_a_referral_assess_it_first(riverside: factories.Acting) -> None:
    """Nobody swept: its limits passed unnoticed, anew before each page."""
    contact = timezone.now() - timedelta(days=40)
    hidden = factories.referral(riverside, contact=contact, now=contact + timedelta(minutes=5))
    client = signed_in_client(riverside.manager.user)
    showing, stale = set(), set()
    for name, path in addresses_about(hidden):
        with riverside.context():
            Referral.objects.update(next_deadline_at=contact)
        page = client.get(path)
        if page.status_code == 200 and hidden.reference.encode() in page.content:
            showing.add(name)
            with riverside.context():
                if Referral.objects.due(timezone.now()).exists():
                    stale.add(name)
    assert {"today", "referrals", "referral", "delays"} <= showing
    assert stale - SAYS_NOTHING_OF_LATENESS == set()


def addresses_about(referral: Referral) -> list[tuple[str, str]]:
    """The pages within an organisation that need no other row than this one."""
    rows = OWNED | {"reference": referral.reference}
    return [
        (route.name, path)
        for route in routes()
        if isinstance(route.access, Permission) and set(route.owned) <= {"reference"}
        for path in route.paths(rows)
    ]
