"""Putting the rows of a backup in the place of those that there are, within one transaction, on either engine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from osint.base import guards, trigrams
from osint.keeping import tables


@contextmanager
def at_once() -> Iterator[None]:
    """All of it or nothing; rows may come in any order, and every reference is looked at in the end."""
    # Within a transaction SQLite cannot be told; there it leaves the check to the end by itself.
    is_off = not connection.in_atomic_block and connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            yield
            check_references()
    finally:
        if is_off:
            connection.enable_constraint_checking()


def check_references() -> None:
    """Raise ``IntegrityError`` where a row speaks of one that is not there."""
    connection.check_constraints()


def there() -> set[str]:
    """Names of the tables that there are."""
    return set(connection.introspection.table_names())


def is_empty() -> bool:
    """Whether nobody has entered anything: no record, no user, no entry of the history."""
    found = there()
    asked = [model for model in tables.kept() if model._meta.db_table in found and is_entered(model)]
    return not tables.with_rows(asked)


def is_entered(model: Any) -> bool:
    """Whether rows of this kind come from people, and not from migrations."""
    return hasattr(model, "worked_out") or model._meta.label_lower in {tables.PEOPLE, "history.entry"}


def make_room(migrations: tables.Applied) -> bool:
    """Empty tables as these migrations make them; whether they are new ones, in the place of those that there were."""
    check_references()  # what is not settled yet keeps PostgreSQL from emptying a table
    guards.remove(guards.GUARDS, connection)
    if there() >= {model._meta.db_table for model in tables.every()} and tables.applied() == migrations:
        trigrams.remove(standing(), connection)
        empty(tables.every())
        return False
    drop(there() & {str(model._meta.db_table) for model in tables.every()})
    registry = tables.apps_at(migrations)
    tables.executor().migrate(tables.leaves(migrations))
    trigrams.remove(standing(), connection)
    empty(tables.every(registry))
    check_references()  # after which they are looked at in the end again, whatever a migration has set
    return True


def standing() -> list[trigrams.Index]:
    """The indexes by three letters whose tables there are."""
    return [index for index in trigrams.INDEXES.values() if index.table in there()]


def drop(names: Iterable[str]) -> None:
    """Drop these tables."""
    trigrams.remove(standing(), connection)
    with connection.cursor() as cursor:
        for name in sorted(names):
            cascade = "CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} {cascade}")


def empty(found: Iterable[Any]) -> None:
    """Empty the tables of these models."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in found]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - our own tables


def fill(model: Any, fields: list[Any], rows: Iterable[list[Any]]) -> Iterator[int]:
    """Write rows of a table, with these columns, past every rule of ours; how many at a time."""
    store = copy if connection.vendor == "postgresql" else insert
    remaining = iter(rows)
    while some := list(islice(remaining, tables.CHUNK)):
        store(model._meta.db_table, fields, [prepared(fields, row) for row in some])
        yield len(some)


def prepared(fields: list[Any], row: list[Any]) -> list[Any]:
    """The values as the engine takes them."""
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]


def names_of(table: str, fields: list[Any]) -> str:
    """The table with these columns."""
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(field.column) for field in fields)})"


def copy(table: str, fields: list[Any], rows: list[list[Any]]) -> None:
    """As PostgreSQL takes many."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {names_of(table, fields)} FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)


def insert(table: str, fields: list[Any], rows: list[list[Any]]) -> None:
    """As SQLite takes many."""
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {names_of(table, fields)} VALUES ({places})", rows)  # noqa: S608 - ours


def forget_others(migrations: tables.Applied) -> None:
    """Forget migrations that the rows name and the manifest does not: of apps that were not there any more."""
    recorder = MigrationRecorder(connection)
    for app, name in set(recorder.applied_migrations()) - migrations:
        recorder.record_unapplied(app, name)


def bring_up_to_date() -> bool:
    """Bring what comes from an older Isnad up to this one; whether there was anything to do."""
    maker = tables.executor()
    wanted = maker.loader.graph.leaf_nodes()
    plan = maker.migration_plan(wanted)
    if plan:
        # What was written has to be settled before PostgreSQL alters its table.
        check_references()
        maker.migrate(wanted)
    return bool(plan)


def settle(*, anew: bool) -> None:
    """What stands beside the rows: triggers and indexes, and what apps keep by themselves after their migrations."""
    check_references()
    guards.make(guards.GUARDS, connection)
    trigrams.make(standing(), connection)
    if anew:
        emit_post_migrate_signal(0, interactive=False, db=connection.alias)
