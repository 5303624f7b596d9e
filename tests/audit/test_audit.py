"""The trail: appended in one's own name, chained, and found out where somebody meddles."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.utils import ProgrammingError

from audit import log
from audit.models import Action, AuditChain, AuditEntry
from audit.verifying import verify
from nrm_tracker.database import context, purpose
from organisations.actor import Command
from referrals.actions import sweep
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting, happening
from tests.house.world import as_owner
from tests.support import signed_in_client

MEDDLING = {
    "changed": "UPDATE audit_auditentry SET reason = 'covering' WHERE number = 2",
    "user changed": 'UPDATE audit_auditentry SET "user" = -1 WHERE number = 1',
    "removed in the middle": "DELETE FROM audit_auditentry WHERE number = 2",
    "removed at the end": "DELETE FROM audit_auditentry WHERE number = 3",
    "all removed": "DELETE FROM audit_auditentry",
    "inserted": "INSERT INTO audit_auditentry SELECT gen_random_uuid(), organisation, 4, at,"
    ' "user", action, refused, referral, subject, fields, reason, hash, hash'
    " FROM audit_auditentry WHERE number = 3",
    "order changed": "UPDATE audit_auditentry SET number = 9 - number WHERE number > 1",
    "the head goes back": "DELETE FROM audit_auditentry WHERE number = 3;"
    " UPDATE audit_auditchain c SET number = e.number, hash = e.hash"
    " FROM audit_auditentry e WHERE e.number = 2",
}


def chain(acting: Acting, length: int = 3) -> None:
    with acting.context():
        for number in range(length):
            facts = {"referral": number, "fields": ["b", "a"]}
            log.record(Action.REFERRAL_VIEWED, by=acting.caseworker, now=NOW, **facts)


def entries(acting: Acting) -> list[AuditEntry]:
    with acting.context():
        return list(AuditEntry.objects.order_by("number"))


@pytest.mark.django_db
class TestTheTrail:
    def test_is_numbered_and_chained_for_each_organisation(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        chain(riverside)
        chain(northgate, 1)
        chain(riverside, 1)
        ours = entries(riverside)
        assert [entry.number for entry in ours] == [1, 2, 3, 4]
        assert [bytes(e.previous) for e in ours[1:]] == [bytes(e.hash) for e in ours[:-1]]
        assert [entry.number for entry in entries(northgate)] == [1]
        assert ours[0].fields == ["a", "b"]

    def test_is_written_in_ones_own_name_and_for_the_organisation_acted_for(
        self, riverside: Acting, northgate: Acting
    ) -> None:
        for forged in (riverside.manager, northgate.caseworker):
            with pytest.raises(ProgrammingError, match="row-level security"), riverside.context():
                log.record(Action.REFERRAL_VIEWED, by=forged, now=NOW)
        with context(organisation=riverside.organisation.pk):
            by = Command(organisation_id=riverside.organisation.pk)
            log.record(Action.LIST_IMPORTED, by=by, now=NOW)
        assert [entry.user for entry in entries(riverside)] == [None]

    def test_is_changed_and_removed_by_nobody(self, riverside: Acting) -> None:
        chain(riverside)
        for meddle in (
            lambda: AuditEntry.objects.update(reason="covering"),
            lambda: AuditEntry.objects.all()._raw_delete("default"),
            lambda: AuditChain.objects.update(number=0),
            lambda: list(AuditChain.objects.all()),
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                riverside.context(),
                transaction.atomic(),
            ):
                meddle()

    def test_goes_with_what_it_is_about(self, riverside: Acting) -> None:
        def break_off() -> None:
            with riverside.context():
                log.record(Action.REFERRAL_VIEWED, by=riverside.caseworker, now=NOW)
                raise ValueError

        with pytest.raises(ValueError):
            break_off()
        assert entries(riverside) == []

    def test_names_no_person(self) -> None:
        """No foreign key and no free text: what is kept of an act is ids and codes."""
        free = {f.name for f in AuditEntry._meta.fields if f.get_internal_type() == "TextField"}
        assert free == set()
        assert [f for f in AuditEntry._meta.fields if f.is_relation] == []


@pytest.mark.django_db
def test_what_is_done_is_in_the_trail_in_order(riverside: Acting) -> None:
    referral = factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)
    factories.record(riverside, referral, happening("contact_made", NOW), now=NOW)
    factories.record(riverside, referral, happening("closed", NOW), now=NOW)
    found = [(e.action, e.referral, e.fields) for e in entries(riverside)]
    assert found == [
        ("referral_opened", referral.pk, []),
        ("events_recorded", referral.pk, ["contact_made"]),
        ("referral_closed", referral.pk, ["closed"]),
    ]


@pytest.mark.django_db
def test_who_looks_at_a_referral_and_who_asks_in_vain_are_in_the_trail(
    riverside: Acting, northgate: Acting
) -> None:
    ours = factories.referral(riverside, contact=NOW - timedelta(days=2), now=NOW)
    theirs = factories.referral(northgate, contact=NOW - timedelta(days=2), now=NOW)
    client = signed_in_client(riverside.caseworker.user)
    client.get(f"/referrals/{ours.reference}/")
    client.get(f"/referrals/{theirs.reference}/")
    client.get("/delays/")
    found = [(e.action, e.refused, e.referral, e.subject) for e in entries(riverside)[1:]]
    assert found == [
        ("referral_viewed", False, ours.pk, "referral"),
        ("page_refused", True, None, theirs.reference),
        ("page_refused", True, None, ""),
    ]
    assert [entry.action for entry in entries(northgate)] == ["referral_opened"]


@pytest.mark.django_db(transaction=True)
class TestVerifying:
    def test_finds_nothing_where_nobody_meddled(self) -> None:
        riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
        chain(riverside)
        sweep(now=NOW)
        verdict = verify(known={})
        assert (verdict.faults, verdict.entries) == ([], 3)
        assert verdict.heads[riverside.organisation.pk][0] == 3

    @pytest.mark.parametrize("statements", MEDDLING.values(), ids=MEDDLING)
    def test_finds_whatever_was_done_to_it(self, statements: str, tmp_path: Path) -> None:
        chain(factories.organisation("Riverside Support (fictitious)", "riverside"))
        noted = tmp_path / "heads.json"
        noted.write_text(printed())
        with as_owner() as cursor:
            cursor.execute(
                "ALTER TABLE audit_auditentry DISABLE TRIGGER USER;"
                f"ALTER TABLE audit_auditentry NO FORCE ROW LEVEL SECURITY; {statements}"
            )
        with pytest.raises(CommandError, match="not whole"):
            printed("--heads", str(noted))

    def test_the_owner_is_stopped_by_the_trigger(self) -> None:
        chain(factories.organisation("Riverside Support (fictitious)", "riverside"))
        for statement in ("DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"):
            with pytest.raises(Exception, match="never changed"), as_owner() as cursor:
                cursor.execute(statement)

    def test_says_what_is_wrong_with_the_file_of_heads(self, tmp_path: Path) -> None:
        (tmp_path / "noted").write_text("[]")
        with pytest.raises(CommandError, match="is not a summary"):
            printed("--heads", str(tmp_path / "noted"))


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    assert json.loads(out.getvalue())["faults"] == []
    return out.getvalue()


@pytest.mark.django_db
def test_only_the_audit_reads_all_chains(riverside: Acting, northgate: Acting) -> None:
    chain(riverside)
    chain(northgate)
    assert {e.organisation for e in entries(riverside)} == {riverside.organisation.pk}
    with purpose("nrm_audit"):
        assert AuditEntry.objects.count() == 6
    with context():
        assert AuditEntry.objects.count() == 0
