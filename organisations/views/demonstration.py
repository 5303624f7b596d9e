"""How a visitor signs in to the demonstration without a phone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.adapters import qr_code
from accounts.demonstration import PERIOD, DemoAccount, code_at
from nrm_tracker.access import public
from organisations.demonstration import demo_accounts
from organisations.roles import Role


@dataclass(frozen=True)
class Card:
    """One account on the page. A code lasts half a minute, so the next one is there too."""

    account: DemoAccount
    role: str
    code: str
    next_code: str
    qr_code: str


@never_cache
@public
def demonstration(request: HttpRequest) -> HttpResponse:
    if not settings.NRM_DEMONSTRATION:
        raise Http404
    now: datetime = request.now  # type: ignore[attr-defined]
    begun = datetime.fromtimestamp(now.timestamp() // PERIOD * PERIOD, tz=UTC)
    page = {
        "cards": [card(account, now=now) for account in demo_accounts()],
        "next_from": begun + timedelta(seconds=PERIOD),
    }
    return render(request, "organisations/demonstration.html", page)


def card(account: DemoAccount, *, now: datetime) -> Card:
    seconds = now.timestamp()
    query = urlencode({"secret": account.totp_secret, "issuer": "NRM Tracker"}, quote_via=quote)
    return Card(
        account=account,
        role=Role(account.role).label,
        code=code_at(account.totp_secret, unix_time=seconds),
        next_code=code_at(account.totp_secret, unix_time=seconds + PERIOD),
        qr_code=qr_code(f"otpauth://totp/{quote(account.username)}?{query}"),
    )
