"""How an organisation is reached, under which other names it stands, and what follows it."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.database import purpose
from organisations.actions.keeping import locked, note
from organisations.errors import ThereAlready
from organisations.models import Alias, ContactRoute, Membership, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    kind: str
    value: str
    note: str = ""
    source: str = ""


def add_route(
    *, organisation: Organisation, route: Route, by: Membership, now: datetime
) -> ContactRoute:
    """A public way of reaching it, which whoever adds it has checked. Raises ThereAlready."""
    with purpose("nrm_register"):
        standing = ContactRoute.objects.standing().filter(organisation=organisation)
        if standing.filter(kind=route.kind, value=route.value).exists():
            raise ThereAlready("The register has this already. Check that one instead.")
        made = ContactRoute.objects.create(
            organisation=organisation,
            kind=route.kind,
            value=route.value,
            note=route.note,
            source=route.source,
            recorded_at=now,
            recorded_by_id=by.user_id,
            last_checked_on=london_date(now),
            checked_by_id=by.user_id,
        )
        note(organisation, by=by, now=now, reason="route_added")
        return made


def check_route(*, route: ContactRoute, by: Membership, now: datetime) -> None:
    """Somebody tried it: it still leads there."""
    with purpose("nrm_register"):
        ContactRoute.objects.standing().filter(pk=route.pk).update(
            last_checked_on=london_date(now), checked_by=by.user_id
        )
        note(route.organisation, by=by, now=now, reason="route_checked")


def withdraw_route(*, route: ContactRoute, by: Membership, now: datetime) -> None:
    """It leads there no more."""
    with purpose("nrm_register"):
        ContactRoute.objects.standing().filter(pk=route.pk).update(
            withdrawn_at=now, withdrawn_by=by.user_id
        )
        note(route.organisation, by=by, now=now, reason="route_withdrawn")


def name_otherwise(
    *, organisation: Organisation, name: str, used_in: str, by: Membership, now: datetime
) -> None:
    """Another name under which it stands somewhere. Repeating it changes nothing."""
    with purpose("nrm_register"):
        Alias.objects.get_or_create(
            organisation=organisation, name=name, defaults={"used_in": used_in}
        )
        note(organisation, by=by, now=now, reason="alias_added")


def succeed(
    *,
    organisation: Organisation,
    successor: Organisation | None,
    version: int,
    by: Membership,
    now: datetime,
) -> None:
    """Which organisation took over what this one did; None: none is known. Raises
    ChangedMeanwhile."""
    with locked(organisation, version, by=by, now=now) as row:
        row.succeeded_by = successor
        row.save()
