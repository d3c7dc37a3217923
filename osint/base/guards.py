"""Triggers that hold under raw SQL, on both engines, what no constraint of one row can say.

A trigger says the sentence itself; ``osint.base.errors`` shows it. Before a migration they step aside, since neither
engine alters a table freely that a trigger speaks of; afterwards they are made again.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate


class Guard(NamedTuple):
    """One rule: refuse ``event`` on ``table`` where ``condition`` (over NEW and OLD) is true."""

    name: str
    table: str
    event: str  # "INSERT", "UPDATE", "UPDATE OF column", "DELETE" or "TRUNCATE"
    condition: str
    sentence: str
    lock: str = ""  # PostgreSQL: a query FOR SHARE of the rows of other tables that the condition reads


GUARDS: list[Guard] = []


def watch(app: AppConfig, guards: Iterable[Guard]) -> None:
    """Keep an app's triggers out of the way of migrations, and make them again afterwards."""
    own = list(guards)
    GUARDS.extend(own)

    def step_aside(using: str = "default", plan: Any = (), **_kwargs: Any) -> None:
        if plan:
            remove(own, connections[using])

    def install(using: str = "default", **_kwargs: Any) -> None:
        make(own, connections[using])

    pre_migrate.connect(step_aside, sender=app, dispatch_uid=f"{app.label}.guards", weak=False)
    post_migrate.connect(install, sender=app, dispatch_uid=f"{app.label}.guards", weak=False)


def sqlite_sql(guard: Guard) -> list[str]:
    """The trigger for SQLite, which knows no TRUNCATE."""
    if guard.event == "TRUNCATE":
        return []
    when = f"BEFORE {guard.event} ON {guard.table} WHEN {guard.condition}"
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} {when} BEGIN SELECT RAISE(ABORT, {literal(guard.sentence)}); END",
    ]


def postgresql_sql(guard: Guard) -> list[str]:
    """The trigger and its function for PostgreSQL; it fails as a violated check constraint does."""
    fail = f"RAISE EXCEPTION '%', {literal(guard.sentence)} USING ERRCODE = 'check_violation'"
    if guard.event == "INSERT":
        # All rows of a statement at once: a function for each takes longer than to store it, and PostgreSQL stores rows
        # one by one where there is such a function.
        lock = f"PERFORM 1 FROM fresh new, LATERAL ({guard.lock}) locked; " if guard.lock else ""
        wrong, row = f"EXISTS (SELECT 1 FROM fresh new WHERE {guard.condition})", "NULL"  # noqa: S608 - ours
        when = f"AFTER INSERT ON {guard.table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
    else:
        lock = f"PERFORM {guard.lock.removeprefix('SELECT ')}; " if guard.lock else ""
        wrong, row = guard.condition, "OLD" if guard.event == "DELETE" else "NEW"
        each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
        when = f"BEFORE {guard.event} ON {guard.table} FOR EACH {each}"
    body = f"#variable_conflict use_column\nBEGIN {lock}IF {wrong} THEN {fail}; END IF; RETURN {row}; END"
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
