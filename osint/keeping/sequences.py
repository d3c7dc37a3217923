"""The numbers that the database gives by itself: none is given again, also not one whose row is gone."""

from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from osint.keeping import tables

Numbers = dict[str, int]


def numbered() -> list[tuple[str, str]]:
    """The tables whose keys the database counts, with the column."""
    keys = [(str(model._meta.db_table), model._meta.pk) for model in tables.every()]
    return [(table, str(key.column)) for table, key in keys if key.get_internal_type().endswith("AutoField")]


def last() -> Numbers:
    """The last number that was given, table by table, as far as there are tables."""
    there = set(connection.introspection.table_names())
    if MigrationRecorder.Migration._meta.db_table not in there:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            known = dict(cursor.fetchall())
            return {table: int(known[table]) for table, _column in numbered() if table in known}
        told = [(table, column) for table, column in numbered() if table in there]
        return {table: given for table, column in told if (given := given_by(cursor, table, column))}


def given_by(cursor: Any, table: str, column: str) -> int:
    """The last number of a sequence of PostgreSQL; 0 where it has given none."""
    cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [f'"{table}"', column])
    return int(cursor.fetchone()[0] or 0)


def go_on(numbers: list[Numbers]) -> None:
    """Let every table go on behind its greatest key, and behind these numbers; it is undone with the transaction."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, column in ((table, column) for table, column in numbered() if table in there):
            cursor.execute(f'SELECT COALESCE(MAX("{column}"), 0) FROM "{table}"')  # noqa: S608 - all parts are ours
            reached = max(int(cursor.fetchone()[0]), *(given.get(table, 0) for given in numbers))
            go_on_behind(cursor, table, column, reached)


def go_on_behind(cursor: Any, table: str, column: str, reached: int) -> None:
    """Let a table go on behind this number."""
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, reached])
        return
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
    # setval() would stay where the transaction is undone.
    cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART WITH {reached + 1}")
