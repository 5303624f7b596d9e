"""The bench's people put into its database by COPY, with the flags and deadlines of the sweep."""

import multiprocessing
import os
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Model

from accounts.models import User
from benchmarks.database import as_owner, copy
from benchmarks.people import DESIGNATED_SINCE, EVENTS, HELD_BY_ONE, NOW, Person, person
from nrm_tracker.database import purpose
from organisations.models import Designation, Organisation
from referrals.delays import Rules, assess
from referrals.models import Custody, DelayFlag, Referral, WaitEvent
from referrals.thresholds import rules

CHUNK = 5_000  # people
Cell = str | int | bool | date | datetime | Sequence[str] | None
Rows = list[tuple[Cell, ...]]
WRITTEN: dict[type[Model], str] = {
    Referral: "id reference pseudonym holder_id age_group_at_opening age_group nation risks"
    " turns_18_on opened_at first_contact_at submitted_at version next_deadline_at",
    Custody: "referral_id organisation_id since",
    WaitEvent: "id referral_id code happened_at recorded_at recorded_by_id organisation_id"
    " consent_type risk version",
    DelayFlag: "referral_id rule severity started_by_id told waits_on started_at breached_at"
    " raised_at ended_at end_reason",
}


def load(first: int, last: int, *, of: int) -> None:
    """The people with these numbers, of so many in all."""
    organisations = -(-of // HELD_BY_ONE)
    if first == 1:
        _register(organisations)
    jobs = [
        (start, min(start + CHUNK - 1, last), organisations)
        for start in range(first, last + 1, CHUNK)
    ]
    columns = {model._meta.db_table: ", ".join(_columns(model)) for model in WRITTEN}
    fork = multiprocessing.get_context("fork")
    with fork.Pool(os.cpu_count(), _judge_by, (rules(),)) as pool:
        for texts in pool.imap_unordered(_chunk, jobs):
            copy(columns, texts)
    as_owner(
        f"SELECT setval(pg_get_serial_sequence('referrals_referral', 'id'), {last})",
        f"SELECT setval(pg_get_serial_sequence('referrals_waitevent', 'id'), {last * EVENTS})",
        "VACUUM ANALYZE",
    )


def _register(organisations: int) -> None:
    somebody = User.objects.create_user(email="bench@bench.example", name="Bench", password=None)
    with purpose("nrm_register"):
        made = Organisation.objects.bulk_create(
            Organisation(id=n, name=f"Bench {n}", slug=f"bench-{n}")
            for n in range(1, organisations + 1)
        )
        Designation.objects.bulk_create(
            Designation(
                organisation=one,
                status=Designation.Status.ACTIVE,
                effective_from=DESIGNATED_SINCE,
                known_from=DESIGNATED_SINCE,
                source="invented for the bench",
                recorded_by=somebody,
                recorded_at=NOW,
            )
            for one in made
        )


def _defaults(model: type[Model]) -> dict[str, Cell]:
    """The columns of which the bench says nothing, with what the product would put there."""
    said = {*WRITTEN[model].split(), "id"}
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    return {f.column: f.get_default() for f in fields if f.column and f.column not in said}


def _columns(model: type[Model]) -> list[str]:
    return [*WRITTEN[model].split(), *_defaults(model)]


_judging: list[Rules] = []


def _judge_by(known: Rules) -> None:
    _judging.append(known)


def _chunk(job: tuple[int, int, int]) -> dict[str, str]:
    first, last, organisations = job
    rows: dict[type[Model], Rows] = {model: [] for model in WRITTEN}
    for number in range(first, last + 1):
        _write(person(number, organisations=organisations), _judging[-1], rows)
    return {model._meta.db_table: _text(model, rows[model]) for model in WRITTEN}


def _write(one: Person, judged_by: Rules, rows: dict[type[Model], Rows]) -> None:
    timeline, pk, holder = one.timeline, one.number, one.organisation
    breaches, deadline = assess(timeline, judged_by, now=NOW)
    contact = timeline.events[0].happened_at
    submitted = [e.happened_at for e in timeline.events if e.code == "referral_submitted"]
    age, nation, birthday = timeline.age_group, timeline.nation, timeline.turns_18_on
    written = (contact, contact, submitted[0] if submitted else None, EVENTS, deadline)
    who = (pk, f"B{pk:09}", f"Bench {pk}", holder, age, age, nation, one.risks, birthday)
    rows[Referral].append(who + written)
    rows[Custody].append((pk, holder, contact))
    for e in timeline.events:
        known = (e.happened_at, e.happened_at, holder, e.organisation, e.consent_type, e.risk)
        rows[WaitEvent].append((e.id, pk, e.code, *known, EVENTS))
    waits_on = {rule.code: rule.who_can_end[0] for rule in judged_by.thresholds}
    for b in breaches:
        flag = (pk, b.rule, b.severity, b.started_by, b.told, waits_on[b.rule], b.started_at)
        rows[DelayFlag].append((*flag, b.breached_at, b.breached_at, b.ended_at, b.end_reason))


def _text(model: type[Model], rows: Rows) -> str:
    rest = [_cell(value) for value in _defaults(model).values()]
    return "".join("\t".join([*map(_cell, row), *rest]) + "\n" for row in rows)


def _cell(value: Cell) -> str:
    if value is None:
        return "\\N"
    return f"{{{','.join(value)}}}" if isinstance(value, list | tuple) else str(value)
