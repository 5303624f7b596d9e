"""Nobody tries a tool without their own list: five hundred rows, their own headings, mistakes."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from nrm_tracker.calendars import london_date
from referrals import importing
from referrals.models import ImportRun, Referral, TakenUp
from tests.factories import Acting
from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
PEOPLE = 250


TO_MEND = {  # by sheet and column: of which person (the rows begin after the heading), and what
    ("Referrals", "own_reference"): (12, "2026-011"),
    ("Referrals", "age_group"): (7, "grown up"),
    ("Referrals", "nation"): (10, "atlantis"),
    ("Wait events", "event"): (18, "first telephone"),
    ("Wait events", "happened_at"): (20, "last spring"),
}
FAULTS = {  # where each is found, and what to do
    "Referrals, row 9, age_group": "“grown up” is not known.",
    "Referrals, row 12, nation": "“atlantis” is not known.",
    "Referrals, row 14, own_reference": "This reference is in row 13 too. Each is used once.",
    "Wait events, row 14, own_reference": "This reference is not in Referrals.",
    "Wait events, row 20, event": "“first telephone” is not known.",
    "Wait events, row 22, happened_at": "“last spring” is not a date and time.",
}


def workbook(*, now: datetime, mistakes: bool = False) -> bytes:
    """Two hundred and fifty people, the first of whom has waited for eighty days."""
    wrong = {(sheet, who): (column, text) for (sheet, column), (who, text) in TO_MEND.items()}

    def row(sheet: str, number: int, cells: dict[str, object]) -> list[object]:
        if mistakes and (sheet, number) in wrong:
            column, text = wrong[sheet, number]
            cells[column] = text
        return list(cells.values())

    book = Workbook()
    people = book.active
    people.title = "Referrals"
    people.append(["Case number", "Name we use", "Adult or child", "Country", "Risks", "Real name"])
    happened = book.create_sheet("Wait events")
    happened.append(["Ref", "What happened", "When"])
    for number in range(PEOPLE):
        own, first = f"2026-{number:03}", number == 0
        person = {
            "own_reference": own,
            "pseudonym": "Skylark" if first else f"Word {number}",
            "age_group": "not_sure" if number == 7 else "adult",
            "nation": "england",
            "risks": "",
            "name": "Quillfeather",
        }
        people.append(row("Referrals", number, person))
        contact = {
            "own_reference": own,
            "event": "initial_contact",
            "happened_at": london_date(now) - timedelta(80 if first else 1),
        }
        happened.append(row("Wait events", number, contact))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def brings(person: Person, content: bytes) -> None:
    person.opens("/referrals/import/")
    chosen = {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    person.page.locator("input[type=file]").first.set_input_files(chosen)
    person.presses("Look through it")


@pytest.mark.parametrize(("scripts", "width"), [(True, "wide"), (False, "narrow")])
def test_a_list_of_five_hundred_rows_is_matched_mended_imported_taken_up(
    arrive: Arrive, riverside: Acting, now: datetime, scripts: bool, width: str
) -> None:
    # Given a list with headings of its own, a column of real names, and mistakes in both sheets
    ash = arrive(riverside.caseworker, scripts=scripts, width=width)
    ash.words += ["Skylark", "Quillfeather"]
    ash.opens("/referrals/import/")
    ash.looks("import")
    brings(ash, workbook(now=now, mistakes=True))

    # When its columns are matched, then every mistake is named by sheet, row and column
    ash.sees_heading("Which column is which?")
    ash.looks("import-match")
    ash.presses("Look through it like this")
    ash.sees_heading("6 things to mend; nothing was imported")
    for where, what in FAULTS.items():
        fault = ash.page.get_by_role("row").filter(has_text=what)
        assert fault.get_by_role("rowheader").inner_text() == where
    ash.looks("import-fault")

    # When they are mended, it can be looked through, imported, and followed
    brings(ash, workbook(now=now))
    ash.presses("Look through it like this")
    ash.sees_heading("Nothing needs mending")
    ash.sees("250 new referrals, 250 new events")
    ash.looks("import-looked-through")
    ash.presses("Import it")
    ash.sees_heading("The list is being imported")
    ash.looks("import-waiting")
    with riverside.context():
        assert Referral.objects.count() == 0
    importing.run_imports(now=datetime.now(UTC))
    ash.follows("See how far it is")
    ash.sees("250 new referrals")
    ash.looks("import-done")
    with riverside.context():
        assert sorted(ImportRun.objects.values_list("done", flat=True)) == [0, PEOPLE]

    # Then it is undone, brought again, and what it brought late is taken up in one go
    ash.presses("Undo this import")
    ash.sees("Removed.")
    ash.looks("import-undone")
    brings(ash, workbook(now=now))
    ash.presses("Look through it like this")
    ash.presses("Import it")
    importing.run_imports(now=datetime.now(UTC))
    ash.follows("See how far it is")
    ash.follows("Take all of them up")
    ash.looks("import-take-up")
    ash.chooses("Why do they take so long?", "An organisation has no capacity")
    ash.types("What is being done?", "Two more organisations are asked this week")
    ash.dates("When will you look again?", london_date(now) + timedelta(days=7))
    ash.presses("Take all of them up")
    ash.sees("taken up.")
    with riverside.context():
        assert TakenUp.objects.exists()
    ash.opens("/referrals/")
    ash.sees("Skylark")
    ash.looks("worklist")
