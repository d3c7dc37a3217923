"""What the evidence behind each event comes to: numbers of independent sources, and whether claims and facts go apart.

Everything is worked out by the database for sets of events, within the change that it follows from.
"""

# ruff: noqa: S608 - all parts of the statements are ours

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from events import agreement, behind
from events.models import Backing, Event
from events.shelves import numbered
from osint.base import ready
from osint.base.chunks import chunks
from sources import marks

MOST = 500  # keys in one statement
TABLE = Backing._meta.db_table
COLUMNS = ", ".join(["event_id", *behind.LEVELS])
DOUBTS = {"is_disputed": agreement.differing, "is_unsupported": agreement.unsupported}


def question(among: Sequence[int] | None) -> tuple[str, tuple[Any, ...]]:
    """The numbers of some events, or of all, as they should be."""
    counted, told = behind.counted(among, numbered("tlp", marks.ORDER, 1), behind.LEVELS)
    events, more = behind.sql(Event.objects.filter(**({} if among is None else {"pk__in": among})).values_list("id"))
    numbers = ", ".join(f"COALESCE(counted.{name}, 0)" for name in behind.LEVELS)
    joined = f"FROM ({events}) event LEFT JOIN ({counted}) counted ON counted.event = event.id"
    return f"SELECT event.id, {numbers} {joined}", (*more, *told)


question_of = ready.statement(question)


def file(keys: Iterable[int]) -> None:
    """Work out anew what is behind these events."""
    for some in chunks(sorted(set(keys)), MOST):
        Backing.objects.filter(pk__in=some).delete()
        insert(some)


def file_all() -> None:
    """Work out what is behind every event, from nothing."""
    Backing.objects.all().delete()
    insert(None)


def insert(among: list[int] | None) -> None:
    """Keep what is behind these events, or behind all."""
    asked, told = question(None) if among is None else question_of(among)
    names = ", ".join(DOUBTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} ({COLUMNS}, {names}) SELECT asked.*, FALSE, FALSE FROM ({asked}) asked", told
        )
    for name, find in DOUBTS.items():
        for some in chunks(sorted(find(among)), MOST):
            Backing.objects.filter(pk__in=some).update(**{name: True})


def misjudged() -> set[int]:
    """Keys of the events of which something else is kept than is behind them, and of those that are no more."""
    asked, told = question(None)
    stored = f"SELECT {COLUMNS} FROM {TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({asked}) a EXCEPT {stored}", told)
        found = {key for key, *_numbers in cursor.fetchall()}
        cursor.execute(f"{stored} EXCEPT SELECT * FROM ({asked}) a", told)
        found |= {key for key, *_numbers in cursor.fetchall()}
    for name, find in DOUBTS.items():
        found |= find(None) ^ set(Backing.objects.filter(**{name: True}).values_list("pk", flat=True))
    return found
