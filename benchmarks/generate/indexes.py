"""Indexes, keys and triggers that step aside for a first load and are made again when all rows are there."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection

from benchmarks.generate.tables import TABLES
from osint.base import guards, trigrams

CONSTRAINTS = """
    SELECT contype, conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('p', 'u', 'f')
       OR confrelid = ANY(%s::regclass[]) AND contype = 'f'
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
WORKERS = 2
# For a session that builds indexes over millions of rows.
ROOM = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0"
Connect = Callable[[], Any]  # a connection beside Django's


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def run(*statements: str) -> None:
    """The statements, one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def aside(connect: Connect | None) -> Iterator[None]:
    """Without triggers, trigrams and, where there is a way to connect, without any index or key on our tables."""
    guards.remove(guards.GUARDS, connection)
    trigrams.remove(trigrams.INDEXES.values(), connection)
    again = [] if connect is None else DROPPED[connection.vendor]()
    yield
    if connect is None and connection.vendor == "postgresql":
        # Within a transaction no index can be made while checks of references are still to come.
        run("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
    for phase in again:
        together(phase, connect)
    # On PostgreSQL they are many and large: they are made two at a time where there is a way to connect.
    if connect is not None and connection.vendor == "postgresql":
        texts = [index for index in trigrams.INDEXES.values() if index.columns == ("folded",)]
        together([sql for index in texts for sql in trigrams.postgresql_sql(index)], connect)
    trigrams.make(trigrams.INDEXES.values(), connection)
    guards.make(guards.GUARDS, connection)


def together(statements: list[str], connect: Connect | None) -> None:
    """The statements, two at a time where the engine lets them."""
    if connect is None or connection.vendor == "sqlite":
        run(*statements)
        return

    def one(statement: str) -> None:
        with connect() as own:
            own.execute(ROOM)
            own.execute(statement)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, statements))


def drop_on_postgresql() -> list[list[str]]:
    """Drop them; what makes them again, in phases: keys, other indexes, references."""
    kinds: dict[str, list[str]] = {"f": [], "u": [], "p": []}
    found = rows(CONSTRAINTS, TABLES, TABLES)
    # References rest on the keys, so they go first and come last.
    for kind, table, name, told in sorted(found, key=lambda row: list(kinds).index(as_text(row[0]))):
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        kinds[as_text(kind)].append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}")
    indexes = rows(INDEXES, TABLES)
    run(*(f"DROP INDEX {name}" for name, _told in indexes))
    # One table at a time cannot get two keys at once: those of one table follow one another.
    return [kinds["p"], *one_for_each_table(kinds["u"]), [told for _name, told in indexes], *one_by_one(kinds["f"])]


def one_for_each_table(statements: list[str]) -> list[list[str]]:
    """Phases in which no table is altered twice at once."""
    phases: list[dict[str, str]] = []
    for statement in statements:
        table = statement.split()[2]
        phase = next((known for known in phases if table not in known), None)
        if phase is None:
            phases.append(phase := {})
        phase[table] = statement
    return [list(phase.values()) for phase in phases]


def one_by_one(statements: list[str]) -> list[list[str]]:
    """Phases of one statement: a reference locks both its tables."""
    return [[statement] for statement in statements]


def as_text(kind: Any) -> str:
    """PostgreSQL's one-byte type, which comes as bytes."""
    return kind.decode() if isinstance(kind, bytes) else str(kind)


def drop_on_sqlite() -> list[list[str]]:
    """Drop what stands in no table's own statement; what makes it again."""
    names = ", ".join(f"'{table}'" for table in TABLES)
    found = rows(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
    )
    run(*(f'DROP INDEX "{name}"' for name, _told in found))
    return [[told for _name, told in found]]


DROPPED = {"postgresql": drop_on_postgresql, "sqlite": drop_on_sqlite}
