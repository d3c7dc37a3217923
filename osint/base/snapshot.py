"""The database as it is at one moment, whoever writes meanwhile; nobody has to wait for whoever looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_view(*, with_scratch: bool = False) -> Iterator[None]:
    """Within this block every question is answered from the same moment; within a transaction, from that one.

    Nothing is written in it; ``with_scratch``, nothing but temporary tables.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        # What only reads makes no table, not even one that is gone afterwards.
        mode = "" if with_scratch else ", READ ONLY"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{mode}")
            yield
    else:
        with only_reading(connection), transaction.atomic(), connection.cursor() as cursor:
            # The moment is that of the first question.
            cursor.execute("SELECT COUNT(*) FROM sqlite_master")
            cursor.fetchall()
            yield


@contextmanager
def only_reading(wrapper: Any) -> Iterator[None]:
    """Within this block a transaction of SQLite begins without taking the lock of those who write."""
    wrapper.only_reads = True
    try:
        yield
    finally:
        wrapper.only_reads = False
