"""Mail about who acts for an organisation: the link to who is invited, and no name to anybody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nrm_tracker.database import purpose
from organisations.actions import invite, revoke_invitation, send_invitation_again
from organisations.invitations import new_token
from organisations.models import Invitation, Organisation
from referrals.actions import deliver_notices, send_emails
from referrals.models import Email
from tests.factories import Acting, fellow_administrator
from tests.mailserver import Server, free_port, is_sent_through, listening
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
FERN = "fern@riverside.example"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    port = free_port()
    is_sent_through(settings, port)
    made = Server()
    with listening(made, port):
        yield made


@pytest.fixture
def invited(riverside: Acting) -> Invitation:
    with purpose("nrm_register"):
        here = Organisation.objects.filter(pk=riverside.organisation.pk)
        here.update(email_domains=["riverside.example"])
    with riverside.context(riverside.manager):
        return invite(
            organisation=riverside.organisation,
            email=FERN,
            name="Fern Reed",
            role="caseworker",
            by=riverside.manager,
            now=NOW,
        )


def send(now: datetime = NOW) -> None:
    deliver_notices(now=now)
    deliver_notices(now=now)
    send_emails(now=now)


def test_who_is_invited_gets_the_link_once(
    server: Server, riverside: Acting, invited: Invitation
) -> None:
    send()
    [(address, mail)] = server.arrived
    text = mail.get_content()
    assert address == FERN
    assert f"/invitations/{new_token(invited.pk, number=1)}/" in text
    assert "Riverside Support (fictitious)" in text
    assert [name for name in ("Fern", "Bay", "Ash") if name in str(mail)] == []


def test_the_link_stands_in_no_row(server: Server, riverside: Acting, invited: Invitation) -> None:
    send()
    with purpose("nrm_sweep"):
        [email] = Email.objects.exclude(invitation=None)
    assert (email.user_id, email.text, email.subject) == (None, "", "")


def test_only_the_latest_link_is_sent(
    server: Server, riverside: Acting, invited: Invitation
) -> None:
    deliver_notices(now=NOW)
    with riverside.context(riverside.manager):
        send_invitation_again(invitation=invited, by=riverside.manager, now=NOW)
    send()
    [(_, mail)] = server.arrived
    assert f"/invitations/{new_token(invited.pk, number=2)}/" in mail.get_content()
    with purpose("nrm_sweep"):
        assert list(Email.objects.order_by("id").values_list("trouble", flat=True)) == ["void", ""]


def test_no_link_is_sent_of_what_was_revoked(
    server: Server, riverside: Acting, invited: Invitation
) -> None:
    deliver_notices(now=NOW)
    with riverside.context(riverside.manager):
        revoke_invitation(invitation=invited, by=riverside.manager, now=NOW)
    send()
    assert server.arrived == []


def test_where_no_server_is_set_none_is_written(riverside: Acting, invited: Invitation) -> None:
    send()
    with purpose("nrm_sweep"):
        assert not Email.objects.exists()


def test_the_manager_sees_that_the_address_is_refused(
    server: Server, riverside: Acting, northgate: Acting, invited: Invitation
) -> None:
    server.refused.add(FERN)
    send()
    address = "/our-organisation/members/"
    pages = [
        signed_in_client(member.user).get(address).content.decode()
        for member in (riverside.manager, riverside.caseworker, northgate.manager)
    ]
    assert ["Mail not delivered" in page for page in pages] == [True, False, False]
    with northgate.context(northgate.manager):
        assert not Email.objects.exists()


def test_another_manager_is_mailed_that_something_changed_and_not_what(
    server: Server, riverside: Acting, invited: Invitation
) -> None:
    rowan = fellow_administrator(riverside.manager, "Rowan Manager")
    send()
    mails = {address: mail for address, mail in server.arrived if address != FERN}
    assert list(mails) == [rowan.user.email]
    text = str(mails[rowan.user.email])
    assert "A change of members was made at Riverside Support (fictitious)." in text
    assert "/our-organisation/members/" in text
    assert [word for word in ("Fern", "Bay", FERN, "caseworker") if word in text] == []


def test_that_mail_waits_for_the_morning_and_the_invitation_does_not(
    server: Server, riverside: Acting, invited: Invitation
) -> None:
    fellow_administrator(riverside.manager, "Rowan Manager")
    send(NOW + timedelta(hours=11))
    assert [address for address, _ in server.arrived] == [FERN]
