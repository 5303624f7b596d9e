"""Tables on a telephone: what is to be pressed in a row lies in sight, and a row stays a row."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from referrals.actions import make_task
from tests.factories import Acting, happening, organisation, referral
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
WORD = "Ring" + "x" * 180


def roles_of(person: Person) -> set[str]:
    """What assistive technology is told that the page is made of."""
    tree = person.context.new_cdp_session(person.page).send("Accessibility.getFullAXTree")
    return {node["role"]["value"] for node in tree["nodes"] if not node["ignored"]}


def test_every_button_of_a_table_is_in_sight(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime
) -> None:
    # Given somebody who waits too long, with a task that is one long word
    contact = now - timedelta(days=40)
    heron = referral(riverside, contact=contact, now=now)
    safe = [happening("immediate_safety_checked", contact)]
    referral(riverside, contact=contact, now=now, pseudonym="Larch", events=safe)
    with riverside.context():
        make_task(
            referral=heron,
            words=WORD,
            due_on=london_date(now),
            caseworker=riverside.caseworker.user_id,
            by=riverside.caseworker,
            now=contact,
        )

    # When a caseworker and a manager read their tables, on a telephone
    ash = arrive(riverside.caseworker, width="narrow")
    for path in ("/today/", "/referrals/", f"/referrals/{heron.reference}/approaches/"):
        ash.opens(path)
        ash.looks(f"stacked-{path.strip('/').rpartition('/')[2]}")
        assert {"table", "row", "rowheader", "cell", "columnheader"} <= roles_of(ash)
    bay = arrive(riverside.manager, width="narrow")
    bay.opens("/delays/")
    bay.looks("stacked-delays")


def test_a_name_of_one_long_word_widens_no_page(
    arrive: Arrive, riverside: Acting, now: datetime
) -> None:
    long = f"{'Unterstützungsverwaltungsgemeinschaft' * 2} (fictitious)"
    organisation(long, "long")
    one = referral(
        riverside, contact=now - timedelta(days=61), pseudonym="W" * 40, own_reference="A" * 60
    )
    ash = arrive(riverside.caseworker, width="narrow")
    for name in ("", "home-office/", "consent/"):
        ash.opens(f"/referrals/{one.reference}/{name}")
        ash.looks(f"long-word-{name.strip('/') or 'referral'}")
    ash.opens("/organisations/long/")
    ash.looks("long-word-organisation")
