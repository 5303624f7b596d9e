"""Signed in for as long as somebody is there: a quarter of an hour without a sign of them, or a
working day, ends it. What they had typed is kept for when they sign in again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import drafts
from accounts.models import User
from nrm_tracker.access import Access, declared
from nrm_tracker.ui import whose
from nrm_tracker.ui.kept import HERE, kept_words

IDLE, WORKING_DAY = timedelta(minutes=15), timedelta(hours=8)
NOTED_EVERY = timedelta(seconds=30)
SINCE, ACTIVE, HAS_DRAFTS = "signed_in_at", "active_at", "has_drafts"
BY_ITSELF = {"session_ends", "stay", "keep_draft"}  # routes that a page calls by itself
NO_SIGN_OF_LIFE = BY_ITSELF - {"stay"}
LEFT_ALONE = "nobody did anything for a while"
SENT_AWAY = "a manager changed your role or ended your membership"
SHOW, REFRESH = "draft", "refresh"  # in an address; the second: the page loads itself

GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the form on this page: when the words were kept, and whether the form shows them."""

    at: datetime
    shown: bool


def ends_at(request: HttpRequest) -> datetime:
    """When nobody is signed in any more, if nothing more is done."""
    since, active = (_noted(request, name) for name in (SINCE, ACTIVE))
    return min(since + WORKING_DAY, active + IDLE)


class SessionEnds:
    """Ends it, keeps what was typed, and puts it back into the forms of whoever typed it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        words: dict[str, QueryDict] = {}
        request.kept_words = words  # type: ignore[attr-defined]
        with kept_words(words):
            response = self.get_response(request)
        if words and request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            drafts.throw_away(cast(User, request.user), request.path)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        route = request.resolver_match
        name = route.view_name if route else ""
        closed = declared(view, name) not in {None, Access.PUBLIC}
        if not closed:
            return None
        if not request.user.is_authenticated:
            return _sent_by_nobody(request, name) if request.method == "POST" else None
        if _was_ended(request):
            return _signed_out(request, SENT_AWAY)
        if _now(request) >= ends_at(request):
            return _signed_out(request, LEFT_ALONE)
        if name not in NO_SIGN_OF_LIFE and REFRESH not in request.GET:
            _note_life(request)
        request.session_ends_at = ends_at(request)  # type: ignore[attr-defined]
        if request.session.get(HAS_DRAFTS, True):  # unknown at first
            _put_back(request)
        return None


def keep_words(request: HttpRequest, *, path: str, left: bool) -> bool:
    """Keep what a form sent; whether anything was typed."""
    user, words = cast(User, request.user), cast(QueryDict, request.POST)
    kept = drafts.keep(user, path, words, left=left, now=_now(request))
    if kept:
        request.session[HAS_DRAFTS] = True
    return kept


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001
    """A form that was opened before one signed in again is not acted on, and not lost either.

    The cookie of the session is sent by no other site, so what is kept is the person's own.
    """
    if not request.user.is_authenticated:
        kept = _keep_for_writer(request, path=request.path, left=False)
        return _to_sign_in(request) if kept else _refused(request)
    if keep_words(request, path=request.path, left=False):
        messages.warning(request, "You signed in again since you opened this form. Send it again.")
        return redirect(request.get_full_path())
    return _refused(request)


def _refused(request: HttpRequest) -> HttpResponseBase:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def _sent_by_nobody(request: HttpRequest, name: str = "") -> HttpResponseBase | None:
    """A form that is sent after its sign-in is gone: signed out in another tab, or the password
    changed. It says whose it is, and is kept for them alone."""
    if name in BY_ITSELF:
        if name == "keep_draft":
            _keep_for_writer(request, path=request.GET.get("path", ""), left="left" in request.GET)
        return None
    if _keep_for_writer(request, path=request.path, left=False):
        return _to_sign_in(request)
    messages.info(
        request,
        "You are not signed in any more. What you sent is not saved: it does not say who sent it. "
        "Sign in, and enter it again.",
    )
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    messages.info(
        request,
        "You are not signed in any more. What you had typed is kept: sign in to see it again.",
    )
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _keep_for_writer(request: HttpRequest, *, path: str, left: bool) -> bool:
    words, now = cast(QueryDict, request.POST), _now(request)
    writer = whose.whose(words.get(whose.NAME, ""), path, now=now)
    user = User.objects.filter(pk=writer, is_active=True).first() if writer else None
    return user is not None and drafts.keep(user, path, words, left=left, now=now)


def _was_ended(request: HttpRequest) -> bool:
    """By somebody else: what this person may do has changed since they signed in."""
    ended: datetime | None = cast(User, request.user).signed_out_at
    return ended is not None and _noted(request, SINCE) < ended


def _signed_out(request: HttpRequest, why: str) -> HttpResponseBase:
    """To the page for signing in, and from there back to the form."""
    kept = request.method == "POST" and keep_words(request, path=request.path, left=False)
    back = request.get_full_path() if kept or request.method == "GET" else "/"
    logout(request)
    said = "What you had typed is kept: sign in to see it again." if kept else ""
    messages.info(request, f"You were signed out, since {why}. {said}")
    return redirect_to_login(back, reverse("account_login"))


def _put_back(request: HttpRequest) -> None:
    """Fill the forms of this page. What was left in a hurry is offered first."""
    found = drafts.drafts_of(cast(User, request.user), now=_now(request))
    request.session[HAS_DRAFTS] = bool(found)
    for draft in found:
        here = draft.path == request.path
        shown = not draft.left or (here and request.GET.get(SHOW) == "show")
        if here:
            request.draft = Kept(draft.kept_at, shown)  # type: ignore[attr-defined]
        if shown:
            words = request.kept_words  # type: ignore[attr-defined]
            words[HERE if here else draft.path] = drafts.words_of(draft)


def _noted(request: HttpRequest, name: str) -> datetime:
    """An instant of the session, which begins where nothing is noted."""
    stamp = request.session.setdefault(name, _now(request).timestamp())
    return datetime.fromtimestamp(stamp, UTC)


def _note_life(request: HttpRequest) -> None:
    if _now(request) - _noted(request, ACTIVE) >= NOTED_EVERY:
        request.session[ACTIVE] = _now(request).timestamp()


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now
