"""What events can be counted by; each dimension says in SQL in which cells an event of the table ``chosen`` falls.

A cell that is NULL: the event has none of this kind, such as no actor, or no place of this level.
"""

# ruff: noqa: S608, S611 - all parts of the statements are ours

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from events import behind
from events.models import Actor, Citation, EventType, Involvement, Placement, Site

if TYPE_CHECKING:
    from sources.querysets import Reader


class Apart(Enum):
    """What stands in the place of a cell where an event falls in none: no slug, whatever a place may be called."""

    UNDATED = "undated"
    IMPRECISE = "imprecise"


CHOSEN = "SELECT id FROM chosen"


@dataclass(frozen=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str = ""
    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> "Sql":
        """A queryset as SQL."""
        return cls(*behind.sql(rows))


@dataclass(frozen=True)
class Dimension:
    """One thing to count by."""

    name: str
    family: str = ""
    # Whether one event can fall in several cells.
    several: bool = False
    level: str = ""

    @property
    def is_called_otherwise(self) -> bool:
        """Whether the answer calls a cell otherwise than the database."""
        return type(self).label is not Dimension.label

    def tables(self, reader: "Reader") -> list[Sql]:  # noqa: ARG002 - some ask who reads
        """Tables that the join needs, as WITH names them."""
        return []

    def join(self, *, whole: bool) -> str:  # noqa: ARG002 - places ask
        """How an event finds its cells; for a whole, places outside of every cell are a cell too."""
        return ""

    def cell(self, vendor: str) -> str:
        """The cell."""
        raise NotImplementedError

    def label(self, value: Any) -> Any:
        """The cell as the answer calls it."""
        return value


# Time

APART = {one.value: one for one in Apart}
TEXT = "CAST({} AS text)"
MONDAY = {"postgresql": "CAST(CAST(date_trunc('week', CAST({} AS timestamp)) AS date) AS text)"}
PERIODS: dict[str, Callable[[str], str]] = {
    "day": lambda _vendor: TEXT,
    # The Monday: ISO weeks have no name that both databases can write.
    "week": lambda vendor: MONDAY.get(vendor, "date({}, '-6 days', 'weekday 1')"),
    "month": lambda _vendor: f"substr({TEXT}, 1, 7)",
    "year": lambda _vendor: f"substr({TEXT}, 1, 4)",
}


@dataclass(frozen=True)
class Period(Dimension):
    """A stretch of time: an event falls in it that cannot have happened outside."""

    family: str = "time"

    def cell(self, vendor: str) -> str:
        form = PERIODS[self.name](vendor)
        first, last = form.format("chosen.earliest"), form.format("chosen.latest")
        return (
            f"CASE WHEN chosen.earliest IS NULL AND chosen.latest IS NULL THEN '{Apart.UNDATED.value}' "
            f"WHEN {first} = {last} THEN {first} ELSE '{Apart.IMPRECISE.value}' END"
        )

    def label(self, value: Any) -> Any:
        if value in APART:
            return APART[value]
        if self.name != "week":
            return value
        year, week, _day = date.fromisoformat(value).isocalendar()
        return f"{year:04d}-W{week:02d}"


# Trees

DEPTH = "length({0}path) - length(replace({0}path, '/', ''))"


def nodes(model: Any, name: str, level: str) -> Sql:
    """Every node of a tree with the slug of its nearest ancestor at this level, which may be itself.

    A level is a kind, or a depth from 1 at the root; without one, each node stands for itself.
    """
    table = model._meta.db_table
    if not level:
        return Sql(f"{name}(node, cell) AS (SELECT id, slug FROM {table})")
    column, wanted = (DEPTH, int(level)) if level.isdigit() else ("{0}kind", level)
    start, beyond = f"{column.format('')} = %s", f"{column.format('child.')} <> %s"
    return Sql(
        f"{name}(node, cell) AS (SELECT id, slug FROM {table} WHERE {start} UNION ALL SELECT child.id, {name}.cell "
        f"FROM {table} child JOIN {name} ON child.parent_id = {name}.node WHERE {beyond})",
        (wanted, wanted),
    )


@dataclass(frozen=True)
class OfType(Dimension):
    """What happened, as entered or at a level of the tree of types."""

    family: str = "type"

    def tables(self, reader: "Reader") -> list[Sql]:  # noqa: ARG002
        return [nodes(EventType, "type_cell", self.level)]

    def join(self, *, whole: bool) -> str:  # noqa: ARG002
        return "LEFT JOIN type_cell ON type_cell.node = chosen.type_id"

    def cell(self, vendor: str) -> str:  # noqa: ARG002
        return "type_cell.cell"


@dataclass(frozen=True)
class AtSite(Dimension):
    """Where, as entered or at a level of the tree of sites."""

    family: str = "site"
    several: bool = True

    def tables(self, reader: "Reader") -> list[Sql]:  # noqa: ARG002
        return [nodes(Site, "site_cell", self.level)]

    def join(self, *, whole: bool) -> str:
        table = Placement._meta.db_table
        if whole or not self.level:
            at = f"LEFT JOIN {table} placement ON placement.event_id = chosen.id"
            return f"{at} LEFT JOIN site_cell placed ON placed.node = placement.site_id"
        found = f"SELECT placement.event_id, site_cell.cell FROM {table} placement"
        within = f"({found} JOIN site_cell ON site_cell.node = placement.site_id)"
        return f"LEFT JOIN {within} placed ON placed.event_id = chosen.id"

    def cell(self, vendor: str) -> str:  # noqa: ARG002
        return "placed.cell"


# Who, and on whose word


@dataclass(frozen=True)
class ByActor(Dimension):
    """Who, in any part."""

    family: str = "actor"
    several: bool = True

    def join(self, *, whole: bool) -> str:  # noqa: ARG002
        parts = f"LEFT JOIN {Involvement._meta.db_table} part ON part.event_id = chosen.id"
        return f"{parts} LEFT JOIN {Actor._meta.db_table} acting ON acting.id = part.actor_id"

    def cell(self, vendor: str) -> str:  # noqa: ARG002
        return "acting.slug"


@dataclass(frozen=True)
class FromSource(Dimension):
    """Who published a report that is cited, by the event or by one that was merged into it."""

    family: str = "source"
    several: bool = True

    def tables(self, reader: "Reader") -> list[Sql]:
        return [cited("cited(event, cell)", Citation.objects.from_reports_seen_by(reader), "report__source__slug")]

    def join(self, *, whole: bool) -> str:  # noqa: ARG002
        return "LEFT JOIN cited ON cited.event = chosen.id"

    def cell(self, vendor: str) -> str:  # noqa: ARG002
        return "cited.cell"


@dataclass(frozen=True)
class Origins(Dimension):
    """How many independent sources are behind it, of those that the reader may know of."""

    family: str = "origins"

    def tables(self, reader: "Reader") -> list[Sql]:
        stored, told = behind.numbers(reader)
        return [Sql(f"behind(event, cell) AS ({stored})", told)]

    def join(self, *, whole: bool) -> str:  # noqa: ARG002
        return "LEFT JOIN behind ON behind.event = chosen.id"

    def cell(self, vendor: str) -> str:  # noqa: ARG002
        return "COALESCE(behind.cell, 0)"


def cited(name: str, citations: QuerySet[Any, Any], column: str) -> Sql:
    """Citations of the chosen events, and of those that were merged into them."""
    ways = ("event", "event__merged_into")
    found = [Sql.of(citations.filter(**{f"{way}__in": RawSQL(CHOSEN, ())}).values_list(way, column)) for way in ways]
    text = " UNION ALL ".join(one.text for one in found)  # what is in both, later steps take once
    return Sql(f"{name} AS ({text})", tuple(value for one in found for value in one.values))


PLAIN: dict[str, type[Dimension]] = {
    **dict.fromkeys(PERIODS, Period),
    "type": OfType,
    "site": AtSite,
    "actor": ByActor,
    "source": FromSource,
    "origins": Origins,
}
