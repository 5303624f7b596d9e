"""A view that raises leaves nothing behind, and nothing is read outside its transaction."""

from datetime import timedelta

import pytest
from django.db import connection

from referrals.models import Referral
from tests import factories
from tests.conftest import NOW
from tests.support import signed_in_client

pytestmark = pytest.mark.urls("tests.house.urls")


def marks(acting: factories.Acting) -> list[str]:
    with acting.context():
        return list(Referral.objects.values_list("own_reference", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "status", "left"),
    [
        ("completes", 200, "half done"),
        ("raises", 500, ""),
        ("raises-while-rendering", 500, ""),
        ("streams", 500, ""),
    ],
)
def test_view_leaves_all_of_its_work_or_none(path: str, status: int, left: str) -> None:
    riverside = factories.organisation("Riverside Support (fictitious)", "riverside")
    factories.referral(riverside, contact=NOW - timedelta(days=1))
    client = signed_in_client(riverside.caseworker.user)
    client.raise_request_exception = False
    reply = client.get(f"/probe/{path}/")
    assert reply.status_code == status
    assert b"Heron" not in reply.content
    assert marks(riverside) == [left]


@pytest.mark.django_db
def test_no_context_is_left_after_a_request(
    riverside: factories.Acting, northgate: factories.Acting
) -> None:
    factories.referral(riverside, contact=NOW - timedelta(days=1))
    assert signed_in_client(riverside.caseworker.user).get("/probe/completes/").status_code == 200
    assert Referral.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT nrm_user(), nrm_organisation(), current_user")
        assert cursor.fetchone() == (None, None, "nrm_app")
