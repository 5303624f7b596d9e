"""The register as everybody may read it. No figure stands beside an organisation."""

from dataclasses import dataclass
from datetime import date

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from nrm_tracker.ui.words import day_in_words
from organisations.capacity import Room, is_stale
from organisations.hours import hours_in_words
from organisations.models import Designation, Listing, Organisation
from organisations.pages import STANDINGS, scope_in_words
from organisations.pages.capacity import said_by
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


ROOM: dict[str, str] = {
    Room.OPEN: "Open: they take people who ask",
    Room.LIMITED: "Limited: they take some people",
    Room.PAUSED: "Paused: they take nobody new for now",
}


THEIR_WORD = "They say so themselves: ask them before you rely on it."


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
    telephone: str
    routes: list[RouteRow]
    listings: list[Listing]
    checked: str
    room: str


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
    return PublicPage(
        organisation=organisation,
        standing=STANDINGS[organisation.standing],
        words=words,
        since=_since(organisation, today=today),
        facts=[*scope_in_words(organisation), Line("Open", hours_in_words(organisation))],
        telephone=organisation.telephone,
        routes=routes_of(organisation, today=today),
        listings=listings_of(organisation),
        checked=checked or "Nobody has checked these facts here yet",
        room=_room(organisation, today=today),
    )


def _room(organisation: Organisation, *, today: date) -> str:
    """Whether it takes people, by its own word; nothing of one that is not designated, or of which
    it was not said lately: it would send people to a closed door, or keep them from an open one."""
    said = said_by(organisation.pk) if organisation.standing == "active" else None
    if said is None or is_stale(london_date(said.said_at), today=today):
        return ""
    since = day_in_words(said.since, today=today)
    return f"{ROOM[said.state]}, since {since}. {THEIR_WORD}"


def _since(organisation: Organisation, *, today: date) -> str:
    rows = Designation.objects.filter(organisation=organisation).in_force(today)
    row = rows.first()
    return day_in_words(row.effective_from, today=today) if row else ""
