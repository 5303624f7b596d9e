"""Nobody tries a tool without their own list."""

from datetime import datetime, timedelta

import pytest

from referrals.models import Referral
from tests.factories import Acting
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
REFERRALS = """own_reference,pseudonym,age_group,nation,risk_flags
2026-014,Skylark,adult,england,destitute
2026-015,Hazelwood,{age},scotland,
"""
EVENTS = """own_reference,event,happened_at
2026-014,initial_contact,{long_ago}
2026-015,initial_contact,{yesterday}
"""


def sends(person: Person, what: str, *, now: datetime, age: str) -> None:
    days = {"long_ago": now - timedelta(days=80), "yesterday": now - timedelta(days=1)}
    events = EVENTS.format(**{name: f"{day:%Y-%m-%dT09:00}" for name, day in days.items()})
    files = {"REFERRALS.csv": REFERRALS.format(age=age), "WAIT_EVENTS.csv": events}
    for name, text in files.items():
        chosen = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        person.page.locator("input[type=file]").nth(list(files).index(name)).set_input_files(chosen)
    person.chooses("What should happen?", what)
    person.presses("Continue")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_caseworker_mends_a_list_and_imports_it(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a list with one cell that cannot be read
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Skylark", "Hazelwood"]
    ash.opens("/referrals/import/")
    ash.looks("import")

    # When it is imported, then it is named by row and column, and nothing is written
    sends(ash, "Import them, if nothing needs mending", now=now, age="grown up")
    fault = ash.page.get_by_role("row").filter(has_text="“grown up” is not known.")
    assert fault.get_by_role("rowheader").inner_text() == "REFERRALS.csv, row 3, age_group"
    ash.looks("import-fault")
    with riverside.context():
        assert Referral.objects.count() == 0

    # When it is mended, it can be checked first and then imported
    sends(ash, "Check the files, and write nothing", now=now, age="not_sure")
    ash.sees("Nothing needs mending")
    ash.looks("import-checked")
    sends(ash, "Import them, if nothing needs mending", now=now, age="not_sure")
    ash.sees("2 new referrals")
    ash.looks("import-done")

    # Then both are on the list, the one of eighty days first, and delayed
    ash.opens("/referrals/")
    ash.sees("Skylark", "Hazelwood")
    ash.looks("worklist")
    rows = ash.page.get_by_role("row").filter(has=ash.page.get_by_role("rowheader"))
    assert ["Skylark" in row for row in rows.all_inner_texts()] == [True, False]
    with riverside.context():
        skylark = Referral.objects.get(own_reference="2026-014")
        assert skylark.delays.exists()
