"""The common question, answered from one range of one index: how many events, by month, year and type.

``Term`` says all that this asks of most events of a place, an actor or a type. Of the others (wholes and parts, dates
wider than a cell, RED events that only some may see) it says which they are, and they are counted the long way.
"""

# ruff: noqa: S608 - all parts of the statement are ours

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Q

from events import behind
from events.choices import Status
from events.filters.anchors import Anchor
from events.models import EventType, Term
from events.querysets import sees_drafts
from events.shelves import BITS, STANDING, first_of, key_at, shelves
from events.statistics.dimensions import Apart, Sql
from events.statistics.question import Question
from events.statistics.statement import Cells
from events.stored.terms import ACTOR, SITE, TYPE, term
from osint.base.tree import below
from sources import marks
from sources.choices import Tlp

if TYPE_CHECKING:
    from sources.querysets import Reader

NAMES: Final = {"type", "site", "actor", "actor_role", "date_from", "date_to"}
DIMENSIONS: Final = {"month", "year", "type"}
KINDS: Final = {"site": SITE, "actor": ACTOR, "actor_role": ACTOR, "type": TYPE}
MOST: Final = 20_000  # events to look at one by one, beyond which the long way is the shorter one


@dataclass
class Filed:
    """What the lists say: how many events there are in each cell, and the keys of those of which they do not know."""

    events: dict[Cells, int] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)


def filed(question: Question, asked: Any, reader: "Reader") -> Filed | None:
    """What the lists say of a question; nothing where they do not suffice."""
    if question.measure or not set(question.names) <= DIMENSIONS or not set(asked.sent) <= NAMES:
        return None
    anchors = asked.anchors
    driving = [anchor for anchor in anchors if anchor.kind != "type"] or anchors
    if len(driving) > 1 or not all(anchor.exact for anchor in anchors):
        return None
    found = Filed()
    names, events = question.names, found.events
    for month, kind, doubtful, number_of in rows(question, asked, reader, driving):
        if doubtful:
            found.others.append(key_at(doubtful))
        else:
            cells = tuple([kind if name == "type" else stretch(name, month) for name in names])
            events[cells] = events.get(cells, 0) + number_of
    return found if len(found.others) <= MOST else None


@lru_cache(maxsize=10_000)
def stretch(name: str, month: int) -> Any:
    """The month, or its year, as the answer calls it."""
    year, month_before = divmod(month, 12)
    if not month:
        return Apart.IMPRECISE
    return f"{year:04d}" if name == "year" else f"{year:04d}-{month_before + 1:02d}"


def rows(question: Question, asked: Any, reader: "Reader", driving: list[Anchor]) -> list[tuple[Any, ...]]:
    """Month, type, place of an event that is in doubt (0 where none is), and how many events."""
    statement = sql(question, asked, reader, terms(driving), several=bool(driving))
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        return list(cursor.fetchall())


def terms(driving: list[Anchor]) -> list[int]:
    """The lists to read; where nothing is named, those of the widest types, which hold every event once."""
    if not driving:
        return [term(TYPE, key) for key in EventType.objects.filter(parent=None).values_list("pk", flat=True)]
    ((kind, keys, _names, _exact),) = driving
    pairs = keys if kind == "actor_role" else [(key, "") for key in keys]
    return [term(KINDS[kind], key, role) for key, role in pairs]


def sql(question: Question, asked: Any, reader: "Reader", lists: list[int], *, several: bool) -> Sql:
    """The statement; ``several``: one event may stand in several of the lists."""
    sure, perhaps = seen(reader)
    within, told = conditions(asked, lists, sure + perhaps)
    certain = " AND ".join(["is_plain", f"shelf IN ({joined(sure)})", *certainly(question, asked)])
    months = "month" if {"month", "year"} & set(question.names) else "0"
    types = "type" if "type" in question.names else "0"
    listed = f"FROM {Term._meta.db_table} WHERE {within}"
    if several and len(lists) > 1:
        listed = f"FROM (SELECT DISTINCT newest, shelf, type, month, is_plain {listed}) listed"
    doubt = f"CASE WHEN {certain} THEN 0 ELSE newest END"
    columns = f"{months} AS month, {types} AS kind, {doubt} AS doubt, COUNT(*) AS events"
    tables = [Sql(f"counted AS (SELECT {columns} {listed} GROUP BY 1, 2, 3)", told)]
    tables += [table for one in question.dimensions if one.family == "type" for table in one.tables(reader)]
    kind, join = ("type_cell.cell", "LEFT JOIN type_cell ON type_cell.node = kind") if types == "type" else ("kind", "")
    named = ", ".join(table.text for table in tables)
    text = f"WITH RECURSIVE {named} SELECT month, {kind}, doubt, events FROM counted {join}"
    return Sql(text, tuple(value for table in tables for value in table.values))


def conditions(asked: Any, lists: list[int], among: list[int]) -> tuple[str, tuple[Any, ...]]:
    """Which rows of the lists can answer at all."""
    found, values = [f"term IN ({joined(lists)})", f"shelf IN ({joined(among)})"], ()
    if "type" in asked:
        narrower = Q()
        for node in asked.cleaned["type"]:
            narrower |= below(node.path)
        text, values = behind.sql(EventType.objects.filter(narrower).values("pk"))
        found.append(f"type IN ({text})")
    if start := asked.cleaned.get("date_from"):
        # What has no end may have happened on any later day.
        found.append(f"(newest >= {first_of(start)} OR newest < {1 << BITS})")
    if end := asked.cleaned.get("date_to"):
        found.append(f"month <= {number(end)}")
    return " AND ".join(found), values


def certainly(question: Question, asked: Any) -> Iterator[str]:
    """When a row says all about its event."""
    end: date | None = asked.cleaned.get("date_to")
    if end:
        # Where the range ends within a month, the event may lie behind it.
        whole = end.day == monthrange(end.year, end.month)[1]
        yield f"month <= {number(end) if whole else number(end) - 1}"
    if end or "year" in question.names:
        yield "month <> 0"
    elif "month" in question.names:
        yield f"(month <> 0 OR newest >= {1 << BITS})"


def number(day: date) -> int:
    """The month of a day, as the lists have it."""
    return day.year * 12 + day.month - 1


def seen(reader: "Reader") -> tuple[list[int], list[int]]:
    """The shelves of which the reader sees every event that stands, and those of which only some."""
    among = STANDING if sees_drafts(reader) else [Status.PUBLISHED.value]
    sure = shelves(among, marks.seen_by(reader))
    own = shelves(among, [Tlp.RED]) if marks.own(reader) else []
    return sure, [one for one in own if one not in sure]


def joined(numbers: list[int]) -> str:
    """Numbers of ours as SQL lists them."""
    return ", ".join(map(str, numbers)) or "NULL"
