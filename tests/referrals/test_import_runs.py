"""A list in the browser: brought, matched, looked through, imported, taken up, undone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ProgrammingError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.database import context, purpose
from organisations.models import Membership
from referrals import importing
from referrals.actions import (
    accept_hand_over,
    ask_to_take,
    deliver_notices,
    link_referrals,
    record_wait_events,
    restrict_referral,
    sweep,
)
from referrals.links import RELATIONS, said
from referrals.models import Delay, Escalation, ImportRun, Notice, Referral, TakenUp, WaitEvent
from tests.factories import Acting, acts, happening, record, referral
from tests.referrals.casework import caseworker, told
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PEOPLE = ("own_reference", "pseudonym", "age_group", "nation", "risk_flags")
HAPPENED = ("own_reference", "event", "happened_at")
SKYLARK = ("R1", "Skylark", "adult", "england", "")


def long_ago() -> str:
    return (datetime.now(UTC) - 40 * DAY).date().isoformat()


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def workbook(people: Sequence[Sequence[Any]], happened: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in (("Referrals", people), ("Wait events", happened)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def upload(client: Client, *files: bytes) -> HttpResponse:
    """To the page of the run, or back to the form with its errors."""
    sent: dict[str, Any] = {"acting_for": ""}
    for name, content in zip(("referrals", "events"), files, strict=False):
        sent[name] = BytesIO(content)
        sent[name].name = f"{name}.csv"
    return client.post(reverse("import"), sent, follow=True)


def the_list(*people: Sequence[str]) -> tuple[bytes, bytes]:
    rows = people or (SKYLARK,)
    happened = [(row[0], "initial_contact", long_ago()) for row in rows]
    return as_csv([PEOPLE, *rows]), as_csv([HAPPENED, *happened])


def run_of(page: HttpResponse) -> str:
    return str(page.request["PATH_INFO"])


def imported(client: Client, *files: bytes) -> str:
    """The address of the run, once it is imported."""
    url = run_of(upload(client, *(files or the_list())))
    client.post(url, {"do": "import"})
    importing.run_imports(now=datetime.now(UTC))
    return url


def stored(acting: Acting) -> list[str]:
    with acting.context():
        return list(Referral.objects.order_by("id").values_list("pseudonym", flat=True))


def state_of(acting: Acting) -> str:
    with acting.context():
        return ImportRun.objects.latest("uploaded_at").state


def test_a_list_is_looked_through_and_then_imported_in_the_background(
    riverside: Acting, northgate: Acting
) -> None:
    client = caseworker(riverside)
    page = upload(client, *the_list())
    assert "To import: 1 new referral, 1 new event." in page.text
    assert stored(riverside) == []
    client.post(run_of(page), {"do": "import"})
    waiting = client.get(run_of(page))
    assert "The list is being imported" in waiting.text
    assert waiting.headers["Refresh"] == "3; url=?refresh"
    assert stored(riverside) == []
    assert importing.run_imports(now=datetime.now(UTC)) == 1
    done = client.get(run_of(page)).text
    assert "Imported: 1 new referral, 1 new event." in done
    assert "1 of them" in done
    assert stored(riverside) == ["Skylark"]
    assert stored(northgate) == []
    with riverside.context():
        assert not Notice.objects.exists()


def test_what_was_imported_is_imported_once(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client)
    client.post(url, {"do": "import"})
    assert importing.run_imports(now=datetime.now(UTC)) == 0
    page = upload(client, *the_list()).text
    assert "1 referral here already" in page


def test_every_error_is_named_and_nothing_is_imported(riverside: Acting) -> None:
    people = [("R1", "<b>Heron</b>", "adlt", "england", ""), ("R2", "Linden", "adult", "wales", "")]
    happened = [("R1", "initial_contact", "<script>"), ("R2", "initial_contact", long_ago())]
    files = as_csv([PEOPLE, *people]), as_csv([HAPPENED, *happened])
    client = caseworker(riverside)
    page = upload(client, *files)
    assert "2 things to mend; nothing was imported" in page.text
    assert "<title>Error: " in page.text
    assert "REFERRALS.csv, row 2, age_group" in page.text
    assert "WAIT_EVENTS.csv, row 2, happened_at" in page.text
    assert "<script>”" not in page.text
    client.post(run_of(page), {"do": "import"})
    importing.run_imports(now=datetime.now(UTC))
    assert state_of(riverside) == "failed"
    assert stored(riverside) == []


def test_what_the_list_says_is_sealed_and_wiped(riverside: Acting) -> None:
    client = caseworker(riverside)
    upload(client, *the_list())
    with riverside.context(), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM referrals_importrun")
        content = bytes(cursor.fetchone()[0])
    assert b"Skylark" not in content
    imported(client)
    with riverside.context():
        assert ImportRun.objects.get(state="done").content is None
    importing.run_imports(now=datetime.now(UTC) + DAY)
    with riverside.context():
        assert not ImportRun.objects.filter(content__isnull=False).exists()


def test_a_list_is_given_up(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = run_of(upload(client, *the_list()))
    assert told(client.post(url, {"do": "give_up"})) == ["Given up. Nothing of the list is kept."]
    client.post(url, {"do": "import"})
    assert importing.run_imports(now=datetime.now(UTC)) == 0
    assert "Given up" in client.get(url).text


def test_who_may_no_longer_import_imports_nothing(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = run_of(upload(client, *the_list()))
    client.post(url, {"do": "import"})
    with purpose("nrm_register"):
        Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=datetime.now(UTC))
    importing.run_imports(now=datetime.now(UTC))
    assert stored(riverside) == []
    with acts(riverside.manager):
        assert "may not import lists here" in ImportRun.objects.get().outcome


def test_what_breaks_leaves_nothing_and_says_no_word_in_the_log(
    riverside: Acting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = caseworker(riverside)
    url = run_of(upload(client, *the_list()))
    client.post(url, {"do": "import"})

    def breaks(**_: object) -> None:
        raise RuntimeError("Skylark broke it")

    monkeypatch.setattr("referrals.importing.runs.import_referrals", breaks)
    importing.run_imports(now=datetime.now(UTC))
    assert "something broke" in client.get(url).text
    assert stored(riverside) == []
    assert "RuntimeError" in caplog.text
    assert "Skylark" not in caplog.text


def test_a_reference_of_a_restricted_referral_is_not_told(riverside: Acting) -> None:
    imported(caseworker(riverside))
    with riverside.context():
        restrict_referral(
            referral=Referral.objects.get(),
            why="asked",
            named=[riverside.caseworker.user_id],
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )
    manager = signed_in_client(riverside.manager.user)
    page = manager.get(imported(manager)).text
    assert "belongs to a referral that is restricted to others" in page


def test_who_was_handed_over_is_not_opened_again(riverside: Acting, northgate: Acting) -> None:
    """The list of whoever handed over goes on naming them; it may name others anew."""
    client, now = caseworker(riverside), datetime.now(UTC)
    imported(client)
    with riverside.context():
        mine = Referral.objects.get()
    agreed = happening("consent_recorded", now, consent_type="sharing")
    record(riverside, mine, agreed, now=now)
    with riverside.context():
        [row] = ask_to_take(
            referral=mine,
            organisations=[northgate.organisation],
            by=riverside.caseworker,
            now=now,
        )
    with northgate.context():
        accept_hand_over(hand_over=row, by=northgate.caseworker, now=now + timedelta(seconds=1))
    page = client.get(imported(client)).text
    day = london_date(now + timedelta(seconds=1))
    assert f"Not opened again: R1 was handed over on {day.day} {day:%B %Y}." in page
    imported(client, *the_list(SKYLARK, ("R2", "Wren", "adult", "england", "")))
    assert (stored(riverside), stored(northgate)) == (["Wren"], ["Skylark"])
    client = caseworker(northgate)  # whose own list may use the same number
    imported(client)
    assert stored(northgate) == ["Skylark", "Skylark"]


def handed_over(sender: Acting, receiver: Acting, *, at: datetime) -> None:
    """The only referral that the sender sees, taken a second later."""
    with sender.context():
        [row] = ask_to_take(
            referral=Referral.objects.get(),
            organisations=[receiver.organisation],
            by=sender.caseworker,
            now=at,
        )
    with receiver.context():
        accept_hand_over(hand_over=row, by=receiver.caseworker, now=at + timedelta(seconds=1))


def test_who_was_restricted_and_handed_over_is_not_opened_again_by_others(
    riverside: Acting, northgate: Acting
) -> None:
    """Whoever was not named here brings the list: it says a day, and not that it is restricted."""
    client, now = caseworker(riverside), datetime.now(UTC)
    imported(client)
    with riverside.context():
        mine, member = Referral.objects.get(), riverside.caseworker
    record(riverside, mine, happening("consent_recorded", now, consent_type="sharing"), now=now)
    with riverside.context():
        restrict_referral(referral=mine, why="asked", named=[member.user_id], by=member, now=now)
    handed_over(riverside, northgate, at=now)
    manager = signed_in_client(riverside.manager.user)
    url = imported(manager, *the_list(SKYLARK, ("R2", "Wren", "adult", "england", "")))
    day = london_date(now + timedelta(seconds=1))
    said = f"Not opened again: R1 was handed over on {day.day} {day:%B %Y}."
    assert said in manager.get(url).text
    assert stored(riverside) == ["Wren"]


def test_a_list_adds_to_a_referral_that_came_back(riverside: Acting, northgate: Acting) -> None:
    client, now = caseworker(riverside), datetime.now(UTC)
    imported(client)
    imported(caseworker(northgate), *the_list(("R1", "Theirs", "adult", "england", "")))
    with riverside.context():
        mine = Referral.objects.get()
    record(riverside, mine, happening("consent_recorded", now, consent_type="sharing"), now=now)
    handed_over(riverside, northgate, at=now)
    with northgate.context():
        [row] = ask_to_take(
            referral=Referral.objects.get(pk=mine.pk),
            organisations=[riverside.organisation],
            by=northgate.caseworker,
            now=now + timedelta(seconds=2),
        )
    with riverside.context():
        accept_hand_over(hand_over=row, by=riverside.caseworker, now=now + timedelta(seconds=3))
        assert Referral.objects.get().own_reference == "R1"
    people, happened = the_list()
    more = b"\nR1,fro_approached," + long_ago().encode()
    page = client.get(imported(client, people, happened + more)).text
    assert "1 referral here already with events added" in page
    assert "Not opened again" not in page
    assert stored(riverside) == ["Skylark"]


def test_a_reference_that_was_given_to_another_meanwhile_stays_with_that_one(
    riverside: Acting, northgate: Acting
) -> None:
    now = datetime.now(UTC)
    imported(caseworker(riverside))
    with riverside.context():
        mine = Referral.objects.get()
    record(riverside, mine, happening("consent_recorded", now, consent_type="sharing"), now=now)
    handed_over(riverside, northgate, at=now)
    referral(riverside, contact=now, own_reference="R1", pseudonym="Wren", now=now)
    handed_over(northgate, riverside, at=now + timedelta(seconds=2))
    with riverside.context():
        own = dict(Referral.objects.values_list("pseudonym", "own_reference"))
    assert own == {"Skylark": "", "Wren": "R1"}


# Columns of theirs


def test_columns_of_theirs_are_matched(riverside: Acting) -> None:
    client = caseworker(riverside)
    people = as_csv([("Case number", "Name we use", "Adult or child", "Country", "RISKS"), SKYLARK])
    happened = as_csv([("ref", "What happened", "When"), ("R1", "initial_contact", long_ago())])
    page = upload(client, people, happened)
    assert "Which column is which?" in page.text
    form = page.context["form"]
    assert [form[name].initial for name in form.fields] == [*PEOPLE, *HAPPENED]
    sent = {name: form[name].initial for name in form.fields}
    matched = client.post(run_of(page), sent, follow=True)
    assert "To import: 1 new referral, 1 new event." in matched.text


def test_a_column_is_left_out_and_matched_again(riverside: Acting) -> None:
    client = caseworker(riverside)
    people = as_csv([(*PEOPLE, "Real name"), (*SKYLARK, "Quillfeather")])
    page = upload(client, people, the_list()[1])
    form = page.context["form"]
    sent = {name: form[name].initial for name in form.fields}
    sent |= {"REFERRALS.csv-2": ""}  # the age group, by mistake
    wrong = client.post(run_of(page), sent, follow=True)
    assert "This column is missing" in wrong.text
    again = client.post(run_of(page), {"do": "match_again"}, follow=True)
    assert "Which column is which?" in again.text
    right = client.post(run_of(page), sent | {"REFERRALS.csv-2": "age_group"}, follow=True)
    assert "To import: 1 new referral" in right.text
    assert "Quillfeather" not in right.text


# Workbooks


def test_a_workbook_is_read_as_it_looks(riverside: Acting) -> None:
    at = datetime(2026, 4, 2, 16, 0)  # noqa: DTZ001  # as a spreadsheet has it
    book = workbook(
        [(*PEOPLE, "date_of_birth"), (2026014.0, "Skylark", "child", "england", None, at.date())],
        [HAPPENED, (2026014, "initial_contact", at), (2026014, "contact_made", at.date())],
    )
    client = caseworker(riverside)
    page = upload(client, book)
    assert "“2026-04-02” cannot be a date of birth" not in page.text
    client.post(run_of(page), {"do": "import"})
    importing.run_imports(now=datetime.now(UTC))
    with riverside.context():
        referral = Referral.objects.get()
        assert referral.own_reference == "2026014"
        events = WaitEvent.objects.order_by("code").values_list("code", "precision")
        assert list(events) == [("contact_made", "day"), ("initial_contact", "exact")]


def test_a_formula_is_text_and_is_never_worked_out(riverside: Acting) -> None:
    book = workbook([PEOPLE, ("R1", "=1+1", "adult", "england", "")], [HAPPENED])
    page = upload(caseworker(riverside), book)
    assert "This cell is empty" in page.text or "to mend" in page.text


def bomb() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", compression=8) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (301 * 1024 * 1024))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and nothing more", "This is not an Excel workbook"),
        (workbook([PEOPLE], [])[:-200], "This is not an Excel workbook"),
        (workbook([], []), "This sheet is empty"),
    ],
)
def test_a_hostile_workbook_gets_a_sentence(
    riverside: Acting, content: bytes, message: str
) -> None:
    assert message in upload(caseworker(riverside), content).text


def test_a_workbook_that_unpacks_without_end_is_refused(riverside: Acting) -> None:
    assert "This workbook is too large" in upload(caseworker(riverside), bomb()).text


def test_a_workbook_of_one_sheet_is_told_what_it_needs(riverside: Acting) -> None:
    book = Workbook()
    packed = BytesIO()
    book.save(packed)
    page = upload(caseworker(riverside), packed.getvalue()).text
    assert "This workbook needs two sheets" in page


@pytest.mark.parametrize("hostile", [b"", b"\x00" * 100, bytes(range(256)), b"a," * 500_000])
def test_a_hostile_file_gets_a_sentence(riverside: Acting, hostile: bytes) -> None:
    answer = upload(caseworker(riverside), hostile, hostile)
    assert answer.status_code == 200
    assert "to mend; nothing was imported" in answer.text or "Which column" in answer.text


def test_the_page_asks_for_what_is_missing(riverside: Acting) -> None:
    client = caseworker(riverside)
    assert "Choose the file with your list" in upload(client).text
    assert "Choose the file with what happened" in upload(client, the_list()[0]).text


def test_the_template_is_refused_until_its_example_is_replaced(riverside: Acting) -> None:
    client = caseworker(riverside)
    template = client.get(reverse("import_template"))
    page = upload(client, template.content)
    assert page.text.count("This row is the template’s example. Delete the whole row") == 2
    book = load_workbook(BytesIO(template.content))
    for sheet in ("referrals", "wait_events"):
        assert book[sheet]["A2"].value == "EXAMPLE-1"
        book[sheet]["A2"] = "RIV-1"
    edited = BytesIO()
    book.save(edited)
    assert "To import: 1 new referral" in upload(client, edited.getvalue()).text


def test_the_template_holds_all_codes(riverside: Acting) -> None:
    template = caseworker(riverside).get(reverse("import_template"))
    book = load_workbook(BytesIO(template.content))
    codes = {row[1].value for row in book["codes"].iter_rows()}
    assert {"initial_contact", "destitute", "not_sure", "waiting_list"} <= codes


def test_the_example_files_are_refused_until_they_are_ones_own(riverside: Acting) -> None:
    folder = Path(settings.BASE_DIR, "static", "import")
    lists = (folder / "referrals.csv").read_bytes(), (folder / "wait_events.csv").read_bytes()
    client = caseworker(riverside)
    page = upload(client, *lists)
    assert page.text.count("This row is the template’s example. Delete the whole row") == 2
    own = [each.replace(b"EXAMPLE-", b"RIV-") for each in lists]
    assert "Imported: 2 new referrals, 7 new events." in client.get(imported(client, *own)).text
    documented = Path(settings.BASE_DIR, "docs", "import.md").read_text()
    assert all(each.decode() in documented for each in lists)


# Taking up, and undoing


def test_what_was_inherited_is_taken_up_at_once(riverside: Acting) -> None:
    client = caseworker(riverside)
    people = (SKYLARK, ("R2", "Linden", "adult", "wales", ""))
    url = imported(client, *the_list(*people))
    soon = datetime.now(UTC).date() + 7 * DAY
    sent = {"reason": "fro_capacity", "doing": "Two organisations are asked"}
    sent |= {"review_on_0": soon.day, "review_on_1": soon.month, "review_on_2": soon.year}
    answer = client.post(f"{url}take-up/", sent)
    *_, said = told(answer)
    assert said.endswith("taken up.")
    with riverside.context():
        taken = TakenUp.objects.all()
        assert {each.action for each in taken} == {"Two organisations are asked"}
        assert {each.version for each in taken} == {2}
        today = datetime.now(UTC).date()
        assert not Delay.objects.needing_attention(today).exists()
    assert "nobody answers for" not in client.get(url).text


def test_a_review_date_that_is_not_ahead_is_refused(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client)
    sent = {"reason": "other", "doing": "x"}
    sent |= {"review_on_0": 1, "review_on_1": 1, "review_on_2": 2026}
    form = client.post(f"{url}take-up/", sent).context["form"]
    assert form.errors == {
        "review_on": ["Enter a date after today on which to look at these again."]
    }


def test_the_manager_is_told_once_of_what_a_list_brought(riverside: Acting) -> None:
    imported(caseworker(riverside))
    page = signed_in_client(riverside.manager.user).get("/delays/").text
    assert "Ash Caseworker</bdi> imported a list" in page


def undo(client: Client, url: str) -> list[str]:
    return told(client.post(f"{url}undo/"))[-1:]


def test_an_import_is_undone_within_a_day(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client)
    assert undo(client, url) == ["Removed. The list can be imported again."]
    assert stored(riverside) == []
    assert "Undone" in client.get(url).text
    with riverside.context():
        assert not WaitEvent.objects.exists()
        assert not Delay.objects.exists()
        assert AuditEntry.objects.filter(action=Action.IMPORT_UNDONE).count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('nrm.migrating', true)")
            assert cursor.fetchone() == ("",)
    imported(client)
    assert stored(riverside) == ["Skylark"]


def test_what_was_passed_on_meanwhile_goes_with_it(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client, *the_list((*SKYLARK[:4], "still_in_exploitation")))
    for hours in (0, 5, 9):
        sweep(now=datetime.now(UTC) + timedelta(hours=hours))
        deliver_notices(now=datetime.now(UTC))
    with purpose("nrm_sweep"):
        assert Escalation.objects.count() == 2
    assert undo(client, url) == ["Removed. The list can be imported again."]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with purpose("nrm_sweep"):
        assert not Escalation.objects.exists()


def test_it_is_not_undone_once_something_was_recorded(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client, *the_list(SKYLARK, ("R2", "Linden", "adult", "wales", "")))
    now = datetime.now(UTC)
    with riverside.context():
        touched = Referral.objects.get(own_reference="R2")
        record_wait_events(
            referral=touched,
            happenings=[happening("contact_made", now)],
            by=riverside.caseworker,
            now=now,
        )
    assert undo(client, url) == [
        f"Something was recorded since, so nothing is removed: {touched.reference}."
    ]
    assert stored(riverside) == ["Skylark", "Linden"]


def test_nor_once_somebody_is_linked_with_who_came_with_it(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client)
    other = referral(riverside, contact=datetime.now(UTC) - DAY, pseudonym="Linden")
    with riverside.context():
        brought = Referral.objects.get(own_reference="R1")
        link_referrals(
            said=said(other, brought, relation=RELATIONS["family"]),
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )
    assert undo(client, url) == [
        f"Something was recorded since, so nothing is removed: {brought.reference}."
    ]


def test_nor_after_a_day(riverside: Acting) -> None:
    client = caseworker(riverside)
    url = imported(client)
    with riverside.context():
        ImportRun.objects.update(imported_at=datetime.now(UTC) - DAY)
    assert undo(client, url) == ["It can be undone for one day, and once."]
    assert stored(riverside) == ["Skylark"]


def test_another_organisations_import_is_out_of_reach(riverside: Acting, northgate: Acting) -> None:
    url = imported(caseworker(riverside))
    stranger = caseworker(northgate)
    assert stranger.get(url).status_code == 404
    assert stranger.post(f"{url}undo/").status_code == 404
    assert stranger.get(f"{url}take-up/").status_code == 404
    run = UUID(url.rstrip("/").rpartition("/")[2])
    with northgate.context(), connection.cursor() as cursor:
        cursor.execute("SELECT nrm_undo_import(%s, now() - interval '1 day')", [run])
        assert cursor.fetchone() == (None,)
    assert stored(riverside) == ["Skylark"]


def test_nothing_else_deletes_a_referral(riverside: Acting) -> None:
    imported(caseworker(riverside))
    with pytest.raises(ProgrammingError, match="permission denied"), riverside.context():
        Referral.objects.all()._raw_delete("default")


def test_without_a_context_nothing_is_undone(riverside: Acting) -> None:
    imported(caseworker(riverside))
    with context(), connection.cursor() as cursor:
        cursor.execute("SELECT nrm_undo_import(gen_random_uuid(), now())")
        assert cursor.fetchone() == (None,)
