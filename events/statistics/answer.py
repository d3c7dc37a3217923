"""The statistics as the doors tell them: a row a cell, the total, and apart what has no date or more than one cell."""

from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from events.models import Event
from events.statistics import postings, wholes
from events.statistics.dimensions import Apart
from events.statistics.figures import Figures
from events.statistics.question import Question
from events.statistics.statement import Cells, Counted, Statement
from events.statistics.wholes import Whole
from osint.base.among import Among

if TYPE_CHECKING:
    from sources.querysets import Reader

Table = dict[Cells, Figures]
# In which families of dimensions.
STANDS_APART = {Apart.UNDATED: {"time"}, Apart.IMPRECISE: {"time", "site"}}
UNDATED, IMPRECISE = Apart
APART_TOLD: dict[Any, Any] = {kind: kind.value for kind in Apart}


def statistics(question: Question, reader: "Reader", asked: Any, admitted: QuerySet[Event]) -> dict[str, Any]:
    """The answer to a question about the events that were asked for; ``admitted`` are those that may be their parts."""
    filed = postings.filed(question, asked, reader)
    if filed is None:
        return counted(question, reader, asked.qs, admitted)
    # What the lists say of them need not be asked again.
    others = (
        asked.qs_without(*asked.anchors).filter(Among("pk", filed.others)) if filed.others else Event.objects.none()
    )
    return counted(question, reader, others, admitted, filed.events)


def counted(
    question: Question,
    reader: "Reader",
    chosen: QuerySet[Event],
    admitted: QuerySet[Event],
    known: dict[Cells, int] | None = None,
) -> dict[str, Any]:
    """The answer about the chosen events, beside those whose cells are known already."""
    told = Answer(question, known or {})
    if question.measure or any(one.family == "site" for one in question.dimensions):
        tables(told, reader, chosen.filter(is_aggregate=False))
        for whole in wholes.found(question, reader, chosen, admitted):
            told.take(whole)
    else:
        tables(told, reader, wholes.marked(chosen, admitted), each=wholes.IN_PARTS)
    return told.told()


def tables(told: "Answer", reader: "Reader", events: QuerySet[Event], each: str = "") -> None:
    """Tell the answer of these events; those which ``each`` marks as being in their parts are not counted."""
    statement = Statement(told.question, reader, each)
    if told.question.adds_up:
        cells, in_parts = table(statement.counted(events))
        told.take_all(cells, cells, in_parts)
        return
    if not told.question.measure:
        told.known, others, once = statement.numbers_once_more(events)
        told.take_all(table(others)[0], *table(once))
        return
    several, once = statement.counted_once_more(events)
    told.take_all(table(several)[0], *table(once))


def table(counted: Iterable[Counted]) -> tuple[Table, int]:
    """What events say, by cells; and how many of them are not counted because their parts are."""
    found: Table = {}
    in_parts = 0
    for one in counted:
        if one.key:
            in_parts += one.figures.events
        elif one.figures.events:
            add(found, one.cells, one.figures)
    return found, in_parts


def add(cells: Table, key: Cells, figures: Figures) -> None:
    """Add what events say to a cell."""
    if key in cells:
        cells[key].add(figures)
    else:
        cells[key] = figures


class Answer:
    """What was counted, as it comes together; ``known`` are numbers of events without anything else to be said."""

    def __init__(self, question: Question, known: dict[Cells, int]) -> None:
        self.question, self.known = question, known
        self.cells: Table = {}
        self.wholes: list[Whole] = []
        self.in_parts = 0
        self.total = Figures(events=sum(known.values()))
        self.apart = {kind: Figures() for kind in Apart}
        for key, events in known.items():
            if kind := standing_apart(key):
                self.apart[kind].events += events

    def take_all(self, cells: Table, distinct: Table, in_parts: int) -> None:
        """Take in what the database has added up: by cells, and each event once."""
        self.cells, self.in_parts = dict(cells), in_parts
        for key, figures in distinct.items():
            self.total.add(figures)
            if kind := standing_apart(key):
                self.apart[kind].add(figures)

    def take(self, whole: Whole) -> None:
        """Take in what a whole adds, in the total once."""
        self.wholes.append(whole)
        self.in_parts += whole.in_parts
        if (left := whole.left) is None:
            return
        for cells in whole.cells:
            add(self.cells, cells, replace(left))
        self.total.add(left)
        if kind := standing_apart(whole.cells[0]):
            self.apart[kind].add(left)

    def told(self) -> dict[str, Any]:
        """All of it."""
        every = self.by_kind()
        return {
            "by": self.question.names,
            "measure": self.question.measure.slug if self.question.measure else None,
            "adds_up": self.question.adds_up,
            "total": self.figures(self.total) | {"wholes": self.in_parts},
            **{kind.value: self.beside(kind, every[kind]) for kind in Apart},
            "rows": self.rows(None, every[None]),
            "unexplained": wholes.unexplained(self.wholes) if self.question.measure else [],
        }

    def figures(self, figures: Figures) -> dict[str, Any]:
        """Figures as they are told."""
        return figures.told(measured=bool(self.question.measure))

    def by_kind(self) -> dict[Apart | None, list[Cells]]:
        """The cells, by whether and how they stand apart."""
        found: dict[Apart | None, list[Cells]] = {None: [], **{kind: [] for kind in Apart}}
        for key in self.known.keys() | self.cells.keys():
            if key:
                found[standing_apart(key)].append(key)
        return found

    def beside(self, kind: Apart, keys: list[Cells]) -> dict[str, Any] | None:
        """What stands apart, by the other dimension too where there are two; nothing where nothing can stand apart."""
        if not STANDS_APART[kind] & {one.family for one in self.question.dimensions}:
            return None
        rows = {"rows": self.rows(kind, keys)} if len(self.question.dimensions) > 1 else {}
        return self.figures(self.apart[kind]) | rows

    def rows(self, kind: Apart | None, keys: list[Cells]) -> list[dict[str, Any]]:
        """The cells of one kind in their order, those without a value last."""
        names, cells, known = self.question.names, self.cells, self.known
        found = []
        for key in sorted(keys, key=order) if kind else in_order(keys):
            row = dict(zip(names, map(APART_TOLD.get, key, key) if kind else key, strict=True))
            row["events"], row["aggregates"] = known.get(key, 0), 0
            if figures := cells.get(key):
                row["events"] += figures.events
                row["aggregates"] = figures.aggregates
                if self.question.measure:
                    row |= figures.summed()
            found.append(row)
        return found


def in_order(keys: list[Cells]) -> list[Cells]:
    """Cells as ``order`` has them, where none stands apart: of a hundred thousand, much sooner."""
    if any(None in key for key in keys):
        for place in reversed(range(len(keys[0]))):
            named = sorted((key for key in keys if key[place] is not None), key=itemgetter(place))
            keys = [*named, *(key for key in keys if key[place] is None)]
        return keys
    return sorted(keys)


def order(key: Cells) -> list[tuple[int, Any]]:
    """Where a cell stands among the others."""
    return [(2, 0) if one is None else (1, one.value) if isinstance(one, Apart) else (0, one) for one in key]


def standing_apart(cells: Cells) -> Apart | None:
    """Whether the cells are none at all: undated, or imprecise in time or place."""
    return UNDATED if UNDATED in cells else IMPRECISE if IMPRECISE in cells else None
