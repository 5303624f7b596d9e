"""What is printed: a summary of one referral, and the sheet for when there is no computer."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from referrals.actions import record_identity
from referrals.identity import Identity
from tests import factories
from tests.browser import SHOTS
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
NAME = "Invented Adaeze عدائزة"


def printed(page: Page, name: str) -> int:
    """How many pages of A4 it makes; kept beside the pictures."""
    page.emulate_media(media="print")
    made = page.pdf(prefer_css_page_size=True, print_background=False)
    if SHOTS:
        (Path(SHOTS) / f"{name}.pdf").write_bytes(made)
    return made.count(b"/Type /Page") - made.count(b"/Type /Pages")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_summary_is_printed_and_says_who_it_is_only_when_asked(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given somebody with a long wait, whose name is recorded
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate").organisation
    asked = [
        happening(code, now - timedelta(days=days), organisation=northgate)
        for days in range(10, 60, 4)
        for code in ("fro_approached", "fro_declined_capacity")
    ]
    contact = now - timedelta(days=84)
    heron = referral(riverside, contact=contact, now=now, events=asked)
    with riverside.context():
        record_identity(
            referral=heron,
            identity=Identity(given_names=NAME, family_name="Quillfeather"),
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=now,
        )
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Heron", "Quillfeather"]

    # When the summary is opened
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Print a summary")
    ash.sees("OFFICIAL-SENSITIVE", "Printed by", "What is left out, and why")
    ash.does_not_see("Quillfeather")
    ash.looks("summary")

    # Then it is a page or two, without the frame around it
    ash.page.emulate_media(media="print")
    expect(ash.page.get_by_role("button", name="Leave this site")).to_be_hidden()
    expect(ash.page.get_by_text("Print it from your browser")).to_be_hidden()
    if scripts:
        assert printed(ash.page, "summary") <= 2
    ash.page.emulate_media(media="screen")

    # And who it is stands on it only when that is asked for
    ash.page.get_by_text("Does the paper have to say who they are?").click()
    ash.presses("Put who they are on it")
    ash.sees("Quillfeather", NAME)
    ash.looks("summary-named")
    if scripts:
        assert printed(ash.page, "summary-named") <= 2


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_sheet_is_printed_and_typed_in_two_days_later(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.opens("/referrals/new/")
    ash.follows("print blank sheets")
    ash.sees("A new referral, on paper", "shred the sheet")
    ash.looks("blank-sheet")
    ash.page.emulate_media(media="print")
    if scripts:
        assert printed(ash.page, "blank-sheet") <= 2
    ash.page.emulate_media(media="screen")
    ash.follows("Type in a sheet that was filled in")
    ash.chooses("Are they under 18?", "No")
    ash.chooses("Where are they?", "England")
    ash.presses("Save the referral")
    ash.is_told_of_mistakes()
    ash.sees("Enter when the call was")
    ash.looks("from-paper-mistake")
    ash.dates("When was the call?", now - timedelta(days=2))
    ash.presses("Save the referral")
    ash.sees("Saved.", "Write the reference on the sheet, then shred it.")
    ash.looks("from-paper-saved")
    ash.follows("See the referral")
    ash.sees("Asked for help")
