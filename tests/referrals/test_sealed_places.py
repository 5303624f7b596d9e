"""What is sealed opens in its own place only: walked over every sealed column there is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict

from accounts import drafts
from accounts.models import Draft
from audit.models import AuditChain, AuditEntry
from nrm_tracker import sealing
from nrm_tracker.database import context
from nrm_tracker.sealing import CannotBeOpened, Place
from referrals import importing
from referrals.actions import (
    HarmSaid,
    add_note,
    agree_contact,
    decide_harm,
    issue_proof,
    record_harm,
    record_identity,
    record_wait_events,
    write_page,
)
from referrals.actions.noting import notes_of
from referrals.actions.survivors import key_of
from referrals.contact import Terms, read
from referrals.identity import SEALED, Identity
from referrals.importing.tables import Records
from referrals.models import (
    Harm,
    ImportRun,
    NameMark,
    Note,
    Proof,
    Referral,
    SafeContact,
    Survivor,
    SurvivorKey,
    WrittenPage,
)
from tests.factories import Acting, happening, organisation
from tests.house.world import as_owner
from tests.referrals.casework import heron

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SWAP_NOTES = """
UPDATE referrals_note n SET text = other.text
FROM referrals_note other WHERE other.id <> n.id AND other.referral_id = n.referral_id
"""
ELSEWHERE = "00000000-0000-4000-8000-000000000000"
HASHES = {AuditEntry, AuditChain, NameMark}  # not sealed: nobody reads them back


Opener = Callable[[bytes, Place], object]


class Sealed(NamedTuple):
    """A value as it is stored, where it stands, and what opens it there."""

    model: type[models.Model]
    column: str
    row: object
    stored: bytes
    open: Opener

    @property
    def place(self) -> Place:
        return Place(self.model._meta.db_table, self.column, self.row)

    def opens_at(self, place: Place) -> bool:
        try:
            self.open(self.stored, place)
        except CannotBeOpened:
            return False
        return True


def sealed_columns() -> set[tuple[str, str]]:
    """Every column of bytes that is not a hash, nor the history of another one."""
    return {
        (model.__name__, field.name)
        for model in apps.get_models()
        if model not in HASHES and not model.__name__.endswith("History")
        for field in model._meta.fields
        if isinstance(field, models.BinaryField)
    }


def written(acting: Acting, referral: Referral) -> None:
    """Something in every sealed column; two rows of the same key where there can be two."""
    by, now = acting.caseworker, NOW
    identity = Identity(**{n: "1990-01-02" if n == "born_on" else f"their {n}" for n in SEALED})
    with acting.context():
        record_identity(
            referral=referral, identity=identity, birth_is_estimated=False, by=by, now=now
        )
        for word in ("umbrella", "lantern"):
            terms = Terms(agreed_at=now, who_answers=f"{word} 1", code_word=word, never=f"{word} 2")
            agree_contact(referral=referral, terms=terms, by=by, now=now)
            add_note(referral=referral, words=f"{word} {uuid4()}", by=by, now=now)
            write_page(
                referral=referral,
                page="wishes",
                answers={"wishes_words": word},
                state="in_progress",
                by=by,
                now=now,
            )
        may_share = happening("consent_recorded", now, consent_type="sharing")
        record_wait_events(referral=referral, happenings=[may_share], by=by, now=now)
        issue_proof(
            referral=referral,
            addressed_to=Proof.For.REPRESENTATIVE,
            safe_to_keep=True,
            by=by,
            now=now,
        )
        day = now.date()
        said = HarmSaid(kind="other", happened_on=day, known_on=day, what="fell", done="rang")
        incident = record_harm(referral=referral, said=said, by=by, now=now)
        assert incident
        decide_harm(
            referral=referral, incident=incident, decision="no_report", why="small", by=by, now=now
        )
        table = Records("referrals.csv", (("own_reference",), ("RIV-1",)), "")
        importing.upload_list((table, table), by=by, now=now)
    drafts.keep(by.user, "/typed/", QueryDict("detail=typed"), left=False, now=now)


def all_sealed(acting: Acting, referral: Referral) -> list[Sealed]:
    """What the product stored, by its own actions."""
    written(acting, referral)
    found: list[Sealed] = []
    with acting.context():
        survivor = Survivor.objects.get(referral=referral)
        own = _by(key_of(survivor))
        [master] = SurvivorKey.objects.all()
        found += _of(survivor, own, *SEALED)
        found += _of(master, _by_master(master.master), "wrapped")
        for agreed in SafeContact.objects.all():
            found += _of(agreed, own, "who_answers", "code_word", "never")
        for note in Note.objects.all():
            found += _of(note, own, "text")
        for page in WrittenPage.objects.all():
            found += _of(page, own, "answers")
        for harm in Harm.objects.exclude(why=None):
            found += _of(harm, own, "what", "done", "why")
        for proof in Proof.objects.all():
            found += _of(proof, own, "content")
        found += _under_its_own_key(ImportRun.objects.get(), "content")
    with context(user=acting.caseworker.user_id):
        found += _under_its_own_key(Draft.objects.get(), "words")
    return found


def _under_its_own_key(row: models.Model, column: str) -> list[Sealed]:
    wrapped = Place(row._meta.db_table, "wrapped", row.pk)
    key = sealing.unwrap(bytes(row.wrapped), master=row.master, place=wrapped)
    return _of(row, _by(key), column) + _of(row, _by_master(row.master), "wrapped")


def _of(row: models.Model, opener: Opener, *columns: str) -> list[Sealed]:
    return [Sealed(type(row), each, row.pk, bytes(getattr(row, each)), opener) for each in columns]


def _by(key: bytes) -> Opener:
    return lambda stored, place: sealing.unseal(stored, key=key, place=place)


def _by_master(name: str) -> Opener:
    return lambda stored, place: sealing.unwrap(stored, master=name, place=place)


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return heron(riverside)


def test_every_sealed_column_is_written_here(riverside: Acting, hers: Referral) -> None:
    found = {(each.model.__name__, each.column) for each in all_sealed(riverside, hers)}
    assert sealed_columns() == found, "write the new column in `written`, open it in `all_sealed`"


def test_a_sealed_value_opens_in_its_table_column_and_row_alone(
    riverside: Acting, hers: Referral
) -> None:
    """With the very key that sealed it: so it is the place that keeps it shut."""
    everything = all_sealed(riverside, hers)
    wrong = []
    for each in everything:
        name, place = f"{each.model.__name__}.{each.column}", each.place
        if not each.opens_at(place):
            wrong.append(f"{name} does not open where it stands")
        elsewhere = {
            "another table": replace(place, table="referrals_referral"),
            "another column": replace(place, column="elsewhere"),
            "another row": replace(place, row=ELSEWHERE),
        }
        wrong += [
            f"{name} opens in {where}" for where, at in elsewhere.items() if each.opens_at(at)
        ]
        wrong += [
            f"{name} opens as {other.model.__name__}.{other.column} of {other.row}"
            for other in everything
            if other.place != place and each.opens_at(other.place)
        ]
    assert wrong == []


def test_the_code_word_moved_to_another_agreement_is_not_read(
    riverside: Acting, hers: Referral
) -> None:
    written(riverside, hers)
    with riverside.context():
        first, last = SafeContact.objects.order_by("version")
        key = key_of(Survivor.objects.get(referral=hers))
        assert read(last, key=key).code_word == "lantern"
        for column, moved in (("code_word", first.code_word), ("never", last.code_word)):
            kept, last.__dict__[column] = last.__dict__[column], moved
            with pytest.raises(CannotBeOpened):
                read(last, key=key)
            last.__dict__[column] = kept


@pytest.mark.django_db(transaction=True)
def test_notes_that_changed_places_are_not_read() -> None:
    riverside = organisation("Riverside Support (fictitious)", "riverside")
    hers = heron(riverside)
    written(riverside, hers)
    with riverside.context():
        assert {each.words.split()[0] for each in notes_of(referral=hers)} == {
            "umbrella",
            "lantern",
        }
    with as_owner() as cursor:
        cursor.execute(SWAP_NOTES)
        assert cursor.rowcount == 2
    with riverside.context(), pytest.raises(CannotBeOpened):
        list(notes_of(referral=hers))


def test_a_list_that_took_the_place_of_another_is_not_read(
    riverside: Acting, hers: Referral
) -> None:
    for _ in range(2):
        written(riverside, hers)
    with riverside.context():
        one, other = ImportRun.objects.all()
        importing.tables_of(one)
        one.content, one.wrapped, one.master = other.content, other.wrapped, other.master
        with pytest.raises(CannotBeOpened):
            importing.tables_of(one)


def test_a_draft_of_another_form_offers_no_words(riverside: Acting) -> None:
    user = riverside.caseworker.user
    for path in ("/one/", "/other/"):
        drafts.keep(user, path, QueryDict(f"detail={path}"), left=False, now=NOW)
    one, other = drafts.drafts_of(user, now=NOW)
    assert drafts.words_of(one)
    one.words, one.wrapped, one.master = other.words, other.wrapped, other.master
    assert not drafts.words_of(one)
