"""Invite a colleague by e-mail; follow the link."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db.utils import ProgrammingError
from django.test import Client

from accounts.models import User
from nrm_tracker.database import context, purpose
from organisations import actions
from organisations.errors import LinkRefused, NotThatRole, RegisterRefused
from organisations.invitations import VALID, hashed, new_token, token_of
from organisations.models import Invitation, MemberChange, Membership, Organisation
from organisations.roles import Role
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PASSWORD = "lantern orbit velvet plinth"
EMAIL = "fern@riverside.example"


@pytest.fixture(autouse=True)
def domains(riverside: factories.Acting) -> None:
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=riverside.organisation.pk).update(
            email_domains=["riverside.example"]
        )
    riverside.organisation.refresh_from_db()


def invite(by: Membership, email: str = EMAIL, role: str = Role.CASEWORKER) -> Invitation:
    with factories.acts(by):
        return actions.invite(
            organisation=by.organisation, email=email, name="Fern", role=role, by=by, now=NOW
        )


def link(invitation: Invitation) -> str:
    return f"/invitations/{new_token(invitation.pk, number=invitation.links)}/"


def fresh(invitation: Invitation) -> Invitation:
    with purpose("nrm_register"):
        return Invitation.objects.get(pk=invitation.pk)


def memberships(email: str = EMAIL) -> list[tuple[str, str]]:
    with purpose("nrm_register"):
        rows = Membership.objects.filter(user__email=email, ended_at=None).order_by("id")
        return list(rows.values_list("organisation__slug", "role"))


def choose_password(client: Client) -> Any:
    answers = {"name": "Fern Reed", "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/invitation/", answers)


def test_a_manager_invites_and_the_link_is_kept_as_a_hash(riverside: factories.Acting) -> None:
    client = signed_in_client(riverside.manager.user)
    sent = {"name": "Fern", "email": "Fern@Riverside.Example", "role": "caseworker"}
    assert (
        client.post("/our-organisation/members/invite/", sent).url == "/our-organisation/members/"
    )
    with purpose("nrm_register"):
        made = Invitation.objects.get()
        change = MemberChange.objects.get()
    assert (made.email, made.role, made.invited_by) == (EMAIL, "caseworker", riverside.manager.user)
    assert made.token_hash == hashed(token_of(made) or "")
    assert (change.kind, change.invitation_id, change.by_id) == (
        "invited",
        made.pk,
        riverside.manager.user_id,
    )
    assert "Fern" in client.get("/our-organisation/members/").content.decode()


def test_an_address_of_another_domain_is_refused_and_what_was_typed_stays(
    riverside: factories.Acting,
) -> None:
    client = signed_in_client(riverside.manager.user)
    sent = {"name": "Fern Reed", "email": "fern@mail.riverside.example", "role": "manager"}
    page = client.post("/our-organisation/members/invite/", sent).content.decode()
    assert "“mail.riverside.example” is no e-mail domain of this organisation" in page
    assert "/first-responders/riverside/report/" in page
    assert 'value="Fern Reed"' in page
    assert 'value="fern@mail.riverside.example"' in page
    with purpose("nrm_register"):
        assert not Invitation.objects.exists()


def test_the_answer_is_the_same_whether_the_address_has_an_account(
    riverside: factories.Acting,
) -> None:
    factories.person("known@riverside.example", "Known")
    client = signed_in_client(riverside.manager.user)
    pages = []
    for email in ("known@riverside.example", "nobody@riverside.example"):
        sent = {"name": "X", "email": email, "role": "caseworker"}
        page = client.post("/our-organisation/members/invite/", sent, follow=True)
        pages.append([str(each)[:25] for each in page.context["messages"]])
    assert pages[0] == pages[1] == ["Invited. The link works u", "No e-mail is sent: no mai"]


@pytest.mark.parametrize("role", ["designation_administrator", "nobody"])
def test_nobody_gives_a_role_that_is_not_theirs_to_give(
    riverside: factories.Acting, role: str
) -> None:
    with pytest.raises(NotThatRole):
        invite(riverside.manager, role=role)
    with pytest.raises(NotThatRole):
        invite(riverside.caseworker)


def test_administrators_invite_their_own_and_the_first_manager_only(
    riverside: factories.Acting,
) -> None:
    cedar = factories.administrator()
    with purpose("nrm_register"):
        Organisation.objects.filter(pk=cedar.organisation_id).update(
            email_domains=["register.example"]
        )
        empty = Organisation.objects.create(
            name="Empty (fictitious)", slug="empty", email_domains=["empty.example"]
        )
    client = signed_in_client(cedar.user)
    sent = {
        "name": "Rowan",
        "email": "rowan@register.example",
        "role": Role.DESIGNATION_ADMINISTRATOR,
    }
    assert client.post("/our-organisation/members/invite/", sent).status_code == 302
    manager = {"name": "May", "email": "may@empty.example", "role": "manager"}
    assert client.post("/organisations/empty/invite/", manager).url == "/organisations/empty/"
    page = client.get("/organisations/empty/").content.decode()
    assert "may@empty.example" in page
    taken = {"name": "May", "email": EMAIL, "role": "manager"}
    page = client.post("/organisations/riverside/invite/", taken).content.decode()
    assert "has a manager, who invites the others" in page
    with purpose("nrm_register"):
        assert set(Invitation.objects.values_list("organisation__slug", flat=True)) == {
            "register-desk",
            empty.slug,
        }
        made = Invitation.objects.get(organisation=empty)
    client.post(f"/organisations/empty/invitations/{made.pk}/", {"do": "revoke"})
    assert fresh(made).revoked_at is not None


def test_whom_an_administrator_invited_elsewhere_is_revoked_when_they_leave(
    riverside: factories.Acting,
) -> None:
    cedar = factories.administrator()
    rowan = factories.fellow_administrator(cedar)
    with purpose("nrm_register"):
        empty = Organisation.objects.create(
            name="Empty (fictitious)", slug="empty", email_domains=["empty.example"]
        )
    with factories.acts(rowan):
        made = actions.invite(
            organisation=empty,
            email="may@empty.example",
            name="May",
            role=Role.MANAGER,
            by=rowan,
            now=NOW,
        )
    with factories.acts(cedar):
        actions.close_membership(member=rowan, by=cedar, now=NOW)
    assert fresh(made).revoked_by_id == cedar.user_id


def test_who_is_new_chooses_a_password_and_then_the_second_factor(
    riverside: factories.Acting,
) -> None:
    made, client = invite(riverside.manager), Client()
    assert client.get(link(made)).url == "/invitation/"
    page = client.get("/invitation/").content.decode()
    assert "Riverside Support (fictitious)" in page
    weak = {"name": "Fern", "password1": "short", "password2": "short"}
    assert "14" in client.post("/invitation/", weak).content.decode()
    assert memberships() == []
    assert choose_password(client).status_code == 302
    assert memberships() == [("riverside", "caseworker")]
    assert client.get("/").url == "/accounts/2fa/totp/activate/"
    user = User.objects.get(email=EMAIL)
    assert (user.name, user.check_password(PASSWORD)) == ("Fern Reed", True)
    assert not Authenticator.objects.filter(user=user).exists()


def test_who_has_an_account_signs_in_and_then_acts_for_both(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    fern = factories.person(EMAIL, "Fern")
    fern.set_password(PASSWORD)
    fern.save()
    with purpose("nrm_register"):
        Membership.objects.create(
            user=fern, organisation=northgate.organisation, role="manager", started_at=NOW
        )
    made = invite(riverside.manager)
    stranger = Client()
    stranger.get(link(made))
    page = stranger.get("/invitation/").content.decode()
    assert "/accounts/login/?next=/invitation/" in page
    assert choose_password(stranger).status_code == 200  # no password is set for an account
    assert User.objects.get(pk=fern.pk).name == "Fern"
    client = signed_in_client(fern)
    client.get(link(made))
    assert "Accept" in client.get("/invitation/").content.decode()
    assert client.post("/invitation/accept/").url == "/"
    assert memberships() == [("northgate", "manager"), ("riverside", "caseworker")]
    assert "Riverside Support" in client.get("/today/").content.decode()
    client.post("/act-for/", {"organisation": northgate.organisation.pk})
    assert "Northgate Trust" in client.get("/today/").content.decode()


def test_accepting_needs_the_second_factor(riverside: factories.Acting) -> None:
    fern = factories.person(EMAIL, "Fern")
    made, client = invite(riverside.manager), Client()
    client.force_login(fern, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(link(made))
    assert client.post("/invitation/accept/").url == "/accounts/2fa/totp/activate/"
    assert memberships() == []


def test_somebody_elses_link_is_refused(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    made = invite(riverside.manager)
    client = signed_in_client(northgate.caseworker.user)
    client.get(link(made))
    page = client.get("/invitation/").content.decode()
    assert "somebody else’s" in page
    assert EMAIL not in page
    client.post("/invitation/accept/")
    assert memberships(northgate.caseworker.user.email) == [("northgate", "caseworker")]


def test_each_link_that_does_not_work_says_why(riverside: factories.Acting) -> None:
    old = invite(riverside.manager)
    first = link(old)
    with riverside.context(riverside.manager):
        actions.send_invitation_again(invitation=old, by=riverside.manager, now=NOW)
    again = fresh(old)
    said = {}
    for what, path in (("replaced", first), ("nonsense", "/invitations/nonsense/")):
        said[what] = page_of(path)
    with riverside.context(riverside.manager):
        actions.revoke_invitation(invitation=again, by=riverside.manager, now=NOW)
    said["revoked"] = page_of(link(again))
    used = invite(riverside.manager)
    client = Client()
    client.get(link(used))
    choose_password(client)
    said["used"] = page_of(link(used))
    run_out = invite(riverside.manager, email="moss@riverside.example")
    with purpose("nrm_register"):
        Invitation.objects.filter(pk=run_out.pk).update(expires_at=NOW)
    said["expired"] = page_of(link(run_out))
    assert said == {
        "replaced": (404, "This link does not work"),
        "nonsense": (404, "This link does not work"),
        "revoked": (410, "This invitation was revoked"),
        "used": (410, "This link was used"),
        "expired": (410, "This link has run out"),
    }


def page_of(path: str) -> tuple[int, str]:
    client = Client()
    client.get(path)
    reply = client.get("/invitation/")
    heading = reply.content.decode().partition('<h1 class="govuk-heading-l">')[2]
    return reply.status_code, heading.partition("</h1>")[0]


def test_a_link_runs_out_after_72_hours_to_the_second(riverside: factories.Acting) -> None:
    made = invite(riverside.manager)
    ends = NOW + VALID
    states = [
        actions.follow_link(token_hash=made.token_hash, now=now)[0]
        for now in (ends - timedelta(seconds=1), ends)
    ]
    assert states == ["open", "expired"]
    with pytest.raises(LinkRefused):
        actions.accept_as_new(token_hash=made.token_hash, name="F", password=PASSWORD, now=ends)


def test_a_link_works_once(riverside: factories.Acting) -> None:
    made = invite(riverside.manager)
    accepted = {"token_hash": made.token_hash, "name": "Fern", "password": PASSWORD, "now": NOW}
    actions.accept_as_new(**accepted)
    with pytest.raises(LinkRefused):
        actions.accept_as_new(**accepted)
    assert memberships() == [("riverside", "caseworker")]


def test_what_held_when_it_was_sent_is_looked_at_again(riverside: factories.Acting) -> None:
    client = Client()
    client.get(link(invite(riverside.manager)))
    with purpose("nrm_register"):
        rows = Organisation.objects.filter(pk=riverside.organisation.pk)
        rows.update(email_domains=["elsewhere.example"])
    assert "no longer uses addresses like yours" in choose_password(client).text
    assert memberships() == []


def test_a_manager_who_is_one_no_more_lets_nobody_in(riverside: factories.Acting) -> None:
    invitation = invite(riverside.manager, role=Role.MANAGER)
    rowan = factories.colleague_of(riverside.manager)
    with factories.acts(rowan):
        actions.change_role(member=riverside.manager, role=Role.CASEWORKER, by=rowan, now=NOW)
    assert fresh(invitation).revoked_at == NOW


def test_the_register_lets_a_first_manager_in_and_no_second(riverside: factories.Acting) -> None:
    keeper = factories.administrator()
    with purpose("nrm_register"):
        Membership.objects.filter(pk=riverside.manager.pk).update(ended_at=NOW)
    first, second = Client(), Client()
    emails = ("fern@riverside.example", "moss@riverside.example")
    for client, email in zip((first, second), emails, strict=True):
        with factories.acts(keeper):
            sent = actions.invite(
                organisation=riverside.organisation,
                email=email,
                name="Fern",
                role=Role.MANAGER,
                by=keeper,
                now=NOW,
            )
        client.get(link(sent))
    choose_password(first)
    assert "has a manager by now" in choose_password(second).text
    assert [memberships(email) for email in emails] == [[("riverside", "manager")], []]


def test_links_cannot_be_found_by_trying(riverside: factories.Acting) -> None:
    cache.clear()
    client = Client()
    client.get("/invitations/tried/")
    statuses = [choose_password(client).status_code for _ in range(31)]
    cache.clear()
    assert statuses == [404] * 30 + [429]


def test_whoever_is_invited_twice_or_there_already_is_said_so(riverside: factories.Acting) -> None:
    invite(riverside.manager)
    with pytest.raises(RegisterRefused, match="is invited already"):
        invite(riverside.manager)
    with pytest.raises(RegisterRefused, match="already"):
        invite(riverside.manager, email=riverside.caseworker.user.email)


def test_the_hash_of_a_link_is_read_by_nobody_who_is_signed_in(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    made = invite(riverside.manager)
    with riverside.context(riverside.manager):
        assert list(Invitation.objects.visible_to(riverside.manager).waiting()) == [made]
    with pytest.raises(ProgrammingError, match="permission denied"), riverside.context():
        list(Invitation.objects.values_list("token_hash"))
    with pytest.raises(ProgrammingError, match="permission denied"), riverside.context():
        Invitation.objects.update(role="manager")
    with northgate.context(northgate.manager):
        assert Invitation.objects.count() == 0
        assert MemberChange.objects.count() == 0
    with context():
        assert Invitation.objects.count() == 0


def test_what_changed_of_members_stays(riverside: factories.Acting) -> None:
    invite(riverside.manager)
    for role in ("nrm_register", "nrm_sweep"):
        with pytest.raises(ProgrammingError, match="permission denied"), purpose(role):  # type: ignore[arg-type]
            MemberChange.objects.update(kind="joined")
