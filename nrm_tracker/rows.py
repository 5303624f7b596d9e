"""Many rows in one statement. `bulk_create` prepares each value of each row by itself, which for
ten thousand people takes longer than all that the database does with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, Model

AT_ONCE = 5_000
ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def insert(
    rows: Sequence[Model], *, unique: Sequence[str] = (), update: Sequence[str] = ()
) -> None:
    """Write these rows of one model, and give them their ids. Their values have the types of their
    columns already, and other rows are named by id. Where a row with the same `unique` columns is
    there, it gets the `update` columns of the new one instead."""
    for start in range(0, len(rows), AT_ONCE):
        _insert(rows[start : start + AT_ONCE], _on_conflict(unique, update))


def _insert(rows: Sequence[Model], on_conflict: str) -> None:
    meta = rows[0]._meta
    fields = [f for f in meta.concrete_fields if not f.primary_key and not f.generated]
    columns = [_Column(field) for field in fields]
    names = ", ".join(column.name for column in columns)
    statement = (
        f"INSERT INTO {meta.db_table} ({names})"  # noqa: S608
        f" SELECT {', '.join(column.read for column in columns)}"
        f" FROM unnest({', '.join(column.sent for column in columns)}) AS n({names})"
        f"{on_conflict} RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [column.of(rows) for column in columns])
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding = pk, False


class _Column:
    """A column of them all: an array of texts or numbers; of arrays, an array of their texts."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        kind = field.db_type(connection) or ""
        self.attribute, self.name = field.attname, field.column or field.attname
        self.holds_arrays = isinstance(field, ArrayField)
        self.read = f"{self.name}::{kind}" if self.holds_arrays else self.name
        self.sent = "%s::text[]" if self.holds_arrays else f"%s::{kind.partition('(')[0]}[]"

    def of(self, rows: Iterable[Model]) -> str:
        values = [getattr(row, self.attribute) for row in rows]
        return _array([_array(value) for value in values] if self.holds_arrays else values)


def _array(values: Sequence[Any]) -> str:
    written = {value: _element(value) for value in set(values)}
    return f"{{{','.join([written[value] for value in values])}}}"


def _element(value: object) -> str:
    return "NULL" if value is None else f'"{str(value).translate(ESCAPED)}"'


def _on_conflict(unique: Sequence[str], update: Sequence[str]) -> str:
    if not unique:
        return ""
    updated = ", ".join(f"{name} = EXCLUDED.{name}" for name in update)
    return f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {updated}"
