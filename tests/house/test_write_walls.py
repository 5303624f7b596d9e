"""The second wall, walked for writing: no row of one's own can name what is another organisation's.

A foreign key is checked past row-level security, so WITH CHECK alone stands between an
organisation and a row that hangs on somebody else's referral. A policy is asked before any other
constraint: so a row of nothing but its keys is enough to ask it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from django.utils import timezone

from accounts.models import User
from organisations.models import Criterion, Organisation
from referrals.models import Referral, ThresholdDraft
from tests.factories import Acting
from tests.house.test_walls import FOREIGN_KEYS, rows
from tests.house.world import World, build

pytestmark = pytest.mark.django_db
Model = type[models.Model]

# What may be named though it is another organisation's, and why. The row itself hangs on one's own.
MAY_NAME = {
    ("Custody", "organisation"): "who held one's referral before",
    ("DelayFlag", "started_by"): "an id that nothing is read through: flags are made equal",
    ("ErrorReport", "organisation"): "of whose entry somebody says that it is wrong",
    ("OutboxMessage", "escalation"): "as its flag",
    ("OutboxMessage", "training"): "as its flag",
    ("OutboxMessage", "flag"): "an id that nothing is read through: messages go to the holder",
    ("HandOver", "receiver"): "whom one asks",
    ("Referral", "imported_by"): "only one's own referral could be lost by their undoing",
    ("ReferralHistory", "pgh_obj"): "the copy is its holder's",
    ("RegisterQuestion", "organisation"): "whose designation somebody asks about",
    ("SurvivorHistory", "pgh_obj"): "the copy is its referral's",
    ("WaitEvent", "organisation"): "whom it concerns: approached, accepted, no capacity",
    ("WaitEvent", "submitted_by"): "whoever sent the referral in",
}
# What only who manages the organisation writes; all the rest is tried as a caseworker.
MANAGERS = {"Capacity", "CapacityHistory"}
WALL = "violates row-level security policy"


def leading_to_somebody() -> dict[Model, list[models.ForeignKey]]:
    """The tables that lead to a referral or an organisation, each with the keys that do."""
    leads: set[Model] = {Referral, Organisation}
    everything = [m for m in apps.get_models() if m._meta.managed]
    while True:
        more = {m for m in everything if any(k.related_model in leads for k in keys(m))} - leads
        if not more:
            break
        leads |= more
    return {
        model: [key for key in keys(model) if key.related_model in leads]
        for model in sorted(leads, key=lambda m: m.__name__)
    }


def keys(model: Model) -> list[models.ForeignKey]:
    return [f for f in model._meta.fields if isinstance(f, models.ForeignKey)]


def may_insert(model: Model) -> bool:
    [(granted,)] = rows(
        "SELECT has_any_column_privilege(current_user, %s, 'INSERT')", model._meta.db_table
    )
    return bool(granted)


@dataclass(frozen=True)
class Rows:
    """One row of every table of an organisation, by the model: what a key of its own names."""

    acting: Acting
    referral: Referral
    ids: dict[Model, object]

    def of(self, model: Model) -> object:
        assert model in self.ids, (
            f"{self.acting.organisation} has no {model.__name__}: tests/house/world.py makes one "
            "of every row that another one can name."
        )
        return self.ids[model]


def rows_of(acting: Acting, reference: object) -> Rows:
    """What the caseworker sees of the organisation's, of this referral where it is of one."""
    line = Criterion.objects.earliest("id").pk  # nobody's, and in everybody's checklist
    found: dict[Model, object] = {User: acting.caseworker.user_id, Criterion: line}
    with acting.context():
        referral = Referral.objects.get(reference=reference)
        found |= {Referral: referral.pk, Organisation: acting.organisation.pk}
        for model in leading_to_somebody():
            if model in found or not readable(model):
                continue
            about = model._default_manager.all()
            if any(key.name == "referral" for key in keys(model)):
                about = about.filter(referral=referral.pk)
            elif any(key.name == "organisation" for key in keys(model)):
                about = about.filter(organisation=acting.organisation.pk)
            if (one := about.values_list("pk", flat=True).first()) is not None:
                found[model] = one
    return Rows(acting, referral, found)


def readable(model: Model) -> bool:
    [(granted,)] = rows(
        "SELECT has_table_privilege(current_user, %s, 'SELECT')", model._meta.db_table
    )
    return bool(granted)


def wall_refuses(acting: Acting, model: Model, values: dict[str, object]) -> bool:
    """Whether the policy turns a row with these keys away."""
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608
    member = acting.manager if model.__name__ in MANAGERS else acting.caseworker
    try:
        with acting.context(member), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, list(values.values()))
            transaction.set_rollback(True)
    except ProgrammingError as refused:
        if WALL in str(refused):
            return True
        raise
    except DatabaseError:  # it went past the policy, and stumbled over what the row lacks
        return False
    return False


@pytest.fixture
def world() -> World:
    return build(now=timezone.now())


def own_row(model: Model, mine: Rows) -> dict[str, object]:
    """The keys of a row that belongs to one's own organisation alone, and what policies read."""
    flags = {
        field.column: field.get_default()
        for field in model._meta.fields
        if isinstance(field, models.BooleanField) and field.has_default()
    }
    return flags | {
        key.column: mine.of(key.related_model)
        for key in keys(model)
        if key.related_model in mine.ids or not key.null
    }


def writable() -> Iterator[tuple[Model, list[models.ForeignKey]]]:
    for model, named in leading_to_somebody().items():
        if model is not Organisation and may_insert(model):
            yield model, named


def test_every_table_that_leads_to_somebody_is_walked() -> None:
    walked = {model._meta.db_table for model in leading_to_somebody()}
    assert {name for name, *_ in rows(FOREIGN_KEYS)} - walked == set()
    named = {model.__name__ for model, _ in writable()}
    assert {"Referral", "Survivor", "SurvivorKey", "SafeContact", "Note", "Task"} <= named


def test_nothing_of_ones_own_hangs_on_what_is_anothers(world: World) -> None:
    mine = rows_of(world.riverside, world.rows["reference"])
    theirs = rows_of(world.northgate, world.own_rows["reference"])
    theirs.ids[ThresholdDraft] = world.rows["draft"]  # an oversight body's, and nobody else's
    let_through, kept_out = [], []
    for model, named in writable():
        own = own_row(model, mine)
        if wall_refuses(world.riverside, model, own):
            kept_out.append(model.__name__)
        for key in named:
            foreign = own | {key.column: theirs.of(key.related_model)}
            if not wall_refuses(world.riverside, model, foreign):
                let_through.append((model.__name__, key.name))
    assert kept_out == [], "the walk asks nothing where one's own row is refused"
    unexpected = sorted(set(let_through) - set(MAY_NAME))
    assert not unexpected, f"WITH CHECK lets a row name what is another's: {unexpected}"
    assert set(MAY_NAME) <= set(let_through), "MAY_NAME says more than is so"


def test_no_policy_lets_everything_in() -> None:
    """Those of the product itself; what a purpose writes is its grants' to limit."""
    tables = tuple(model._meta.db_table for model in leading_to_somebody())
    open_ = rows(
        "SELECT tablename, policyname FROM pg_policies"
        " WHERE tablename = ANY(%s) AND 'nrm_app' = ANY(roles)"
        " AND (with_check = 'true' OR qual = 'true' AND cmd <> 'SELECT')",
        list(tables),
    )
    assert open_ == []
