"""The pages of an import: what is in a list, what became of it, and the codes it may use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nrm_tracker.calendars import london_date
from nrm_tracker.ui.words import count
from organisations.models import Membership, Nation, Organisation
from referrals.actions import compare
from referrals.catalogue import AgeGroup, ConsentType, EventCode, Outcome, Risk
from referrals.importing import EVENTS, REFERRALS, Fault, checked, summary, tables_of
from referrals.importing.matching import fits
from referrals.importing.runs import UNDONE_WITHIN
from referrals.importing.tables import place
from referrals.models import Delay, ImportRun, Referral

SHOWN = 200
NAMED = 5  # rows with the same fault
LISTS = 10
WEEK = timedelta(days=7)
OURS = (REFERRALS, EVENTS)


@dataclass(frozen=True, slots=True)
class Mend:
    """The same fault in one row or in many."""

    where: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to be mended: as much as one can read, and how much there is."""

    shown: Sequence[Mend]
    title: str
    more: int


def faults_page(faults: Sequence[Fault]) -> Faults:
    alike: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        alike[fault.file, fault.column, fault.message].append(fault)
    found = [_mend(same) for same in alike.values()]
    return Faults(
        shown=found[:SHOWN],
        title=f"{count(len(found), 'thing')} to mend; nothing was imported",
        more=max(len(found) - SHOWN, 0),
    )


def _mend(same: Sequence[Fault]) -> Mend:
    first = same[0]
    if len(same) == 1:
        return Mend(first.where, first.to_do)
    named = ", ".join(str(fault.row) for fault in same[:NAMED])
    more = f" and {count(len(same) - NAMED, 'more row')}" if len(same) > NAMED else ""
    return Mend(place(first.file, f"rows {named}{more}", first.column), first.to_do)


@dataclass(frozen=True, slots=True)
class Codes:
    """The values that a column may have: (code, meaning)."""

    column: str
    codes: Sequence[tuple[str, str]]


def codes() -> list[Codes]:
    return [
        Codes("age_group", AgeGroup.choices),
        Codes("nation", Nation.choices),
        Codes("risk_flags", Risk.choices),
        Codes("event", [pair for pair in EventCode.choices if pair[0] != "recorded_in_error"]),
        Codes("outcome", Outcome.choices),
        Codes("consent_type", ConsentType.choices),
        Codes(
            "organisation, submitted_by",
            list(Organisation.objects.responders().order_by("name").values_list("slug", "name")),
        ),
    ]


def run_page(run: ImportRun, *, membership: Membership, now: datetime) -> dict[str, Any]:
    """What its page shows, by how far it is."""
    page: dict[str, Any] = {"run": run, "state": run.get_state_display()}
    if run.state == ImportRun.State.UPLOADED:
        page |= _looked_through(run, membership=membership, now=now)
    if run.state == ImportRun.State.DONE and run.imported_at:
        page["until"] = run.imported_at + UNDONE_WITHIN
        here = Referral.objects.visible_to(membership).filter(imported_by=run)
        page["may_undo"] = now < page["until"] and here.exists()
        page["inherited"] = inherited(run, membership=membership, now=now)
    return page


def inherited(run: ImportRun, *, membership: Membership, now: datetime) -> int:
    """How many people of the list have a delay that nobody answers for."""
    delays = Delay.objects.visible_to(membership).needing_attention(london_date(now))
    return delays.filter(referral__imported_by=run).values("referral").distinct().count()


def lists_brought(membership: Membership) -> list[ImportRun]:
    """The last lists that the organisation brought, the newest first."""
    runs = ImportRun.objects.visible_to(membership).select_related("by")
    return list(runs.order_by("-uploaded_at")[:LISTS])


def recent_imports(membership: Membership, *, now: datetime) -> list[tuple[ImportRun, int]]:
    """Lists of the last week that brought something late, which nobody answers for yet."""
    runs = ImportRun.objects.visible_to(membership).filter(
        state=ImportRun.State.DONE, imported_at__gt=now - WEEK
    )
    found = [
        (run, inherited(run, membership=membership, now=now))
        for run in runs.select_related("by").order_by("-imported_at")
    ]
    return [(run, people) for run, people in found if people]


def _looked_through(run: ImportRun, *, membership: Membership, now: datetime) -> dict[str, Any]:
    tables = tables_of(run)
    if not run.columns and not all(fits(t, c) for t, c in zip(tables, OURS, strict=True)):
        return {"matching": True, "tables": tables}
    found = checked(run, by=membership, now=now)
    if found.faults:
        return {"faults": faults_page(found.faults)}
    return {"would": summary(compare(found.listed, by=membership), done=False)}
