"""Who a person is: sealed, shown only on asking, and gone when its key is."""

import logging
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from audit.models import Action, AuditEntry
from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from nrm_tracker.sealing import CannotBeOpened
from referrals import identity as sealed
from referrals import importing
from referrals.actions import (
    WhyLook,
    change_word,
    erase_identity,
    record_identity,
    restrict_referral,
    show_identity,
)
from referrals.errors import ErasedAlready, ReasonMissing, WordIsAName
from referrals.identity import SEALED, Identity
from referrals.importing import Records
from referrals.models import Referral, Survivor, SurvivorKey
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.referrals.casework import caseworker, form_of, heron
from tests.support import signed_in_client

WHO = Identity(
    given_names="Invented Adaeze",
    family_name="Quillfeather",
    aliases="Zephyrine",
    born_on="2009-02-28",
    nationality="Ruritanian",
    languages="Ruritanian, Syldavian",
    telephone="07700 900123",
    email="quillfeather@invented.example",
    address="1 Invented Way",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(riverside: Acting) -> Referral:
    return factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)


def record(acting: Acting, referral: Referral, identity: Identity = WHO, **facts: object) -> None:
    with acting.context():
        record_identity(
            referral=referral,
            identity=identity,
            birth_is_estimated=False,
            by=acting.caseworker,
            now=NOW,
            **facts,
        )


def seen(acting: Acting, referral: Referral) -> Identity:
    with acting.context():
        return show_identity(referral=referral, by=acting.caseworker, now=NOW)


def trail(acting: Acting) -> list[tuple[str, str, list[str]]]:
    with acting.context():
        rows = AuditEntry.objects.order_by("number").values_list("action", "reason", "fields")
        return list(rows)[1:]


def looks_of(acting: Acting, referral: Referral) -> int:
    with acting.context():
        trail = AuditEntry.objects.visible_to(acting.caseworker).of_referral(referral.pk)
        return trail.filter(action=Action.REFERRAL_VIEWED).count()


class TestWhatIsStored:
    def test_comes_back_as_it_was(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        assert seen(riverside, hers) == WHO

    def test_is_ciphertext_in_the_row_and_its_history(
        self, riverside: Acting, hers: Referral
    ) -> None:
        record(riverside, hers)
        record(riverside, hers, Identity(family_name="Quillfeather"))
        stored = b""
        with riverside.context(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM referrals_survivor")
            stored += repr(
                [bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()]
            ).encode()
        with purpose("nrm_audit"), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM referrals_survivorhistory")
            rows = cursor.fetchall()
            stored += repr(
                [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows]
            ).encode()
        assert len(rows) == 3
        words = [word for name in SEALED for word in getattr(WHO, name).split() if len(word) > 2]
        assert [word for word in words if word.encode() in stored] == []

    def test_has_a_key_for_each_survivor(self, riverside: Acting, hers: Referral) -> None:
        other = factories.referral(riverside, contact=NOW - timedelta(days=1), pseudonym="Wren")
        record(riverside, hers)
        record(riverside, other)
        with riverside.context():
            keys = [sealed.opened(key) for key in SurvivorKey.objects.select_related("survivor")]
        assert len(set(keys)) == 2

    @pytest.mark.parametrize("moved", ["to another row", "to another column"])
    def test_opens_in_its_own_place_only(
        self, riverside: Acting, hers: Referral, moved: str
    ) -> None:
        other = factories.referral(riverside, contact=NOW - timedelta(days=1), pseudonym="Wren")
        record(riverside, hers)
        record(riverside, other)
        with riverside.context():
            mine = Survivor.objects.get(referral=hers)
            changed = Survivor.objects.filter(referral=other if moved == "to another row" else hers)
            column = "family_name" if moved == "to another row" else "nationality"
            changed.update(**{column: mine.family_name})
        with pytest.raises(CannotBeOpened):
            seen(riverside, other if moved == "to another row" else hers)

    def test_a_key_moved_to_another_survivor_opens_nothing(
        self, riverside: Acting, hers: Referral
    ) -> None:
        other = factories.referral(riverside, contact=NOW - timedelta(days=1), pseudonym="Wren")
        record(riverside, hers)
        record(riverside, other)
        with riverside.context():
            mine = SurvivorKey.objects.get(survivor__referral=hers)
            SurvivorKey.objects.filter(survivor__referral=other).update(wrapped=mine.wrapped)
        with pytest.raises(CannotBeOpened):
            seen(riverside, other)

    def test_needs_a_master_key(self, riverside: Acting, hers: Referral, settings: object) -> None:
        for keys in ([], ["first:short"], ["first"]):
            settings.NRM_MASTER_KEYS = keys  # type: ignore[attr-defined]
            with pytest.raises(ImproperlyConfigured, match="openssl rand -base64 32"):
                record(riverside, hers)

    def test_stays_out_of_logs_and_error_pages(self) -> None:
        assert repr(WHO) == "Identity(...)"

    def test_is_read_by_no_purpose(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        for role in ("nrm_sweep", "nrm_figures", "nrm_register"):
            with pytest.raises(Exception, match="permission denied"), purpose(role):
                list(Survivor.objects.all())

    def test_belongs_to_the_holder_alone(
        self, riverside: Acting, northgate: Acting, hers: Referral
    ) -> None:
        record(riverside, hers)
        with northgate.context():
            assert (Survivor.objects.count(), SurvivorKey.objects.count()) == (0, 0)
            assert Survivor.objects.update(family_name=b"x") == 0


class TestTheBirthday:
    def test_stands_in_clear_and_judges_at_once(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        with riverside.context():
            hers.refresh_from_db()
        assert str(hers.turns_18_on) == "2027-02-28"
        record(riverside, hers, Identity(family_name="Quillfeather"))
        with riverside.context():
            hers.refresh_from_db()
        assert hers.turns_18_on is None


class TestTheWord:
    @pytest.mark.parametrize("name", ["Heron", "de la heron-Smith", "HERON"])
    def test_that_is_a_name_is_refused(self, riverside: Acting, hers: Referral, name: str) -> None:
        with pytest.raises(WordIsAName):
            record(riverside, hers, Identity(aliases=name))
        with riverside.context():
            assert not Survivor.objects.exists()

    def test_does_not_become_a_name(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers, Identity(family_name="Larch"))
        facts = {"referral": hers, "by": riverside.caseworker, "now": NOW}
        with pytest.raises(WordIsAName), riverside.context():
            change_word(word="Larch", **facts)
        with riverside.context():
            change_word(word="Alder", **facts)
            hers.refresh_from_db()
        assert hers.pseudonym == "Alder"


class TestShowing:
    def test_is_noted_first(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        seen(riverside, hers)
        changed = ["address", "aliases", "born_on", "email", "family_name", "given_names"]
        changed += ["languages", "nationality", "telephone"]
        assert trail(riverside) == [
            ("identity_recorded", "", changed),
            ("identity_shown", "", []),
        ]

    def test_asks_why_of_whoever_is_not_responsible(
        self, riverside: Acting, hers: Referral
    ) -> None:
        record(riverside, hers)
        facts = {"referral": hers, "by": riverside.manager, "now": NOW}
        for reason in ("", "because"):
            with pytest.raises(ReasonMissing), riverside.context(riverside.manager):
                show_identity(reason=reason, **facts)
        with riverside.context(riverside.manager):
            assert show_identity(reason=WhyLook.QUALITY, **facts) == WHO
        assert trail(riverside)[-1] == ("identity_shown", "quality", [])

    def test_is_in_the_trail_even_if_the_page_breaks_after_it(
        self, riverside: Acting, hers: Referral, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Then nothing was shown either: entry and page stand or fall together."""
        record(riverside, hers)
        monkeypatch.setattr("referrals.views.person.who", lambda *_, **__: 1 / 0)
        client = signed_in_client(riverside.caseworker.user)
        client.raise_request_exception = False
        page = client.post(f"/referrals/{hers.reference}/person/", {"reason": ""})
        assert page.status_code == 500
        assert "Quillfeather" not in page.text
        assert [action for action, *_ in trail(riverside)] == ["identity_recorded"]


class TestAWordOfTheIdentity:
    @pytest.mark.parametrize(
        "identity",
        [
            {"given_names": "Invented Heron"},
            {"family_name": "heron"},
            {"aliases": "known as HERON to some"},
            {"nationality": "Heron"},
            {"email": "heron@invented.example"},
            {"address": "1 Heron Way"},
        ],
        ids=lambda identity: next(iter(identity)),
    )
    @pytest.mark.parametrize("word", ["Heron", "Larch Heron"])
    def test_is_in_nothing_that_says_who_they_are(
        self, riverside: Acting, identity: dict[str, str], word: str
    ) -> None:
        referral = factories.referral(riverside, contact=NOW, now=NOW, pseudonym=word)
        with pytest.raises(WordIsAName):
            record(riverside, referral, Identity(**identity))

    def test_is_not_changed_to_one_that_is(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers, Identity(family_name="Larch"))
        with riverside.context(), pytest.raises(WordIsAName):
            change_word(referral=hers, word="Larch Alder", by=riverside.caseworker, now=NOW)


class TestErasing:
    def test_leaves_nothing_that_can_be_read(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        with riverside.context():
            erase_identity(referral=hers, by=riverside.caseworker, now=NOW)
            hers.refresh_from_db()
            assert SurvivorKey.objects.get().wrapped is None
        assert hers.turns_18_on is None
        with pytest.raises(ErasedAlready):
            seen(riverside, hers)
        with pytest.raises(ErasedAlready):
            record(riverside, hers)
        with pytest.raises(ErasedAlready), riverside.context():
            erase_identity(referral=hers, by=riverside.caseworker, now=NOW)

    def test_at_the_shell(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        out = StringIO()
        call_command(
            "erase_survivor", hers.reference, "--organisation", "riverside", "--yes", stdout=out
        )
        assert "erased" in out.getvalue()
        with pytest.raises(ErasedAlready):
            seen(riverside, hers)


def test_keys_rotate_without_a_pause(riverside: Acting, hers: Referral, settings: object) -> None:
    record(riverside, hers)
    [old] = settings.NRM_MASTER_KEYS  # type: ignore[attr-defined]
    new = "second:" + "A" * 43 + "="
    settings.NRM_MASTER_KEYS = [new, old]  # type: ignore[attr-defined]
    assert seen(riverside, hers) == WHO
    out = StringIO()
    call_command("rotate_master_key", stdout=out)
    assert "1 key" in out.getvalue()
    settings.NRM_MASTER_KEYS = [new]  # type: ignore[attr-defined]
    assert seen(riverside, hers) == WHO


def test_words_that_were_typed_and_lists_that_wait_go_along(
    riverside: Acting, settings: object
) -> None:
    user, typed = riverside.caseworker.user, QueryDict("detail=kept")
    drafts.keep(user, "/referrals/new/", typed, left=False, now=NOW)
    with riverside.context():
        tables = Records("REFERRALS.csv", [["a"]]), Records("WAIT_EVENTS.csv", [["b"]])
        run = importing.upload_list(tables, by=riverside.caseworker, now=NOW)
    [old] = settings.NRM_MASTER_KEYS  # type: ignore[attr-defined]
    new = "second:" + "A" * 43 + "="
    settings.NRM_MASTER_KEYS = [new, old]  # type: ignore[attr-defined]
    call_command("rotate_master_key", stdout=StringIO())
    settings.NRM_MASTER_KEYS = [new]  # type: ignore[attr-defined]
    [draft] = drafts.drafts_of(user, now=NOW)
    assert drafts.words_of(draft) == typed
    with riverside.context():
        run.refresh_from_db()
        assert [list(map(list, table.rows)) for table in importing.tables_of(run)] == [
            [["a"]],
            [["b"]],
        ]


class TestThePages:
    @pytest.fixture
    def client(self, riverside: Acting) -> Client:
        return signed_in_client(riverside.caseworker.user)

    def test_it_is_recorded_and_seen_in_the_browser(self, hers: Referral, client: Client) -> None:
        url = f"/referrals/{hers.reference}/person/"
        assert "Nothing is recorded" in client.get(url).text
        form = form_of(client, f"{url}record/")
        answers = {"family_name": "Quillfeather", "telephone": "07700 900123"}
        assert client.post(f"{url}record/", form | answers).status_code == 302
        assert "Quillfeather" not in client.get(url).text
        page = client.post(url, {"reason": ""}).text
        assert "Quillfeather" in page
        assert "07700" not in page
        assert "Kept, not shown. Not asked: do not use it" in page
        assert client.get(f"{url}record/", follow=True).redirect_chain[-1][0] == url

    def test_the_number_that_was_not_shown_is_kept_when_the_rest_changes(
        self, riverside: Acting, hers: Referral, client: Client
    ) -> None:
        record(riverside, hers)
        url = f"/referrals/{hers.reference}/person/"
        change = client.post(url, {"reason": ""}).context["change"]
        sent = {"key": str(change["key"].value()), "version": change["version"].value()}
        client.post(f"{url}record/", sent | {"family_name": "Other", "email": "none"})
        now = seen(riverside, hers)
        assert (now.family_name, now.telephone, now.email) == ("Other", WHO.telephone, "")

    def test_nobody_else_finds_it(
        self, riverside: Acting, northgate: Acting, hers: Referral
    ) -> None:
        record(riverside, hers)
        stranger = signed_in_client(northgate.caseworker.user)
        for page in ("person", "person/record", "contact", "word"):
            assert stranger.get(f"/referrals/{hers.reference}/{page}/").status_code == 404

    def test_the_manager_sees_who_has_looked(self, riverside: Acting, hers: Referral) -> None:
        record(riverside, hers)
        seen(riverside, hers)
        page = signed_in_client(riverside.manager.user).get(f"/referrals/{hers.reference}/looked/")
        assert "was shown who the person is" in page.text
        assert page.text.count("Ash Caseworker") == 3
        worker = signed_in_client(riverside.caseworker.user)
        assert worker.get(f"/referrals/{hers.reference}/looked/").status_code == 403

    def test_an_age_alone_is_counted_as_if_they_turned_it_today(
        self, riverside: Acting, hers: Referral, client: Client
    ) -> None:
        url = f"/referrals/{hers.reference}/person/record/"
        form = form_of(client, url)
        both = form | {"age": "16", "born_on_0": "1", "born_on_1": "2", "born_on_2": "2010"}
        assert "Enter a date of birth or an age, not both" in client.post(url, both).text
        assert client.post(url, form | {"age": "16"}).status_code == 302
        today = london_date(timezone.now())
        assert date.fromisoformat(seen(riverside, hers).born_on).year == today.year - 16
        with riverside.context():
            assert Survivor.objects.get().birth_is_estimated
            hers.refresh_from_db()
            assert hers.turns_18_on is not None
            assert hers.turns_18_on.year == today.year + 2
        page = client.get(f"/referrals/{hers.reference}/").text
        assert "Child by the date of birth" in page
        assert "Local authority told" in page

    @pytest.mark.parametrize(
        "page", ["", "notes/", "contact/", "consent/", "risks/", "approaches/", "person/", "close/"]
    )
    def test_every_page_about_a_referral_is_noted_when_it_is_shown(
        self, riverside: Acting, hers: Referral, client: Client, page: str
    ) -> None:
        before = looks_of(riverside, hers)
        assert client.get(f"/referrals/{hers.reference}/{page}", follow=True).status_code == 200
        assert looks_of(riverside, hers) == before + 1

    def test_the_manager_sees_who_asked_in_vain(self, riverside: Acting, hers: Referral) -> None:
        worker = signed_in_client(riverside.caseworker.user)
        assert worker.get(f"/referrals/{hers.reference}/looked/").status_code == 403
        with riverside.context(riverside.manager):
            restrict_referral(
                referral=hers,
                why="asked",
                named=[riverside.manager.user_id],
                by=riverside.manager,
                now=NOW,
            )
        assert worker.get(f"/referrals/{hers.reference}/notes/").status_code == 404
        page = signed_in_client(riverside.manager.user).get(f"/referrals/{hers.reference}/looked/")
        assert page.text.count("was refused a page") == 2
        assert "was refused a page: notes" in page.text

    def test_no_word_of_it_reaches_another_page_or_the_log(
        self, riverside: Acting, hers: Referral, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        record(riverside, hers)
        pages = [
            client.get(path).text
            for path in ("/today/", "/referrals/", "/notices/", f"/referrals/{hers.reference}/")
        ]
        canaries = ("Quillfeather", "Adaeze", "Zephyrine", "900123", "Invented Way", "Ruritanian")
        said = "".join((*pages, caplog.text))
        assert [word for word in canaries if word in said] == []


def test_who_was_faster_with_the_identity_is_named_and_nothing_of_it_is_told(
    riverside: Acting,
) -> None:
    shown = heron(riverside)
    client = caseworker(riverside)
    url = reverse("contact", args=[shown.reference])
    mine = form_of(client, url) | {"telephone": "yes"}
    with riverside.context(riverside.manager):
        record_identity(
            referral=shown,
            identity=Identity(family_name="Quillfeather"),
            birth_is_estimated=False,
            by=riverside.manager,
            now=timezone.now(),
        )
    page = client.post(url, mine).text
    assert "Bay Manager recorded who the person is." in page
    assert "Quillfeather" not in page
