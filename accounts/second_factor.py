"""The second factor, asked for again right before what must not be done by whoever sits down at
somebody else's desk."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

GIVEN_WITHIN = timedelta(minutes=5)


def ask_again(request: HttpRequest) -> HttpResponseRedirect | None:
    """To the page that asks for a code, and back here; None where one was given a moment ago."""
    now = request.now.timestamp()  # type: ignore[attr-defined]
    records = get_authentication_records(request, request.user)
    given = [record["at"] for record in records if record.get("method") == "mfa"]
    if given and now - max(given) < GIVEN_WITHIN.total_seconds():
        return None
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('mfa_reauthenticate')}?{query}")


def who_have_one(people: Iterable[int]) -> set[int]:
    """Of these (ids), those who have set up their second factor."""
    found = Authenticator.objects.filter(user__in=set(people), type=Authenticator.Type.TOTP)
    return set(found.values_list("user_id", flat=True))
