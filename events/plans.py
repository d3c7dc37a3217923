"""Questions as the database takes them, kept by each worker: one that is asked again is not put together again.

Invariant: what is kept rests on what was asked, on what the reader may see, and on the records that questions name; the
first two are its key, and with the third it is let go (``editions.NAMES``, read together with the list's tag). All else
is asked of the database each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from events.shelves import BITS
from osint.base.cursors import Place
from osint.base.keyset import Order
from osint.base.pagination import Asked
from osint.history.editions import AsNamed

COLUMN = "newest"
SHAPES = 8  # sizes and directions of a page that are kept of each question
LONGEST = 32_000  # characters and values of what is kept: longer ones are rare, and would take room from the others
ANYWHERE = -(2**62)  # stands for the place from which is read; nobody can send it
# The key stands within the place, so that no other table is asked for it. Found first: beside what finding may cost,
# PostgreSQL holds any way to the texts for as good as another.
WITH_TEXTS = (
    "WITH found AS MATERIALIZED ({found}) "  # noqa: S608 - ours
    "SELECT found.newest, document.brief, document.links "
    "FROM found LEFT JOIN events_document document "
    f"ON document.event_id = (found.newest & {(1 << BITS) - 1}) "
    "ORDER BY found.newest {direction} LIMIT {most}"
)


@dataclass(frozen=True)
class Statement:
    """The first places of a list from any place on, each with what is stored of the event there, as one statement.

    It is blank where it is known that nothing answers.
    """

    sql: str
    values: tuple[Any, ...]

    def rows(self, place: Place | None) -> list[tuple[Any, ...]]:
        """What it finds from this place on."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.bound(place.values[0]) if place else self.values)
            return list(cursor.fetchall())

    def bound(self, newest: int) -> list[Any]:
        """Its values, with the place in its place."""
        return [type(value)(newest) if value == ANYWHERE else value for value in self.values]

    @property
    def is_short(self) -> bool:
        """Whether it is worth keeping."""
        return len(self.sql) + sum(len(value) if isinstance(value, str) else 8 for value in self.values) <= LONGEST


@dataclass
class Plans:
    """What is known of a question that was understood: the order of its answer, and the statements."""

    order: Order | None = None
    statements: dict[Any, Statement] = field(default_factory=dict)

    def get(self, asked: Asked) -> Statement | None:
        """The statement for such a page, where it was put together before."""
        return self.statements.get(shape(asked))

    def keep(self, asked: Asked, statement: Statement) -> None:
        """Keep a statement."""
        self.order = asked.order
        if statement.is_short:
            if len(self.statements) >= SHAPES:
                self.statements.clear()
            self.statements[shape(asked)] = statement


def shape(asked: Asked) -> tuple[Any, ...]:
    """What tells statements of one question apart."""
    place = asked.place
    return asked.size, place is not None, asked.backwards, place is not None and place.including


# What is known of a question, by what it asks and what the reader may see.
of: AsNamed[Plans] = AsNamed(lambda _key: Plans())


def put(parts: Sequence[QuerySet[Any]], asked: Asked) -> Statement:
    """The statement that finds the page in these sets of events."""
    order, most = asked.order, asked.size + 1
    assert order is not None  # noqa: S101 - for the type checker
    place = asked.place and Place((ANYWHERE,), asked.place.before, asked.place.including)
    pages = [order.page(part, place).values_list(COLUMN)[:most] for part in parts]
    told = [statement for page in pages if (statement := stated(page))]
    if not told:
        return Statement("", ())
    # A name for each: SQLite takes no other way to cut off what is united.
    found = " UNION ALL ".join(f"SELECT newest FROM ({sql}) part{number}" for number, (sql, _) in enumerate(told))  # noqa: S608
    direction = "DESC" if order.terms[0].descending ^ asked.backwards else "ASC"
    sql = WITH_TEXTS.format(found=found, direction=direction, most=most)
    return Statement(sql, tuple(value for _sql, values in told for value in values))


def stated(rows: QuerySet[Any, Any]) -> tuple[str, Any] | None:
    """A question as SQL; none where it is known that nothing answers."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
