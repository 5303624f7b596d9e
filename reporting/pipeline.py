"""All applications to become a First Responder Organisation, for whoever keeps the register: as a
board and as a list, those that wait longest first. Only the Home Office decides."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from organisations.models import (
    Application,
    ApplicationMessage,
    Designation,
    Membership,
    Organisation,
    Side,
)
from organisations.pages.applying import days_waited
from organisations.stages import OPEN, Outcome, Stage
from referrals.register_limits import applications, reviews

COLUMNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Expression of interest", frozenset({Stage.INTEREST})),
    ("Sent, acknowledged", frozenset({Stage.SUBMITTED, Stage.ACKNOWLEDGED})),
    ("Under consideration", frozenset({Stage.CONSIDERED, Stage.ANSWERED})),
    ("Waits for the applicant", frozenset({Stage.ASKED})),
    ("Paused by the Home Office", frozenset({Stage.PAUSED})),
    ("Approved, to be designated", frozenset({Stage.APPROVED})),
)


@dataclass(frozen=True, slots=True)
class Card:
    """`days` since it was sent, `word` days since the Home Office's last word: None where there was
    none. `severity`: the worst limit of rule 30 passed, `to_check`: rule 31 says so."""

    application: Application
    organisation: Organisation
    stage: str
    days: int | None
    word: int | None
    severity: str
    to_check: bool
    unread: int
    designate: bool  # approved, and not designated

    @property
    def messages(self) -> str:
        return count(self.unread, "unread message")


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`undecided`: all of them, whatever is asked for; `ended`: newest first."""

    columns: list[Column]
    cards: list[Card]
    ended: list[Card]
    undecided: int


def pipeline(membership: Membership, *, stage: str, now: datetime) -> Pipeline:
    """Asked with the rights of the register. `stage`: "" for all."""
    rows = (
        Application.objects.visible_to(membership)
        .exclude(outcome=Outcome.ERROR)
        .with_last_word()
        .select_related("organisation")
    )
    cards = _cards(list(rows), membership, now=now)
    live = [card for card in cards if card.stage in OPEN or card.designate]
    shown = sorted((card for card in live if stage in {"", card.stage}), key=_longest)
    return Pipeline(
        columns=[
            Column(title, [card for card in shown if card.stage in stages])
            for title, stages in COLUMNS
        ],
        cards=shown,
        ended=sorted(
            (card for card in cards if card not in live),
            key=lambda card: card.application.pk,
            reverse=True,
        ),
        undecided=sum(card.stage in OPEN for card in cards),
    )


def _cards(rows: Sequence[Application], membership: Membership, *, now: datetime) -> list[Card]:
    today = london_date(now)
    late, checks = applications(rows, now=now), reviews([r.organisation for r in rows], now=now)
    unread = Counter(
        ApplicationMessage.objects.visible_to(membership)
        .unread_by(Side.REGISTER)
        .values_list("organisation", flat=True)
    )
    active = Designation.objects.active(today).values_list("organisation", flat=True)
    designated = set(active.filter(organisation__in=[row.organisation_id for row in rows]))
    return [
        Card(
            application=row,
            organisation=row.organisation,
            stage=row.stage,
            days=days_waited(row, today=today),
            word=(today - row.last_word_on).days if row.last_word_on else None,
            severity=late[row.pk].severity if row.pk in late else "",
            to_check=bool(checks[row.organisation_id].severity) and not row.outcome,
            unread=unread[row.organisation_id],
            designate=row.outcome == Outcome.APPROVED and row.organisation_id not in designated,
        )
        for row in rows
    ]


def _longest(card: Card) -> tuple[bool, int, str]:
    """What was not sent yet last."""
    return card.days is None, -(card.days or 0), card.organisation.name
