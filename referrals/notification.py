"""The Duty to Notify: what may be said of an adult who does not consent. Never who they are.

Section 52 of the Modern Slavery Act 2015, England and Wales: some bodies must notify, others may.
"""

from dataclasses import dataclass
from datetime import date, datetime

from nrm_tracker.calendars import london_date
from organisations.models import Nation

NATIONS = (Nation.ENGLAND, Nation.WALES)
DELIBERATE = (
    "Gender, nationality and why they did not consent: the official form asks. Say as little as "
    "it lets you, and nothing from which somebody could tell who this is."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a notification is made from: there is no place for a name in it."""

    notified_by: str
    nation: str
    noted_at: datetime | None
    said_no_at: datetime


def is_possible(nation: str) -> bool:
    return nation in NATIONS


def lines(facts: Facts) -> list[tuple[str, str]]:
    """What the notification says, a heading and its words."""
    noted = facts.noted_at and london_date(facts.noted_at)
    return [
        ("About", "An adult who may be a victim of modern slavery"),
        ("Where", Nation(facts.nation).label),
        ("Notified by", facts.notified_by),
        ("Signs of modern slavery noted", _day(noted) if noted else "Not recorded"),
        ("Did not consent to an NRM referral", _day(london_date(facts.said_no_at))),
        ("Left to you", DELIBERATE),
    ]


def text(facts: Facts) -> str:
    """The same, to be laid beside the official form."""
    return "\n".join(f"{heading}: {words}" for heading, words in lines(facts)) + "\n"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
