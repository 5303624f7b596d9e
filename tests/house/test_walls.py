"""The second wall, walked: no table that leads to somebody may be forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError

from nrm_tracker.database import context, purpose
from organisations.models import Application, Designation, Membership, Organisation
from referrals.models import (
    Appointment,
    Cover,
    Custody,
    Delay,
    DelayFlag,
    Note,
    Notice,
    OutboxMessage,
    Referral,
    Submission,
    TakenUp,
    Task,
    ThresholdDraft,
    ThresholdPreview,
    ThresholdVersion,
    ToldChoice,
    WaitEvent,
)
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

FOREIGN_KEYS = """
WITH RECURSIVE leads(oid) AS (
    SELECT unnest(ARRAY['referrals_referral', 'organisations_organisation']::regclass[])::oid
  UNION
    SELECT conrelid FROM pg_constraint JOIN leads ON confrelid = leads.oid WHERE contype = 'f'
), histories(oid) AS (
    SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE '%%history'
)
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)
FROM pg_class c WHERE c.oid IN (SELECT oid FROM leads UNION SELECT oid FROM histories)
ORDER BY c.relname
"""


def rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_the_suite_can_bypass_nothing() -> None:
    assert rows("SELECT current_user, session_user") == [("nrm_app", "nrm_app")]
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = 'nrm_app'::regrole") == [(0,)]


def test_every_table_that_leads_to_somebody_stands_behind_the_wall() -> None:
    found = rows(FOREIGN_KEYS)
    names = {name for name, *_ in found}
    assert {"referrals_waitevent", "referrals_referralhistory", "referrals_notice"} <= names
    assert [
        name for name, enabled, forced, policy in found if not (enabled and forced and policy)
    ] == []


def test_every_history_trigger_writes_behind_the_wall() -> None:
    triggers = rows(
        "SELECT c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    )
    targets = {
        word.strip('"')
        for _, source in triggers
        for word in str(source).split()
        if "history" in word
    }
    assert targets
    protected = {
        name
        for name, enabled, forced, policy in rows(FOREIGN_KEYS)
        if enabled and forced and policy
    }
    assert targets <= protected


def test_views_use_the_rights_of_whoever_asks() -> None:
    assert (
        rows(
            "SELECT relname FROM pg_class WHERE relkind = 'v'"
            " AND relnamespace = 'public'::regnamespace"
            " AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)"
        )
        == []
    )


OURS = (Referral, WaitEvent, Custody, DelayFlag, TakenUp, OutboxMessage, Submission, Delay)


@pytest.fixture
def hers(northgate: factories.Acting) -> Referral:
    return factories.referral(northgate, contact=NOW - timedelta(days=30), now=NOW)


def test_without_a_context_there_is_nothing(hers: Referral) -> None:
    assert [model.objects.count() for model in (*OURS, Notice, Membership)] == [0] * 10


def test_another_organisation_sees_nothing(hers: Referral, riverside: factories.Acting) -> None:
    with riverside.context():
        assert [model.objects.count() for model in OURS] == [0] * len(OURS)


def test_the_holder_sees_its_own(hers: Referral, northgate: factories.Acting) -> None:
    with northgate.context():
        assert Referral.objects.get() == hers
        assert WaitEvent.objects.count() == 1
        assert DelayFlag.objects.exists()


def test_nothing_can_be_written_to_another_organisations_referral(
    hers: Referral, riverside: factories.Acting
) -> None:
    event = WaitEvent(
        referral=hers,
        code="contact_made",
        happened_at=NOW,
        recorded_at=NOW,
        recorded_by=riverside.organisation,
        version=2,
    )
    with riverside.context():
        assert Referral.objects.filter(pk=hers.pk).update(pseudonym="Taken") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            event.save()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Custody.objects.create(referral=hers, organisation=riverside.organisation, since=NOW)


def test_a_referral_cannot_be_pushed_to_another_organisation(
    hers: Referral, northgate: factories.Acting, riverside: factories.Acting
) -> None:
    with (
        northgate.context(),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Referral.objects.filter(pk=hers.pk).update(holder=riverside.organisation)


def test_who_recorded_an_event_never_changes(hers: Referral, northgate: factories.Acting) -> None:
    with (
        northgate.context(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        WaitEvent.objects.update(detail="changed")


def test_the_register_is_read_by_all_and_written_for_its_purpose_only(
    northgate: factories.Acting,
) -> None:
    with context():
        assert Organisation.objects.count() == 1
        assert Designation.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
        Organisation.objects.update(name="Changed")
    with purpose("nrm_register"):
        assert Organisation.objects.update(takes="women") == 1


def test_the_register_reads_no_referral(hers: Referral) -> None:
    for model in OURS:
        with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_register"):
            model.objects.exists()


def test_figures_have_no_faces(hers: Referral) -> None:
    with purpose("nrm_figures"):
        assert Referral.objects.values_list("nation", "holder").count() == 1
    for column in ("pseudonym", "reference", "own_reference", "assigned_to"):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
            list(Referral.objects.values_list(column))
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
        list(WaitEvent.objects.values_list("detail"))
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
        Referral.objects.update(nation="wales")


def test_the_sweep_reads_no_story(hers: Referral) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_sweep"):
        list(Referral.objects.values_list("pseudonym"))
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_sweep"):
        list(WaitEvent.objects.values_list("detail"))


def test_an_applicants_name_is_its_own_until_it_agrees(
    northgate: factories.Acting, riverside: factories.Acting
) -> None:
    with purpose("nrm_register"):
        Application.objects.create(
            organisation=northgate.organisation,
            submitted_on=NOW.date(),
            source="invented",
            recorded_by=northgate.manager.user,
            recorded_at=NOW,
        )
    with riverside.context():
        assert Application.objects.count() == 0
    with northgate.context():
        assert Application.objects.count() == 1


def test_a_context_ends_with_its_block(hers: Referral, northgate: factories.Acting) -> None:
    with northgate.context():
        with context(user=northgate.manager.user_id):
            assert Referral.objects.count() == 0
        assert Referral.objects.count() == 1
    assert Referral.objects.count() == 0


def test_history_is_kept_and_read_for_the_audit_only(
    hers: Referral, northgate: factories.Acting
) -> None:
    with northgate.context():
        Referral.objects.filter(pk=hers.pk).update(pseudonym="Linden")
    with purpose("nrm_audit"):
        assert rows("SELECT pseudonym FROM referrals_referralhistory ORDER BY pgh_id") == [
            ("Heron",),
            ("Linden",),
        ]
    with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
        rows("SELECT 1 FROM referrals_referralhistory")


def test_an_entry_supersedes_none_of_another_organisation(
    hers: Referral, northgate: factories.Acting, riverside: factories.Acting
) -> None:
    with northgate.context():
        theirs = WaitEvent.objects.filter(referral=hers).first()
    assert theirs
    own = factories.referral(riverside, contact=NOW - timedelta(days=1))
    facts = {
        "code": "recorded_in_error",
        "happened_at": NOW,
        "recorded_at": NOW,
        "recorded_by": riverside.organisation,
        "version": 2,
    }
    chains = {"supersedes": theirs, "root": theirs}
    with pytest.raises(ProgrammingError, match="row-level security"), riverside.context():
        WaitEvent.objects.create(referral=own, **facts, **chains)


def test_a_referral_follows_none_of_another_organisation(
    hers: Referral, riverside: factories.Acting
) -> None:
    own = factories.referral(riverside, contact=NOW - timedelta(days=1))
    with pytest.raises(ProgrammingError, match="row-level security"), riverside.context():
        Referral.objects.filter(pk=own.pk).update(follows=hers)


def test_a_form_names_no_referral_of_another_organisation(
    hers: Referral, riverside: factories.Acting
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), riverside.context():
        Submission.objects.create(
            key=uuid4(), organisation=riverside.organisation, referral=hers, sent_at=NOW
        )


def planned(acting: factories.Acting, referral: Referral) -> list[models.Model]:
    """A note, a task and an appointment on a referral, not yet saved."""
    recorded = {"referral": referral, "recorded_by": acting.organisation}
    return [
        Note(text=b"sealed", written_at=NOW, **recorded),
        Appointment(at=NOW, purpose="other", made_at=NOW, **recorded),
        Task(
            organisation=acting.organisation,
            referral=referral,
            words="Ring the council",
            assigned_to=acting.caseworker.user,
            made_at=NOW,
        ),
    ]


def cover(acting: factories.Acting, covered_by: Membership) -> Cover:
    return Cover(
        organisation=acting.organisation,
        away=acting.caseworker.user,
        covered_by=covered_by.user,
        first_on=NOW.date(),
        last_on=NOW.date(),
        made_at=NOW,
    )


def test_nothing_is_planned_on_another_organisations_referral(
    hers: Referral, riverside: factories.Acting, northgate: factories.Acting
) -> None:
    for row in planned(riverside, hers):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            riverside.context(),
        ):
            row.save(force_insert=True)
    with northgate.context():
        for row in planned(northgate, hers):
            row.save(force_insert=True)
    for member in (riverside.caseworker, riverside.manager):
        with riverside.context(member):
            assert [model.objects.count() for model in (Note, Appointment, Task)] == [0] * 3


def test_what_was_planned_changes_in_its_outcome_alone(
    hers: Referral, northgate: factories.Acting
) -> None:
    with northgate.context():
        for row in planned(northgate, hers):
            row.save(force_insert=True)
        cover(northgate, northgate.manager).save()
    changes = (
        (Note, {"text": b"other"}),
        (Note, {"written_at": NOW}),
        (Task, {"words": "Other"}),
        (Appointment, {"at": NOW}),
        (Cover, {"last_on": NOW.date()}),
    )
    for model, change in changes:
        with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
            model.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), northgate.context():
            model.objects.filter(pk=model.objects.get().pk)._raw_delete("default")


def test_nobody_covers_who_is_no_colleague(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), northgate.context():
        cover(northgate, riverside.caseworker).save()


def test_the_sweep_knows_who_covers_and_reads_no_note_or_task(
    hers: Referral, northgate: factories.Acting
) -> None:
    with northgate.context():
        cover(northgate, northgate.manager).save()
    with purpose("nrm_sweep"):
        assert Cover.objects.values_list("covered_by").count() == 1
    for model in (Note, Task, Appointment):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_sweep"):
            model.objects.exists()


def test_whom_a_change_would_flag_is_counted_for_the_oversight_alone(
    riverside: factories.Acting,
) -> None:
    administrator = factories.administrator()
    base = ThresholdVersion.objects.get(code="entry-wait")
    with purpose("nrm_register"):
        draft = ThresholdDraft.objects.create(
            code="entry-wait",
            base=base,
            organisation=administrator.organisation,
            definition=base.definition,
            drafted_by=administrator.user,
            drafted_at=NOW,
            changed_at=NOW,
        )
        ThresholdPreview.objects.create(draft=draft, revision=1, asked_at=NOW, instant=NOW)
    for member, sees in ((administrator, 1), (riverside.manager, 0)):
        with factories.acts(member):
            found = [ThresholdDraft.objects.count(), ThresholdPreview.objects.count()]
            assert found == [sees, sees]
    with purpose("nrm_sweep"):
        assert ThresholdPreview.objects.update(finished_at=NOW) == 1
        assert ThresholdPreview.objects.update(checked=9) == 0
    for model, change in ((ThresholdDraft, {"reason": "x"}), (ThresholdPreview, {"flagged": 0})):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_figures"):
            model.objects.exists()
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            factories.acts(administrator),
        ):
            model.objects.update(**change)
    with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_sweep"):
        list(ThresholdDraft.objects.values_list("reason"))


def test_what_was_decided_of_a_threshold_is_never_changed(db: None) -> None:
    administrator = factories.administrator()
    base = ThresholdVersion.objects.get(code="entry-wait")
    with purpose("nrm_register"):
        draft = ThresholdDraft.objects.create(
            code="entry-wait",
            base=base,
            organisation=administrator.organisation,
            definition=base.definition,
            drafted_by=administrator.user,
            drafted_at=NOW,
            changed_at=NOW,
        )
        mine = ThresholdDraft.objects.filter(pk=draft.pk)
        assert mine.update(state="withdrawn", settled_by=administrator.user) == 1
        assert mine.update(reason="another") == 0
    for change in ({"definition": {}}, {"code": "other"}):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose("nrm_register"):
            ThresholdVersion.objects.update(**change)


def test_who_is_told_is_chosen_for_ones_own_organisation_and_appended(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    row = {"rule": "entry-wait", "severity": "amber", "told": "today", "at": NOW}
    with riverside.context():
        mine = {"organisation": riverside.organisation, "by": riverside.manager.user}
        ToldChoice.objects.create(**mine, **row)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ToldChoice.objects.update(told="measured")
    with northgate.context():
        assert ToldChoice.objects.count() == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ToldChoice.objects.create(**mine, **row)
    with purpose("nrm_sweep"):
        assert ToldChoice.objects.values_list("told").count() == 1
