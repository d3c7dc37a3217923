"""Writing what is only convenient: at once or not at all, so that nobody who reads waits for somebody who writes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError, transaction


@contextmanager
def at_once(connection: Any) -> Iterator[None]:
    """Write within this block where nobody stands in the way; otherwise nothing is written, and nothing said."""
    with suppress(OperationalError):
        if connection.vendor == "sqlite":
            with without_waiting(connection):
                yield
        else:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                # Nor for the disk: what a crash takes away is put together again.
                cursor.execute("SET LOCAL lock_timeout = '20ms'; SET LOCAL synchronous_commit = off")
                yield


@contextmanager
def without_waiting(connection: Any) -> Iterator[None]:
    """SQLite's own patience, put aside."""
    with connection.cursor() as cursor:
        [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
