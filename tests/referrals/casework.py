"""What the tests of casework share: a referral with a history, forms as a browser sends them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from referrals.models import Referral
from tests.factories import Acting, happening, referral
from tests.support import signed_in_client

DAY = timedelta(days=1)


def caseworker(acting: Acting) -> Client:
    return signed_in_client(acting.caseworker.user)


def heron(acting: Acting, *, days: int = 9, **facts: Any) -> Referral:
    """Somebody who asked for help that many days before the request, safe and put on a list."""
    now = datetime.now(UTC)
    contact = now - days * DAY
    events = [
        happening("immediate_safety_checked", contact),
        happening("consent_recorded", contact, consent_type="nrm"),
        happening("fro_waitlisted", contact, organisation=acting.organisation),
    ]
    return referral(acting, contact=contact, now=now, **({"events": events} | facts))


def form_of(client: Client, url: str) -> dict[str, Any]:
    """The values that the page's form would send back untouched."""
    form = client.get(url, follow=True).context["form"]
    found: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        parts = bound.field.widget.decompress(value) if hasattr(value, "precision") else None
        if parts is not None:
            found |= {f"{bound.html_name}_{i}": part for i, part in enumerate(parts) if part}
        elif value not in (None, ""):
            found[bound.html_name] = value
    return found


def send(client: Client, url: str, **answers: Any) -> HttpResponse:
    """Open the form and send it with these answers."""
    return client.post(url, form_of(client, url) | answers)


def moment(at: datetime, name: str = "happened_at") -> dict[str, Any]:
    """A time, typed into the boxes."""
    from nrm_tracker.calendars import LONDON

    local = at.astimezone(LONDON)
    return {
        f"{name}_0": local.day,
        f"{name}_1": local.month,
        f"{name}_2": local.year,
        f"{name}_3": f"{local:%H:%M}",
    }


def told(response: HttpResponse) -> list[str]:
    """The messages that the next page shows."""
    from django.contrib.messages import get_messages

    return [str(message) for message in get_messages(response.wsgi_request)]
