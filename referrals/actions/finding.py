"""Find people by name."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from audit import log
from audit.models import Action
from organisations.models import Membership
from organisations.roles import Permission
from referrals.models import NameMark, Referral
from referrals.names import BlindIndex

MOST_NAMED = 21  # one more than the list shows: it says that there are more


@transaction.atomic
def find_by_name(*, name: str, by: Membership, now: datetime) -> list[str]:
    """References of the people who have every part of this name, those longest known first,
    MOST_NAMED at most. Nobody, for whoever may not see who people are.

    That it was asked, how many it showed and whom stands in the audit trail, the name does not.
    """
    if not by.can(Permission.SEE_IDENTITY):
        return []
    rows = list(_named(name, by=by).order_by("first_contact_at", "id")[:MOST_NAMED])
    log.record(Action.NAME_SEARCHED, by=by, now=now, subject=f"{len(rows)} found")
    for found in rows:
        log.record(Action.FOUND_BY_NAME, by=by, now=now, referral=found.pk)
    return [found.reference for found in rows]


def _named(name: str, *, by: Membership) -> QuerySet[Referral]:
    parts = list(BlindIndex(by.organisation_id).names(name))
    if not parts:
        return Referral.objects.none()
    found = Referral.objects.visible_to(by)
    for part in parts:
        marked = NameMark.objects.filter(kind=NameMark.Kind.NAME, value__in=part.values)
        found = found.filter(pk__in=marked.values("referral"))
    return found
