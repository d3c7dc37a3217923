"""Triggers that hold promise 1 under raw SQL, on both engines: quotes are verbatim, and a quoted text stays.

A trigger says the sentence itself; ``osint.base.errors`` shows it. They are made again after every migration.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Guard(NamedTuple):
    """One rule over several tables: refuse ``event`` on ``table`` where ``condition`` (over NEW and OLD) is true."""

    name: str
    table: str
    event: str  # "INSERT", "UPDATE" or "UPDATE OF column"
    condition: str
    sentence: str


def verbatim(table: str, report_text: str) -> list[Guard]:
    """Guards for a table that quotes; ``report_text`` is a scalar SQL query for the text, over NEW."""
    condition = (
        f'NEW.quote <> \'\' AND COALESCE(substr(({report_text}), NEW.start + 1, NEW."end" - NEW.start), \'\') <> NEW.quote'
    )
    sentence = "The quote is not in the report word for word at its place."
    return [Guard(f"{table}_verbatim_{event.lower()}", table, event, condition, sentence) for event in ("INSERT", "UPDATE")]


def frozen_text(quoting_table: str, quoting_report: str) -> Guard:
    """A guard on the report's text; ``quoting_report`` is an SQL condition that finds a quoting row for OLD.id."""
    return Guard(
        f"sources_report_frozen_by_{quoting_table}",
        "sources_report",
        "UPDATE OF text",
        f"NEW.text <> OLD.text AND EXISTS (SELECT 1 FROM {quoting_table} q WHERE q.quote <> '' AND {quoting_report})",
        "This report is quoted, so its text stays. Enter the new wording as a new report that updates this one.",
    )


def sqlite_sql(guard: Guard) -> list[str]:
    """The trigger for SQLite."""
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {guard.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.sentence.replace(chr(39), chr(39) * 2)}'); END",
    ]


def postgresql_sql(guard: Guard) -> list[str]:
    """The trigger and its function for PostgreSQL; it fails as a violated check constraint does."""
    sentence = guard.sentence.replace("'", "''")
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard.condition} THEN RAISE EXCEPTION '%', '{sentence}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


SQL = {"sqlite": sqlite_sql, "postgresql": postgresql_sql}

GUARDS = [
    *verbatim("sources_relay", "SELECT r.text FROM sources_report r WHERE r.id = NEW.report_id"),
    frozen_text("sources_relay", "q.report_id = OLD.id"),
]


def make(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> None:
    """Create the triggers whose tables exist."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in guards:
            if guard.table in tables:
                for statement in SQL[connection.vendor](guard):
                    cursor.execute(statement)


def install(using: str = "default", **_kwargs: Any) -> None:
    """Make this app's triggers, after a migration."""
    make(GUARDS, connections[using])
