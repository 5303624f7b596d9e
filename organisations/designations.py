"""Since when an organisation that was designated is so no more."""

from collections.abc import Mapping
from datetime import date

from organisations.models import Designation


def ended_on(organisation: int, *, today: date) -> date | None:
    """The first London date on which this organisation (id) was no longer designated; None where
    it is, or never was."""
    return ended(today=today, organisation=organisation).get(organisation)


def ended(*, today: date, organisation: int | None = None) -> Mapping[int, date]:
    """The same of all organisations, or of one (id): those that were designated and are not."""
    rows = Designation.objects.filter(
        status=Designation.Status.ACTIVE, effective_from__lte=today
    ).order_by("effective_from")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    latest = dict(rows.values_list("organisation_id", "effective_until"))
    return {pk: until for pk, until in latest.items() if until and until <= today}
