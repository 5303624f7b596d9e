"""Nobody goes on from a demonstration with its secrets."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.demonstration import ensure_account
from accounts.real_use import hindrances, note_the_demonstrations
from nrm_tracker.local import folders

pytestmark = pytest.mark.django_db
KEY = "one:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OTHER = "two:MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    settings.NRM_DEMONSTRATION = settings.DEBUG = False
    settings.SECRET_KEY, settings.NRM_MASTER_KEYS = "a secret of our own", [KEY]


def test_nothing_is_in_the_way_of_who_begins_afresh() -> None:
    assert hindrances() == []
    call_command("before_real_use")


def test_the_secret_key_of_a_demonstration_is_refused(settings: Any) -> None:
    note_the_demonstrations()
    settings.NRM_MASTER_KEYS = [OTHER]
    with pytest.raises(CommandError, match="SECRET_KEY was used by a demonstration"):
        call_command("before_real_use")


def test_so_is_its_master_key_under_another_name(settings: Any) -> None:
    note_the_demonstrations()
    settings.SECRET_KEY = "another"
    settings.NRM_MASTER_KEYS = [OTHER, KEY.replace("one", "renamed")]
    with pytest.raises(CommandError, match="the key “renamed” of NRM_MASTER_KEYS"):
        call_command("before_real_use")


def test_what_make_run_made_is_refused_on_an_empty_database_too(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("NRM_MASTER_KEYS", raising=False)
    settings.SECRET_KEY = folders.secret_key(tmp_path)
    settings.NRM_MASTER_KEYS = [folders.master_keys(tmp_path)]
    assert [words.split(" to ")[0] for words in hindrances()] == [
        "Set SECRET_KEY",
        "Set NRM_MASTER_KEYS",
    ]


def test_so_are_its_accounts() -> None:
    ensure_account(email="caseworker@riverside.example", name="Ash")
    with pytest.raises(CommandError, match="this one holds the demonstration"):
        call_command("before_real_use")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("NRM_MASTER_KEYS", [], "no identity"), ("DEBUG", True, "NRM_DEBUG=0")],
)
def test_so_is_what_is_missing_or_left_on(
    settings: Any, name: str, value: object, words: str
) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=words):
        call_command("before_real_use")


def test_a_demonstration_may_go_on_as_one(settings: Any) -> None:
    note_the_demonstrations()
    settings.NRM_DEMONSTRATION = True
    call_command("before_real_use")
