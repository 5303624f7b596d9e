"""Another role for a colleague, at once; and nobody is left without a manager."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Action, AuditEntry
from nrm_tracker.database import purpose
from organisations.actions import change_role, close_membership
from organisations.errors import NobodyElse, NotAMember, NotOneself, NotThatRole, RegisterRefused
from organisations.models import MemberChange, Membership
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client


def second_manager(acting: factories.Acting, name: str = "Rowan Manager") -> Membership:
    return factories.fellow_administrator(acting.manager, name)


def fresh(member: Membership) -> Membership:
    with purpose("nrm_register"):
        return Membership.objects.get(pk=member.pk)


@pytest.mark.django_db
def test_a_role_changes_at_once_and_ends_the_sign_in(riverside: factories.Acting) -> None:
    ash = signed_in_client(riverside.caseworker.user)
    assert ash.get("/today/").status_code == 200
    bay = signed_in_client(riverside.manager.user)
    reply = bay.post(
        f"/our-organisation/members/{riverside.caseworker.pk}/role/", {"role": "manager"}
    )
    assert reply.url == "/our-organisation/members/"
    page = ash.get("/today/", follow=True).content.decode()
    assert "a manager changed your role or ended your membership" in page
    again = signed_in_client(riverside.caseworker.user)
    assert again.get("/our-organisation/members/invite/").status_code == 200
    with purpose("nrm_register"):
        assert MemberChange.objects.values_list("kind", "role").get() == ("role", "manager")
    with riverside.context(riverside.manager):
        entry = AuditEntry.objects.get(action=Action.MEMBER_CHANGED)
        assert entry.subject == f"membership {riverside.caseworker.pk}"


@pytest.mark.django_db
def test_a_manager_who_is_lowered_may_do_nothing_more_of_it(riverside: factories.Acting) -> None:
    rowan = second_manager(riverside)
    client = signed_in_client(rowan.user)
    assert client.get("/delays/").status_code == 200
    with riverside.context(riverside.manager):
        change_role(member=rowan, role="caseworker", by=riverside.manager, now=timezone.now())
    assert client.get("/delays/").url.startswith("/accounts/login/")
    again = signed_in_client(rowan.user)
    assert again.get("/delays/").status_code == 403
    with riverside.context(rowan), pytest.raises(NotAMember, match="changed meanwhile"):
        change_role(member=riverside.caseworker, role="manager", by=rowan, now=NOW)


@pytest.mark.django_db
def test_nobody_changes_themselves_others_or_gives_what_does_not_go(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    second_manager(riverside)
    bay = riverside.manager
    with riverside.context(bay):
        with pytest.raises(NotOneself):
            change_role(member=bay, role="caseworker", by=bay, now=NOW)
        with pytest.raises(NotAMember):
            change_role(member=northgate.caseworker, role="manager", by=bay, now=NOW)
        with pytest.raises(NotThatRole):
            change_role(
                member=riverside.caseworker, role="designation_administrator", by=bay, now=NOW
            )
    assert fresh(northgate.caseworker).role == "caseworker"


@pytest.mark.django_db
def test_the_last_administrator_of_an_oversight_body_stays(riverside: factories.Acting) -> None:
    cedar = factories.administrator()
    rowan = factories.fellow_administrator(cedar)
    with factories.acts(cedar):
        close_membership(member=rowan, by=cedar, now=NOW)
        with pytest.raises(NotAMember):
            close_membership(member=rowan, by=cedar, now=NOW)
    with factories.acts(cedar), pytest.raises(NotOneself):
        close_membership(member=cedar, by=cedar, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_lower_each_other_at_once_leave_one() -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    bay, rowan = riverside.manager, second_manager(riverside)
    start = threading.Barrier(2)

    def lower(pair: tuple[Membership, Membership]) -> str:
        by, member = pair
        try:
            start.wait()
            with factories.acts(by):
                change_role(member=member, role="caseworker", by=by, now=NOW)
        except RegisterRefused as refused:
            return type(refused).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(lower, [(bay, rowan), (rowan, bay)]))
    assert sorted(said) == ["", "NotAMember"]
    assert sorted([fresh(bay).role, fresh(rowan).role]) == ["caseworker", "manager"]


@pytest.mark.django_db
def test_a_manager_is_not_ended_by_somebody_whose_own_right_has_gone(
    riverside: factories.Acting,
) -> None:
    """The last one cannot be ended: whoever ends them is another one."""
    rowan = second_manager(riverside)
    with purpose("nrm_register"):
        Membership.objects.filter(pk=rowan.pk).update(ended_at=NOW - timedelta(days=1))
    with riverside.context(rowan), pytest.raises(NotAMember):
        close_membership(member=riverside.manager, by=rowan, now=NOW)
    assert fresh(riverside.manager).ended_at is None


@pytest.mark.django_db
def test_the_rule_itself_that_somebody_stays(riverside: factories.Acting) -> None:
    from organisations.actions.changing_members import _check_somebody_stays

    with purpose("nrm_register"), pytest.raises(NobodyElse, match="Make a colleague a manager"):
        _check_somebody_stays(riverside.manager)
