"""Indexes by three letters, under which any part of a folded text is found at once.

Invariant: they only speed up what a scan would find, and answer alike on both engines. PostgreSQL keeps them itself
(`pg_trgm`); on SQLite triggers keep a table beside each indexed one (FTS5), in the same transaction, whoever writes.
Django drops triggers where it builds a table anew, so after migrations whatever is missing is made again.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, NoReturn, cast

from django.apps import AppConfig
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.lookups import Contains
from django.db.models.signals import post_migrate

SHORTEST = 3  # letters: nothing shorter stands in such an index
NAMES = ("slug", "folded_en", "folded_ar")  # the columns of a named record that are searched


class Index(NamedTuple):
    """The searched columns of a table, whose key is ``id``."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table beside it, on SQLite."""
        return f"trigrams_{self.table}"

    def on(self, column: str) -> str:
        """The index of one column, on PostgreSQL."""
        return f"{self.name}_{column}"


INDEXES: dict[str, Index] = {}


def watch(app: AppConfig, indexes: Iterable[Index]) -> None:
    """Make an app's indexes after migrations, where they are missing."""
    own = list(indexes)
    INDEXES.update({index.table: index for index in own})

    def install(using: str = "default", **_kwargs: Any) -> None:
        make(own, connections[using])

    post_migrate.connect(install, sender=app, dispatch_uid=f"{app.label}.trigrams", weak=False)


# Making them


def make(indexes: Iterable[Index], connection: BaseDatabaseWrapper) -> None:
    """Make what is missing; on a PostgreSQL that has no trigrams yet, nothing."""
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not has_trigrams(connection):
            return
        for index in indexes:
            if index.table in tables and not stands(index, connection):
                for statement in SQL[connection.vendor](index):
                    cursor.execute(statement)


def remove(indexes: Iterable[Index], connection: BaseDatabaseWrapper) -> None:
    """Drop them."""
    with connection.cursor() as cursor:
        for index in indexes:
            for statement in REMOVAL[connection.vendor](index):
                cursor.execute(statement)


def rebuild(index: Index, connection: BaseDatabaseWrapper) -> None:
    """Make an index anew from the texts; who searches or, on PostgreSQL, writes meanwhile does not wait for it."""
    make([index], connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {index.name}({index.name}) VALUES ('rebuild')")  # noqa: S608 - all ours
            return
        how = "" if connection.in_atomic_block else "CONCURRENTLY"
        for column in index.columns:
            cursor.execute(f"REINDEX INDEX {how} {index.on(column)}")


def check(index: Index, connection: BaseDatabaseWrapper) -> None:
    """Raise ``DatabaseError`` where the index is missing or, on SQLite, does not hold what the texts say."""
    if not stands(index, connection):
        raise DatabaseError("it is missing")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index.name}({index.name}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


def has_trigrams(connection: Any) -> bool:
    """Whether this PostgreSQL database has the extension."""
    return bool(found("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'", connection))


def stands(index: Index, connection: BaseDatabaseWrapper) -> bool:
    """Whether the index is there as it should be."""
    if connection.vendor == "postgresql":
        names = found("SELECT indexname FROM pg_indexes WHERE tablename = %s", connection, index.table)
        return {index.on(column) for column in index.columns} <= names
    made = found("SELECT sql FROM sqlite_master WHERE name LIKE %s", connection, f"{index.name}%")
    return {*sqlite_triggers(index), sqlite_table(index)} <= made


def found(query: str, connection: BaseDatabaseWrapper, *values: str) -> set[Any]:
    """The first column of what the query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0] for row in cursor.fetchall()}


def sqlite_table(index: Index) -> str:
    """The table of trigrams, which reads the texts themselves in the indexed one."""
    columns = ", ".join(index.columns)
    options = f"content='{index.table}', content_rowid='id', tokenize='trigram case_sensitive 1', columnsize=0"
    return f"CREATE VIRTUAL TABLE {index.name} USING fts5({columns}, {options})"


def sqlite_triggers(index: Index) -> list[str]:
    """What keeps it: a text is taken out as it was written in, so the old one is named too."""
    name, table, columns = index.name, index.table, ", ".join(index.columns)
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in index.columns)
    row = {side: ", ".join(f"{side}.{column}" for column in index.columns) for side in ("NEW", "OLD")}
    put = f"INSERT INTO {name}(rowid, {columns}) VALUES (NEW.id, {row['NEW']});"  # noqa: S608 - all parts are ours
    take = f"INSERT INTO {name}({name}, rowid, {columns}) VALUES ('delete', OLD.id, {row['OLD']});"  # noqa: S608
    return [
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER {name}_update AFTER UPDATE ON {table} WHEN {changed} BEGIN {take} {put} END",
    ]


def sqlite_sql(index: Index) -> list[str]:
    """Statements that make the table and its triggers anew, with all texts in it."""
    return [
        *sqlite_removal(index),
        sqlite_table(index),
        *sqlite_triggers(index),
        f"INSERT INTO {index.name}({index.name}) VALUES ('rebuild')",  # noqa: S608 - all parts are ours
    ]


def sqlite_removal(index: Index) -> list[str]:
    """Statements that drop both."""
    triggers = [f"DROP TRIGGER IF EXISTS {index.name}_{event}" for event in ("insert", "delete", "update")]
    return [*triggers, f"DROP TABLE IF EXISTS {index.name}"]


def postgresql_sql(index: Index) -> list[str]:
    """Statements that make the indexes of the columns."""
    using = f"ON {index.table} USING gin"
    return [
        f"CREATE INDEX IF NOT EXISTS {index.on(column)} {using} ({column} gin_trgm_ops)" for column in index.columns
    ]


def postgresql_removal(index: Index) -> list[str]:
    """Statements that drop them."""
    return [f"DROP INDEX IF EXISTS {index.on(column)}" for column in index.columns]


SQL = {"sqlite": sqlite_sql, "postgresql": postgresql_sql}
REMOVAL = {"sqlite": sqlite_removal, "postgresql": postgresql_removal}


# In migrations


def extend(connection: Any) -> None:
    """Give a PostgreSQL database its trigrams; where we may not, say who may, and how."""
    if connection.vendor != "postgresql" or has_trigrams(connection):
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
    except DatabaseError as error:
        not_permitted(connection, error)


def not_permitted(connection: Any, error: DatabaseError) -> NoReturn:
    """Say what stands against the extension, and the way out."""
    raise CommandError(
        f"The search needs PostgreSQL's extension pg_trgm, and it cannot be made here: {str(error).strip()}\n"
        "It comes with PostgreSQL (on some systems as the package postgresql-contrib). Whoever owns the database makes "
        f"it: psql {connection.settings_dict['NAME']} -c 'CREATE EXTENSION pg_trgm'. Then migrate again."
    ) from error


# Asking


SAMPLED = (
    "(SELECT COUNT(*) FROM pg_stats s, unnest(s.histogram_bounds::text::text[]) text "
    "WHERE s.schemaname = ANY (current_schemas(false)) AND s.tablename = '{table}' AND s.attname = '{column}' "
    "AND ({some})) >= 5"
)


def common(rows: models.QuerySet[Any], column: str, texts: Sequence[str], most: int) -> tuple[str, tuple[Any, ...]]:
    """The condition, as SQL with its values: more rows than so many hold one of these texts, not all are looked for."""
    table, connection = rows.model._meta.db_table, cast("Any", connections[rows.db])
    if connection.vendor == "sqlite" and table in INDEXES and min(map(len, texts)) >= SHORTEST:
        table, some = INDEXES[table].name, f"{INDEXES[table].name} MATCH %s"
        values = [" OR ".join('{}: "{}"'.format(column, text.replace('"', '""')) for text in texts)]
    else:
        some = " OR ".join([f"{column} {connection.operators['contains']}"] * len(texts))
        values = [f"%{connection.ops.prep_for_like_query(text)}%" for text in texts]
    found = f"SELECT 1 FROM {table} WHERE {some} LIMIT {most + 1}"  # noqa: S608 - all parts are ours
    return f"(SELECT COUNT(*) FROM ({found}) found) > {most}", tuple(values)  # noqa: S608 - as above


def sampled(rows: models.QuerySet[Any], column: str, texts: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """The same of five in the hundred texts that PostgreSQL keeps as a sample: so nothing of the table is read."""
    if connections[rows.db].vendor != "postgresql":
        return "1 = 0", ()
    some = " OR ".join(["strpos(text, %s) > 0"] * len(texts))
    return SAMPLED.format(table=rows.model._meta.db_table, column=column, some=some), tuple(texts)


@models.CharField.register_lookup
@models.TextField.register_lookup
class Holds(Lookup[Any]):
    """`column__holds`: the text is part of the column, letter by letter; by the index where there is one."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """As `contains`, for which PostgreSQL uses its index by itself."""
        return Contains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        """By the table beside it; a text that has no trigram is looked for row by row."""
        target = getattr(self.lhs, "target", None)
        index = INDEXES.get(target.model._meta.db_table) if target is not None else None
        told = isinstance(self.rhs, str) and len(self.rhs) >= SHORTEST
        if target is None or index is None or target.column not in index.columns or not told:
            return self.as_sql(compiler, connection)
        # Django 6.1 calls it otherwise.
        quoted = getattr(compiler, "quote_name", None) or compiler.quote_name_unless_alias
        key = f"{quoted(self.lhs.alias)}.id"
        phrase = self.rhs.replace('"', '""')
        beside = f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s"  # noqa: S608 - all parts are ours
        return f"{key} IN ({beside})", [f'{target.column}: "{phrase}"']


@models.CharField.register_lookup
@models.TextField.register_lookup
class Uncut(Holds):
    """`column__uncut`: the words are part of the column, and none of them is cut."""

    lookup_name = "uncut"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """What holds them, if it holds them between blanks."""
        return self.between(compiler, connection, super().as_sql(compiler, connection))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The same by the table beside it."""
        return self.between(compiler, connection, super().as_sqlite(compiler, connection, **context))

    def between(self, compiler: Any, connection: Any, held: tuple[str, Any]) -> tuple[str, Any]:
        """Both conditions."""
        column, told = self.process_lhs(compiler, connection)
        find = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"({held[0]} AND {find}(' ' || {column} || ' ', %s) > 0)", [*held[1], *told, f" {self.rhs} "]
