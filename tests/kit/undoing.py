"""Trying many things on one record: each attempt leaves nothing behind for the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def undone(case: Any = "") -> Iterator[None]:
    """What happens inside has not happened afterwards; what goes wrong there is told with the case."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except Exception as error:
        error.add_note(f"The case: {case}")
        raise
