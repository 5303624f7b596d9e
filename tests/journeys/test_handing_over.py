"""One organisation asks another to take a referral: declined by one, accepted by the next."""

from datetime import datetime, timedelta

import pytest

from referrals.actions import ask_to_take, deliver_notices, sweep
from referrals.models import SafeContact
from tests import factories
from tests.factories import Acting, happening, referral
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
READ_ON = "Do they agree that you go on reading what happens, once it is handed over?"
MODES = pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])


@MODES
def test_a_referral_is_declined_by_one_and_accepted_by_another(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    scripts: bool,
    width: str,
) -> None:
    # Given somebody who waits, and two organisations that could take them
    contact = now - timedelta(days=9)
    thornfield = factories.organisation("Thornfield House (fictitious)", "thornfield")
    factories.organisation("Applicant (fictitious)", "applicant", designated=False)
    heron = referral(riverside, contact=contact, now=now, pseudonym="Heron")
    with riverside.context():
        SafeContact.objects.create(
            referral=heron,
            agreed_at=contact,
            recorded_at=contact,
            recorded_by=riverside.organisation,
            interpreter="Tigrinya",
            version=1,
        )
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words.append("Heron")

    # When the caseworker would ask before the person has agreed, the page says what to do
    ash.opens(f"/referrals/{heron.reference}/")
    ash.follows("Ask another organisation")
    ash.sees("Sharing was not agreed to")
    ash.looks("hand-over-no-consent")
    agreed = happening("consent_recorded", now, consent_type="sharing")
    factories.record(riverside, heron, agreed, now=now)

    # And then asks the first one
    ash.opens(f"/referrals/{heron.reference}/hand-over/")
    ash.presses("Ask them")
    ash.is_told_of_mistakes()
    ash.looks("hand-over-mistake")
    ash.page.get_by_text("Who cannot be asked here, and why (1)").click()
    ash.ticks("Northgate Trust (fictitious)")
    ash.presses("Ask them")
    ash.sees("Asked. Their answer appears here and on the timeline.")
    ash.looks("hand-over-asked")

    # Then that one sees the need and no more, and declines
    bay = arrive(northgate.caseworker, scripts=scripts, width=width)
    bay.opens("/today/")
    bay.sees("asks whether you take somebody")
    bay.looks("hand-over-today")
    bay.opens("/asked/")
    bay.looks("hand-over-inbox")
    bay.follows("Look and answer Riverside Support (fictitious), Adult in England")
    bay.does_not_see("Tigrinya")
    bay.looks("hand-over-request")
    bay.presses("Answer")
    bay.is_told_of_mistakes()
    bay.looks("hand-over-answer-mistake")
    bay.chooses("What do you answer?", "We are interested: show us the language")
    bay.presses("Answer")
    bay.sees("Interpreter needed: Tigrinya")
    bay.looks("hand-over-interested")
    bay.chooses("What do you answer?", "No, we have no room now")
    bay.presses("Answer")
    bay.sees("Declined. Nothing about the person stays here.")
    bay.does_not_see("Tigrinya")
    bay.does_not_see(heron.reference)

    # And the next one accepts, and goes on where the first stopped
    ash.opens(f"/referrals/{heron.reference}/hand-over/")
    ash.sees("Declined")
    ash.ticks("Thornfield House (fictitious)")
    ash.chooses(READ_ON, "Yes, for 28 days")
    ash.presses("Ask them")
    ash.looks("hand-over-asked-again")
    dale = arrive(thornfield.caseworker, scripts=scripts, width=width)
    dale.words.append("Heron")
    dale.opens("/asked/")
    dale.follows("Look and answer Riverside Support (fictitious), Adult in England")
    dale.chooses("What do you answer?", "Yes, we take the referral: you become its caseworker")
    dale.presses("Answer")
    dale.sees("The referral is yours, and you are its caseworker.", "Heron")
    dale.sees("The wait by who was responsible")
    dale.looks("hand-over-accepted")

    # While whoever asked sees it no longer
    ash.opens(f"/referrals/{heron.reference}/")
    ash.sees("Page not found")
    ash.opens("/asked/")
    ash.sees("it is theirs now")
    ash.looks("hand-over-handed-over")

    # But reads on, as the person agreed, until they agree no longer
    ash.follows(f"Read on about {heron.reference}")
    ash.sees("Waits to enter", "Referral handed over")
    ash.does_not_see("Heron")
    ash.looks("hand-over-read-on")
    dale.opens(f"/referrals/{heron.reference}/")
    dale.sees("reads on until")
    dale.looks("hand-over-read-on-about")
    dale.presses("End it: they no longer agree")
    dale.sees("Ended. Riverside Support (fictitious) reads on no longer.")
    ash.opens(ash.page.url)
    ash.sees("There is nothing to read")
    ash.looks("hand-over-read-on-ended")


@MODES
def test_who_was_rung_and_who_was_late_stand_where_others_are_asked(
    arrive: Arrive,
    riverside: Acting,
    northgate: Acting,
    now: datetime,
    scripts: bool,
    width: str,
) -> None:
    # Given somebody about whom one organisation was asked, and has not answered in time
    contact = now - timedelta(days=12)
    factories.organisation("Thornfield House (fictitious)", "thornfield")
    agreed = happening("consent_recorded", contact, consent_type="sharing")
    heron = referral(riverside, contact=contact, events=[agreed], now=now, pseudonym="Heron")
    with riverside.context():
        ask_to_take(
            referral=heron,
            organisations=[northgate.organisation],
            by=riverside.caseworker,
            now=now - timedelta(days=9),
        )
    sweep(now=now)
    deliver_notices(now=now)

    # Then both sides have a notice
    bay = arrive(northgate.manager, scripts=scripts, width=width)
    bay.opens("/notices/")
    bay.sees("Riverside Support (fictitious) asks whether you take somebody")
    bay.does_not_see(heron.reference)
    bay.looks("hand-over-notice-owed")
    ash = arrive(riverside.manager, scripts=scripts, width=width)
    ash.words.append("Heron")
    ash.opens("/notices/")
    ash.sees("Northgate Trust (fictitious) was asked to take them, and has not answered")
    ash.looks("hand-over-notice")

    # And whoever asked rings another one, which stands in the same list
    ash.opens(f"/referrals/{heron.reference}/hand-over/")
    ash.sees("It does not lapse by itself")
    ash.looks("hand-over-late")
    ash.page.get_by_label("An organisation that you rang").select_option(
        label="Thornfield House (fictitious)"
    )
    ash.presses("Record the call")
    ash.chooses("What did they answer?", "They have no capacity")
    ash.presses("Record what happened")
    ash.opens(f"/referrals/{heron.reference}/hand-over/")
    ash.sees("By telephone", "no capacity")
    ash.presses("No answer: take it back from Northgate Trust (fictitious)")
    ash.sees("Lapsed without an answer")
    ash.looks("hand-over-tried")
