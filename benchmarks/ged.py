"""How long UCDP GED takes to come in: `GED_FILE=ged.csv.gz python -m benchmarks.ged`.

Takes the PostgreSQL of DATABASE_URL, which has to be empty, and leaves the data in it. The ratio is to COPY of the same
rows, as text that is there already, into tables with the same columns, checks, indexes and foreign keys. Told are the
seconds that pass, and those that processors work (this program's and the database's), which others do not lengthen.
On SQLite, which has no COPY, there is no ratio.

"The same rows" are taken in three ways. The *records* are what the file tells of (``osint.bundle.contents``). *What the
rehearsal writes* is every row of every table that it puts something into before all is undone, as the database's own
statistics count them. *All rows* are those of every table that has more of them after the import than before, with
history, notices, and what is kept beside events.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import django

SERVER = {"DEBUG": "false", "SECRET_KEY": "only-for-benchmarks-" * 3, "ALLOWED_HOSTS": "localhost"}
MEGABYTE = 1024  # what the system counts in is a kilobyte


class Took(NamedTuple):
    """How long something took, in seconds: on the clock, and of processors."""

    clock: float = 0.0
    work: float = 0.0

    def __str__(self) -> str:
        return f"{self.clock:,.1f} s ({self.work:,.1f} s of processors)"

    def beside(self, floor: "Took") -> str:
        """The ratio of the work to that of something else."""
        return f"{self.work / floor.work:.1f} ×" if floor.work else "–"


def took(work: Callable[[], Any]) -> Took:
    """How long it takes."""
    begun, worked = time.perf_counter(), worked_so_far()
    work()
    return Took(time.perf_counter() - begun, worked_so_far() - worked)


def worked_so_far() -> float:
    """Seconds of processors, so far, of this program and of the database's process that works for it."""
    from django.db import connection

    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    return own + (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def inserted() -> dict[str, int]:
    """How many rows were ever put into each table, those that were undone included, as the database counts them."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname, n_tup_ins FROM pg_stat_user_tables WHERE n_tup_ins > 0")
        return dict(cursor.fetchall())


def peak() -> int:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE


def copied(models: Iterable[Any]) -> Took:
    """How long COPY takes to write what stands in these tables into others like them."""
    from django.db import transaction

    whole = Took()
    for model in models:
        with transaction.atomic():
            one = copied_one(model._meta.db_table)
            transaction.set_rollback(True)
        whole = Took(whole.clock + one.clock, whole.work + one.work)
    return whole


def copied_one(table: str) -> Took:
    """The same, of one table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM "
            "information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        [columns] = cursor.fetchone()
        with cursor.copy(f"COPY (SELECT {columns} FROM {table}) TO STDOUT") as rows:
            text = b"".join(map(bytes, rows))
        cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for number, (constraint,) in enumerate(cursor.fetchall()):
            cursor.execute(f"ALTER TABLE bench_{table} ADD CONSTRAINT bench_{number} {constraint}")

        def write() -> None:
            with cursor.copy(f"COPY bench_{table} ({columns}) FROM STDIN") as into:
                into.write(text)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        return took(write)


def main(path: Path) -> None:
    """Rehearse, write, copy, write again; print."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    from osint.bundle.contents import MODELS

    call_command("migrate", verbosity=0)
    empty = {model: model._default_manager.count() for model in apps.get_models(include_auto_created=True)}

    def bring_in(*, apply: bool) -> Took:
        with Path(os.devnull).open("w") as nowhere:
            return took(lambda: call_command("import_ged", str(path), apply=apply, stdout=nowhere, verbosity=0))

    before, earlier = peak(), inserted()
    rehearsed = bring_in(apply=False)
    wrote = {table: number for table, number in inserted().items() if number > earlier.get(table, 0)}
    tell(f"checked and written, without history: {rehearsed}; memory at most {peak()} MB, {before} MB at first")
    written = bring_in(apply=True)
    tell(f"with history and chain: {written}; memory at most {peak()} MB")
    filled = [model for model, number in empty.items() if model._default_manager.count() > number]
    rows = sum(model._default_manager.count() for model in MODELS)
    everything = sum(model._default_manager.count() for model in filled)
    tell(f"{rows:,} records; {everything:,} rows with history, notices and what is kept beside events")
    if connection.vendor == "postgresql":
        records = copied(model for model in filled if model in MODELS)
        tell(f"COPY of the records: {records}; checked {rehearsed.beside(records)}, all {written.beside(records)}")
        touched = [model for model in filled if model._meta.db_table in wrote]
        there = sum(model._default_manager.count() for model in touched)
        undone = sum(number - earlier.get(table, 0) for table, number in wrote.items())
        tell(f"the rehearsal puts {undone:,} rows into tables that have {there:,} of them in the end")
        same = copied(touched)
        tell(f"COPY of what the rehearsal writes: {same}; checked {rehearsed.beside(same)}")
        whole = copied(filled)
        tell(f"COPY of all rows: {whole}; all {written.beside(whole)}")
    tell(f"again, which changes nothing: {bring_in(apply=True)}; memory at most {peak()} MB")


def tell(sentence: str) -> None:
    """Say it at once: the whole file takes minutes."""
    print(sentence, flush=True)


if __name__ == "__main__":
    file = os.environ.get("GED_FILE", "")
    if not Path(file).is_file():
        sys.exit("GED_FILE has to name a file of UCDP GED (.csv or .csv.gz).")
    os.environ |= SERVER | {"DJANGO_SETTINGS_MODULE": "osint.settings"}
    django.setup()
    main(Path(file))
