"""Harm that was recorded: read by the safeguarding lead, and by whoever recorded it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Value, When

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.parts import Line
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions import OpenedHarm, harm_counted
from referrals.models import Harm, Referral


@dataclass(frozen=True, slots=True)
class HarmRow:
    id: UUID
    reference: str
    pseudonym: str
    kind: str
    happened_on: date
    known_on: date
    decision: str


@dataclass(frozen=True, slots=True)
class HarmOn:
    """On the page of a referral: how often, for everybody; which, for who may read it."""

    number: int
    rows: Sequence[HarmRow]


@dataclass(frozen=True, slots=True)
class HarmCounts:
    waiting: int
    undecided: int
    reads: bool


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    by: str
    at: datetime
    lines: list[Line]


def harm_on(referral: Referral, *, membership: Membership) -> HarmOn:
    number, _, _ = harm_counted(referral=referral)
    if not number:
        return HarmOn(0, ())
    found = Harm.objects.visible_to(membership).filter(referral=referral)
    return HarmOn(number, _rows(found.latest().select_related("referral")))


def harm_counts(membership: Membership) -> HarmCounts:
    _, waiting, undecided = harm_counted()
    return HarmCounts(waiting, undecided, membership.can(Permission.READ_HARM))


def harm_listed(membership: Membership) -> Sequence[HarmRow]:
    """Those without a decision first, then the newest."""
    undecided = Case(When(decision="", then=Value(0)), default=Value(1))
    found = Harm.objects.visible_to(membership).latest().select_related("referral")
    return _rows(found.order_by(undecided, "-happened_on", "-recorded_at"))


def versions_in_words(opened: Sequence[OpenedHarm], *, membership: Membership) -> list[Version]:
    """The newest first."""
    return [
        Version(
            each.row.number,
            "you" if each.row.by_id == membership.user_id else each.row.by.name,
            each.row.recorded_at,
            _lines(each),
        )
        for each in opened
    ]


def _rows(found: Iterable[Harm]) -> list[HarmRow]:
    return [
        HarmRow(
            row.incident,
            row.referral.reference,
            row.referral.pseudonym,
            row.get_kind_display(),
            row.happened_on,
            row.known_on,
            row.get_decision_display(),
        )
        for row in found
    ]


def _lines(each: OpenedHarm) -> list[Line]:
    row, said = each.row, each.said
    told = ", ".join(str(Harm.Told(code).label) for code in row.told)
    decided = row.get_decision_display()
    if row.decided_by and row.decided_at:
        decided += f", decided by {row.decided_by.name} on {london_date(row.decided_at):%-d %B %Y}"
    erased = "It was erased with who the person is"
    return [
        Line("Kind", row.get_kind_display()),
        Line("Happened", f"{row.happened_on:%-d %B %Y}"),
        Line("We knew", f"{row.known_on:%-d %B %Y}"),
        Line("What happened", said.what if said else erased),
        Line("Told", told or "Nobody yet"),
        Line("Done", (said.done or "Nothing recorded") if said else erased),
        Line("Report to the regulator", decided or "No decision yet"),
        *([Line("Why", said.why)] if said and said.why else []),
    ]
