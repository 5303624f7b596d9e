"""The register as everybody may read it. No figure stands beside an organisation."""

from dataclasses import dataclass
from datetime import date

from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import day_in_words
from organisations.hours import hours_in_words
from organisations.models import Designation, Listing, Organisation
from organisations.pages import STANDINGS, UNKNOWN, scope_in_words
from organisations.pages.listed import Row, Wanted, listed
from organisations.pages.sources import RouteRow, listings_of, routes_of

# What the public list shows, in this order, and what is said of each.
SHOWN: dict[str, tuple[str, str]] = {
    "active": ("Designated", "The register has evidence that they are designated."),
    "listed": (
        "On published lists",
        "Published lists name them. Nobody here has confirmed it yet: ask them before you rely "
        "on it.",
    ),
    "disputed": (
        "Lists disagree",
        "One published list names them, another does not. Ask them whether they still refer.",
    ),
    "suspended": ("Suspended", "They cannot refer anybody at present."),
}


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    words: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class PublicPage:
    organisation: Organisation
    standing: str
    words: str
    since: str
    facts: list[Line]
    routes: list[RouteRow]
    listings: list[Listing]
    checked: str


def public_list(wanted: Wanted, *, today: date) -> list[Group]:
    rows = listed(wanted, today=today)
    groups = [
        Group(title, words, [row for row in rows if row.organisation.standing == standing])
        for standing, (title, words) in SHOWN.items()
    ]
    return [group for group in groups if group.rows]


def public_page(organisation: Organisation, *, today: date) -> PublicPage:
    """Needs `with_standing`."""
    reviewed = organisation.last_reviewed_on
    checked = f"Last checked on {day_in_words(reviewed, today=today)}" if reviewed else ""
    _, words = SHOWN.get(organisation.standing, ("", ""))
    telephone = Line("Telephone for referrals", organisation.telephone or UNKNOWN)
    return PublicPage(
        organisation=organisation,
        standing=STANDINGS[organisation.standing],
        words=words,
        since=_since(organisation, today=today),
        facts=[
            *scope_in_words(organisation),
            telephone,
            Line("Open", hours_in_words(organisation)),
        ],
        routes=routes_of(organisation, today=today),
        listings=listings_of(organisation),
        checked=checked or "Nobody has checked these facts here yet",
    )


def _since(organisation: Organisation, *, today: date) -> str:
    rows = Designation.objects.filter(organisation=organisation).in_force(today)
    row = rows.first()
    return day_in_words(row.effective_from, today=today) if row else ""
