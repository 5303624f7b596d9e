"""The first wall: which rows `visible_to` shows, for each model that has it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.db import models

from audit.models import AuditEntry
from nrm_tracker.database import context, purpose
from organisations.actions import invite
from organisations.models import (
    Application,
    ApplicationMessage,
    ChecklistEntry,
    Correspondence,
    Invitation,
    MemberChange,
    Membership,
    NamingConsent,
    Organisation,
    ResponderPolicy,
    StageEntry,
    TrainingModule,
)
from referrals.actions import deliver_notices, sweep
from referrals.models import (
    Appointment,
    Cover,
    Delay,
    DelayFlag,
    Effort,
    Email,
    Escalation,
    HandOver,
    Harm,
    ImportRun,
    Link,
    NamedStaff,
    NameMark,
    Note,
    Notice,
    NoticeChoice,
    Proof,
    Rate,
    Referral,
    Restriction,
    SafeContact,
    SavedView,
    Submission,
    Survivor,
    Task,
    ThresholdDraft,
    ThresholdVersion,
    ToldChoice,
    Undertaking,
    WaitEvent,
    WrittenPage,
)
from referrals.references import new_number
from reporting.models import WhatIf
from tests import factories
from tests.conftest import NOW, Lasting
from tests.house.world import WALLS, as_owner, behind, pass_on, scoped_models

pytestmark = pytest.mark.django_db


class Sees(NamedTuple):
    """Whether a member sees the row of: a referral that we hold, one that another organisation
    holds, one that went from us to another organisation after we had recorded on it, and one that
    we hold and that is restricted to somebody else."""

    ours: bool
    theirs: bool
    once_ours: bool
    hidden: bool


TRUTH: dict[type[models.Model], Sees] = {
    Referral: Sees(True, False, False, False),
    WaitEvent: Sees(True, False, True, False),  # one goes on seeing what one recorded
    DelayFlag: Sees(True, False, False, False),
    Delay: Sees(True, False, False, False),
    Submission: Sees(True, False, True, True),  # one's own forms
    Survivor: Sees(True, False, False, False),
    NameMark: Sees(True, False, False, False),
    SafeContact: Sees(True, False, False, False),
    Restriction: Sees(True, False, True, True),  # that it is restricted here, not what it says
    NamedStaff: Sees(True, False, True, True),
    Note: Sees(True, False, False, False),
    WrittenPage: Sees(True, False, False, False),
    Harm: Sees(False, False, False, False),  # a manager reads none
    HandOver: Sees(True, False, True, False),  # what one asked of others
    Proof: Sees(True, False, False, False),
    Link: Sees(True, False, False, False),
    Task: Sees(True, False, False, False),
    Appointment: Sees(True, False, False, False),
    Escalation: Sees(True, False, False, False),
    Undertaking: Sees(True, False, False, False),
    Effort: Sees(True, False, True, False),  # what one spent stays one's own
}


PROOF = {
    "content_hash": "0" * 64,
    "rests_on": [],
    "addressed_to": "representative",
    "safe_to_keep": False,
    "names_person": False,
    "issued_at": NOW,
}


class World(NamedTuple):
    riverside: factories.Acting
    ours: Referral
    theirs: Referral
    once_ours: Referral
    hidden: Referral


@pytest.fixture(scope="module")
def world(walls: str, lasting: Lasting) -> Iterator[World]:
    with lasting(behind(walls, build)) as made:
        yield made


def build() -> World:
    """Riverside's, of which one is Northgate's by now, and one is the caseworker's alone."""
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    northgate = factories.organisation("Northgate Trust (fictitious)", "northgate")
    long_ago = NOW - timedelta(days=30)
    ours = factories.referral(riverside, contact=long_ago, now=NOW)
    theirs = factories.referral(northgate, contact=long_ago, now=NOW)
    gone = factories.referral(riverside, contact=long_ago, now=NOW)
    hidden = factories.referral(riverside, contact=long_ago, now=NOW)
    held = ((riverside, ours), (northgate, theirs), (riverside, gone), (riverside, hidden))
    for acting, referral in held:
        with acting.context():
            Submission.objects.create(
                key=uuid4(), organisation=acting.organisation, referral=referral, sent_at=NOW
            )
            Survivor.objects.create(referral=referral, recorded_at=NOW)
            NameMark.objects.create(referral=referral, kind="name", value=b"mark", master="first")
            Restriction.objects.create(
                referral=referral,
                reference=referral.reference,
                organisation=acting.organisation,
                why="asked",
                since=NOW,
                by=acting.manager.user,
                lifted_at=None if referral is hidden else NOW,
            )
            NamedStaff.objects.create(
                referral=referral,
                organisation=acting.organisation,
                user=(acting.caseworker if referral is hidden else acting.manager).user,
                since=NOW,
                by=acting.manager.user,
            )
            SafeContact.objects.create(
                referral=referral,
                agreed_at=NOW,
                recorded_at=NOW,
                recorded_by=acting.organisation,
                version=1,
            )
            plan(acting, referral)
    with riverside.context():
        Referral.objects.filter(pk=hidden.pk).update(restricted=True)
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE referrals_referral SET holder_id = %s WHERE id = %s",
            [northgate.organisation.pk, gone.pk],
        )
    factories.record(northgate, gone, factories.happening("contact_made", NOW), now=NOW)
    return World(riverside, ours, theirs, gone, hidden)


def thornfield() -> Organisation:
    """Whom both ask."""
    with purpose("nrm_register"):
        made, _ = Organisation.objects.get_or_create(
            slug="thornfield", defaults={"name": "Thornfield House (fictitious)"}
        )
    return made


def plan(acting: factories.Acting, referral: Referral) -> None:
    user, tomorrow = acting.caseworker.user, NOW + timedelta(days=1)
    recorded = {"referral": referral, "recorded_by": acting.organisation}
    Note.objects.create(text=b"sealed", written_at=NOW, **recorded)
    WrittenPage.objects.create(
        page="staying", number=1, answers=b"sealed", written_at=NOW, **recorded
    )
    today = NOW.date()
    Harm.objects.create(
        incident=uuid4(),
        number=1,
        opened_by=user,
        by=user,
        recorded_at=NOW,
        kind="other",
        happened_on=today,
        known_on=today,
        what=b"sealed",
        **recorded,
    )
    Proof.objects.create(content=b"sealed", number=new_number(), **PROOF, **recorded)
    other = factories.referral(acting, contact=NOW, pseudonym="Larch")
    Link.objects.create(referral=referral, other=other, kind="family", linked_at=NOW, by=user)
    HandOver.objects.create(
        referral=referral,
        sender=acting.organisation,
        receiver=thornfield(),
        consent=WaitEvent.objects.filter(referral=referral).earliest("id"),
        age_group="adult",
        nation="england",
        sent_at=NOW,
        sent_by=user,
    )
    Effort.objects.create(
        referral=referral,
        organisation=acting.organisation,
        kind="interview",
        minutes=30,
        day=today,
        by=user,
        at=NOW,
    )
    Appointment.objects.create(at=tomorrow, purpose="other", made_at=NOW, **recorded)
    Task.objects.create(
        organisation=acting.organisation,
        referral=referral,
        words="Ring the council",
        assigned_to=user,
        made_at=NOW,
    )
    Undertaking.objects.create(
        referral=referral,
        rule="safety-screen",
        started_by=WaitEvent.objects.filter(referral=referral).earliest("id"),
        due_at=tomorrow,
        who="person",
        person=user,
        by=user,
        at=NOW,
        version=1,
    )
    pass_on(referral, now=NOW)


def test_the_table_knows_every_model_that_has_the_wall() -> None:
    others = {Notice, Cover, AuditEntry, ImportRun, Membership, Email, NoticeChoice}
    others |= {ThresholdDraft, ToldChoice, SavedView, WhatIf, Invitation, MemberChange}
    others |= {Rate, ResponderPolicy, TrainingModule}
    # an applicant's: tests/organisations/test_applying.py has their table
    others |= {Application, StageEntry, Correspondence, NamingConsent, ApplicationMessage}
    others |= {ChecklistEntry}
    assert {*TRUTH, *others} == set(scoped_models())


def test_a_list_that_was_brought_is_its_organisations(world: World) -> None:
    with world.riverside.context():
        mine = ImportRun.objects.create(
            organisation=world.riverside.organisation,
            by=world.riverside.manager.user,
            uploaded_at=NOW,
        )
        assert list(ImportRun.objects.visible_to(world.riverside.caseworker)) == [mine]
    with context(organisation=world.theirs.holder_id):
        assert not ImportRun.objects.exists()


@WALLS
def test_colleagues_are_those_of_ones_own_organisation(world: World) -> None:
    riverside = world.riverside
    with riverside.context():
        seen = set(Membership.objects.visible_to(riverside.manager))
    assert seen == {riverside.caseworker, riverside.manager}


@WALLS
def test_invitations_and_what_changed_of_members_are_their_organisations(world: World) -> None:
    manager = world.riverside.manager
    ours = [invited(manager, "fern@riverside.example")]
    with context(organisation=world.theirs.holder_id):
        managers = Membership.objects.filter(role="manager")
        theirs = managers.get(organisation=world.theirs.holder_id)
    invited(theirs, "rowan@northgate.example")
    with world.riverside.context():
        assert list(Invitation.objects.visible_to(manager).waiting()) == ours
        changes = MemberChange.objects.visible_to(manager)
        assert list(changes.values_list("invitation", flat=True)) == [ours[0].pk]


def invited(by: Membership, email: str) -> Invitation:
    with purpose("nrm_register"):
        domains = {"email_domains": [email.partition("@")[2]]}
        Organisation.objects.filter(pk=by.organisation_id).update(**domains)
        organisation = Organisation.objects.get(pk=by.organisation_id)
    with factories.acts(by):
        return invite(
            organisation=organisation,
            email=email,
            name="Fern",
            role="caseworker",
            by=by,
            now=NOW,
        )


@WALLS
@pytest.mark.parametrize("model", TRUTH, ids=lambda model: model.__name__)
def test_visible_to(world: World, model: type[models.Model]) -> None:
    with world.riverside.context():
        seen = set(_referrals(model, world.riverside.manager))
    assert TRUTH[model] == Sees(*(r.pk in seen for r in world[1:]))


def _referrals(model: type[models.Model], member: Membership) -> list[int]:
    rows = model._default_manager.visible_to(member)  # type: ignore[attr-defined]
    return list(rows.values_list("pk" if model is Referral else "referral_id", flat=True))


def test_of_a_referral_that_went_on_one_sees_only_what_one_recorded(world: World) -> None:
    with world.riverside.context():
        mine = WaitEvent.objects.visible_to(world.riverside.manager)
        assert list(mine.filter(referral=world.once_ours.pk).values_list("code", flat=True)) == [
            "initial_contact"
        ]


def test_the_trail_of_an_organisation_is_its_own(world: World) -> None:
    with world.riverside.context():
        seen = AuditEntry.objects.visible_to(world.riverside.manager)
        ours = {world.ours.pk, world.once_ours.pk, world.hidden.pk}
        everybody = {referral.pk for referral in world[1:]}
        assert set(seen.values_list("referral", flat=True)) & everybody == ours
        assert not AuditEntry.objects.exclude(organisation=world.riverside.organisation.pk).exists()


def test_a_notice_is_its_readers_alone_and_only_where_it_was_sent(world: World) -> None:
    """Not a colleague's, and not one's own while acting for another organisation."""
    risk = factories.happening("risk_flag_added", NOW, risk="still_in_exploitation")
    factories.record(world.riverside, world.ours, risk, now=NOW)
    five_hours_later = NOW + timedelta(hours=5)
    sweep(now=five_hours_later)
    deliver_notices(now=five_hours_later)
    caseworker, manager = world.riverside.caseworker, world.riverside.manager
    elsewhere = Membership(
        user=caseworker.user, organisation=world.theirs.holder, role=caseworker.role
    )
    with purpose("nrm_sweep"):
        everybodys = set(Notice.objects.values_list("user_id", flat=True))
    assert caseworker.user_id in everybodys
    counts = []
    for member in (caseworker, manager, elsewhere):
        with context(user=caseworker.user_id, organisation=world.riverside.organisation.pk):
            counts.append(Notice.objects.visible_to(member).count())
    assert [count > 0 for count in counts] == [True, False, False]


@WALLS
def test_a_mail_and_what_one_wants_by_mail_are_ones_own(world: World) -> None:
    caseworker, manager = world.riverside.caseworker, world.riverside.manager
    with world.riverside.context():
        NoticeChoice.objects.create(user=caseworker.user, changed_at=NOW)
    with purpose("nrm_sweep"):
        Email.objects.create(
            key="notice-1-1",
            user_id=caseworker.user_id,
            organisation_id=caseworker.organisation_id,
            kind="at_once",
            created_at=NOW,
            next_try_at=NOW,
        )
    seen = []
    for member in (caseworker, manager):
        with world.riverside.context(member):
            mine = (Email.objects.visible_to(member), NoticeChoice.objects.visible_to(member))
            seen.append([rows.count() for rows in mine])
    assert seen == [[1, 1], [0, 0]]


@WALLS
def test_training_and_what_an_hour_costs_are_an_organisations_own(world: World) -> None:
    riverside = world.riverside
    with purpose("nrm_register"):
        own, theirs = (
            TrainingModule.objects.create(organisation_id=pk, name="Own", recorded_at=NOW)
            for pk in (riverside.organisation.pk, world.theirs.holder_id)
        )
    with riverside.context():
        facts = {"organisation": riverside.organisation, "by": riverside.caseworker.user, "at": NOW}
        Rate.objects.create(pence_an_hour=1, valid_from=NOW.date(), **facts)
        ResponderPolicy.objects.create(policy="refuse", **facts)
    elsewhere = Membership(
        user=riverside.caseworker.user, organisation=world.theirs.holder, role="manager"
    )
    seen = []
    for member in (riverside.manager, elsewhere):
        with context(user=member.user_id, organisation=member.organisation_id):
            modules = TrainingModule.objects.visible_to(member)
            seen.append(
                (
                    Rate.objects.visible_to(member).count(),
                    ResponderPolicy.objects.visible_to(member).count(),
                    modules.filter(pk=own.pk).exists(),
                    modules.filter(pk=theirs.pk).exists(),
                    modules.for_all().count(),
                )
            )
    assert seen == [(1, 1, True, False, 2), (0, 0, False, True, 2)]


@WALLS
def test_cover_and_the_organisations_own_tasks_are_its_own(world: World) -> None:
    riverside = world.riverside
    with riverside.context():
        pair = {"away": riverside.caseworker.user, "covered_by": riverside.manager.user}
        days = {"first_on": NOW.date(), "last_on": NOW.date(), "made_at": NOW}
        Cover.objects.create(organisation=riverside.organisation, **pair, **days)
        Task.objects.create(
            organisation=riverside.organisation,
            words="Order leaflets",
            assigned_to=riverside.caseworker.user,
            made_at=NOW,
        )
    elsewhere = Membership(
        user=riverside.caseworker.user, organisation=world.theirs.holder, role="caseworker"
    )
    seen = []
    for member in (riverside.manager, elsewhere):
        with context(user=member.user_id, organisation=member.organisation_id):
            own = Task.objects.visible_to(member).filter(referral=None)
            seen.append((Cover.objects.visible_to(member).count(), own.count()))
    assert seen == [(1, 1), (0, 0)]


@WALLS
def test_a_change_of_a_threshold_is_for_who_may_decide_until_it_is_decided(world: World) -> None:
    riverside = world.riverside
    administrator = factories.administrator()
    base = ThresholdVersion.objects.get(code="entry-wait")
    facts = {
        "base": base,
        "organisation": administrator.organisation,
        "definition": base.definition,
        "drafted_by": administrator.user,
        "drafted_at": NOW,
        "changed_at": NOW,
    }
    with purpose("nrm_register"):
        ThresholdDraft.objects.create(code="entry-wait", **facts)
        ThresholdDraft.objects.create(code="interview", state="withdrawn", **facts)
        ThresholdDraft.objects.create(code="refusals", state="announced", **facts)
        approved = {"state": "approved", "made": base, "settled_by": riverside.manager.user}
        ThresholdDraft.objects.create(code="fro-reply", **approved, **facts)
    seen = []
    for member in (administrator, riverside.manager, riverside.caseworker):
        with factories.acts(member):
            drafts = ThresholdDraft.objects.visible_to(member)
            seen.append(sorted(drafts.values_list("state", flat=True)))
    announced = ["announced", "approved"]
    assert seen == [[*announced, "open", "withdrawn"], announced, announced]


@WALLS
def test_who_is_told_is_an_organisations_own_choice(world: World) -> None:
    riverside = world.riverside
    with riverside.context():
        ToldChoice.objects.create(
            organisation=riverside.organisation,
            rule="entry-wait",
            severity="amber",
            told="today",
            by=riverside.manager.user,
            at=NOW,
        )
    elsewhere = Membership(
        user=riverside.manager.user, organisation=world.theirs.holder, role="manager"
    )
    seen = []
    for member in (riverside.manager, elsewhere):
        with context(user=member.user_id, organisation=member.organisation_id):
            seen.append(ToldChoice.objects.visible_to(member).count())
    assert seen == [1, 0]


@WALLS
def test_a_saved_view_is_its_owners_until_shared_in_the_organisation(world: World) -> None:
    riverside = world.riverside
    own = {"organisation": riverside.organisation, "user": riverside.caseworker.user}
    with riverside.context():
        SavedView.objects.create(name="Mine", saved_at=NOW, **own)
        SavedView.objects.create(name="For all", shared=True, saved_at=NOW, **own)
    elsewhere = Membership(
        user=riverside.caseworker.user, organisation=world.theirs.holder, role="manager"
    )
    seen = []
    for member in (riverside.caseworker, riverside.manager, elsewhere):
        with context(user=member.user_id, organisation=member.organisation_id):
            names = SavedView.objects.visible_to(member).values_list("name", flat=True)
            seen.append(sorted(names))
    assert seen == [["For all", "Mine"], ["For all"], []]


@WALLS
def test_what_was_asked_of_a_simulation_is_its_organisations(world: World) -> None:
    riverside = world.riverside
    with riverside.context(riverside.manager):
        mine = WhatIf.objects.create(
            organisation=riverside.organisation,
            asked_by=riverside.manager.user,
            asked_at=NOW,
            history={},
            more=2,
            begins=0,
            seed=1,
        )
    elsewhere = Membership(
        user=riverside.manager.user, organisation=world.theirs.holder, role="manager"
    )
    seen = []
    for member in (riverside.manager, elsewhere):
        with context(user=member.user_id, organisation=member.organisation_id):
            seen.append(list(WhatIf.objects.visible_to(member)))
    assert seen == [[mine], []]
