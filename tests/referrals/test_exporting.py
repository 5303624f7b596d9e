"""One's own list as a file: asked for twice, marked, noted, and never a formula."""

import csv
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from audit.models import Action, AuditEntry
from referrals.actions import record_identity
from referrals.identity import Identity
from referrals.sheets import neutral
from tests.factories import Acting
from tests.referrals.casework import caseworker, heron
from tests.support import gave_a_code, signed_in_client

EXPORT = "/referrals/export/"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_could_be_a_formula_is_text(start: str) -> None:
    assert neutral(f"{start}1+1") == f"'{start}1+1"


def test_other_text_stays_as_it_is() -> None:
    assert [neutral(each) for each in ("", "Heron", "R-2222-2222")] == ["", "Heron", "R-2222-2222"]


@pytest.fixture
def bay(riverside: Acting) -> Client:
    """The manager, who gave a code a moment ago."""
    client = signed_in_client(riverside.manager.user)
    gave_a_code(client, riverside.manager.user, ago=timedelta(seconds=5))
    return client


def export(client: Client, kind: str, query: str = "") -> HttpResponse:
    return client.post(f"{EXPORT}{query}", {"kind": kind})


def cells(answer: HttpResponse) -> Iterator[list[str]]:
    return csv.reader(StringIO(answer.content.decode("utf-8-sig")))


@pytest.mark.django_db
def test_the_list_is_exported_as_it_is_filtered(riverside: Acting, bay: Client) -> None:
    shown = heron(riverside, own_reference="RIV-1")
    heron(riverside, pseudonym="Linden", nation="wales")
    mark, heading, *rows = cells(export(bay, "csv", "?nation=england"))
    assert mark[0].startswith("Confidential: about survivors of modern slavery.")
    assert "1 open referral, England" in mark[0]
    assert "Exported by Bay Manager, Riverside Support (fictitious)" in mark[0]
    assert heading[:3] == ["Reference", "Your reference", "Word for the person"]
    assert [row[:3] for row in rows] == [[shown.reference, "RIV-1", "Heron"]]


@pytest.mark.django_db
def test_a_workbook_holds_text_alone(riverside: Acting, bay: Client) -> None:
    heron(riverside, pseudonym="=1+1")
    book = load_workbook(BytesIO(export(bay, "xlsx").content))
    rows = list(book["Referrals"].iter_rows())
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    assert rows[2][2].value == "'=1+1"


@pytest.mark.django_db
def test_a_file_of_commas_holds_no_formula(riverside: Acting, bay: Client) -> None:
    heron(riverside, pseudonym="=1+1", own_reference="@SUM(A1)")
    _, _, row = cells(export(bay, "csv"))
    assert row[1:3] == ["'@SUM(A1)", "'=1+1"]


@pytest.mark.django_db
def test_who_somebody_is_never_leaves_with_it(riverside: Acting, bay: Client) -> None:
    shown = heron(riverside)
    with riverside.context():
        record_identity(
            referral=shown,
            identity=Identity(family_name="Quillfeather", telephone="07700 900123"),
            birth_is_estimated=False,
            by=riverside.caseworker,
            now=datetime.now(UTC),
        )
    content = export(bay, "csv").content.decode("utf-8-sig")
    assert "Heron" in content
    assert "Quillfeather" not in content
    assert "900123" not in content


@pytest.mark.django_db
def test_it_is_noted_with_rows_and_hash(riverside: Acting, bay: Client) -> None:
    heron(riverside)
    content = export(bay, "xlsx").content
    with riverside.context():
        [noted] = AuditEntry.objects.filter(action=Action.LIST_EXPORTED)
    assert noted.subject == f"sha256 {hashlib.sha256(content).hexdigest()}"
    assert noted.fields == ["1 rows"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_second_factor_is_asked_for_again(riverside: Acting, bay: Client, method: str) -> None:
    gave_a_code(bay, riverside.manager.user, ago=timedelta(minutes=6))
    answer = getattr(bay, method)(f"{EXPORT}?nation=wales")
    where = "/accounts/2fa/reauthenticate/?next=%2Freferrals%2Fexport%2F%3Fnation%3Dwales"
    assert answer.url == where
    with riverside.context():
        assert not AuditEntry.objects.filter(action=Action.LIST_EXPORTED).exists()


@pytest.mark.django_db
def test_a_caseworker_exports_nothing(riverside: Acting, bay: Client) -> None:
    client = caseworker(riverside)
    assert client.get(EXPORT).status_code == 403
    assert "Export this list" not in client.get("/referrals/").text
    assert "/referrals/export/?nation=wales" in bay.get("/referrals/?nation=wales").text


@pytest.mark.django_db
def test_another_organisations_list_is_its_own(
    riverside: Acting, northgate: Acting, bay: Client
) -> None:
    heron(northgate)
    assert len(list(cells(export(bay, "csv")))) == 2


@pytest.mark.django_db
def test_an_address_that_asks_for_nonsense_exports_nothing(bay: Client) -> None:
    assert bay.get(f"{EXPORT}?nation=atlantis").url == "/referrals/"
