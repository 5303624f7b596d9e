"""An organisation pauses, is seen to be paused, opens again, and stands first."""

from datetime import datetime, timedelta

import pytest

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import day_in_words
from referrals.models import SafeContact
from tests import factories
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
MODES = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
LONG = "Ein sehr langer Name, der auf keinem Telefon in eine Zeile passt (fictitious)"
RIGHT_TO_LEFT = "בית המחסה (fictitious)"


@MODES
def test_who_is_paused_is_not_asked_and_who_opens_again_stands_first(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    scripts: bool,
    width: str,
) -> None:
    # Given somebody who waits, who agreed to sharing, and other organisations
    contact, today = now - timedelta(days=9), london_date(now)
    for number, name in enumerate((LONG, RIGHT_TO_LEFT)):
        factories.organisation(name, f"other-{number}", takes=name, telephone="01632 960123")
    agreed = happening("consent_recorded", contact, consent_type="sharing")
    heron = referral(riverside, contact=contact, events=[agreed], now=now, pseudonym="Heron")
    with riverside.context():
        SafeContact.objects.create(
            referral=heron,
            agreed_at=contact,
            recorded_at=contact,
            recorded_by=riverside.organisation,
            interpreter="Tigrinya",
            version=1,
        )
    ask = f"/referrals/{heron.reference}/hand-over/"

    # When a manager comes, they are reminded, and say that their organisation is paused
    bay = arrive(northgate.manager, scripts=scripts, width=width)
    bay.opens("/delays/")
    bay.sees("Other organisations do not know how much room you have.")
    bay.looks("capacity-reminder")
    bay.follows("Say how much room you have")
    bay.looks("capacity-empty")
    bay.presses("Save")
    bay.is_told_of_mistakes()
    bay.looks("capacity-mistake")
    bay.chooses("How much room do you have?", "Paused: you take nobody new for now")
    bay.chooses("Why is there less room?", "Too few staff")
    bay.dates("When do you expect it to end?", today + timedelta(days=12))
    bay.types("A few words on why", "Two posts are vacant")
    bay.presses("Save")
    bay.sees("Saved. Other organisations see it at once.", "Two posts are vacant")
    bay.looks("capacity-paused")

    # Then a caseworker elsewhere sees it among those who cannot be asked, with the reason
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens(ask)
    ash.page.get_by_text("Who cannot be asked here, and why (1)").click()
    ash.sees("Paused since")
    ash.does_not_see("Bay Manager")
    ash.looks("capacity-excluded")

    # When the manager opens again and says when the next appointment is free
    bay.opens("/our-organisation/capacity/")
    bay.chooses("How much room do you have?", "Open: you take people who ask")
    bay.dates("When is the next free appointment?", today + timedelta(days=2))
    line = bay.page.get_by_role("group", name="Line 1")
    line.get_by_label("Interviews").fill("2")
    line.get_by_label("Language").fill("Tigrinya")
    bay.presses("Save")
    bay.sees("2 a week: adults, in Tigrinya")
    bay.looks("capacity-open")
    bay.actions = 0
    bay.presses("Nothing has changed")
    bay.sees("Saved. Other organisations see it at once.")
    assert bay.actions == 1
    bay.follows("What was said before, and what came of it")
    bay.sees("Nothing had changed", "Too few staff")
    bay.looks("capacity-history")

    # Then it stands first of three, and says why
    ash.opens(ask)
    first = ash.page.get_by_role("checkbox").first
    assert ash.page.get_by_label("Northgate Trust (fictitious)").get_attribute("id") == (
        first.get_attribute("id")
    )
    free = day_in_words(today + timedelta(days=2), today=today)
    ash.sees(f"Next free appointment {free}.", "Speaks Tigrinya.")
    ash.looks("capacity-ranked")

    # And a second look, for this look only, leaves the address as it was
    ash.page.get_by_text("Say more of whom you look for, for this look only").click()
    ash.picks("Woman or man", "Men and boys")
    ash.presses("Look again")
    ash.sees("Not known whether it takes men and boys.")
    ash.looks("capacity-second-look")
    assert "men" not in ash.page.url

    # And whoever has no account reads the state and its date
    ash.opens("/organisations/northgate/")
    ash.sees_heading("How much room it has")
    ash.looks("capacity-on-the-register")
    ash.opens("/first-responders/northgate/")
    ash.sees("Open: they take people who ask, since")
    ash.does_not_see("Tigrinya")
    ash.looks("capacity-public")
