"""The one statement that counts: chosen events, their figures and their cells, grouped by the database."""

# ruff: noqa: S608 - all parts of the statement are ours

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from events.choices import Qualifier
from events.models import Count, Event
from events.statistics.dimensions import CHOSEN, Dimension, Sql
from events.statistics.figures import BOUNDS, PIECE, Figures
from events.statistics.question import Question

if TYPE_CHECKING:
    from sources.querysets import Reader

Cells = tuple[Any, ...]
COLUMNS = ("id", "earliest", "latest", "type_id", "is_aggregate", "part_of_id")


class Counted(NamedTuple):
    """What one group of events says; ``key`` is the value of the column by which it was asked as well."""

    cells: Cells
    figures: Figures
    key: Any = None


@dataclass(frozen=True)
class Statement:
    """A question put to some events; ``each`` names a column of theirs to group by as well."""

    question: Question
    reader: "Reader"
    each: str = ""

    def counted(self, events: QuerySet[Event]) -> Iterator[Counted]:
        """The groups."""
        return self.read([row[1:] for row in self.rows(events)], self.question.dimensions)

    def counted_once_more(self, events: QuerySet[Event]) -> tuple[Iterator[Counted], Iterator[Counted]]:
        """The groups; and each event once, in groups by the dimensions in which it falls in one cell."""
        rows = self.rows(events, again=True)
        return self.read([row[1:] for row in rows if not row[0]], self.question.dimensions), self.once(rows)

    def numbers_once_more(self, events: QuerySet[Event]) -> tuple[dict[Cells, int], list[Counted], Iterator[Counted]]:
        """The same where nothing is added up: of 100,000 cells, most say no more than how many events they have."""
        rows, first = self.rows(events, again=True), 2 if self.each else 1
        last = first + len(self.question.dimensions)
        labels = [(place, one.label) for place, one in enumerate(self.question.dimensions) if one.is_called_otherwise]
        numbers, others = dict[Cells, int](), list[Counted]()
        for row in rows:
            if row[0] or (self.each and row[1]):
                continue
            cells = row[first:last]
            for place, label in labels:
                cells = (*cells[:place], label(cells[place]), *cells[place + 1 :])
            if row[last + 1]:
                others.append(Counted(cells, Figures.of(*row[last:])))
            else:
                numbers[cells] = row[last]
        return numbers, others, self.once(rows)

    def once(self, rows: list[tuple[Any, ...]]) -> Iterator[Counted]:
        """Of what the database says, each event once."""
        single = [one for one in self.question.dimensions if not one.several]
        first = 2 if self.each else 1
        kept = [*range(1, first), *(first + self.question.dimensions.index(one) for one in single)]
        kept += range(first + len(self.question.dimensions), len(rows[0]) if rows else 0)
        return self.read([[row[place] for place in kept] for row in rows if row[0]], single)

    def rows(self, events: QuerySet[Event], *, again: bool = False) -> list[tuple[Any, ...]]:
        """What the database says, each row with 1 before it where events are counted once more, else with 0."""
        try:
            sql = self.sql(events, again=again)
        except EmptyResultSet:
            return []
        with connections[events.db].cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            return list(cursor.fetchall())

    def read(self, rows: Iterable[Sequence[Any]], dimensions: Sequence[Dimension]) -> Iterator[Counted]:
        """The groups in rows: the key where there is one, the cells of these dimensions, the figures."""
        figures = Figures.measured if self.question.measure else Figures.of
        first = 1 if self.each else 0
        last = first + len(dimensions)
        # A hundred thousand cells are nothing rare: only what is called otherwise is looked at.
        labels = [(place, one.label) for place, one in enumerate(dimensions) if one.is_called_otherwise]
        for row in rows:
            cells = list(row[first:last])
            for place, label in labels:
                cells[place] = label(cells[place])
            yield Counted(tuple(cells), figures(*row[last:]), row[0] if first else None)

    def sql(self, events: QuerySet[Event], *, again: bool = False) -> Sql:
        """The statement."""
        columns = [*COLUMNS, *([self.each] if self.each and self.each not in COLUMNS else [])]
        chosen = Sql.of(events.values_list(*columns))
        tables = [Sql(f"chosen({', '.join(columns)}) AS MATERIALIZED ({chosen.text})", chosen.values)]
        for one in self.question.dimensions:
            tables += one.tables(self.reader)
        if self.question.measure:
            tables.append(self.figures())
        vendor, once = connections[events.db].vendor, [one for one in self.question.dimensions if not one.several]
        parts = [self.select(vendor, self.question.dimensions), *([self.select(vendor, once)] if again else [])]
        text = f"WITH RECURSIVE {', '.join(table.text for table in tables)} {' UNION ALL '.join(parts)}"
        return Sql(text, tuple(value for table in tables for value in table.values))

    def figures(self) -> Sql:
        """What the counts of each event add up to."""
        pieces = ", ".join(pieces_of(bound) for bound in BOUNDS)
        party = f" AND party_id IN ({', '.join(['%s'] * len(self.question.parties))})" if self.question.parties else ""
        keys = tuple(record.pk for record in (self.question.measure, *self.question.parties) if record)
        rows = f"FROM {Count._meta.db_table} WHERE event_id IN ({CHOSEN}) AND measure_id = %s{party} GROUP BY event_id"
        text = f"SELECT event_id, {pieces}, {lacks(SAYS_NOTHING)} {rows}"
        return Sql(f"figure(event, {', '.join(FIGURES)}) AS ({text})", keys)

    def select(self, vendor: str, dimensions: Sequence[Dimension]) -> str:
        """Events with figures and their cells in these dimensions, each once a cell, in groups; NULL for the others."""
        keys = {"key": f"chosen.{self.each}"} if self.each else {}
        keys |= {f"key{self.question.dimensions.index(one)}": one.cell(vendor) for one in dimensions}
        measured = [f"figure.{name}" for name in FIGURES] if self.question.measure else []
        columns = [
            "chosen.id AS one",
            "chosen.is_aggregate AS sums_up",
            *(f"{sql} AS {key}" for key, sql in keys.items()),
        ]
        joins = [one.join(whole=bool(self.each)) for one in dimensions]
        joins += ["JOIN figure ON figure.event = chosen.id"] if measured else []
        distinct = "DISTINCT " if any(one.several for one in dimensions) else ""
        rows = f"SELECT {distinct}{', '.join(columns + measured)} FROM chosen {' '.join(joins)}"
        every = [*(["key"] if self.each else []), *(f"key{place}" for place in range(len(self.question.dimensions)))]
        told = [
            str(int(len(dimensions) < len(self.question.dimensions))),
            *(key if key in keys else "NULL" for key in every),
        ]
        told += ["COUNT(*)", "SUM(CASE WHEN sums_up THEN 1 ELSE 0 END)"]
        told += [f"SUM({name})" for name in FIGURES] if measured else []
        return f"SELECT {', '.join(told)} FROM ({rows}) found" + (f" GROUP BY {', '.join(keys)}" if keys else "")


FIGURES = [f"{bound}_{part}" for bound in BOUNDS for part in ("quotient", "rest", "lacks")] + ["silent"]
SAYS_NOTHING = "low IS NULL AND best IS NULL AND high IS NULL"
# A bare number is an exact one, as in ``provenance``; about 25 has neither a least nor a most.
EXACT = f"low IS NULL AND high IS NULL AND qualifier IN ('', '{Qualifier.EXACTLY.value}')"


def pieces_of(bound: str) -> str:
    """A bound of an event's counts in two pieces, and whether one of them lacks it."""
    value = bound if bound == "best" else f"CASE WHEN {EXACT} THEN best ELSE {bound} END"
    return f"SUM(({value}) / {PIECE}), SUM(({value}) %% {PIECE}), {lacks(f'({value}) IS NULL')}"


def lacks(condition: str) -> str:
    """1 where a count of the event is so, else 0."""
    return f"MAX(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def first(dimensions: tuple[Dimension, ...], family: str) -> int | None:
    """Where among the dimensions one of this family stands."""
    return next((place for place, one in enumerate(dimensions) if one.family == family), None)
