"""Many values some at a time, as many as a statement of the database takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(values: Iterable[T], size: int = 400) -> Iterator[list[T]]:
    """The values in their order, so many at a time; they may come one by one, and are not held longer."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
