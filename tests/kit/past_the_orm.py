"""Writing to the database past every check of ours: what still refuses is the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, models
from django.db.migrations import Migration

ITSELF = object()  # stands for the row's own id
number = count(1)


def execute(sql: str, values: Any = ()) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def rows(sql: str, values: Any = ()) -> list[Any]:
    """The answer to one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def update(record: models.Model, **values: Any) -> None:
    """Overwrite columns (named as the model's attributes) of a stored row."""
    columns = prepared(record, values, record.pk)
    # A row that should not exist is only met by an UPDATE of all columns at once.
    assignments = ", ".join(f"{quoted(column)} = %s" for column in columns)
    execute(f"UPDATE {quoted(record._meta.db_table)} SET {assignments} WHERE id = %s", [*columns.values(), record.pk])


def insert_copy(record: models.Model, **values: Any) -> int:
    """Insert the stored row again under another identity, with these columns otherwise."""
    stored = type(record)._default_manager.get(pk=record.pk)
    key = 10**6 + next(number)
    everything = {
        field.attname: getattr(stored, field.attname) for field in stored._meta.concrete_fields if not field.generated
    }
    identity = {"id": key, "uuid": uuid4(), "slug": f"copy-{key}", "reference": f"SY-2001-{key}"}
    everything |= {name: value for name, value in identity.items() if name in everything} | values
    columns = prepared(record, everything, key)
    execute(
        f"INSERT INTO {quoted(record._meta.db_table)} ({', '.join(map(quoted, columns))}) "
        f"VALUES ({', '.join(['%s'] * len(columns))})",
        list(columns.values()),
    )
    return key


def prepared(record: models.Model, values: dict[str, Any], key: int) -> dict[str, Any]:
    """The values by column, as the engine wants them."""
    fields = {field.attname: field for field in record._meta.concrete_fields}
    found = {}
    for name, value in values.items():
        field = fields[name]
        plain = key if value is ITSELF else value
        found[str(field.column)] = field.get_db_prep_save(plain, connection)
    return found


def quoted(name: str) -> str:
    """The name as SQL."""
    return connection.ops.quote_name(name)


@contextmanager
def altered(model: type[models.Model], name: str, field: models.Field[Any, Any]) -> Iterator[None]:
    """The model's column as another field for a while, migrated there and back as `migrate` would."""
    old: Any = model._meta.get_field(name)
    field.set_attributes_from_name(name)
    field.model = model
    alter(model, old, field)
    try:
        yield
    finally:
        alter(model, field, old)


def alter(model: type[models.Model], old: Any, new: Any) -> None:
    """One migration of one column, with the signals around it."""
    emit_pre_migrate_signal(0, interactive=False, db="default", plan=[(Migration("alter", "sources"), False)])
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new, strict=True)
    emit_post_migrate_signal(0, interactive=False, db="default")


def explained(queryset: models.QuerySet[Any]) -> str:
    """How the engine would run the query."""
    return str(queryset.explain())
