"""The one statement that counts: chosen events, their figures and their cells, grouped by the database."""

# ruff: noqa: S608 - all parts of the statement are ours

from collections.abc import Iterator
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
        try:
            sql = self.sql(events)
        except EmptyResultSet:
            return
        labels, is_measured = [one.label for one in self.question.dimensions], bool(self.question.measure)
        with connections[events.db].cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            found = cursor.fetchall()
        for row in found:
            values = iter(row)
            key = next(values) if self.each else None
            cells = tuple([label(next(values)) for label in labels])
            yield Counted(cells, Figures.read(values, measured=is_measured), key)

    def sql(self, events: QuerySet[Event]) -> Sql:
        """The statement."""
        columns = [*COLUMNS, *([self.each] if self.each and self.each not in COLUMNS else [])]
        chosen = Sql.of(events.values_list(*columns))
        tables = [Sql(f"chosen({', '.join(columns)}) AS ({chosen.text})", chosen.values)]
        for one in self.question.dimensions:
            tables += one.tables(self.reader)
        if self.question.measure:
            tables.append(self.figures())
        keys = [*([f"chosen.{self.each}"] if self.each else []), *self.cells(connections[events.db].vendor)]
        text = f"WITH RECURSIVE {', '.join(table.text for table in tables)} {self.select(keys)}"
        return Sql(text, tuple(value for table in tables for value in table.values))

    def cells(self, vendor: str) -> list[str]:
        """The dimensions' cells."""
        return [one.cell(vendor) for one in self.question.dimensions]

    def figures(self) -> Sql:
        """What the counts of each event add up to."""
        pieces = ", ".join(pieces_of(bound) for bound in BOUNDS)
        party = f" AND party_id IN ({', '.join(['%s'] * len(self.question.parties))})" if self.question.parties else ""
        keys = tuple(record.pk for record in (self.question.measure, *self.question.parties) if record)
        rows = f"FROM {Count._meta.db_table} WHERE event_id IN ({CHOSEN}) AND measure_id = %s{party} GROUP BY event_id"
        text = f"SELECT event_id, {pieces}, {lacks(SAYS_NOTHING)} {rows}"
        return Sql(f"figure(event, {', '.join(FIGURES)}) AS ({text})", keys)

    def select(self, keys: list[str]) -> str:
        """Events with figures and cells, each once a cell, in groups."""
        measured = [f"figure.{name}" for name in FIGURES] if self.question.measure else []
        columns = ["chosen.id AS one", "chosen.is_aggregate AS sums_up"]
        columns += [f"{key} AS key{number}" for number, key in enumerate(keys)]
        joins = [one.join(whole=bool(self.each)) for one in self.question.dimensions]
        if measured:
            joins.append("JOIN figure ON figure.event = chosen.id")
        distinct = "" if self.question.adds_up else "DISTINCT "
        rows = f"SELECT {distinct}{', '.join(columns + measured)} FROM chosen {' '.join(joins)}"
        names = [f"key{number}" for number in range(len(keys))]
        sums = ["COUNT(*)", "SUM(CASE WHEN sums_up THEN 1 ELSE 0 END)"]
        sums += [f"SUM({name})" for name in FIGURES] if measured else []
        grouped = f" GROUP BY {', '.join(names)}" if names else ""
        return f"SELECT {', '.join(names + sums)} FROM ({rows}) found{grouped}"


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
