"""Restricted to named staff: what others see of it, in pages, numbers, notices and the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from audit.models import Action, AuditEntry
from nrm_tracker.database import context, purpose
from organisations.models import Membership
from referrals import actions
from referrals.models import (
    Appointment,
    Custody,
    Delay,
    DelayFlag,
    NamedStaff,
    Note,
    Notice,
    Referral,
    Restriction,
    SafeContact,
    Survivor,
    Task,
    WaitEvent,
)
from tests.factories import (
    Acting,
    acts,
    happening,
    organisation,
    record,
    safeguarding_lead,
)
from tests.house.test_truth_table import plan
from tests.house.world import switch_second_wall_off
from tests.referrals.casework import caseworker, form_of, heron, send
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db


def restricted(acting: Acting, *named: Membership, **facts: object) -> Referral:
    """Somebody whom only these may see, with everything on the record."""
    now = datetime.now(UTC)
    made = heron(acting, **facts)
    with acts(acting.caseworker):
        actions.agree_contact(
            referral=made,
            terms=actions.Calling(may_call=True, agreed_at=now).on(None),
            by=acting.caseworker,
            now=now,
        )
        Survivor.objects.create(referral=made, recorded_at=now)
        actions.restrict_referral(
            referral=made,
            why="knows",
            named=[each.user_id for each in named or (acting.caseworker,)],
            by=acting.caseworker,
            now=now,
        )
    return made


SCOPED = (
    Referral,
    WaitEvent,
    DelayFlag,
    Delay,
    SafeContact,
    Survivor,
    Note,
    Task,
    Appointment,
)
ROWS = (*SCOPED, Custody)


def with_everything(acting: Acting) -> None:
    made = restricted(acting, days=30)
    with acts(acting.caseworker):
        plan(acting, made)
        sister = Referral.objects.exclude(pk=made.pk).get()
        actions.restrict_referral(
            referral=sister,
            why="knows",
            named=[acting.caseworker.user_id],
            by=acting.caseworker,
            now=datetime.now(UTC),
        )


def test_for_others_it_is_not_there(riverside: Acting) -> None:
    with_everything(riverside)
    with acts(riverside.caseworker):
        assert all(model.objects.exists() for model in ROWS)
    with acts(riverside.manager):
        assert [model.__name__ for model in ROWS if model.objects.exists()] == []
        assert Restriction.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_nor_with_the_second_wall_off() -> None:
    riverside = organisation("Riverside Support (fictitious)", "riverside")
    with_everything(riverside)
    switch_second_wall_off()
    with acts(riverside.manager):
        seen = [model.objects.visible_to(riverside.manager).exists() for model in SCOPED]
        assert seen == [False] * len(SCOPED)
        assert all(model.objects.visible_to(riverside.caseworker).exists() for model in SCOPED)


def test_a_command_at_the_shell_sees_it(riverside: Acting) -> None:
    """Keys are rotated for everybody."""
    restricted(riverside)
    with context(organisation=riverside.organisation.pk):
        assert Survivor.objects.exists()


def test_nobody_names_themselves_on_another_organisations(
    riverside: Acting, northgate: Acting
) -> None:
    made = restricted(riverside)
    facts = {"referral": made, "user": northgate.manager.user, "by": northgate.manager.user}
    with (
        acts(northgate.manager),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        NamedStaff.objects.create(
            organisation=northgate.organisation, since=datetime.now(UTC), **facts
        )


def test_who_was_named_is_never_rewritten(riverside: Acting) -> None:
    restricted(riverside)
    for change in ({"user": riverside.manager.user_id}, {"reason": "x"}):
        with (
            acts(riverside.manager),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            NamedStaff.objects.update(**change)


def test_the_manager_sees_that_it_exists_and_not_what_it_says(riverside: Acting) -> None:
    made = restricted(riverside, days=30)
    client = signed_in_client(riverside.manager.user)
    assert client.get(reverse("referral", args=[made.reference])).status_code == 404
    for address in ("/delays/", "/referrals/", "/today/"):
        page = client.get(address).text
        assert "Heron" not in page
        assert made.reference not in page
    assert "1 of them stand on none of your lists" in client.get("/delays/").text
    page = client.get("/restricted/").text
    assert made.reference in page
    assert "Ash Caseworker" in page
    assert "Heron" not in page


def test_a_caseworker_who_is_not_named_learns_nothing(riverside: Acting) -> None:
    made = restricted(riverside, riverside.manager)
    client = caseworker(riverside)
    assert client.get(reverse("referral", args=[made.reference])).status_code == 404
    for address in ("/restricted/", reverse("emergency", args=[made.reference])):
        assert client.get(address).status_code == 403


def test_it_is_restricted_in_the_browser(riverside: Acting) -> None:
    lead, made = safeguarding_lead(riverside), heron(riverside)
    client = caseworker(riverside)
    url = reverse("restrict", args=[made.reference])
    assert set(form_of(client, url)["named"]) == {riverside.caseworker.user_id, lead.user_id}
    answer = send(client, url, why="knows")
    page = client.get(answer.url).text
    assert "Restricted to" in page
    assert "Ash Caseworker, Dale Lead" in page
    send(client, url, named=[lead.user_id])
    assert client.get(answer.url).status_code == 404
    with acts(lead):
        assert Referral.objects.get().assigned_to_id == lead.user_id


def test_somebody_must_be_left(riverside: Acting) -> None:
    url = reverse("restrict", args=[heron(riverside).reference])
    form = send(caseworker(riverside), url, named=[], why="knows").context["form"]
    assert form.errors == {"named": ["Choose at least one person who may see it"]}


def test_only_colleagues_can_be_named(riverside: Acting, northgate: Acting) -> None:
    url = reverse("restrict", args=[heron(riverside).reference])
    stranger = northgate.manager.user_id
    form = send(caseworker(riverside), url, named=[stranger], why="knows").context["form"]
    assert "named" in form.errors


def test_the_restriction_is_lifted(riverside: Acting) -> None:
    made = restricted(riverside)
    client = caseworker(riverside)
    answer = send(client, reverse("lift", args=[made.reference]))
    assert "Restricted to" not in client.get(answer.url).text
    with acts(riverside.manager):
        assert Referral.objects.filter(restricted=False).exists()
        assert not NamedStaff.objects.standing().exists()
        assert not Restriction.objects.standing().exists()


def test_an_emergency_is_told_to_the_safeguarding_lead(riverside: Acting) -> None:
    lead, made = safeguarding_lead(riverside), restricted(riverside)
    client = signed_in_client(riverside.manager.user)
    url = reverse("emergency", args=[made.reference])
    assert client.post(url, {"reason": ""}).context["form"].errors == {
        "reason": ["Enter why you must see it now"]
    }
    page = client.post(url, {"reason": "The person is at the door"}, follow=True).text
    assert "Heron" in page
    actions.deliver_notices(now=datetime.now(UTC))
    theirs = signed_in_client(lead.user)
    inbox = theirs.get("/notices/")
    assert "A restricted referral was opened in an emergency" in inbox.text
    assert made.reference in inbox.text
    assert "A restricted referral was opened in an emergency" in theirs.get("/today/").text
    with acts(lead):
        [notice] = Notice.objects.visible_to(lead)
    opened = theirs.post(reverse("read_notice", args=[notice.pk]), follow=True).text
    assert "The person is at the door" in opened
    with acts(riverside.manager):
        assert not Notice.objects.visible_to(riverside.manager).exists()
        assert AuditEntry.objects.filter(action=Action.OPENED_IN_EMERGENCY).count() == 1


def test_the_lead_ends_it(riverside: Acting) -> None:
    lead, made = safeguarding_lead(riverside), restricted(riverside)
    client = signed_in_client(riverside.manager.user)
    client.post(reverse("emergency", args=[made.reference]), {"reason": "At the door"})
    with acts(lead):
        named = NamedStaff.objects.exclude(reason="").get()
    assert client.post(reverse("end_emergency", args=[named.pk])).status_code == 403
    signed_in_client(lead.user).post(reverse("end_emergency", args=[named.pk]))
    assert client.get(reverse("referral", args=[made.reference])).status_code == 404


def test_delays_are_told_to_the_people_named_alone(riverside: Acting) -> None:
    made = restricted(riverside)
    risk = happening("risk_flag_added", datetime.now(UTC), risk="still_in_exploitation")
    record(riverside, made, risk, now=datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(hours=5)
    actions.sweep(now=later)
    actions.deliver_notices(now=later)
    told = []
    for member in (riverside.caseworker, riverside.manager):
        with acts(member):
            told.append(Notice.objects.exists())
    assert told == [True, False]


def test_where_nobody_named_is_left_the_lead_is_told(riverside: Acting) -> None:
    lead = safeguarding_lead(riverside)
    made = restricted(riverside)
    risk = happening("risk_flag_added", datetime.now(UTC), risk="still_in_exploitation")
    record(riverside, made, risk, now=datetime.now(UTC))
    with purpose("nrm_register"):
        Membership.objects.filter(pk=riverside.caseworker.pk).update(ended_at=datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(hours=5)
    actions.sweep(now=later)
    actions.deliver_notices(now=later)
    with acts(lead):
        assert Notice.objects.visible_to(lead).exists()
    page = signed_in_client(lead.user).get("/notices/").text
    assert made.reference in page
    assert "passed a limit, and nobody who is named is here" in page


def test_a_notice_of_before_is_gone_for_others(riverside: Acting) -> None:
    made = heron(riverside)
    risk = happening("risk_flag_added", datetime.now(UTC), risk="still_in_exploitation")
    record(riverside, made, risk, now=datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(hours=5)
    actions.sweep(now=later)
    actions.deliver_notices(now=later)
    with acts(riverside.manager):
        assert Notice.objects.visible_to(riverside.manager).exists()
    with acts(riverside.caseworker):
        actions.restrict_referral(
            referral=made,
            why="knows",
            named=[riverside.caseworker.user_id],
            by=riverside.caseworker,
            now=later,
        )
    page = signed_in_client(riverside.manager.user).get("/notices/").text
    assert made.reference not in page
