"""An operator lets people in from the shell."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.models import User
from nrm_tracker.database import purpose
from organisations.models import Membership, Organisation
from tests import factories
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> None:
    call_command(*arguments, stdout=StringIO())


def test_an_empty_database_gets_its_first_administrator() -> None:
    run("add_oversight", "Register Desk (invented)")
    run(
        "add_member",
        "Ada@Desk.Example",
        "Ada",
        "register-desk-invented",
        "designation_administrator",
    )
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("ada@desk.example", False)
    assert Organisation.objects.get().is_oversight
    assert signed_in_client(user).get("/organisations/new/").status_code == 200


@pytest.mark.parametrize(
    ("slug", "role", "words"),
    [
        ("nowhere", "caseworker", "No organisation is called nowhere"),
        ("riverside", "designation_administrator", "is not a role"),
        ("riverside", "caseworker", "already"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    riverside: factories.Acting, slug: str, role: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        run("add_member", riverside.caseworker.user.email, "Ash", slug, role)
    with purpose("nrm_register"):
        assert Membership.objects.count() == 2


def test_a_lost_second_factor_is_set_up_anew(riverside: factories.Acting) -> None:
    user = riverside.caseworker.user
    client = signed_in_client(user)
    run("reset_second_factor", user.email)
    assert not Authenticator.objects.exists()
    assert client.get("/organisations/").url == "/accounts/2fa/totp/activate/"
