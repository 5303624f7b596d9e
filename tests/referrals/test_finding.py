"""Finding somebody by name: however it is written, in one's own organisation only, and noted."""

import logging
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Action, AuditEntry
from referrals.actions import erase_identity, find_by_name, record_identity, restrict_referral
from referrals.forms.filters import MOST_FOUND
from referrals.identity import Identity
from referrals.models import NameMark, Referral
from referrals.names import BlindIndex, parts_of
from referrals.pages.alike import Alike, alike, alike_to
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
LIST = "/referrals/"
WHO = Identity(given_names="Mária José", family_name="da Silva-Quill", born_on="1990-05-04")


def named(acting: Acting, word: str, identity: Identity = WHO, days: int = 2) -> Referral:
    made = factories.referral(
        acting, contact=NOW - timedelta(days=days), now=NOW, pseudonym=word, own_reference=word
    )
    record(acting, made, identity)
    return made


def record(acting: Acting, referral: Referral, identity: Identity) -> None:
    with acting.context():
        record_identity(
            referral=referral,
            identity=identity,
            birth_is_estimated=False,
            by=acting.caseworker,
            now=NOW,
        )


def restrict(acting: Acting, referral: Referral) -> None:
    """To the caseworker."""
    by = acting.caseworker
    with acting.context():
        restrict_referral(referral=referral, why="asked", named=[by.user_id], by=by, now=NOW)


def found(acting: Acting, name: str, member: Any = None) -> list[str]:
    by = member or acting.caseworker
    with acting.context(by):
        return find_by_name(name=name, by=by, now=NOW)


def trail(acting: Acting) -> list[tuple[str, int | None, str, list[str]]]:
    with acting.context():
        rows = AuditEntry.objects.filter(
            action__in=[Action.FOUND_BY_NAME, Action.NAME_SEARCHED]
        ).order_by("number")
        return list(rows.values_list("action", "referral", "subject", "fields"))


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]{40,}"', "", page)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("  María  JOSÉ ", {"maria", "jose"}),
        ("José, María", {"maria", "jose"}),
        ("O’Neill O'Neill ONEILL", {"oneill"}),
        ("al-Sayed", {"al", "sayed"}),
        ("Nguyễn Đức", {"nguyen", "duc"}),
        ("Łukasz Straße", {"lukasz", "strasse"}),
        ("İpek Yıldız", {"ipek", "yildiz"}),
        ("مُحَمَّد\tعلي", {"محمد", "علي"}),
        ("أحمد رضـا", {"احمد", "رضا"}),
        ("یوسف کاظمی", {"يوسف", "كاظمي"}),
        ("कुमार कमार", {"कुमार", "कमार"}),
        ("Ｍａｒｉａ", {"maria"}),
        ("王小明", {"王小明"}),
        ("…- ' ", set()),
    ],
)
def test_a_name_has_the_same_parts_however_it_is_written(text: str, parts: set[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "asked", ["maria", "MARIA DA SILVA", "silva maria", "Jose Quill", "mária  jóse", "Zephyrine"]
)
def test_a_person_is_found_by_any_part_in_any_order(
    riverside: Acting, northgate: Acting, asked: str
) -> None:
    aliased = Identity(**{**asdict_of(WHO), "aliases": "Zephyrine"})
    hers = named(riverside, "Heron", aliased)
    named(riverside, "Linden", Identity(given_names="Somebody", family_name="Else"))
    named(northgate, "Heron", aliased)
    assert found(riverside, asked) == [hers.reference]


def asdict_of(identity: Identity) -> dict[str, str]:
    return {"given_names": identity.given_names, "family_name": identity.family_name}


@pytest.mark.parametrize("asked", ["Mari", "Maria Somebody", "", "'", "1990-05-04", "%"])
def test_nobody_is_found_by_less_than_a_part_or_by_one_that_they_do_not_have(
    riverside: Acting, asked: str
) -> None:
    named(riverside, "Heron")
    named(riverside, "Linden", Identity(given_names="Somebody"))
    assert found(riverside, asked) == []


def test_the_same_name_has_another_value_in_each_organisation(
    riverside: Acting, northgate: Acting
) -> None:
    named(riverside, "Heron")
    named(northgate, "Heron")
    values = []
    for acting in (riverside, northgate):
        with acting.context():
            stored = NameMark.objects.visible_to(acting.caseworker).values_list("value", flat=True)
            values.append({bytes(value) for value in stored})
    ours, theirs = values
    assert (len(ours), len(theirs), ours & theirs) == (6, 6, set())


def test_what_is_recorded_anew_takes_the_place_of_the_former_name(riverside: Acting) -> None:
    hers = named(riverside, "Heron")
    record(riverside, hers, Identity(given_names="Other"))
    assert (found(riverside, "maria"), found(riverside, "other")) == ([], [hers.reference])


def test_nobody_is_found_by_a_name_that_was_erased(riverside: Acting) -> None:
    hers = named(riverside, "Heron")
    with riverside.context():
        erase_identity(referral=hers, by=riverside.caseworker, now=NOW)
        assert NameMark.objects.count() == 0
    assert found(riverside, "maria") == []


def test_names_are_found_while_and_after_master_keys_rotate(
    riverside: Acting, settings: Any
) -> None:
    hers = named(riverside, "Heron")
    [old] = settings.NRM_MASTER_KEYS
    new = "second:" + "A" * 43 + "="
    settings.NRM_MASTER_KEYS = [new, old]
    later = named(riverside, "Linden", days=1)
    assert found(riverside, "maria silva") == [hers.reference, later.reference]
    call_command("rotate_master_key", stdout=StringIO())
    settings.NRM_MASTER_KEYS = [new]
    assert found(riverside, "maria silva") == [hers.reference, later.reference]
    with riverside.context():
        assert set(NameMark.objects.values_list("master", flat=True)) == {"second"}


def test_a_restricted_person_is_found_by_those_named_alone(riverside: Acting) -> None:
    hers = named(riverside, "Heron")
    restrict(riverside, hers)
    assert found(riverside, "maria") == [hers.reference]
    assert found(riverside, "maria", riverside.manager) == []


def test_a_search_by_name_is_noted_without_the_name(riverside: Acting) -> None:
    hers = named(riverside, "Heron")
    found(riverside, "maria")
    found(riverside, "nobody")
    assert trail(riverside) == [
        ("name_searched", None, "1 found", []),
        ("found_by_name", hers.pk, "", []),
        ("name_searched", None, "0 found", []),
    ]


def test_nothing_is_found_for_whoever_may_not_see_who_people_are(riverside: Acting) -> None:
    named(riverside, "Heron")
    administrator = factories.administrator()
    assert found(riverside, "maria", administrator) == []
    assert trail(riverside) == []


def test_another_master_key_makes_another_value_of_the_same_name(settings: Any) -> None:
    before = BlindIndex(1).written(WHO)
    settings.NRM_MASTER_KEYS = ["second:" + "A" * 43 + "="]
    assert {value for _, value in before}.isdisjoint(v for _, v in BlindIndex(1).written(WHO))


def test_identities_from_before_there_were_marks_are_marked_by_rotating(
    riverside: Acting,
) -> None:
    hers = named(riverside, "Heron")
    with riverside.context():
        NameMark.objects.all().delete()
    assert found(riverside, "maria") == []
    call_command("rotate_master_key", stdout=StringIO())
    assert found(riverside, "maria") == [hers.reference]


class TestOnTheList:
    @pytest.fixture
    def client(self, riverside: Acting) -> Client:
        return signed_in_client(riverside.caseworker.user)

    def test_a_name_finds_and_stands_in_no_address_or_log(
        self, riverside: Acting, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        hers, his = named(riverside, "Heron"), named(riverside, "Linden", days=1)
        several = client.post(LIST, {"q": "silva, maria"})
        assert several["Location"] == f"/referrals/?found={hers.reference}%2C{his.reference}"
        record(riverside, his, Identity(given_names="Other"))
        one = client.post(LIST, {"q": "SILVA"})
        assert one["Location"] == f"/referrals/{hers.reference}/"
        assert "silva" not in caplog.text.casefold()

    def test_the_word_for_one_and_the_name_of_another_find_both(
        self, riverside: Acting, client: Client
    ) -> None:
        hers = named(riverside, "Heron")
        his = named(riverside, "Robin", Identity(given_names="Heron"), days=1)
        answer = client.post(LIST, {"q": "heron"})
        assert answer["Location"] == f"/referrals/?found={hers.reference}%2C{his.reference}"

    def test_a_reference_is_no_name_and_asks_no_index(
        self, riverside: Acting, client: Client
    ) -> None:
        hers = named(riverside, "Heron")
        client.post(LIST, {"q": hers.reference})
        assert trail(riverside) == []

    def test_a_restricted_person_whom_one_may_not_see_is_nobody(self, riverside: Acting) -> None:
        restrict(riverside, named(riverside, "Heron"))
        client = signed_in_client(riverside.manager.user)
        hidden, nobody = (
            client.post(LIST, {"q": name}).text.replace(name, "…") for name in ("Quill", "Nemo")
        )
        assert "Nobody of yours is found by this" in hidden
        assert without_tokens(hidden) == without_tokens(nobody)
        assert trail(riverside) == [("name_searched", None, "0 found", [])] * 2

    def test_more_than_the_list_holds_are_said_to_be_more(
        self, riverside: Acting, client: Client
    ) -> None:
        for number in range(MOST_FOUND + 1):
            named(riverside, f"Heron {number}", days=number + 1)
        page = client.post(LIST, {"q": "maria"}, follow=True).text
        assert "More than 20 were found. These are known longest." in page
        assert "20 referrals, found" in page


class TestWhoMayBeTheSame:
    def alike(
        self, acting: Acting, who: Referral, member: Any = None
    ) -> list[tuple[str, int, bool]]:
        by = member or acting.caseworker
        with acting.context(by):
            rows = alike_to(who, by=by)
        return [(row.referral.pseudonym, row.names, row.same_birthday) for row in rows]

    def test_names_in_common_and_the_same_birthday_say_so(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        hers = named(riverside, "Heron")
        born, other = "1990-05-04", "1991-01-01"
        others = {
            "Linden": ("Maria Jose", "Quill", born),
            "Sparrow": ("Quill", "MARIA", other),
            "Otter": ("Maria", "", born),
            "Birch": ("Maria", "Else", other),
            "Robin": ("Somebody", "Else", born),
            "Wren": ("Da", "Da Da", other),
        }
        for word, (given, family, born_on) in others.items():
            named(
                riverside,
                word,
                Identity(given_names=given, family_name=family, born_on=born_on),
            )
        named(northgate, "Heron")
        assert self.alike(riverside, hers) == [
            ("Linden", 3, True),
            ("Otter", 1, True),
            ("Sparrow", 2, False),
        ]

    def test_particles_alone_are_nothing_in_common(self, riverside: Acting) -> None:
        hers = named(riverside, "Heron", Identity(family_name="de la Cruz"))
        named(riverside, "Linden", Identity(family_name="de la Rosa"))
        assert self.alike(riverside, hers) == []

    def test_a_restricted_one_is_named_to_those_alone_who_may_see_it(
        self, riverside: Acting
    ) -> None:
        hers, hidden = named(riverside, "Heron"), named(riverside, "Linden")
        restrict(riverside, hidden)
        assert self.alike(riverside, hers) == [("Linden", 4, True)]
        assert self.alike(riverside, hers, riverside.manager) == []
        assert self.alike(riverside, hidden, riverside.manager) == []

    def test_nobody_is_like_somebody_of_whom_nothing_is_known(self, riverside: Acting) -> None:
        named(riverside, "Linden")
        unknown = factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)
        assert self.alike(riverside, unknown) == []
        erased = named(riverside, "Heron")
        with riverside.context():
            erase_identity(referral=erased, by=riverside.caseworker, now=NOW)
        assert self.alike(riverside, erased) == []

    def test_one_marked_under_a_former_master_key_is_found(
        self, riverside: Acting, settings: Any
    ) -> None:
        named(riverside, "Linden")
        settings.NRM_MASTER_KEYS = ["second:" + "A" * 43 + "=", *settings.NRM_MASTER_KEYS]
        hers = named(riverside, "Heron")
        assert self.alike(riverside, hers) == [("Linden", 4, True)]

    def test_one_whose_name_is_not_recorded_yet_is_compared_too(self, riverside: Acting) -> None:
        hers = named(riverside, "Heron")
        with riverside.context():
            rows = alike(WHO, by=riverside.caseworker)
        assert rows == [Alike(hers, names=4, same_birthday=True)]
