"""A sign-in ends, and what was typed is there again for whoever typed it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from accounts import drafts
from accounts.models import Draft
from nrm_tracker import middleware
from nrm_tracker.database import context, purpose
from nrm_tracker.ui.whose import mark
from organisations.models import Membership
from referrals.models import WaitEvent
from tests.factories import Acting, organisation
from tests.referrals.casework import form_of, heron
from tests.support import signed_in_client

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORDS = "kept words of a conversation"


class Clock:
    """What the requests take for now."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def goes_on(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=clock.now))
    return clock


@pytest.fixture
def ash(riverside: Acting) -> Client:
    return signed_in_client(riverside.caseworker.user)


def is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def door_of(acting: Acting) -> str:
    return f"/referrals/{heron(acting).reference}/record/contact_lost/"


def test_a_quarter_of_an_hour_without_a_sign_of_life_ends_it(clock: Clock, ash: Client) -> None:
    assert is_in(ash)
    clock.goes_on(14 * MINUTE)
    assert is_in(ash)
    clock.goes_on(14 * MINUTE)
    assert is_in(ash)
    clock.goes_on(15 * MINUTE)
    answer = ash.get("/today/")
    assert answer.url == "/accounts/login/?next=/today/"
    assert not is_in(ash)


def test_a_working_day_ends_it_whatever_is_done(clock: Clock, ash: Client) -> None:
    for _ in range(8 * 6):
        assert is_in(ash)
        clock.goes_on(10 * MINUTE)
    assert not is_in(ash)


def test_to_ask_until_when_is_no_sign_of_life(clock: Clock, ash: Client) -> None:
    assert is_in(ash)
    clock.goes_on(10 * MINUTE)
    ends = ash.get("/accounts/session/").json()["ends"]
    assert datetime.fromisoformat(ends) == clock.at + 5 * MINUTE
    clock.goes_on(6 * MINUTE)
    assert not is_in(ash)


def test_to_say_that_one_is_there_is(clock: Clock, ash: Client) -> None:
    assert is_in(ash)
    clock.goes_on(10 * MINUTE)
    ends = ash.post("/accounts/session/stay/").json()["ends"]
    assert datetime.fromisoformat(ends) == clock.at + 15 * MINUTE
    clock.goes_on(14 * MINUTE)
    assert is_in(ash)


def test_the_page_says_until_when(clock: Clock, ash: Client) -> None:
    assert "Signed in until" in ash.get("/today/").text


@pytest.mark.parametrize("change", ["deactivated", "password", "left"])
def test_other_changes_end_it_at_the_next_request(
    clock: Clock, ash: Client, riverside: Acting, change: str
) -> None:
    assert is_in(ash)
    user = riverside.caseworker.user
    if change == "deactivated":
        user.is_active = False
    if change == "password":
        user.set_password("another lantern orbit velvet")
    user.save()
    if change == "left":
        with purpose("nrm_register"):
            Membership.objects.filter(user=user).update(ended_at=clock.at)
    assert not is_in(ash)


def test_what_was_typed_is_there_again(clock: Clock, ash: Client, riverside: Acting) -> None:
    url = door_of(riverside)
    sent = form_of(ash, url) | {"detail": WORDS, "happened_at_3": "00:00"}
    clock.goes_on(16 * MINUTE)
    answer = ash.post(f"{url}?key={sent['key']}", sent)
    assert answer.url == f"/accounts/login/?next={url}%3Fkey%3D{sent['key']}"
    assert "What you had typed is kept" in ash.get(answer.url).text
    ash.force_login(riverside.caseworker.user, backend=ash_backend())
    page = ash.get(f"{url}?key={sent['key']}")
    assert WORDS in page.text
    assert 'value="00:00"' in page.text
    assert "Nothing of it is saved yet" in page.text
    assert str(page.context["form"]["key"].value()) == str(sent["key"])
    assert ash.post(f"{url}?key={sent['key']}", sent).status_code == 302
    with context(user=riverside.caseworker.user_id):
        assert not Draft.objects.exists()


def ash_backend() -> str:
    return "allauth.account.auth_backends.AuthenticationBackend"


def test_nobody_else_learns_of_it(clock: Clock, ash: Client, riverside: Acting) -> None:
    url = door_of(riverside)
    sent = form_of(ash, url) | {"detail": WORDS}
    clock.goes_on(16 * MINUTE)
    ash.post(url, sent)
    ash.force_login(riverside.manager.user, backend=ash_backend())
    signed_in_client(riverside.manager.user)  # with a second factor
    page = ash.get(url, follow=True).text
    assert WORDS not in page
    assert "Nothing of it is saved yet" not in page
    with context(user=riverside.manager.user_id):
        assert not Draft.objects.exists()


def test_it_is_sealed(clock: Clock, riverside: Acting) -> None:
    keep(riverside, "/a/", clock.at)
    with context(user=riverside.caseworker.user_id), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_draft")
        stored = b"".join(bytes(each) for each in cursor.fetchone() if isinstance(each, memoryview))
    assert stored
    assert WORDS.split()[0].encode() not in stored


def keep(acting: Acting, path: str, at: datetime, **more: Any) -> bool:
    words = QueryDict(mutable=True)
    words["detail"] = WORDS
    return drafts.keep(acting.caseworker.user, path, words, left=False, now=at, **more)


def test_a_draft_moved_to_another_row_opens_no_more(clock: Clock, riverside: Acting) -> None:
    keep(riverside, "/a/", clock.at)
    keep(riverside, "/b/", clock.at)
    first, second = drafts.drafts_of(riverside.caseworker.user, now=clock.at)
    assert drafts.words_of(first)["detail"] == WORDS
    first.words = second.words
    assert drafts.words_of(first) == {}


def test_it_lasts_a_day(clock: Clock, riverside: Acting) -> None:
    keep(riverside, "/a/", clock.at)
    later = clock.at + 24 * HOUR
    assert drafts.drafts_of(riverside.caseworker.user, now=later - MINUTE)
    assert not drafts.drafts_of(riverside.caseworker.user, now=later)
    assert drafts.throw_old_ones_away(now=later - MINUTE) == 0
    assert drafts.throw_old_ones_away(now=later) == 1


def test_not_more_than_a_few_are_kept(clock: Clock, riverside: Acting) -> None:
    for number in range(drafts.AT_MOST + 3):
        keep(riverside, f"/{number}/", clock.at + number * MINUTE)
    kept = drafts.drafts_of(riverside.caseworker.user, now=clock.at)
    assert len(kept) == drafts.AT_MOST
    assert "/0/" not in {draft.path for draft in kept}


@pytest.mark.parametrize(
    "words", ["", "csrfmiddlewaretoken=x&key=1&version=2", f"detail={'x' * 200_001}"]
)
def test_what_holds_nothing_or_too_much_is_not_kept(
    clock: Clock, riverside: Acting, words: str
) -> None:
    user = riverside.caseworker.user
    assert not drafts.keep(user, "/a/", QueryDict(words), left=False, now=clock.at)


def test_a_form_left_in_a_hurry_is_offered_and_not_shown(
    clock: Clock, ash: Client, riverside: Acting
) -> None:
    url = door_of(riverside)
    sent = form_of(ash, url) | {"detail": WORDS}
    assert ash.post(f"/accounts/drafts/keep/?path={url}&left=", sent).status_code == 204
    page = ash.get(url, follow=True)
    assert "You left this form" in page.text
    assert WORDS not in page.text
    key = page.context["request"].GET["key"]
    assert WORDS in ash.get(f"{url}?key={key}&draft=show").text
    answer = ash.post(f"/accounts/drafts/throw-away/?path={url}", follow=True)
    assert "You left this form" not in answer.text


def test_a_path_to_elsewhere_is_not_followed(clock: Clock, ash: Client) -> None:
    for path in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:x"):
        answer = ash.post(f"/accounts/drafts/throw-away/?path={path}")
        assert answer.url == "/"


def test_a_form_from_before_signing_in_again_is_not_lost(clock: Clock, riverside: Acting) -> None:
    """Its token is old: it is not acted on, and shown again."""
    client = Client(enforce_csrf_checks=True)
    signed_in_client(riverside.caseworker.user)
    client.force_login(riverside.caseworker.user, backend=ash_backend())
    url = door_of(riverside)
    sent = form_of(client, url) | {"detail": WORDS, "csrfmiddlewaretoken": "x" * 64}
    answer = client.post(f"{url}?key={sent['key']}", sent)
    assert answer.url == f"{url}?key={sent['key']}"
    page = client.get(answer.url).text
    assert WORDS in page
    assert "Send it again" in page
    with riverside.context():
        assert not WaitEvent.objects.filter(code="contact_lost").exists()


def test_another_sites_form_is_refused(clock: Clock, riverside: Acting) -> None:
    """Such a form comes without the cookie of the session: it is nobody's."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(door_of(riverside), {"detail": WORDS})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("how", ["signed out elsewhere", "cookies deleted", "password changed"])
def test_what_is_sent_after_the_sign_in_is_gone_is_kept_for_its_writer_alone(
    clock: Clock, riverside: Acting, how: str
) -> None:
    user, url = riverside.caseworker.user, door_of(riverside)
    signed_in_client(user)  # with a second factor
    signed_in_client(riverside.manager.user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend=ash_backend())
    page = client.get(url, follow=True)
    sent = form_of(client, url) | hidden(page.text, "whose", "csrfmiddlewaretoken")
    if how == "signed out elsewhere":
        client.post("/accounts/logout/", hidden(page.text, "csrfmiddlewaretoken"))
    elif how == "cookies deleted":
        client.cookies.clear()
    else:
        user.set_password("another lantern orbit velvet")
        user.save()
    answer = client.post(f"{url}?key={sent['key']}", sent | {"detail": WORDS})
    assert answer.url == f"/accounts/login/?next={url}%3Fkey%3D{sent['key']}"
    signing_in = client.get(answer.url).text
    assert "What you had typed is kept" in signing_in
    assert WORDS not in signing_in
    client.force_login(riverside.manager.user, backend=ash_backend())
    assert WORDS not in client.get(url, follow=True).text
    client.force_login(user, backend=ash_backend())
    assert WORDS in client.get(url, follow=True).text


def hidden(page: str, *names: str) -> dict[str, str]:
    return {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in names}


def test_a_mark_of_another_form_or_of_yesterday_keeps_nothing(
    clock: Clock, riverside: Acting
) -> None:
    url, user = door_of(riverside), riverside.caseworker.user_id
    other = mark(user, "/referrals/new/", now=clock.at)
    old = mark(user, url, now=clock.at - 24 * HOUR)
    for text in ("", "invented", other, old):
        answer = Client().post(url, {"detail": WORDS, "whose": text}, follow=True)
        assert "What you sent is not saved" in answer.text
    with context(user=user):
        assert not Draft.objects.exists()


def test_what_a_page_keeps_by_itself_is_kept_without_a_sign_in_too(
    clock: Clock, riverside: Acting
) -> None:
    url, user = door_of(riverside), riverside.caseworker.user
    sent = {"detail": WORDS, "whose": mark(user.pk, url, now=clock.at)}
    assert Client().post(f"/accounts/drafts/keep/?path={url}", sent).status_code == 302
    [draft] = drafts.drafts_of(user, now=clock.at)
    assert dict(drafts.words_of(draft).items()) == {"detail": WORDS}


def test_what_was_typed_for_another_organisation_is_not_sent_to_this_one(
    clock: Clock, ash: Client, riverside: Acting
) -> None:
    organisation("Northgate Trust (fictitious)", "northgate")
    sent = form_of(ash, "/referrals/new/") | {"call_when": WORDS}
    clock.goes_on(16 * MINUTE)
    ash.post("/referrals/new/", sent)
    ash.force_login(riverside.caseworker.user, backend=ash_backend())
    form = ash.get("/referrals/new/", follow=True).context["form"]
    assert form["call_when"].value() == WORDS
    assert form["acting_for"].value() == str(riverside.organisation.pk)
