"""How long UCDP GED takes to come in: `GED_FILE=ged.csv.gz python -m benchmarks.ged`.

Takes the PostgreSQL of DATABASE_URL, which has to be empty, and leaves the data in it. The ratio is to COPY of the same
rows into tables with the same columns, checks and indexes, without foreign keys and triggers: a floor.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

MEGABYTE = 1024  # what the system counts in is a kilobyte


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> int:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE


def copied(tables: list[str]) -> float:
    """Seconds in which COPY writes what stands in these tables into others like them."""
    from django.db import connection, transaction

    took = 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM "
                "information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
                [table],
            )
            [columns] = cursor.fetchone()
            with cursor.copy(f"COPY (SELECT {columns} FROM {table}) TO STDOUT") as rows:
                text = b"".join(map(bytes, rows))
            cursor.execute(f"CREATE TEMP TABLE bench_{table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            begun = time.perf_counter()
            with cursor.copy(f"COPY bench_{table} ({columns}) FROM STDIN") as into:
                into.write(text)
            took += time.perf_counter() - begun
    return took


def main(path: Path) -> None:
    """Rehearse, write, write again, copy; print."""
    from django.core.management import call_command
    from django.db import connection

    from osint.bundle.contents import MODELS

    if connection.vendor != "postgresql":
        sys.exit("DATABASE_URL has to name a PostgreSQL: COPY is what is compared with.")
    call_command("migrate", verbosity=0)

    def bring_in(*, apply: bool) -> float:
        with Path(os.devnull).open("w") as nowhere:
            return seconds(lambda: call_command("import_ged", str(path), apply=apply, stdout=nowhere, verbosity=0))

    before = peak()
    rehearsed = bring_in(apply=False)
    after_rehearsal = peak()
    written = bring_in(apply=True)
    after = peak()
    again = bring_in(apply=True)
    floor = copied([model._meta.db_table for model in MODELS if model._default_manager.exists()])
    rows = sum(model._default_manager.count() for model in MODELS)
    print(f"{rows:,} records; COPY of the same rows: {floor:.1f} s")
    print(f"checked and written, without history: {rehearsed:.1f} s, {rehearsed / floor:.1f} × COPY")
    print(f"with history and chain: {written:.1f} s, {written / floor:.1f} × COPY")
    print(f"again, which changes nothing: {again:.1f} s")
    print(f"memory at most: {before} MB at first, {after_rehearsal} MB rehearsed, {after} MB written")


if __name__ == "__main__":
    file = os.environ.get("GED_FILE", "")
    if not Path(file).is_file():
        sys.exit("GED_FILE has to name a file of UCDP GED (.csv or .csv.gz).")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")
    django.setup()
    main(Path(file))
