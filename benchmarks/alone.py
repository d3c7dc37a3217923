"""The common word on SQLite: what finds its newest hundred, beside FTS5, which finds all of them before the newest."""

import time
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.questions import API, COMMON
from benchmarks.servers import HEADERS

TIMES = 15
PLAIN = (
    "SELECT e.newest FROM trigrams_events_event t JOIN events_event e ON e.id = t.rowid "
    f"WHERE trigrams_events_event MATCH '\"{COMMON}\"' AND e.shelf = 10 ORDER BY e.newest DESC LIMIT 100"
)


def measure() -> dict[str, Any]:
    """Processor time of both statements, in milliseconds; ours looks for quotes too."""
    with CaptureQueriesContext(connection) as queries:
        answer = Client(headers=HEADERS | {"Host": "127.0.0.1"}).get(API, {"q": COMMON})
    assert answer.status_code == 200, answer.content[:300]
    # Without the stored texts, which are read of what was found.
    [page] = [query["sql"] for query in queries if query["sql"].startswith("WITH found")]
    found = page.partition(" MATERIALIZED (")[2].rpartition(") SELECT found.newest")[0]
    ours, plain = spent(found), spent(PLAIN)
    return {"ours_ms": round(ours, 2), "fts5_ms": round(plain, 2), "ratio": round(ours / plain, 3)}


def spent(statement: str) -> float:
    """Milliseconds of processor time."""
    took = []
    with connection.cursor() as cursor:
        for _time in range(TIMES):
            begun = time.process_time()
            cursor.execute(statement.replace("%", "%%"), [])
            cursor.fetchall()
            took.append((time.process_time() - begun) * 1_000)
    return median(took)
