"""Who changed what of an organisation's entry, and when: from the history that is kept of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from nrm_tracker.ui.parts import Difference
from organisations.models import Nation, Organisation
from organisations.scope import Exploitation, Gender, Kind, Known, Takes

FIELDS: dict[str, str] = {
    "name": "Name",
    "kind": "Kind",
    "is_statutory": "Public authority",
    "duty_to_notify": "Duty to Notify",
    "succeeded_by_id": "Successor",
    "nations": "Where it takes people",
    "takes": "Whom it can take",
    "age_groups": "Adults, children",
    "genders": "Women, men",
    "exploitation": "Exploitation",
    "client_group": "Particular group",
    "languages": "Languages",
    "access": "Access",
    "self_referral": "May people ask it for help themselves?",
    "telephone": "Telephone for referrals",
    "email_domains": "E-mail domains of its staff",
    "on_call": "On call out of hours",
    "always_open": "Open day and night",
    "open_days": "Open on these days of the week",
    "opens_at": "Opens at",
    "closes_at": "Closes at",
    "lists_settled_with": "Not designated whatever a list says, by this evidence",
    "last_reviewed_on": "Facts last checked",
}
LABELS = {
    value: str(label)
    for choices in (Nation, Takes, Gender, Exploitation, Kind, Known)
    for value, label in choices.choices
}
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Change:
    """`by` is "" where the product itself brought it from a published source."""

    at: datetime
    by: str
    differences: tuple[Difference, ...]


def changes(organisation: Organisation) -> list[Change]:
    """Newest first; a save that changed nothing of these is left out."""
    kept = apps.get_model("organisations", "OrganisationHistory")
    rows = list(kept._default_manager.filter(pgh_obj=organisation.pk).order_by("-pgh_id")[:SHOWN])
    authors = {row.changed_by_id for row in rows}
    names = dict(User.objects.filter(id__in=authors).values_list("id", "name"))
    successors = {row.succeeded_by_id for row in rows}
    called = dict(Organisation.objects.filter(id__in=successors).values_list("id", "name"))
    return list(_changes(rows, names, called))


def _changes(
    rows: Sequence[Model], names: dict[int, str], called: dict[int, str]
) -> Iterator[Change]:
    for after, before in pairwise(rows):
        found = tuple(
            Difference(
                label, yours=_words(field, after, called), theirs=_words(field, before, called)
            )
            for field, label in FIELDS.items()
            if getattr(after, field) != getattr(before, field)
        )
        if found:
            at = getattr(after, "changed_at") or getattr(after, "pgh_created_at")  # noqa: B009
            yield Change(at, names.get(getattr(after, "changed_by_id"), ""), found)  # noqa: B009


def _words(field: str, row: Model, called: dict[int, str]) -> str:
    value = getattr(row, field)
    if field == "succeeded_by_id":
        return called.get(value, "None known")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, list):
        return ", ".join(LABELS.get(str(each), str(each)) for each in value) or "Not known"
    return LABELS.get(str(value), str(value)) if value else "Not known"
