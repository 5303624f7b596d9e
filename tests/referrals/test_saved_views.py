"""Saved views: filters with a name, one's own or shared, in one's own organisation."""

from uuid import uuid4

import pytest
from django.test import Client

from nrm_tracker.database import context
from referrals.actions import change_view, end_view, save_view
from referrals.actions.saving_views import MOST_VIEWS
from referrals.errors import TooManyViews, ViewIsOthers, ViewNamedAlready
from referrals.forms.filters import WorklistForm
from referrals.models import SavedView
from referrals.pages.saved_views import views_of
from tests import factories
from tests.conftest import NOW
from tests.factories import Acting
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
WALES = "/referrals/?nation=wales&risk=1"


def saved(acting: Acting, name: str, *, shared: bool = False, member: object = None) -> SavedView:
    by = member or acting.caseworker
    with acting.context(by):
        view = save_view(name=name, filters="nation=wales", shared=shared, by=by, now=NOW)
    assert view
    return view


def seen(acting: Acting, member: object = None) -> list[tuple[str, str]]:
    by = member or acting.caseworker
    with acting.context(by):
        return [(row.name, row.whose) for row in views_of(by)]


@pytest.fixture
def client(riverside: Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ({}, {}),
        ({"nation": "wales", "risk": "", "after": "R-2222-2222"}, {"nation": "wales"}),
        ({"found": "R-2222-2222", "age": "child"}, {"age": "child"}),
        ({"severity": "red", "state": "open"}, {"state": "open", "severity": "red"}),
        ({"severity": "red", "clock": "none"}, {"severity": "red", "clock": "none"}),
        ({"caseworker": "me", "since": "2026-04"}, {"caseworker": "me", "since": "2026-04"}),
    ],
)
def test_the_filters_are_kept_and_not_the_page_or_whom_one_found(
    riverside: Acting, address: dict[str, str], kept: dict[str, str]
) -> None:
    with riverside.context():
        form = WorklistForm(address, membership=riverside.caseworker)
        assert form.is_valid()
        assert form.kept() == kept
        assert list(form.kept()) == list(kept)


def test_a_view_is_ones_own_until_it_is_shared(riverside: Acting, northgate: Acting) -> None:
    saved(riverside, "Mine")
    saved(riverside, "For all", shared=True)
    saved(northgate, "Theirs", shared=True)
    ash = riverside.caseworker.user.name
    assert seen(riverside) == [("For all", ""), ("Mine", "")]
    assert seen(riverside, riverside.manager) == [("For all", ash)]
    assert seen(northgate) == [("Theirs", "")]


def test_a_name_is_used_once_whatever_its_case(riverside: Acting) -> None:
    saved(riverside, "Wales")
    saved(riverside, "Wales", member=riverside.manager)
    with pytest.raises(ViewNamedAlready):
        saved(riverside, "WALES")
    assert seen(riverside) == [("Wales", "")]


def test_there_is_a_limit(riverside: Acting) -> None:
    for number in range(MOST_VIEWS):
        saved(riverside, f"View {number}")
    with pytest.raises(TooManyViews):
        saved(riverside, "One more")
    saved(riverside, "A colleague's own", member=riverside.manager)


def test_pressing_twice_saves_once(riverside: Acting) -> None:
    by, key = riverside.caseworker, uuid4()
    with riverside.context():
        for _ in range(2):
            save_view(name="Wales", filters="nation=wales", shared=False, by=by, now=NOW, key=key)
        assert SavedView.objects.count() == 1


def test_only_who_saved_a_view_changes_it_and_a_manager_may_delete_it(riverside: Acting) -> None:
    view = saved(riverside, "For all", shared=True)
    others = saved(riverside, "The manager's", shared=True, member=riverside.manager)
    manager = riverside.manager
    with riverside.context(manager):
        with pytest.raises(ViewIsOthers):
            change_view(view=view, name="Taken", shared=False, by=manager, now=NOW)
        end_view(view=view, by=manager)
    with riverside.context(), pytest.raises(ViewIsOthers):
        end_view(view=others, by=riverside.caseworker)
    assert seen(riverside) == [("The manager's", manager.user.name)]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_second_wall_keeps_what_is_not_shared(
    riverside: Acting, northgate: Acting, change: str
) -> None:
    mine = saved(riverside, "Mine")
    shared = saved(riverside, "For all", shared=True)
    with northgate.context():
        assert SavedView.objects.count() == 0
    with context(user=riverside.manager.user_id, organisation=riverside.organisation.pk):
        own = SavedView.objects.filter(pk=mine.pk)
        theirs = SavedView.objects.filter(pk=shared.pk)
        if change == "update":
            assert (own.update(name="Taken"), theirs.update(name="Taken")) == (0, 0)
        else:
            assert (own.delete()[0], theirs.delete()[0]) == (0, 1)


class TestThePages:
    def test_a_view_is_saved_from_the_list_and_stands_above_it(self, client: Client) -> None:
        page = client.get(WALES).text
        assert 'href="/referrals/views/new/?nation=wales&amp;risk=1"' in page
        address = "/referrals/views/new/?nation=wales&risk=1"
        assert "Its filters: open, Wales, at risk." in client.get(address).text
        answer = client.post(address, {"name": "Wales, at risk", "key": str(uuid4())})
        assert answer["Location"] == WALES
        page = client.get(WALES).text
        assert 'href="/referrals/?nation=wales&amp;risk=1" aria-current="page"' in page
        assert "Save this view" not in page

    def test_errors_say_what_to_do(self, riverside: Acting, client: Client) -> None:
        saved(riverside, "Wales")
        address = "/referrals/views/new/?nation=wales"
        assert "Enter a name for the view" in client.post(address, {"key": str(uuid4())}).text
        again = client.post(address, {"name": "wales", "key": str(uuid4())}).text
        assert "You have a view of this name. Choose another name." in again

    @pytest.mark.parametrize("query", ["", "?found=R-2222-2222", "?nation=atlantis"])
    def test_nothing_is_saved_without_filters(
        self, riverside: Acting, client: Client, query: str
    ) -> None:
        answer = client.post(f"/referrals/views/new/{query}", {"name": "x", "key": str(uuid4())})
        assert answer["Location"].startswith("/referrals/")
        assert seen(riverside) == []

    def test_a_view_is_changed_and_deleted(self, riverside: Acting, client: Client) -> None:
        view = saved(riverside, "Wales")
        address = f"/referrals/views/{view.pk}/"
        client.post(address, {"name": "Cymru", "shared": "on", "key": str(uuid4())})
        assert seen(riverside, riverside.manager) == [("Cymru", riverside.caseworker.user.name)]
        assert "Change or delete" in client.get("/referrals/views/").text
        client.post(f"{address}delete/")
        assert "No saved views yet" in client.get("/referrals/views/").text

    def test_a_colleague_looks_and_changes_nothing(self, riverside: Acting) -> None:
        view = saved(riverside, "For all", shared=True, member=riverside.manager)
        client = signed_in_client(riverside.caseworker.user)
        address = f"/referrals/views/{view.pk}/"
        page = client.get(address).text
        assert "Only they can change it." in page
        assert "Delete this view" not in page
        client.post(f"{address}delete/")
        client.post(address, {"name": "Taken", "key": str(uuid4())})
        assert seen(riverside, riverside.manager) == [("For all", "")]

    def test_filters_that_are_gone_are_said_to_be(self, riverside: Acting, client: Client) -> None:
        by = riverside.caseworker
        with riverside.context():
            view = save_view(name="Old", filters="rule=gone", shared=False, by=by, now=NOW)
        assert view
        page = client.get(f"/referrals/views/{view.pk}/").text
        assert "What it filters by is not there any more" in page

    def test_a_strangers_view_is_not_there(self, northgate: Acting, client: Client) -> None:
        view = saved(northgate, "Theirs", shared=True)
        assert client.get(f"/referrals/views/{view.pk}/").status_code == 404
        assert client.post(f"/referrals/views/{view.pk}/delete/").status_code == 404


def test_the_administrator_has_no_list_to_save_views_of(db: None) -> None:
    client = signed_in_client(factories.administrator().user)
    assert client.get("/referrals/views/").status_code == 403
