"""Questions about some records by their keys, put together once for each number of keys.

To put a long question together takes ten times as long as to answer it of a record or two; and so does to plan it on
PostgreSQL, where the server keeps the plan for a few keys.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Statement = tuple[str, tuple[Any, ...]]
FIRST = -(2**62)  # stands for the first key, the next number for the second: nothing has such a key
MOST, SIZES = 500, 32  # keys in what is kept, and how many numbers of keys of each question
FEW = 8  # keys: a plan that is as good for any other ones


def statement(put: Callable[[Sequence[int]], Statement]) -> Callable[[Sequence[int]], Statement]:
    """The statement about some records, with their keys in it; ``put`` must rest on nothing but the keys."""

    @lru_cache(maxsize=SIZES)
    def known(_vendor: str, number: int) -> Statement:
        return put(range(FIRST, FIRST + number))

    @wraps(put)
    def bound(keys: Sequence[int]) -> Statement:
        if len(keys) > MOST:
            return put(keys)
        sql, values = known(connection.vendor, len(keys))
        return sql, tuple(type(value)(keys[value - FIRST]) if stands_in(value) else value for value in values)

    return bound


def stands_in(value: Any) -> bool:
    """Whether this value of a statement stands for a key."""
    return isinstance(value, int) and FIRST <= value < FIRST + MOST


def rows(put: Callable[[Any], QuerySet[Any, Any]]) -> Callable[[Sequence[int] | None], list[tuple[Any, ...]]]:
    """The rows of a question about some records, or about all where no keys are given."""

    @statement
    def stated(keys: Sequence[int]) -> Statement:
        sql, values = put(keys).query.sql_with_params()
        return sql, tuple(values)

    @wraps(put)
    def asked(keys: Sequence[int] | None) -> list[tuple[Any, ...]]:
        if keys is None:
            return list(put(None))
        if not keys:
            return []
        with prepared() if len(keys) <= FEW else connection.cursor() as cursor:
            cursor.execute(*stated(keys))
            return list(cursor.fetchall())

    return asked


def prepared() -> Any:
    """A cursor whose statements the server plans once, where there is a server and the connection to it stays."""
    return getattr(connection, "prepared", connection.cursor)()
