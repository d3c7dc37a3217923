"""Checks of the whole installation; those of the database run with `migrate` and `check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections

OLDEST_SQLITE = (3, 34, 0)
OLDEST_POSTGRESQL = 150000
MAKE_AGAIN = "Make the database again: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 NAME"


def sqlite_is_new_enough(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """SQLite with FTS5 trigrams, which finding a name by part of it rests on."""
    return [
        Error(
            f"SQLite is {'.'.join(map(str, connection.Database.sqlite_version_info))}; "
            f"Isnad needs {'.'.join(map(str, OLDEST_SQLITE))}.",
            hint="Use a newer Python or operating system, or PostgreSQL through DATABASE_URL.",
            id="osint.E001",
        )
        for connection in of_engine("sqlite", databases)
        if connection.Database.sqlite_version_info < OLDEST_SQLITE
    ]


def postgresql_is_new_enough(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """PostgreSQL of a version that Isnad is tested on."""
    return [
        Error(
            f"PostgreSQL is version {connection.pg_version // 10000}; Isnad needs {OLDEST_POSTGRESQL // 10000}.",
            hint="Install a newer server and name it in DATABASE_URL.",
            id="osint.E002",
        )
        for connection in of_engine("postgresql", databases)
        if connection.pg_version < OLDEST_POSTGRESQL
    ]


def postgresql_reads_arabic(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A database that knows Arabic letters as letters: elsewhere their trigrams are empty and searches find nothing."""
    return [message for connection in of_engine("postgresql", databases) for message in letters(*encoding(connection))]


def letters(encoding: str, ctype: str) -> list[CheckMessage]:
    """What stands against Arabic in a database of this encoding and character type."""
    if encoding != "UTF8":
        return [Error(f"The database's encoding is {encoding}; it must be UTF8.", hint=MAKE_AGAIN, id="osint.E003")]
    if ctype in {"C", "POSIX"}:
        sentence = f"The database's LC_CTYPE is {ctype}: Arabic letters have no trigrams there, so searches miss them."
        return [Warning(sentence, hint=MAKE_AGAIN, id="osint.W001")]
    return []


def postgresql_orders_alike(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A database that orders slugs letter by letter, as SQLite does: most languages pass over hyphens."""
    return [
        Warning(
            "The database orders texts as a language does: lists by slug come in another order than elsewhere.",
            hint=MAKE_AGAIN,
            id="osint.W002",
        )
        for connection in of_engine("postgresql", databases)
        if not orders_by_letters(connection)
    ]


def of_engine(vendor: str, databases: Sequence[str] | None) -> list[Any]:
    """The connections of this engine among the databases under check."""
    return [connections[alias] for alias in databases or () if connections[alias].vendor == vendor]


def encoding(connection: Any) -> tuple[str, str]:
    """The encoding and character type of a PostgreSQL database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        )
        found: tuple[str, str] = cursor.fetchone()
    return found


def orders_by_letters(connection: Any) -> bool:
    """Whether a PostgreSQL database compares texts letter by letter, capitals first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'a-c'::text < 'ab' AND 'Z'::text < 'a'")
        return bool(cursor.fetchone()[0])
