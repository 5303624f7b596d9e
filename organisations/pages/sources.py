"""What published lists and sources say of an organisation, and how it is reached."""

from dataclasses import dataclass
from datetime import date, timedelta

from nrm_tracker.ui.words import day_in_words
from organisations.bulk import in_words
from organisations.models import ContactRoute, Listing, Organisation, PublishedFact
from organisations.pages.changes import FIELDS, LABELS

CHECK_AFTER = timedelta(days=90)  # the limit of the rule on reviews, for each way of contact


@dataclass(frozen=True, slots=True)
class FactRow:
    """`differs`: the register says otherwise, and nobody has kept it so."""

    id: int
    label: str
    says: str
    ours: str
    source: str
    dated: str
    differs: bool
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class RouteRow:
    id: int
    kind: str
    value: str
    url: str
    note: str
    source: str
    checked: str
    is_due: bool


def listings_of(organisation: Organisation) -> list[Listing]:
    return list(
        Listing.objects.filter(organisation=organisation).select_related("of").order_by("of")
    )


def facts_of_sources(organisation: Organisation) -> list[FactRow]:
    rows = PublishedFact.objects.filter(organisation=organisation).order_by("id")
    return [_fact(row, organisation) for row in rows]


def facts_that_differ() -> list[FactRow]:
    """Of all organisations, those to look at."""
    rows = PublishedFact.objects.filter(kept_at__isnull=True).select_related("organisation")
    found = [_fact(row, row.organisation) for row in rows.order_by("organisation__name", "id")]
    return [row for row in found if row.differs and row.organisation.is_kept_by_somebody]


def routes_of(organisation: Organisation, *, today: date) -> list[RouteRow]:
    rows = ContactRoute.objects.standing().filter(organisation=organisation)
    return [_route(row, today=today) for row in rows]


def routes_to_check(*, today: date) -> list[ContactRoute]:
    """Those that nobody checked for so long, or ever, with their organisations."""
    rows = ContactRoute.objects.standing().exclude(last_checked_on__gt=today - CHECK_AFTER)
    return list(rows.select_related("organisation").order_by("organisation__name", "id"))


def _fact(row: PublishedFact, organisation: Organisation) -> FactRow:
    ours = getattr(organisation, row.field)
    return FactRow(
        id=row.pk,
        label=FIELDS[row.field],
        says=_labelled(row.value),
        ours=_labelled(ours),
        source=row.source,
        dated=row.dated or "date not known",
        differs=ours != row.value and row.kept_at is None,
        organisation=organisation,
    )


def _labelled(value: object) -> str:
    if isinstance(value, list):
        return in_words([LABELS.get(each, each) for each in value]).capitalize()
    return in_words(value).capitalize() if isinstance(value, bool) else in_words(value)


URLS = {"telephone": "tel:", "email": "mailto:", "web": ""}


def _route(row: ContactRoute, *, today: date) -> RouteRow:
    checked = row.last_checked_on
    words = f"Last checked on {day_in_words(checked, today=today)}" if checked else "Never checked"
    prefix = URLS.get(row.kind)
    value = row.value.replace(" ", "") if row.kind == "telephone" else row.value
    return RouteRow(
        id=row.pk,
        kind=row.get_kind_display(),
        value=row.value,
        url="" if prefix is None else f"{prefix}{value}",
        note=row.note,
        source=row.source,
        checked=words,
        is_due=checked is None or checked <= today - CHECK_AFTER,
    )
