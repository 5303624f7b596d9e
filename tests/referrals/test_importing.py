"""The import of a waiting list: every error named, all or nothing, repeatable."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from nrm_tracker.database import context, purpose
from organisations.models import RegisterQuestion
from referrals.actions import correct_wait_event, deliver_notices
from referrals.importing import check_lists
from referrals.models import Custody, DelayFlag, Notice, OutboxMessage, Referral, WaitEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting

pytestmark = pytest.mark.django_db

REFERRALS = "own_reference,pseudonym,age_group,nation,risk_flags,date_of_birth,assigned_to"
EVENTS = (
    "own_reference,event,happened_at,recorded_at,outcome,consent_type,dated_on,organisation,"
    "submitted_by,detail"
)
ONE = "R1,Heron,adult,england,,,"
FIRST = "R1,initial_contact,2026-11-02T09:00,,,,,,,"


def content(heading: str, rows: Sequence[str]) -> bytes:
    return "\n".join([heading, *rows]).encode()


def faults(
    acting: Acting,
    referrals: bytes | Sequence[str] = (ONE,),
    events: bytes | Sequence[str] = (FIRST,),
) -> list[tuple[str, int, str, str]]:
    """Each fault as (file, row, column, message)."""
    files = [
        given if isinstance(given, bytes) else content(heading, given)
        for heading, given in ((REFERRALS, referrals), (EVENTS, events))
    ]
    with acting.context():
        checked = check_lists(files[0], files[1], by=acting.caseworker, now=NOW)
    assert not (checked.faults and checked.listed)
    return [(f.file, f.row, f.column, f.message) for f in checked.faults]


@pytest.fixture
def lists(tmp_path: Path) -> "Lists":
    return Lists(tmp_path)


class Lists:
    """Two files on disk and the command that imports them."""

    def __init__(self, folder: Path) -> None:
        self.referrals, self.events = folder / "r.csv", folder / "e.csv"

    def write(self, referrals: Sequence[str], events: Sequence[str]) -> "Lists":
        self.referrals.write_bytes(content(REFERRALS, referrals))
        self.events.write_bytes(content(EVENTS, events))
        return self

    def load(self, organisation: str = "riverside", *options: str) -> None:
        call_command(
            "import_referrals",
            str(self.referrals),
            str(self.events),
            f"--organisation={organisation}",
            *options,
        )


def stored(acting: Acting) -> list[tuple[str, str, datetime]]:
    with acting.context():
        events = WaitEvent.objects.order_by("referral__own_reference", "happened_at", "id")
        return list(events.values_list("referral__own_reference", "code", "happened_at"))


def test_a_list_becomes_referrals_with_events_flags_and_custody(
    riverside: Acting, northgate: Acting, lists: Lists
) -> None:
    lists.write(
        [
            "R1,Heron,adult,england,destitute;pregnant,,caseworker@riverside.example",
            "R2,Wren,not_sure,scotland,,2010-02-28,",
        ],
        [
            "R1,initial_contact,2026-06-01T09:30,2026-06-02T10:00Z,,,,,,rang us",
            "R1,fro_declined_capacity,2026-06-03,,,,,northgate,,",
            "R2,initial_contact,2026-01-05T09:30+02:00,,,,,,,",
        ],
    ).load()
    with riverside.context():
        heron = Referral.objects.get(own_reference="R1")
        wren = Referral.objects.get(own_reference="R2")
        assert (heron.pseudonym, heron.holder, heron.assigned_to) == (
            "Heron",
            riverside.organisation,
            riverside.caseworker.user,
        )
        assert heron.first_contact_at == datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
        assert wren.first_contact_at == datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
        assert wren.turns_18_on == date(2028, 2, 28)
        assert Custody.objects.get(referral=heron).since == heron.first_contact_at
        facts = ("code", "happened_at", "precision", "risk", "detail", "organisation__slug")
        assert list(
            WaitEvent.objects.filter(referral=heron).order_by("id").values_list(*facts)
        ) == [
            ("initial_contact", heron.first_contact_at, "exact", "", "rang us", None),
            ("risk_flag_added", heron.first_contact_at, "exact", "destitute", "", None),
            ("risk_flag_added", heron.first_contact_at, "exact", "pregnant", "", None),
            (
                "fro_declined_capacity",
                datetime(2026, 6, 3, 11, tzinfo=UTC),
                "day",
                "",
                "",
                "northgate",
            ),
        ]
        first = WaitEvent.objects.filter(referral=heron).earliest("id")
        assert first.recorded_at == datetime(2026, 6, 2, 10, tzinfo=UTC)
        assert (first.by, first.recorded_by) == (None, riverside.organisation)
        assert DelayFlag.objects.filter(
            referral=heron, rule="entry-wait-at-risk", severity="critical"
        ).exists()
    with northgate.context():
        assert not Referral.objects.exists()


def test_nobody_is_told_of_what_an_import_finds_late(riverside: Acting, lists: Lists) -> None:
    contact = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    lists.write(
        ["R1,Heron,adult,england,still_in_exploitation,,"],
        [f"R1,initial_contact,{contact},,,,,,,"],
    ).load()
    with riverside.context():
        flag = DelayFlag.objects.get(rule="safety-screen-urgent")
    assert (flag.told, flag.ended_at) == ("at_once", None)
    assert deliver_notices(now=NOW) == 0
    with purpose("nrm_sweep"):
        assert not OutboxMessage.objects.exists()
        assert not Notice.objects.exists()


def test_repeating_an_import_changes_nothing(riverside: Acting, lists: Lists) -> None:
    lists.write(
        ["R1,Heron,adult,england,destitute,,", "R2,Wren,child,wales,,2012-02-29,"],
        [
            FIRST,
            "R1,evidence_received,2026-11-03,,,,,,,letter from the GP",
            "R1,evidence_received,2026-11-03,,,,,,,letter from the school",
            "R1,consent_recorded,2026-11-04T10:00,,,,,,,",
            "R2,initial_contact,2026-11-03,,,,,,,",
        ],
    )
    lists.load()
    once = stored(riverside)
    lists.load()
    assert stored(riverside) == once
    with riverside.context():
        assert list(Referral.objects.values_list("version", flat=True)) == [1, 1]


def test_dates_and_codes_are_read_as_people_write_them(riverside: Acting, lists: Lists) -> None:
    lists.write(
        ["R1,Heron,Adult,England,Destitute now;PREGNANT,02/03/2001,"],
        ["R1,Initial contact,02/11/2026,,,,,,,", "R1,rg decision,03/11/2026 9:30,,Positive,,,,,"],
    ).load()
    with riverside.context():
        referral = Referral.objects.get()
        events = dict(WaitEvent.objects.values_list("code", "happened_at"))
    assert (referral.age_group, referral.nation) == ("adult", "england")
    assert referral.risks == ["destitute", "pregnant"]
    assert referral.turns_18_on == date(2019, 3, 2)
    assert events["initial_contact"] == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert events["rg_decision"] == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def test_a_dry_run_writes_nothing(
    riverside: Acting, lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    lists.write([ONE], [FIRST]).load("riverside", "--dry-run")
    assert capsys.readouterr().out == "To import: 1 new referral, 1 new event.\n"
    assert stored(riverside) == []


def test_what_a_later_list_has_more_is_added(
    riverside: Acting, lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    lists.write([ONE], [FIRST]).load()
    lists.write(
        ["R1,Heron,adult,wales,,,", "R2,Wren,adult,england,,,"],
        [FIRST, "R1,closed,2026-11-05,,,,,,,", "R2,initial_contact,2026-11-06,,,,,,,"],
    )
    capsys.readouterr()
    lists.load()
    assert capsys.readouterr().out == (
        "Imported: 1 new referral, 2 new events, 1 referral here already with events added."
        " Other facts of 1 referral differ from the list and stay as they are: R1.\n"
    )
    assert [(own, code) for own, code, _ in stored(riverside)] == [
        ("R1", "initial_contact"),
        ("R1", "closed"),
        ("R2", "initial_contact"),
    ]
    with riverside.context():
        closed = Referral.objects.get(own_reference="R1")
    assert closed.closed_at == datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert (closed.nation, closed.version) == ("england", 2)


def test_a_corrected_event_is_not_brought_back(riverside: Acting, lists: Lists) -> None:
    said = "R1,fro_waitlisted,2026-11-03T10:00,,,,,,,"
    lists.write([ONE], [FIRST, said]).load()
    with riverside.context():
        wrong = WaitEvent.objects.get(code="fro_waitlisted")
        correct_wait_event(
            event=wrong, corrected=None, reason="other person", by=riverside.caseworker, now=NOW
        )
    lists.load()
    assert len(stored(riverside)) == 3


def test_one_error_keeps_everything_out(riverside: Acting, lists: Lists) -> None:
    lists.write([ONE, "R2,Wren,adlt,england,,,"], [FIRST, "R2,initial_contact,2026-11-03,,,,,,,"])
    with pytest.raises(CommandError) as refused:
        lists.load()
    assert str(refused.value) == (
        "REFERRALS.csv, row 3, age_group: “adlt” is not known. Did you mean adult?"
    )
    assert stored(riverside) == []


def test_an_unknown_organisation_is_refused(riverside: Acting, lists: Lists) -> None:
    lists.write([ONE], [FIRST])
    with pytest.raises(CommandError, match="No organisation has the slug 'riversid'"):
        lists.load("riversid")


def test_another_organisation_may_use_the_same_reference(
    riverside: Acting, northgate: Acting, lists: Lists
) -> None:
    lists.write([ONE], [FIRST]).load("northgate")
    lists.load("riverside")
    assert len(stored(riverside)) == len(stored(northgate)) == 1


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",Heron,adult,england,,,", "own_reference", "This cell is empty. Fill it in"),
        ("R1,,adult,england,,,", "pseudonym", "This cell is empty. Fill it in"),
        (
            f"R1,{'x' * 41},adult,england,,,",
            "pseudonym",
            "This is longer than 40 characters. Shorten it",
        ),
        ("R1,Heron,adult,,,,", "nation", "This cell is empty. Fill it in"),
        ("R1,Heron,chld,england,,,", "age_group", "“chld” is not known. Did you mean child?"),
        (
            "R1,Heron,adult,france,,,",
            "nation",
            "“france” is not known. Use one of: england, northern_ireland, scotland, wales",
        ),
        (
            "R1,Heron,adult,england,destitute;pregant,,",
            "risk_flags",
            "“pregant” is not known. Did you mean pregnant?",
        ),
        (
            "R1,Heron,adult,england,,2030-01-01,",
            "date_of_birth",
            "“2030-01-01” cannot be a date of birth. Check the year",
        ),
        (
            "R1,Heron,adult,england,,02-03-2001,",
            "date_of_birth",
            "“02-03-2001” is not a date. Write it as 2026-04-02",
        ),
        (
            "R1,Heron,adult,england,,,somebody@northgate.example",
            "assigned_to",
            "“somebody@northgate.example” is not the e-mail address of an active member of your "
            "organisation. Correct it, or leave the cell empty",
        ),
        (
            "R1,Heron,adult,england,,,,,surplus",
            "",
            "This row has more cells than the heading row. Check its commas",
        ),
        (
            "R1,He\x07ron,adult,england,,,",
            "pseudonym",
            "This cell holds a character that cannot be shown. Type the cell again",
        ),
    ],
)
def test_a_wrong_referral_is_named(
    riverside: Acting, northgate: Acting, row: str, column: str, message: str
) -> None:
    found = faults(riverside, [row])
    assert ("REFERRALS.csv", 2, column, message) in found


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            "R1,fro_aproached,2026-11-03,,,,,,,",
            "event",
            "“fro_aproached” is not known. Did you mean fro_approached?",
        ),
        (
            "R1,recorded_in_error,2026-11-03,,,,,,,",
            "event",
            "“recorded_in_error” is not known. Use one of: those in the list of codes",
        ),
        (
            "R1,closed,03-11-2026,,,,,,,",
            "happened_at",
            "“03-11-2026” is not a date and time. Write it as 2026-04-02T16:00, or as 2026-04-02 "
            "where the time is not known",
        ),
        (
            "R1,closed,2026-03-29T01:30,,,,,,,",
            "happened_at",
            "The clocks went forward on 29 March 2026, so 01:30 did not happen. Enter a time "
            "before 01:00 or from 02:00",
        ),
        (
            "R1,closed,2026-11-23T12:01,,,,,,,",
            "happened_at",
            "“2026-11-23T12:01” has not happened yet. Enter a time that has passed",
        ),
        (
            "R1,closed,2026-11-24,,,,,,,",
            "happened_at",
            "“2026-11-24” has not happened yet. Enter a day that has passed",
        ),
        (
            "R1,closed,0001-01-01T00:00+14:00,,,,,,,",
            "happened_at",
            "“0001-01-01T00:00+14:00” is not a date and time. Write it as 2026-04-02T16:00, or as "
            "2026-04-02 where the time is not known",
        ),
        (
            "R1,closed,1926-11-03,,,,,,,",
            "happened_at",
            "“1926-11-03” is before the year 2000. Check the year",
        ),
        (
            "R1,rg_decision,2026-11-03,,positiv,,,,,",
            "outcome",
            "“positiv” is not known. Did you mean positive?",
        ),
        (
            "R1,reopened,2026-11-03,,positive,,,,,",
            "outcome",
            "An event reopened has no such answer. Leave the cell empty, or use detail",
        ),
        (
            "R1,consent_recorded,2026-11-03,,,nmr,,,,",
            "consent_type",
            "“nmr” is not known. Did you mean nrm?",
        ),
        (
            "R1,rg_decision,2026-11-03,,,,2026-11-31,,,",
            "dated_on",
            "“2026-11-31” is not a date. Write it as 2026-04-02",
        ),
        (
            "R1,fro_approached,2026-11-03,,,,,nothgate,,",
            "organisation",
            "“nothgate” is not known. Did you mean northgate?",
        ),
        (
            "R1,risk_flag_added,2026-11-03,,,,,,,homeless",
            "detail",
            "“homeless” is not known. Did you mean street_homeless?",
        ),
        (
            "R1,age_group_changed,2026-11-03,,,,,,,",
            "detail",
            "This cell is empty. Fill it in",
        ),
        (
            "R9,closed,2026-11-03,,,,,,,",
            "own_reference",
            "This reference is not in REFERRALS.csv. Add its row there, or correct it here",
        ),
        (FIRST, "", "This row is the same as row 2. Remove one of them"),
    ],
)
def test_a_wrong_event_is_named(
    riverside: Acting, northgate: Acting, row: str, column: str, message: str
) -> None:
    [(file, number, where, said)] = faults(riverside, events=[FIRST, row])
    assert (file, number, where) == ("WAIT_EVENTS.csv", 3, column)
    assert said.startswith(message)


def test_a_referral_needs_an_event_and_a_reference_of_its_own(riverside: Acting) -> None:
    assert faults(riverside, [ONE, "R2,Wren,adult,england,,,", "R1,Linden,adult,england,,,"]) == [
        (
            "REFERRALS.csv",
            3,
            "own_reference",
            "There is no event of it in WAIT_EVENTS.csv. Add its first one",
        ),
        (
            "REFERRALS.csv",
            4,
            "own_reference",
            "This reference is in row 2 too. Each is used once",
        ),
    ]


def test_all_errors_of_both_files_are_named_at_once(riverside: Acting) -> None:
    found = faults(
        riverside,
        ["R1,Heron,adlt,englnd,,,", "R2,,adult,england,,,"],
        ["R1,initial_contct,2026-13-01,,,,,,,", "R2,initial_contact,2026-11-03,,,,,,,"],
    )
    assert [(file, row, column) for file, row, column, _ in found] == [
        ("REFERRALS.csv", 2, "age_group"),
        ("REFERRALS.csv", 2, "nation"),
        ("REFERRALS.csv", 3, "pseudonym"),
        ("WAIT_EVENTS.csv", 2, "event"),
        ("WAIT_EVENTS.csv", 2, "happened_at"),
    ]


def test_a_mark_of_utf_8_capitals_and_blank_rows_do_no_harm(riverside: Acting) -> None:
    list_ = b"\xef\xbb\xbf" + content(REFERRALS.upper(), ["", ONE, ",,,,,,"])
    assert faults(riverside, list_) == []


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", "This file is empty"),
        (b"\n\n", "This file is empty"),
        (b"PK\x03\x04\x14\x00" + bytes(100), "This is not a CSV text file."),
        (b"%PDF-1.7\n", "This is not a CSV text file."),
        (bytes(range(256)) * 40, "This file is not in UTF-8."),
        (content(REFERRALS, [ONE]).decode().encode("utf-16"), "This file is not in UTF-8."),
        (
            content(REFERRALS, ["R1,Hér,adult,england,,,"]).decode().encode("latin-1"),
            "This file is not",
        ),
        (content(REFERRALS, ["R1,He\x00ron,adult,england,,,"]), "This is not a CSV text file."),
        (content(REFERRALS, ['R1,"Heron,adult,england,,,']), "Row 2 cannot be read"),
        (content(REFERRALS, [f"R1,{'x' * 1_000_000},adult,england,,,"]), "Row 2 cannot be read"),
        (content(REFERRALS, []), "There are no rows below the heading row"),
    ],
)
def test_a_hostile_file_gets_a_sentence(riverside: Acting, file: bytes, message: str) -> None:
    [(name, row, column, said)] = faults(riverside, file)
    assert (name, row, column) == ("REFERRALS.csv", 0, "")
    assert said.startswith(message)


def test_columns_that_are_missing_unknown_or_double_are_named(riverside: Acting) -> None:
    heading = "own_reference,pseudonym,pseudonym,age_groups,nation"
    assert faults(riverside, content(heading, ["R1,a,b,adult,england"])) == [
        ("REFERRALS.csv", 1, "age_groups", "This column is not known. Did you mean age_group?"),
        ("REFERRALS.csv", 1, "age_group", "This column is missing. Add it to the heading row"),
        ("REFERRALS.csv", 1, "risk_flags", "This column is missing. Add it to the heading row"),
        ("REFERRALS.csv", 1, "pseudonym", "This column is there more than once. Remove one"),
    ]
    many = content(REFERRALS + "".join(f",zz{n}" for n in range(20_000)), [ONE])
    found = faults(riverside, many)
    assert len(found) == 6
    assert found[-1][3] == "19,995 more columns are not known. Remove them"
    semicolons = content(REFERRALS.replace(",", ";"), [ONE.replace(",", ";")])
    assert [said for *_, said in faults(riverside, semicolons)] == [
        "The cells are not separated by commas. Save the file as CSV with commas"
    ]


def test_our_own_submission_needs_a_designation_on_that_day(
    riverside: Acting, northgate: Acting, lists: Lists
) -> None:
    factories.organisation("Lantern (fictitious)", "lantern", designated=False)
    before = "R1,referral_submitted,2015-10-31,,,,,,riverside,"
    found = faults(riverside, events=["R1,initial_contact,2015-10-01,,,,,,,", before])
    assert [(row, column) for _, row, column, _ in found] == [(3, "submitted_by")]
    lists.write(
        [ONE, "R2,Wren,adult,england,,,"],
        [
            FIRST,
            "R1,referral_submitted,2026-11-05,,,,,,riverside,",
            "R2,initial_contact,2026-11-02,,,,,,,",
            "R2,referral_submitted,2026-11-06,,,,,,lantern,",
        ],
    ).load()
    with riverside.context():
        assert Referral.objects.filter(submitted_at__isnull=False).count() == 2
    with purpose("nrm_register"):
        questions = RegisterQuestion.objects.values_list("organisation__slug", "about")
        assert list(questions) == [("lantern", date(2026, 11, 6))]


def test_a_birthday_on_29_february_is_18_on_1_march(riverside: Acting, lists: Lists) -> None:
    lists.write(["R1,Heron,child,england,,2012-02-29,"], [FIRST]).load()
    with riverside.context():
        assert Referral.objects.get().turns_18_on == date(2030, 3, 1)


def test_a_risk_and_an_age_group_stand_in_the_detail(riverside: Acting, lists: Lists) -> None:
    lists.write(
        [ONE],
        [
            FIRST,
            "R1,risk_flag_added,2026-11-03,,,,,,,detained",
            "R1,age_group_changed,2026-11-04,,,,,,,child",
            "R1,age_group_changed,2026-11-05,,adult,,,,,they said so",
        ],
    ).load()
    with riverside.context():
        events = WaitEvent.objects.order_by("id").values_list("risk", "outcome", "detail")
        assert list(events)[1:] == [
            ("detained", "", ""),
            ("", "child", ""),
            ("", "adult", "they said so"),
        ]
        assert Referral.objects.get().age_group == "adult"


def test_an_event_of_today_without_a_time_has_happened(riverside: Acting) -> None:
    early = NOW.replace(hour=8)
    with riverside.context():
        checked = check_lists(
            content(REFERRALS, [ONE]),
            content(EVENTS, ["R1,initial_contact,2026-11-23,,,,,,,"]),
            by=riverside.caseworker,
            now=early,
        )
    [one] = checked.listed
    assert one.opening.happenings[0].happened_at == early


def test_without_a_context_nobody_is_a_member(riverside: Acting) -> None:
    row = "R1,Heron,adult,england,,,caseworker@riverside.example"
    assert faults(riverside, [row]) == []
    with context():
        checked = check_lists(
            content(REFERRALS, [row]), content(EVENTS, [FIRST]), by=riverside.caseworker, now=NOW
        )
    assert [fault.column for fault in checked.faults] == ["assigned_to"]
