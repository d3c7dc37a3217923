"""Writing the blocks: drawn by several processes, written by COPY on PostgreSQL and by executemany on SQLite."""

import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, connections, transaction

from benchmarks.generate import block, indexes, shapes, tables, world
from benchmarks.generate.shapes import Row, Shape

PROCESSES, AHEAD = 2, 6
# What was never wanted back need not be safe while it is written.
QUICK = {
    "postgresql": ["SET synchronous_commit = off"],
    "sqlite": ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -2000000", "PRAGMA temp_store = MEMORY"],
}
Rows = dict[Shape, list[Row]]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say on standard error how long it took."""
    begun = time.perf_counter()
    yield
    print(f"  {what}: {time.perf_counter() - begun:.1f} s", file=sys.stderr)


def fill(size: int, connect: indexes.Connect | None = None) -> None:
    """Fill an empty, migrated database; with a way to connect, for a million rows, else within the transaction."""
    with told("names"):
        known = world.make(size)
    planned = block.plan(size)
    if connect is None:
        with indexes.aside(None):
            for number in range(len(planned.order)):
                write(block.Block(known, planned, number).made())
        count_on()
        return
    indexes.run(*QUICK[connection.vendor])
    begun = time.perf_counter()
    with indexes.aside(connect):
        with told("rows"):
            WRITTEN[connection.vendor](partial(drawn, known, planned), len(planned.order), connect)
        begun = time.perf_counter()
    print(f"  indexes: {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    count_on()


def drawn(known: world.World, planned: block.Plan, number: int) -> Rows:
    """The rows of one block."""
    return block.Block(known, planned, number).made()


def write(rows: Rows) -> None:
    """Write a block by Django's connection."""
    with connection.cursor() as cursor:
        for shape, some in rows.items():
            shapes.put(cursor, shape, some)


Draw = Callable[[int], Rows]


def by_processes(work: Callable[[int], Any], number: int) -> Iterator[Any]:
    """What each block gives, in their order; so few are drawn ahead that who writes slowly is not flooded."""
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        waiting = deque(pool.submit(work, block) for block in range(min(AHEAD, number)))
        for block in range(AHEAD, AHEAD + number):
            found = waiting.popleft().result()
            if block < number:
                waiting.append(pool.submit(work, block))
            yield found


def copy_block(draw: Draw, connect: indexes.Connect, number: int) -> None:
    """Draw a block and write it by a connection of this process's own."""
    rows = draw(number)
    with connect() as own:
        own.execute(QUICK["postgresql"][0])
        with own.cursor() as cursor:
            for shape, some in rows.items():
                shapes.put(cursor, shape, some)


def on_postgresql(draw: Draw, number: int, connect: indexes.Connect) -> None:
    """Each process writes what it has drawn."""
    for _done in by_processes(partial(copy_block, draw, connect), number):
        pass


def listed(draw: Draw, number: int) -> list[list[Row]]:
    """The rows of a block, table by table, ready to be sent to the process that writes."""
    return list(draw(number).values())


def on_sqlite(draw: Draw, number: int, _connect: indexes.Connect) -> None:
    """One process writes what the others have drawn."""
    blocks = by_processes(partial(listed, draw), number)
    for some in blocks:
        # Not around the loop: processes must not be forked within a transaction.
        with transaction.atomic():
            write(dict(zip(tables.ALL, some, strict=True)))


WRITTEN = {"postgresql": on_postgresql, "sqlite": on_sqlite}


def count_on() -> None:
    """The next key that PostgreSQL gives comes after ours."""
    if connection.vendor == "postgresql":
        for table in tables.TABLES:
            name = f"pg_get_serial_sequence('{table}', 'id')"
            indexes.run(f"SELECT setval({name}, (SELECT COALESCE(MAX(id), 1) FROM {table}))")
    indexes.run("ANALYZE")
