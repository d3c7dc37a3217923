"""All events as JSON Lines and CSV: rows a second beside COPY, and what it does to the memory of a worker."""

import threading
import time
from typing import Any

import psycopg

from benchmarks import kept
from benchmarks.floor.dialect import PostgreSQL
from benchmarks.floor.questions import Questions
from benchmarks.questions import API
from benchmarks.servers import Server, running

FORMS = {"stream JSONL": ("jsonl", "lines"), "stream CSV": ("csv", "table")}


def measure(engine: str, size: str) -> dict[str, Any]:
    """Each form once, by workers that have done nothing before but a short stream."""
    number, told = events(), {}
    for name, (form, statement) in FORMS.items():
        with running(engine, size, ["ours"]) as servers:
            told[name] = one(servers["ours"], engine, size, form, statement, number)
    return told


def one(ours: Server, engine: str, size: str, form: str, statement: str, number: int) -> dict[str, Any]:
    """One form."""
    for _worker in range(6):
        ours.ask(f"{API}?format={form}&limit=3000", keep=False)
    before, highest, done = ours.megabytes(), ours.megabytes(), threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            for place, now in enumerate(ours.megabytes()):
                highest[place] = max(highest[place], now)

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = ours.ask(f"{API}?format={form}", keep=False)
    done.set()
    watcher.join()
    told = {
        "rows": number,
        "ours_ms": round(answer.took_ms),
        "first_ms": round(answer.first_ms, 1),
        "rows_per_second": round(number / answer.took_ms * 1_000),
        "grown_mb": round(max(after - start for start, after in zip(before, highest, strict=True)), 1),
    }
    if engine == "postgresql":
        copied = copy(size, statement)
        told |= {"copy_ms": round(copied * 1_000), "share_of_copy": round(copied * 1_000 / answer.took_ms, 2)}
    return told


def events() -> int:
    """How many events the public sees."""
    from events.models import Event

    return Event.objects.filter(shelf=10).count()


def copy(size: str, statement: str) -> float:
    """Seconds in which COPY gives the same columns, joined by SQL."""
    asked = getattr(Questions(PostgreSQL()), statement)({})
    with psycopg.connect(kept.address(size)) as connection, connection.cursor() as cursor:
        begun = time.perf_counter()
        with cursor.copy(f"COPY ({asked.sql}) TO STDOUT", asked.values) as rows:
            for _piece in rows:
                pass
        return time.perf_counter() - begun
