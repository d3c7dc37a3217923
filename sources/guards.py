"""Triggers that hold promise 1 under raw SQL, on both engines: quotes are verbatim, and a quoted text stays.

A trigger says the sentence itself; ``osint.base.errors`` shows it. Before a migration they step aside, since neither
engine alters a table freely that a trigger speaks of; afterwards they are made again.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_noop as _


class Guard(NamedTuple):
    """One rule over several tables: refuse ``event`` on ``table`` where ``condition`` (over NEW and OLD) is true."""

    name: str
    table: str
    event: str  # "INSERT", "UPDATE" or "UPDATE OF column"
    condition: str
    sentence: str
    lock: str = ""  # PostgreSQL: a query FOR SHARE of the rows of other tables that the condition reads


def verbatim(table: str, report_text: str) -> list[Guard]:
    """Guards for a table that quotes; ``report_text`` is a scalar SQL query for the text, over NEW."""
    passage = f"""substr(({report_text}), NEW.start + 1, NEW."end" - NEW.start)"""
    condition = f"NEW.quote <> '' AND COALESCE({passage}, '') <> NEW.quote"
    sentence = _("The quote is not in the report word for word at its place.")
    return [
        Guard(f"{table}_verbatim_{event.lower()}", table, event, condition, sentence, f"{report_text} FOR SHARE OF r")
        for event in ("INSERT", "UPDATE")
    ]


def frozen_text(quoting_table: str, quoting_report: str) -> Guard:
    """A guard on the report's text; ``quoting_report`` is an SQL condition that finds a quoting row for OLD.id."""
    return Guard(
        f"sources_report_frozen_by_{quoting_table}",
        "sources_report",
        "UPDATE OF text",
        f"NEW.text <> OLD.text AND EXISTS (SELECT 1 FROM {quoting_table} q WHERE q.quote <> '' AND {quoting_report})",  # noqa: S608 - all parts are ours
        "This report is quoted, so its text stays. Enter the new wording as a new report that updates this one.",
    )


def sqlite_sql(guard: Guard) -> list[str]:
    """The trigger for SQLite."""
    when = f"BEFORE {guard.event} ON {guard.table} WHEN {guard.condition}"
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} {when} BEGIN SELECT RAISE(ABORT, {literal(guard.sentence)}); END",
    ]


def postgresql_sql(guard: Guard) -> list[str]:
    """The trigger and its function for PostgreSQL; it fails as a violated check constraint does."""
    fail = f"RAISE EXCEPTION '%', {literal(guard.sentence)} USING ERRCODE = 'check_violation'"
    lock = f"PERFORM {guard.lock.removeprefix('SELECT ')}; " if guard.lock else ""
    body = f"BEGIN {lock}IF {guard.condition} THEN {fail}; END IF; RETURN NEW; END"
    when = f"BEFORE {guard.event} ON {guard.table} FOR EACH ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE OR REPLACE TRIGGER {guard.name} {when} EXECUTE FUNCTION {guard.name}()",
    ]


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'{}'".format(text.replace("'", "''"))


SQL = {"sqlite": sqlite_sql, "postgresql": postgresql_sql}
REMOVAL = {
    "sqlite": ["DROP TRIGGER IF EXISTS {0.name}"],
    "postgresql": ["DROP TRIGGER IF EXISTS {0.name} ON {0.table}", "DROP FUNCTION IF EXISTS {0.name}()"],
}

GUARDS = [
    *verbatim("sources_relay", "SELECT r.text FROM sources_report r WHERE r.id = NEW.report_id"),
    frozen_text("sources_relay", "q.report_id = OLD.id"),
]


def standing(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> list[Guard]:
    """The guards whose tables exist."""
    tables = set(connection.introspection.table_names())
    return [guard for guard in guards if guard.table in tables]


def make(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        for guard in standing(guards, connection):
            for statement in SQL[connection.vendor](guard):
                cursor.execute(statement)


def remove(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for guard in standing(guards, connection):
            for statement in REMOVAL[connection.vendor]:
                cursor.execute(statement.format(guard))


def install(using: str = "default", **_kwargs: Any) -> None:
    """Make this app's triggers, after a migration."""
    make(GUARDS, connections[using])


def step_aside(using: str = "default", plan: Any = (), **_kwargs: Any) -> None:
    """Drop this app's triggers, before a migration that has something to do."""
    if plan:
        remove(GUARDS, connections[using])
