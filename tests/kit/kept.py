"""Copies of a whole database, which are put back after tests that commit: in a twentieth of the time of a flush."""

import sqlite3
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tests.kit.past_the_orm import execute, rows

OWN_COLUMNS = (
    "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"
)


def keep(name: str) -> None:
    """Keep a copy of everything under this name."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(path(name)) as copy:
            raw().backup(copy)
        copy.close()
        return
    execute(f"DROP SCHEMA IF EXISTS kept_{name} CASCADE")
    execute(f"CREATE SCHEMA kept_{name}")
    for table in filled():
        execute(f"CREATE TABLE kept_{name}.{table} AS SELECT * FROM public.{table}")


def put_back(name: str) -> None:
    """Make everything as it was then; on PostgreSQL its rows alone, and sequences go on."""
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(path(name))
        copy.backup(raw(), sleep=0.01)  # while a page still says goodbye to the server
        copy.close()
        return
    kept = [table for (table,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = %s", [f"kept_{name}"])]
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")  # past the triggers, of which some let nothing go
        for table in filled():
            execute(f"DELETE FROM public.{table}")
        for table in kept:
            [(columns,)] = rows(OWN_COLUMNS, [table])
            execute(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM kept_{name}.{table}")


def filled() -> list[str]:
    """The tables of PostgreSQL that have rows."""
    tables = sorted(connection.introspection.table_names())
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM public.{table})" for table in tables)
    return [table for (table,) in rows(asked)]


def raw() -> Any:
    """SQLite's own connection."""
    connection.ensure_connection()
    return connection.connection


def path(name: str) -> Path:
    """Where SQLite's copy lies: beside the database, which is this process's own."""
    return Path(connection.settings_dict["NAME"]).with_name(f"kept-{name}.sqlite3")
