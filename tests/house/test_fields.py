"""Every field is classified, and what is personal stays where it belongs."""

import pytest
from django.apps import apps
from django.db import models

from tests.house.fields import FIELDS, MAY_READ, personal
from tests.house.routes import routes
from tests.house.source import APPS
from tests.house.test_walls import rows

PURPOSES = ("nrm_sweep", "nrm_figures", "nrm_register", "nrm_audit")
OF_THE_AUDIT = "History"  # these are copies, which nrm_audit reads, sealed where the row is


def ours() -> dict[str, type[models.Model]]:
    return {
        model.__name__: model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not model.__name__.endswith(OF_THE_AUDIT)
    }


def test_every_field_is_personal_or_not() -> None:
    """Not by default: somebody has thought about it."""
    there = {(name, f.name) for name, model in ours().items() for f in model._meta.fields}
    said = [(n, field) for n, both in FIELDS.items() for words in both for field in words.split()]
    unsaid = [f"{model}.{field}" for model, field in sorted(there - set(said))]
    assert not unsaid, (
        f"Say in tests/house/fields.py whether these are personal: {', '.join(unsaid)}. Does one "
        "tell who somebody is, how to find them or what happened to them? Then it is the first "
        "column; else the second. Where in doubt, it is personal."
    )
    assert sorted(set(said) - there) == [], "take these out of tests/house/fields.py: they are gone"
    assert len(said) == len(set(said)), "a field is personal or it is not"


def test_the_history_of_a_row_holds_its_fields_and_no_others() -> None:
    copies = [m for m in apps.get_models() if m.__name__.endswith(OF_THE_AUDIT)]
    assert copies
    for copy in copies:
        of = FIELDS[copy.__name__.removesuffix(OF_THE_AUDIT)]
        named = {f.name for f in copy._meta.fields if not f.name.startswith("pgh_")}
        assert named <= set(" ".join(of).split()), copy.__name__


@pytest.mark.django_db
def test_no_purpose_reads_what_is_personal_but_those_that_must() -> None:
    """Columns granted to it, by whatever grant."""
    read = {
        (role, name, field)
        for role in PURPOSES
        for name, model in ours().items()
        for field in personal(name)
        if may_read(role, model, field)
    }
    assert read == set(MAY_READ)


def may_read(role: str, model: type[models.Model], field: str) -> bool:
    column = model._meta.get_field(field).column
    [(granted,)] = rows(
        "SELECT has_column_privilege(%s, %s, %s, 'SELECT')", role, model._meta.db_table, column
    )
    return bool(granted)


def test_no_address_is_made_of_what_is_personal() -> None:
    named = {parameter for route in routes() for parameter in route.parameters}
    words = {field for model in FIELDS for field in personal(model)}
    assert named & words == set()
