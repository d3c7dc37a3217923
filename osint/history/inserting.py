"""Many rows into a table at once: by ``COPY`` on PostgreSQL, past the queries of Django, which take longer than it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, connections, models, transaction

from osint.base.chunks import chunks

Prepare = Callable[[Any], Any]
Kinds = frozenset[type[Any]]
Step = tuple[int, Kinds, Prepare]
FEW = 20  # rows that are not worth a COPY
# So many rows are put into words at once, and so many rows or characters are sent.
TOGETHER, ENOUGH, LONG = 100, 2_000, 100_000
LONGEST = 1_000_000  # characters of a column: one text may have millions, and is then handed on by itself
MANY = 200  # rows after which the statistics of a table may be wrong
PATIENCE = "3s"
# A value of one of these is, in columns of these kinds, as the engine takes it.
NOTHING = frozenset({type(None)})
PLAIN = NOTHING | {str, int, float, bool}
PLAIN_COLUMNS = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)


def insert(
    model: type[models.Model], columns: Sequence[Any], rows: Sequence[Sequence[Any]], steps: Sequence[Step] = ()
) -> None:
    """Store rows under these columns; their values are as the engine takes them, after these steps."""
    if not rows:
        return
    names = ", ".join(f'"{column.column}"' for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                write(copy, rows, steps)
            if len(rows) > MANY and is_misjudged(cursor, table, len(rows)):
                look_anew(cursor, table)
            return
        places = ", ".join(["%s"] * len(columns))
        told = list(zip(*taken(rows, steps), strict=True)) if steps else rows
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', told)  # noqa: S608 - ours


def taken(rows: Sequence[Sequence[Any]], steps: Sequence[Step]) -> list[Sequence[Any]]:
    """The values column by column, as the engine takes them."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, kinds, step in steps:
        column = columns[place]
        if not kinds.issuperset(map(type, column)):
            columns[place] = [value if value.__class__ in kinds else step(value) for value in column]
    return columns


# As COPY reads it: a line a row, with tabs between


def write(copy: Any, rows: Sequence[Sequence[Any]], steps: Sequence[Step]) -> None:
    """Hand rows to COPY, some at a time; whatever we have no words for is left to the library."""
    lines: list[str] = []
    for some in chunks(rows, TOGETHER):
        columns = taken(some, steps)
        told = [texts(column) for column in columns]
        if None in told:
            for row in zip(*columns, strict=True):
                copy.write_row(row)
            continue
        lines += map("\t".join, zip(*told, strict=True))
        if len(lines) > ENOUGH or sum(map(len, lines)) > LONG:
            copy.write("\n".join(lines) + "\n")
            lines.clear()
    if lines:
        copy.write("\n".join(lines) + "\n")


def texts(column: Sequence[Any]) -> Sequence[str] | None:
    """The values of a column as COPY reads them; none where there is one whose kind we do not know."""
    kinds = set(map(type, column))
    if len(kinds) == 1:
        [kind] = kinds
        return IN_WORDS[kind](column) if kind in IN_WORDS else None
    if len(kinds) != 2 or type(None) not in kinds:
        return None
    told = texts([value for value in column if value is not None])
    if told is None:
        return None
    left = iter(told)
    return [NULL if value is None else next(left) for value in column]


def escaped(column: Sequence[str]) -> Sequence[str] | None:
    """Texts, without what would end a value or a line; none where one has what PostgreSQL never takes, or is long."""
    if sum(map(len, column)) > LONGEST:
        return None
    whole = "\0".join(column)
    told = whole.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    if told is whole:
        return None if whole.count("\0") >= len(column) else column
    found = told.split("\0")
    return found if len(found) == len(column) else None


def each_once(column: Sequence[Any]) -> list[str]:
    """Days and moments, of which there are few among many."""
    known = {value: str(value) for value in set(column)}
    return [known[value] for value in column]


NULL = "\\N"
IN_WORDS: dict[type[Any], Callable[[Any], Sequence[str] | None]] = {
    type(None): lambda column: [NULL] * len(column),
    str: escaped,
    int: lambda column: list(map(str, column)),
    float: lambda column: list(map(repr, column)),
    bool: lambda column: ["t" if value else "f" for value in column],
    date: each_once,
    datetime: each_once,
    UUID: lambda column: list(map(str, column)),
}


def look_anew(cursor: Any, table: str) -> None:
    """Renew the statistics of a table.

    The server's own looking after it gives way within a second; others, who may wait for us, are not waited for long.
    """
    with suppress(OperationalError), transaction.atomic():
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f'ANALYZE "{table}"')
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


def is_misjudged(cursor: Any, table: str, rows: int) -> bool:
    """Whether the statistics of a table say less than half of its pages, fewer rows than were just put into it, or
    nothing of its columns.

    Until the transaction ends nobody else renews them, and by those of an empty table each row that a trigger or a
    foreign key looks for is looked for among all. A rehearsal leaves just these behind: many pages, and no row, or rows
    of whose columns nothing is known, since that was undone with it.
    """
    pages = "pg_relation_size(oid) / current_setting('block_size')::int"
    known = "SELECT 1 FROM pg_stats WHERE tablename = relname AND schemaname = relnamespace::regnamespace::text"
    cursor.execute(
        f"SELECT {pages} > 2 * relpages + 8 OR reltuples < %s OR NOT EXISTS ({known}) "  # noqa: S608 - ours
        f"FROM pg_class WHERE oid = '\"{table}\"'::regclass",
        [rows],
    )
    [is_so] = cursor.fetchone()
    return bool(is_so)


def insert_records(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """Store new records together, as ``bulk_create`` does; each has its key then."""
    if not records:
        return
    key = model._meta.pk
    if isinstance(key, models.AutoField):
        for record, number in zip(records, numbers(model, len(records)), strict=True):
            record.pk = number
    columns = stored_columns(model)
    steps = [
        (place, ready(column), step)
        for place, (column, step) in enumerate(zip(columns, map(prepared, columns), strict=True))
        if step is not as_it_is
    ]
    names = [column.attname for column in columns]
    insert(model, columns, list(rows_of(records, names)), steps)
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def rows_of(records: Sequence[models.Model], names: Sequence[str]) -> Iterator[Sequence[Any]]:
    """What the columns of each record hold."""
    held, asked = itemgetter(*names), attrgetter(*names)
    for record in records:
        try:
            yield held(record.__dict__)
        except KeyError:  # a column that was not read yet
            yield asked(record)


def ready(column: Any) -> Kinds:
    """The kinds of values that are, in this column, as the engine takes them."""
    if isinstance(column, models.ForeignKey):
        return ready(column.target_field)
    return PLAIN if isinstance(column, PLAIN_COLUMNS) else NOTHING


def numbers(model: type[models.Model], many: int) -> Sequence[int]:
    """So many keys that no record of the model has had."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence is looked up once, and not for each number.
            name = f"(SELECT pg_get_serial_sequence('\"{table}\"', '{model._meta.pk.column}')::regclass)"
            cursor.execute(f"SELECT nextval({name}) FROM generate_series(1, %s)", [many])  # noqa: S608 - ours
            return [number for (number,) in cursor.fetchall()]
        # The transaction has taken the one lock that there is; the engine moves its sequence on by itself.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        [last] = cursor.fetchone()
    return range(last + 1, last + many + 1)


@cache
def stored_columns(model: type[models.Model]) -> list[Any]:
    """The columns that a statement gives values to."""
    return [column for column in model._meta.concrete_fields if not column.generated]


def prepared(column: Any) -> Prepare:
    """How a value of this column becomes what the engine takes."""
    if isinstance(column, models.ForeignKey):
        return prepared(column.target_field)
    # Asked for once: what stands for the connection is looked up at each use.
    own = connections[connection.alias]
    if isinstance(column, models.UUIDField):
        return as_it_is if own.features.has_native_uuid_field else hexadecimal
    if isinstance(column, models.DateField):
        return as_it_is if connection.vendor == "postgresql" else lru_cache(100)(worked_out(column, own))
    return lambda value: plain(column.get_db_prep_save(value, own))


def worked_out(column: Any, own: Any) -> Prepare:
    """How the column itself makes of a value what the engine takes."""
    return lambda value: column.get_db_prep_save(value, own)


def as_it_is(value: Any) -> Any:
    """What the engine takes as Python has it."""
    return value


def hexadecimal(value: Any) -> Any:
    """A UUID where the engine knows none."""
    return None if value is None else value.hex


def plain(value: Any) -> Any:
    """A choice as the text or number that it is: to the engine's library it would be something else."""
    if isinstance(value, str) and value.__class__ is not str:
        return str(value)
    return value
