"""A manager reads how long people wait, narrows it, follows a bar to its list, and takes it out."""

import time
from datetime import datetime, timedelta

import pytest

from accounts.demonstration import PERIOD, code_at, totp_secret_for
from tests.browser import shoot
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive
from tests.journeys.test_taking_a_list_out import codes_were_given_a_while_ago

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
WORDS = ("Heron", "Linden", "Wren", "Elm", "Ash")


def people(acting: Acting, other: Acting, now: datetime) -> None:
    """Of two nations: some who entered, some who wait, one who left."""
    for n, word in enumerate(WORDS * 3):
        start = now - (12 + 17 * n) * DAY
        events = [happening("immediate_safety_checked", start + DAY)]
        if n % 3:
            asked = happening("fro_approached", start + 2 * DAY, organisation=other.organisation)
            full = happening(
                ("fro_declined_capacity", "fro_waitlisted")[n % 2],
                start + 5 * DAY,
                organisation=other.organisation,
            )
            events += [asked, full]
        if n % 4 == 2:
            events.append(happening("pause_started", start + 6 * DAY, outcome="survivor_asked"))
            events.append(happening("pause_ended", start + 11 * DAY))
        if n % 2 or n % 4 == 0:
            consented = happening("consent_recorded", start + 3 * DAY)
            offered = happening("appointment_offered", start + (5 + n) * DAY)
            events += [consented, offered]
            sent = start + (9 + n) * DAY
            organisation = acting.organisation
            events.append(happening("referral_submitted", sent, submitted_by=organisation))
        elif n == 6:
            events.append(happening("closed", start + 40 * DAY, outcome="out_of_contact"))
        nation = "scotland" if n % 5 == 0 else "england"
        referral(
            acting,
            contact=start,
            events=[each for each in events if each.happened_at < now],
            now=now,
            pseudonym=word,
            nation=nation,
        )


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_manager_reads_follows_and_exports_figures(
    arrive: Arrive, riverside: Acting, northgate: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given people who asked for help in the last year, and somebody else's
    people(riverside, northgate, now)
    referral(northgate, contact=now - 90 * DAY, now=now, pseudonym="Stoat")
    bay = arrive(riverside.manager, scripts=scripts, width=width)
    bay.words += [*WORDS, "Stoat"]

    # When the manager goes on from the dashboard
    bay.opens("/delays/")
    bay.follows("Figures: how long people wait, and what for")
    bay.sees_heading("How long people wait")
    bay.sees("Half of the 15 people who asked for help from ")
    bay.looks("figures")
    bay.page.emulate_media(media="print")
    shoot(bay.page, f"figures-on-paper-{width}")
    bay.page.emulate_media(media="screen")
    bay.follows("What for")
    bay.sees_heading("What people wait for")
    bay.looks("figures-why")
    bay.page.emulate_media(media="print")
    shoot(bay.page, f"figures-why-on-paper-{width}")
    bay.page.emulate_media(media="screen")

    # And narrows it to one nation
    bay.page.locator("summary").filter(has_text="Show only").click()
    bay.picks("Nation", "England")
    bay.presses("Show")
    bay.sees("Nation", "England")
    bay.follows("How long")
    bay.sees("Half of the 12 people who asked for help from ")

    # Then a bar leads to the list that makes it
    bay.follows("85 days or more")
    assert "counted=aged-85" in bay.page.url
    bay.sees("waiting for 85 days or more")
    bay.looks("figures-list")
    bay.page.go_back()

    # And the figures are taken out for somebody else, after a code
    codes_were_given_a_while_ago()
    bay.follows("Export these figures")
    time.sleep(PERIOD - time.time() % PERIOD)  # a code works once
    bay.types("Code", code_at(totp_secret_for(bay.user.email), unix_time=time.time()))
    bay.presses("Confirm")
    bay.sees_heading("Export these figures")
    bay.looks("figures-export")
    bay.chooses("As what?", "CSV file")
    with bay.page.expect_download() as download:
        bay.page.get_by_role("button", name="Export it").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "England" in text.splitlines()[2]
    assert "not shown" in text
    assert not any(word in text for word in (*WORDS, "Stoat"))

    # And what cannot be asked is said
    bay.opens("/figures/?asked_since=2026-05&asked_until=2026-04")
    bay.is_told_of_mistakes()
    bay.looks("figures-error")


def test_nobody_to_count(arrive: Arrive, riverside: Acting, now: datetime) -> None:
    bay = arrive(riverside.manager, width="narrow")
    bay.opens("/figures/")
    bay.sees("Nobody asked for help from ")
    bay.looks("figures-empty")
    bay.opens("/figures/why/")
    bay.looks("figures-why-empty")
