"""Somebody leaves: nothing they held is left to nobody unseen, and no page of theirs goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext

from audit.models import Action, AuditEntry
from nrm_tracker.database import context, purpose
from organisations.actions import close_membership, invite
from organisations.models import Invitation, MemberChange, Membership, Organisation
from referrals import actions
from referrals.actions import TakesOver, end_membership
from referrals.errors import NobodyLeft, NotACaseworker
from referrals.models import Cover, NamedStaff, Notice, Referral, Task, Undertaking, WaitEvent
from tests import factories
from tests.factories import Acting, acts, safeguarding_lead
from tests.referrals.casework import heron
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC)
QUERIES = 21


def colleague(acting: Acting, name: str = "Fern Colleague", role: str = "caseworker") -> Membership:
    user = factories.person(f"{name.split()[0].lower()}@riverside.example", name)
    with purpose("nrm_register"):
        return Membership.objects.create(
            user=user, organisation=acting.organisation, role=role, started_at=TODAY
        )


def restrict(acting: Acting, referral: Referral, *named: Membership) -> None:
    with acting.context():
        actions.restrict_referral(
            referral=referral,
            why="asked",
            named=[each.user_id for each in named],
            by=acting.caseworker,
            now=TODAY,
        )


def leave(acting: Acting, **whom: int | None) -> None:
    now = datetime.now(UTC)
    with acting.context(acting.manager):
        end_membership(
            member=acting.caseworker, takes_over=TakesOver(**whom), by=acting.manager, now=now
        )


def named(referral: Referral) -> list[tuple[int, bool]]:
    """Who was named on it, in turn, and whether they are."""
    with purpose("nrm_sweep"):
        found = NamedStaff.objects.filter(referral=referral.pk).order_by("id")
        return [(user, ended is None) for user, ended in found.values_list("user_id", "ended_at")]


def caseworker_of(referral: Referral) -> int | None:
    with purpose("nrm_sweep"):
        return Referral.objects.values_list("assigned_to_id", flat=True).get(pk=referral.pk)


def task(acting: Acting, referral: Referral | None, words: str = "Ring") -> Task:
    with acting.context():
        made = actions.make_task(
            referral=referral,
            words=words,
            due_on=None,
            caseworker=acting.caseworker.user_id,
            by=acting.caseworker,
            now=TODAY,
        )
    assert made
    return made


def test_everything_goes_to_the_colleague_who_was_chosen(riverside: Acting) -> None:
    fern, referral = colleague(riverside), heron(riverside)
    own = task(riverside, None)
    about = task(riverside, referral)
    away = colleague(riverside, "Moss Away")
    with riverside.context(riverside.manager):
        actions.arrange_cover(
            away=away.user_id,
            covered_by=riverside.caseworker.user_id,
            first_on=TODAY.date(),
            last_on=TODAY.date() + timedelta(days=3),
            by=riverside.manager,
            now=TODAY,
        )
        Undertaking.objects.create(
            referral=referral,
            rule="safety-screen",
            started_by=WaitEvent.objects.filter(referral=referral).earliest("id"),
            due_at=TODAY + timedelta(days=1),
            who="person",
            person=riverside.caseworker.user,
            by=riverside.manager.user,
            at=TODAY,
            version=referral.version,
        )
    leave(riverside, everything=fern.user_id)
    with riverside.context(fern):
        assert Referral.objects.get().assigned_to_id == fern.user_id
        assert Referral.objects.get().is_new_to_caseworker
        assert set(Task.objects.values_list("pk", "assigned_to")) == {
            (own.pk, fern.user_id),
            (about.pk, fern.user_id),
        }
        standing = Cover.objects.filter(ended_at=None)
        assert list(standing.values_list("away", "covered_by")) == [(away.user_id, fern.user_id)]
        assert Undertaking.objects.latest("id").person_id == fern.user_id
        done = AuditEntry.objects.filter(user=riverside.manager.user_id)
        assert {Action.MEMBER_CHANGED, Action.CASEWORKER_CHANGED, Action.TASK_CHANGED} <= set(
            done.values_list("action", flat=True)
        )


def test_what_they_hold_is_locked_before_the_chain_of_the_audit(riverside: Acting) -> None:
    """As whoever records something does, so that neither waits for the other for ever."""
    task(riverside, heron(riverside))
    with CaptureQueriesContext(connection) as asked:
        leave(riverside)
    said = [each["sql"] for each in asked]
    locks = [n for n, sql in enumerate(said) if "referrals_referral" in sql and "FOR UPDATE" in sql]
    noted = [n for n, sql in enumerate(said) if 'INSERT INTO "audit_auditentry"' in sql]
    assert locks[0] < noted[0]


def test_where_nobody_is_chosen_the_manager_sees_it(riverside: Acting) -> None:
    referral = heron(riverside)
    task(riverside, referral)
    leave(riverside)
    with riverside.context(riverside.manager):
        assert Referral.objects.get().assigned_to_id is None
        assert Task.objects.get().assigned_to_id == riverside.manager.user_id
    client = signed_in_client(riverside.manager.user)
    page = client.get("/our-organisation/members/").content.decode()
    assert "1 open referral</a> has no caseworker who works here" in page
    assert referral.reference in client.get("/referrals/?caseworker=none").content.decode()


def test_a_referral_that_was_given_to_them_meanwhile_is_seen_too(riverside: Acting) -> None:
    referral = heron(riverside)
    with riverside.context(riverside.manager):
        close_membership(member=riverside.caseworker, by=riverside.manager, now=TODAY)
    client = signed_in_client(riverside.manager.user)
    assert referral.reference in client.get("/referrals/?caseworker=none").content.decode()


def test_their_open_page_answers_as_signed_out(riverside: Acting) -> None:
    referral = heron(riverside)
    ash = signed_in_client(riverside.caseworker.user)
    address = f"/referrals/{referral.reference}/"
    assert ash.get(address).status_code == 200
    leave(riverside)
    reply = ash.get(address)
    assert reply.url == f"/accounts/login/?next={address}"
    again = signed_in_client(riverside.caseworker.user)
    assert again.get(address).status_code == 403


def test_who_acts_elsewhere_too_stays_signed_in_there_and_does_nothing_there_by_mistake(
    riverside: Acting, northgate: Acting
) -> None:
    with purpose("nrm_register"):
        Membership.objects.create(
            user=riverside.caseworker.user,
            organisation=northgate.organisation,
            role="caseworker",
            started_at=TODAY,
        )
    client = signed_in_client(riverside.caseworker.user)
    client.post("/act-for/", {"organisation": riverside.organisation.pk})
    assert "Riverside Support" in client.get("/today/").content.decode()
    leave(riverside)
    reply = client.post("/tasks/new/", {"words": "Ring"})
    assert reply.status_code == 403
    assert "You do not act any more for the organisation" in reply.content.decode()
    with context(user=riverside.caseworker.user_id, organisation=northgate.organisation.pk):
        assert not Task.objects.exists()
    assert "Northgate Trust" in client.get("/today/").content.decode()


def test_a_restricted_referral_is_never_left_to_nobody(riverside: Acting) -> None:
    lead, referral = safeguarding_lead(riverside), heron(riverside)
    about = task(riverside, referral)
    restrict(riverside, referral, riverside.caseworker)
    leave(riverside)
    assert named(referral) == [(riverside.caseworker.user_id, False), (lead.user_id, True)]
    with riverside.context(lead):
        assert Referral.objects.get().assigned_to_id == lead.user_id
        assert Task.objects.get(pk=about.pk).assigned_to_id == lead.user_id
        assert Action.REFERRAL_RESTRICTED in AuditEntry.objects.filter(
            referral=referral.pk, user=riverside.manager.user_id
        ).values_list("action", flat=True)
    with riverside.context(riverside.manager):
        assert not Referral.objects.exists()


def test_what_others_are_named_on_stays_theirs(riverside: Acting) -> None:
    lead, fern, referral = safeguarding_lead(riverside), colleague(riverside), heron(riverside)
    restrict(riverside, referral, riverside.caseworker, fern)
    leave(riverside, everything=lead.user_id, restricted=lead.user_id)
    assert named(referral) == [(riverside.caseworker.user_id, False), (fern.user_id, True)]
    assert caseworker_of(referral) == fern.user_id


def test_a_manager_does_not_name_themselves_where_there_is_anybody_else(riverside: Acting) -> None:
    colleague(riverside)
    referral = heron(riverside)
    restrict(riverside, referral, riverside.caseworker)
    with pytest.raises(NobodyLeft, match=referral.reference):
        leave(riverside, restricted=riverside.manager.user_id)
    with riverside.context():
        assert Membership.objects.filter(pk=riverside.caseworker.pk, ended_at=None).exists()


def test_who_is_alone_with_the_leaver_takes_it_over(riverside: Acting) -> None:
    referral = heron(riverside)
    restrict(riverside, referral, riverside.caseworker)
    leave(riverside)
    assert caseworker_of(referral) == riverside.manager.user_id


def test_restricted_referrals_are_passed_on_by_a_manager_after_a_membership_alone(
    riverside: Acting, northgate: Acting
) -> None:
    fern, referral = colleague(riverside), heron(riverside)
    restrict(riverside, referral, riverside.caseworker)
    ash, asked = riverside.caseworker, "SELECT * FROM nrm_pass_on_restricted(%s, %s, %s)"
    for by, leaver, successor in (
        (riverside.manager, ash, riverside.manager),  # who has not left
        (fern, ash, fern),
        (northgate.manager, ash, northgate.manager),
    ):
        with pytest.raises(InternalError), acts(by), connection.cursor() as cursor:
            cursor.execute(asked, [leaver.user_id, successor.user_id, TODAY])
    assert named(referral) == [(ash.user_id, True)]


def test_whom_they_had_invited_is_invited_no_more(riverside: Acting) -> None:
    rowan = colleague(riverside, "Rowan Manager", "manager")
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=riverside.organisation.pk).update(
            email_domains=["riverside.example"]
        )
    with riverside.context(rowan):
        invite(
            organisation=riverside.organisation,
            email="oak@riverside.example",
            name="Oak",
            role="manager",
            by=rowan,
            now=TODAY,
        )
    with riverside.context(riverside.manager):
        end_membership(member=rowan, takes_over=TakesOver(), by=riverside.manager, now=TODAY)
        assert not Invitation.objects.visible_to(riverside.manager).waiting().exists()


def test_nothing_is_done_where_the_successor_does_no_casework_here(
    riverside: Acting, northgate: Acting
) -> None:
    referral = heron(riverside)
    for wrong in (northgate.caseworker, riverside.caseworker):
        with pytest.raises(NotACaseworker):
            leave(riverside, everything=wrong.user_id)
    with riverside.context():
        assert Referral.objects.get(pk=referral.pk).assigned_to_id == riverside.caseworker.user_id
        assert not MemberChange.objects.exists()


def test_the_page_says_what_they_hold_and_ends_it_at_once(riverside: Acting) -> None:
    lead, referral, hidden = safeguarding_lead(riverside), heron(riverside), heron(riverside)
    task(riverside, referral)
    restrict(riverside, hidden, riverside.caseworker)
    client = signed_in_client(riverside.manager.user)
    address = f"/our-organisation/members/{riverside.caseworker.pk}/end/"
    page = client.get(address).content.decode()
    assert "1 open referral</a>" in page
    assert "1 open task</a>" in page
    assert f"Nobody else is named on {hidden.reference}" in page
    assert "Choose who takes over" in client.post(address, {"caseworker": ""}).content.decode()
    assert client.post(address, {"at_once": "yes"}).url == "/our-organisation/members/"
    assert caseworker_of(hidden) == lead.user_id
    with riverside.context(riverside.manager):
        assert Referral.objects.get(pk=referral.pk).assigned_to_id is None


def test_the_other_managers_and_the_lead_are_told_in_the_product(riverside: Acting) -> None:
    lead = safeguarding_lead(riverside)
    rowan = colleague(riverside, "Rowan Manager", "manager")
    leave(riverside)
    actions.deliver_notices(now=datetime.now(UTC))
    actions.deliver_notices(now=datetime.now(UTC))
    with purpose("nrm_sweep"):
        told = set(Notice.objects.exclude(change=None).values_list("user_id", flat=True))
        assert Notice.objects.exclude(change=None).count() == 2
    assert told == {lead.user_id, rowan.user_id}
    client = signed_in_client(rowan.user)
    page = client.get("/notices/").content.decode()
    assert "Bay Manager ended the membership of Ash Caseworker" in page
    with riverside.context(rowan):
        notice = Notice.objects.visible_to(rowan).get()
    assert client.post(f"/notices/{notice.pk}/").url == "/our-organisation/members/"


@pytest.mark.parametrize("colleagues", [1, 3])
def test_the_page_asks_as_often_whoever_is_there(
    riverside: Acting, colleagues: int, django_assert_num_queries: Any
) -> None:
    for number in range(colleagues):
        colleague(riverside, f"Fern{number} Colleague")
        heron(riverside)
    client = signed_in_client(riverside.manager.user)
    client.get("/our-organisation/members/")
    with django_assert_num_queries(QUERIES):
        client.get("/our-organisation/members/")


def test_a_caseworker_sees_names_and_roles_and_a_manager_who_has_what(
    riverside: Acting, northgate: Acting
) -> None:
    referral = heron(riverside)
    restrict(riverside, referral, riverside.caseworker)
    heron(riverside)
    seen = {}
    for member in (riverside.caseworker, riverside.manager):
        page = signed_in_client(member.user).get("/our-organisation/members/").content.decode()
        words = ("Ash Caseworker", "1 open referral", "Named on 1 restricted", "Change role")
        seen[member.role] = [word in page for word in words]
        assert northgate.manager.user.email not in page
    assert seen == {
        "caseworker": [True, False, False, False],
        "manager": [True, True, True, True],
    }
