"""The operator's page, and the document that says who sees what."""

from pathlib import Path
from typing import Any

import pytest

from organisations.management.commands.who_sees_what import table
from organisations.operating import State, items
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

DOCUMENT = Path("docs/before-real-use.md")


def test_the_document_has_the_table_of_the_code() -> None:
    assert table() in DOCUMENT.read_text(), "Run manage.py who_sees_what and put it in the document"


@pytest.mark.django_db
def test_each_point_says_whether_it_is_done(settings: Any) -> None:
    settings.NRM_DEMONSTRATION = True
    settings.HTTPS, settings.EMAIL_IS_SENT = True, False
    states = {item.what: item.state for item in items(now=NOW)}
    assert states["It is no demonstration"] == State.TO_DO
    assert states["It is reached by HTTPS"] == State.DONE
    assert states["Mail is sent"] == State.TO_DO
    assert states["A backup was restored, as a drill"] == State.UNKNOWN


@pytest.mark.django_db
def test_the_administrator_finds_the_page() -> None:
    client = signed_in_client(factories.administrator().user)
    page = client.get("/before-real-use/").text
    assert "Yours to say" in page
    assert "/before-real-use/" in client.get("/organisations/").text
