"""A list from its upload to its import in the background, and for a day back again."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from audit import log
from audit.models import Action
from nrm_tracker.database import context, purpose
from nrm_tracker.sealing import Place, new_key, rewrap, seal, unseal, unwrap, wrap
from nrm_tracker.ui.words import count
from organisations.models import Membership
from organisations.roles import Permission
from referrals.actions.importing import IMPORTS, import_referrals
from referrals.errors import CannotBeUndone
from referrals.importing.checking import Checked, check_records
from referrals.importing.lines import EVENTS, REFERRALS
from referrals.importing.matching import matched
from referrals.importing.summary import summary
from referrals.importing.tables import Records
from referrals.models import ImportRun, Referral

logger = logging.getLogger(__name__)
TABLE = "referrals_importrun"
KEPT_FOR = UNDONE_WITHIN = timedelta(days=1)
BROKE = "Nothing was imported, since something broke. Try again, or tell whoever runs the product."
MAY_NOT = "Nothing was imported: whoever asked for it may not import lists here any more."
UNSEEN = (
    "Nothing was imported: an own reference of the list belongs to a referral that is restricted "
    "to others. Ask your safeguarding lead."
)
NAMED = 10  # references that stand in the way of an undo
State = ImportRun.State
Tables = tuple[Records, Records]


@transaction.atomic
def upload_list(tables: Tables, *, by: Membership, now: datetime) -> ImportRun:
    """Keep it, sealed, to be looked through."""
    run, key = ImportRun(organisation=by.organisation, by_id=by.user_id, uploaded_at=now), new_key()
    text = json.dumps([[table.name, list(table.rows), table.fault] for table in tables])
    run.rows = sum(max(len(table.rows) - 1, 0) for table in tables)
    run.master, run.wrapped = wrap(key, place=_place(run, "wrapped"))
    run.content = seal(text, key=key, place=_place(run, "content"))
    run.save(force_insert=True)
    return run


def tables_of(run: ImportRun) -> Tables:
    """What was uploaded, under its own headings; it must not be wiped yet."""
    key = unwrap(bytes(run.wrapped or b""), master=run.master, place=_place(run, "wrapped"))
    text = unseal(bytes(run.content or b""), key=key, place=_place(run, "content"))
    referrals, events = (Records(*table) for table in json.loads(text))
    return referrals, events


def checked(run: ImportRun, *, by: Membership, now: datetime) -> Checked:
    """The whole list under our headings; inside a context of the organisation."""
    referrals, events = tables_of(run)
    return check_records(
        matched(referrals, run.columns.get(REFERRALS.file, {})),
        matched(events, run.columns.get(EVENTS.file, {})),
        by=by,
        now=now,
    )


@transaction.atomic
def match_columns(run: ImportRun, columns: dict[str, dict[str, str]]) -> None:
    """Which of their headings is which of our columns, by table."""
    run.columns = columns
    run.save(update_fields=["columns"])


def rewrap_lists() -> int:
    """Put the keys of the lists that the context shows under the present master key; how many."""
    kept = list(ImportRun.objects.filter(wrapped__isnull=False))
    for run in kept:
        run.master, run.wrapped = rewrap(
            bytes(run.wrapped or b""), master=run.master, place=_place(run, "wrapped")
        )
    ImportRun.objects.bulk_update(kept, ["master", "wrapped"])
    return len(kept)


def ask_for_import(run: ImportRun) -> bool:
    """Let it be imported in the background; False where it was asked for or given up before."""
    found = ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED)
    return bool(found.update(state=State.WAITING))


def give_up(run: ImportRun) -> None:
    _end(ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED), State.GIVEN_UP)


def run_imports(*, now: datetime) -> int:
    """Import what waits, one list after the other; how many. Wipes what nobody came back to."""
    with purpose("nrm_sweep"):
        old = ImportRun.objects.filter(state=State.UPLOADED, uploaded_at__lte=now - KEPT_FOR)
        _end(old, State.GIVEN_UP)
        waiting = ImportRun.objects.filter(state=State.WAITING).order_by("uploaded_at")
        found = list(waiting.values_list("pk", "organisation_id", "by_id"))
    for run, organisation, user in found:
        _run(run, organisation=organisation, user=user, now=now)
    return len(found)


@transaction.atomic
def undo_import(*, run: ImportRun, by: Membership, now: datetime) -> None:
    """Remove every referral that came with it. What it added to others stays. Raises
    CannotBeUndone when it is a day old, or somebody has changed one of them since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nrm_undo_import(%s, %s)", [run.pk, now - UNDONE_WITHIN])
        changed = cursor.fetchone()[0]
    if changed is None:
        raise CannotBeUndone("It can be undone for one day, and once.")
    if changed:
        seen = Referral.objects.visible_to(by).filter(reference__in=changed).order_by("reference")
        named = list(seen.values_list("reference", flat=True)[:NAMED])
        others = ["others"] if len(changed) > len(named) else []
        said = " and ".join(filter(None, [", ".join(named), *others]))
        raise CannotBeUndone(f"Something was recorded since, so nothing is removed: {said}.")
    log.record(Action.IMPORT_UNDONE, by=by, now=now, subject=f"import {run.pk}")


def _run(pk: UUID, *, organisation: int, user: int, now: datetime) -> None:
    try:
        with context(user=user, organisation=organisation):
            run = _claimed(pk, organisation)
            if run:
                _import(run, user=user, now=now)
    except IntegrityError:
        _fail(pk, UNSEEN, organisation=organisation, user=user)
    except Exception as error:  # noqa: BLE001  # its text may hold what the list says
        logger.error("An import failed: %s", type(error).__name__)  # noqa: TRY400
        _fail(pk, BROKE, organisation=organisation, user=user)


def _claimed(pk: UUID, organisation: int) -> ImportRun | None:
    """The run, for this worker alone; None where another one has it or it is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [IMPORTS, organisation])
        if not cursor.fetchone()[0]:
            return None
    return ImportRun.objects.filter(pk=pk, state=State.WAITING).first()


def _import(run: ImportRun, *, user: int, now: datetime) -> None:
    members = Membership.objects.active().filter(user=user, organisation=run.organisation_id)
    by = members.first()
    if by is None or not by.can(Permission.IMPORT_REFERRALS):
        _end(ImportRun.objects.filter(pk=run.pk), State.FAILED, outcome=MAY_NOT)
        return
    found = checked(run, by=by, now=now)
    if found.faults:
        mend = f"{count(len(found.faults), 'thing')} to mend; nothing was imported."
        _end(ImportRun.objects.filter(pk=run.pk), State.FAILED, outcome=mend)
        return
    with _progress(run, people=len(found.listed)) as tell:
        done = import_referrals(listed=found.listed, by=by, now=now, run=run, tell=tell)
    _end(
        ImportRun.objects.filter(pk=run.pk),
        State.DONE,
        outcome=summary(done, done=True),
        added_to=len(done.lacking),
        imported_at=now,
    )


def _fail(pk: UUID, outcome: str, *, organisation: int, user: int) -> None:
    with context(user=user, organisation=organisation):
        _end(ImportRun.objects.filter(pk=pk), State.FAILED, outcome=outcome)


def _end(runs: QuerySet[ImportRun], state: str, **facts: object) -> None:
    runs.update(state=state, content=None, wrapped=None, **facts)


@contextmanager
def _progress(run: ImportRun, *, people: int) -> Iterator[Callable[[int], None]]:
    """Says how far it is, on a connection of its own: the import itself is one transaction."""
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('nrm.organisation', %s, false)", [str(run.organisation_id)]
        )

        def tell(done: int) -> None:
            cursor.execute(
                "UPDATE referrals_importrun SET done = %s, people = %s WHERE id = %s",
                [done, people, run.pk],
            )

        tell(0)
        yield tell
    beside.close()


def _place(run: ImportRun, column: str) -> Place:
    return Place(TABLE, column, run.pk)
