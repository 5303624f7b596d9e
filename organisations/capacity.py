"""How much room an organisation has: apart from whether it is designated, and said week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from django.db.models import TextChoices

from nrm_tracker.ui.words import count
from organisations.scope import Takes

REMIND_AFTER = timedelta(days=7)  # and longer than that it is stale, wherever others see it
MOST_SLOTS = 12  # lines
MOST_IN_A_LINE = 99
LONGEST_LANGUAGE = 60
WITH_INTERPRETER = "with an interpreter where one is needed"


class Room(TextChoices):
    OPEN = "open", "Open"
    LIMITED = "limited", "Limited"
    PAUSED = "paused", "Paused"


class Cause(TextChoices):
    """Why there is less room, as far as the organisation says so. Never a person."""

    STAFF = "staff", "Too few staff"
    FUNDING = "funding", "Funding"
    LEAVE = "leave", "Leave or illness"
    DEMAND = "demand", "More people than places"
    INTERPRETERS = "interpreters", "Too few interpreters"
    OTHER = "other", "Something else"


class Kept(TypedDict):
    """A slot as its column holds it."""

    number: int
    cohort: str
    nation: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """So many interviews a week. `nation` "": wherever it takes people. `language` "": any, with
    an interpreter."""

    number: int
    cohort: str
    nation: str = ""
    language: str = ""

    def kept(self) -> Kept:
        return Kept(
            number=self.number, cohort=self.cohort, nation=self.nation, language=self.language
        )

    def in_words(self, nations: dict[str, str]) -> str:
        where = f" in {nations[self.nation]}" if self.nation else ""
        how = f"in {self.language}" if self.language else WITH_INTERPRETER
        return f"{self.number} a week: {Takes(self.cohort).label.lower()}{where}, {how}"


def slots_of(kept: Sequence[Kept]) -> tuple[Slots, ...]:
    return tuple(Slots(**each) for each in kept)


def is_due(said_on: date, *, today: date) -> bool:
    """Whether it is time to say it again."""
    return today - said_on >= REMIND_AFTER


def is_stale(said_on: date, *, today: date) -> bool:
    """Whether others are told that it is old."""
    return today - said_on > REMIND_AFTER


def updated_in_words(said_on: date, *, today: date) -> str:
    days = (today - said_on).days
    return "Updated today" if days <= 0 else f"Updated {count(days, 'day')} ago"
