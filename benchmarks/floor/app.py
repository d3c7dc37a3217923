"""The bare WSGI function, with one connection a worker that stays open."""

import csv
import io
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
from psycopg.adapt import Loader

from benchmarks import kept
from benchmarks.floor import table
from benchmarks.floor.dialect import PostgreSQL, SQLite
from benchmarks.floor.questions import Asked, Questions

READ = 1_000  # rows that are fetched at once


class AsBytes(Loader):
    """JSON as PostgreSQL sends it, not read."""

    def load(self, data: Any) -> bytes:
        """The bytes."""
        return bytes(data)


def open_postgresql(address: str) -> Any:
    """A connection that leaves JSON as it is."""
    # Prepared is what says that it is (``Asked.is_prepared``), and nothing else.
    connection = psycopg.connect(address, autocommit=True, prepare_threshold=10**9)
    connection.adapters.register_loader("json", AsBytes)
    return connection


def open_sqlite(path: str) -> Any:
    """A connection that only reads."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA cache_size = -64000")
    return connection


class Floor:
    """The function, on one connection."""

    def __init__(self, connection: Any, *, is_lite: bool) -> None:
        self.connection, self.is_lite = connection, is_lite
        self.questions = Questions(SQLite() if is_lite else PostgreSQL())
        self.addresses: dict[str, Callable[[dict[str, str]], Iterable[bytes]]] = {
            "/page": self.page, "/event": self.event, "/stats": self.stats, "/lines": self.lines, "/table": self.table,
        }  # fmt: skip

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The answer."""
        sent = dict(parse_qsl(environ["QUERY_STRING"]))
        body = self.addresses[environ["PATH_INFO"]](sent)
        headers = [("Content-Type", "application/json")]
        if isinstance(body, list):
            headers.append(("Content-Length", str(len(body[0]))))
        start_response("200 OK", headers)
        return body

    def rows(self, asked: Asked) -> Any:
        """What the statement gives."""
        if self.is_lite:
            return self.connection.execute(asked.sql, asked.values)
        return self.connection.execute(asked.sql, asked.values, prepare=asked.is_prepared or None)

    def one(self, asked: Asked) -> bytes:
        """The one value that the statement gives."""
        found = self.rows(asked).fetchone()[0]
        return found if isinstance(found, bytes) else str(found).encode()

    def page(self, sent: dict[str, str]) -> list[bytes]:
        """A page of a list."""
        return [b'{"next":null,"previous":null,"results":' + self.one(self.questions.page(sent)) + b"}"]

    def event(self, sent: dict[str, str]) -> list[bytes]:
        """An event in full."""
        return [self.one(self.questions.event(sent))]

    def stats(self, sent: dict[str, str]) -> list[bytes]:
        """Statistics."""
        rows: dict[str, list[dict[str, Any]]] = {"rows": [], "imprecise": []}
        for month, kind, events, aggregates, in_parts in self.rows(self.questions.stats(sent)):
            if not in_parts:
                named = {"month": "imprecise" if month == "~" else month, "type": kind}
                rows["imprecise" if month == "~" else "rows"].append(
                    named | {"events": events, "aggregates": aggregates}
                )
        return [orjson.dumps(rows)]

    def streamed(self, asked: Asked) -> Iterator[list[Any]]:
        """Rows, some at a time, from a cursor of the server's own."""
        if self.is_lite:
            cursor = self.rows(asked)
            while some := cursor.fetchmany(READ):
                yield some
            return
        with self.connection.transaction(), self.connection.cursor("streamed") as cursor:
            cursor.execute(asked.sql, asked.values)
            while some := cursor.fetchmany(READ):
                yield some

    def lines(self, sent: dict[str, str]) -> Iterator[bytes]:
        """JSON Lines."""
        for some in self.streamed(self.questions.lines(sent)):
            lines = [one if isinstance(one, bytes) else one.encode() for (one,) in some]
            yield b"\n".join(lines) + b"\n"

    def table(self, sent: dict[str, str]) -> Iterator[bytes]:
        """CSV."""
        yield ("\ufeff" + ",".join(table.NAMES) + "\r\n").encode()
        asked = self.questions.table(sent)
        if self.is_lite:
            for some in self.streamed(asked):
                text = io.StringIO()
                csv.writer(text).writerows(some)
                yield text.getvalue().encode()
            return
        statement = f"COPY ({asked.sql}) TO STDOUT (FORMAT csv)"
        with self.connection.cursor() as cursor, cursor.copy(statement, asked.values) as copy:
            yield from map(bytes, copy)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The floor of the database that the environment names; its connection is opened by the first request."""
    global serve  # noqa: PLW0603 - one a worker
    if serve is None:
        size = os.environ["BENCH_SIZE"]
        if os.environ["DATABASE_URL"].startswith("sqlite"):
            serve = Floor(open_sqlite(str(kept.DATA / f"{size}.sqlite3")), is_lite=True)
        else:
            serve = Floor(open_postgresql(kept.address(size)), is_lite=False)
    return serve(environ, start_response)


serve: Floor | None = None
