"""How long the proof of a long history takes: `python -m benchmarks.verify_history [ENTRIES]`.

Makes a database of its own (SQLite in a temporary folder, or the PostgreSQL of DATABASE_URL, in a transaction that is
undone), writes that many entries, changes of six fields each, and verifies them. The ratio is to reading every row of
the history once.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django

WANTED = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
BLOCK = 1_000


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Write, verify, print."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from osint.history import chain, verify
    from osint.history.models import Entry, Value

    class Undone(Exception):
        pass

    def circumstances() -> chain.Circumstances:
        return chain.Circumstances(
            timezone.now(), None, None, "A reason of some words.", "bench", "PATCH /bench/", uuid4()
        )

    def happenings(first: int) -> list[chain.Happening]:
        fields = ("summary_en", "summary_ar", "when", "type", "changed_at", "version")
        return [
            chain.Happening(
                "bench.record",
                key,
                ("bench.record", key),
                "create",
                {name: (None, f"The value of {name} in record {key}.") for name in fields},
            )
            for key in range(first, first + BLOCK)
        ]

    call_command("migrate", verbosity=0)
    try:
        with transaction.atomic():
            start = chain.head()[0]
            wrote = seconds(
                lambda: [chain.append(happenings(start + n), circumstances()) for n in range(0, WANTED, BLOCK)]
            )
            read = seconds(lambda: (list(Entry.objects.values_list()), list(Value.objects.values_list())))
            faults: list[verify.Fault] = []
            # The invented records have no rows: each is a fault, which the clock includes.
            took = seconds(lambda: faults.extend(verify.faults()))
            print(f"{connection.vendor}: {Entry.objects.count():,} entries, {Value.objects.count():,} values")
            print(f"written in {wrote:.1f} s ({WANTED / wrote:,.0f} a second)")
            print(f"verified in {took:.1f} s: {took / read:.1f} × reading every row once ({read:.1f} s)")
            assert len([fault for fault in faults if "is gone" not in fault.sentence]) == 0, faults[:3]
            raise Undone
    except Undone:
        pass


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "osint.settings")
        django.setup()
        main()
