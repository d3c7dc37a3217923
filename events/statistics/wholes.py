"""Events that sum up others: their parts are counted in their place, and of their own figures only what is left over.

A part stands for its share of the whole wherever it falls, also where the question leaves it out: of 140 trucks in
November, 90 of them on days that have events of their own, 50 are left for the whole, whichever days are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from events.models import Event
from events.statistics.dimensions import Apart
from events.statistics.figures import Figures, rest
from events.statistics.question import Question
from events.statistics.statement import Cells, Statement, first

if TYPE_CHECKING:
    from sources.querysets import Reader

MOST = 20_000
IN_PARTS = "in_parts"


@dataclass
class Whole:
    """An event that sums up others, with its cells, its figures, and those of its parts."""

    key: int
    figures: Figures
    cells: list[Cells] = field(default_factory=list)
    parts: Figures = field(default_factory=Figures)
    in_parts: bool = False

    @property
    def left(self) -> Figures | None:
        """What it adds: all of it where it has no parts, else what they leave over."""
        return rest(self.figures, self.parts) if self.in_parts else self.figures


def marked(chosen: QuerySet[Event], admitted: QuerySet[Event]) -> QuerySet[Any]:
    """The events, of which the wholes know whether they have parts: all that is to know where nothing is added up."""
    parts = Exists(admitted.order_by().filter(part_of=OuterRef("pk")))
    return chosen.annotate(in_parts=Case(When(is_aggregate=True, then=parts), default=Value(False)))


def found(question: Question, reader: "Reader", chosen: QuerySet[Event], admitted: QuerySet[Event]) -> list[Whole]:
    """The wholes among the chosen events; ``admitted`` are the events that may be parts of theirs."""
    wholes: dict[int, Whole] = {}
    sums_up = chosen.filter(is_aggregate=True)
    for one in Statement(question, reader, each="id").counted(sums_up):
        whole = wholes.setdefault(one.key or 0, Whole(one.key or 0, one.figures))
        whole.cells.append(one.cells)
    if not wholes:
        return []
    for whole in wholes.values():
        whole.cells = list(at_one_place(question, whole.cells))
    # As a list of keys, unless it is too long for a statement: so they are not looked for again.
    keys: Any = list(wholes) if len(wholes) <= MOST else sums_up.order_by().values("pk")
    add_parts(wholes, question, reader, admitted.filter(part_of__in=keys))
    return list(wholes.values())


def at_one_place(question: Question, cells: list[Cells]) -> Iterator[Cells]:
    """The cells of a whole; one over several places is not split among them, nor told at each of them."""
    place = first(question.dimensions, "site")
    if place is None or len({one[place] for one in cells}) < 2:
        yield from cells
        return
    yield from dict.fromkeys((*one[:place], Apart.IMPRECISE, *one[place + 1 :]) for one in cells)


def add_parts(wholes: dict[int, Whole], question: Question, reader: "Reader", parts: QuerySet[Event]) -> None:
    """Tell the wholes of their parts."""
    for key in set(parts.order_by().values_list("part_of", flat=True)):
        if key in wholes:
            wholes[key].in_parts = True
    if question.measure:
        for one in Statement(question.only(), reader, each="part_of_id").counted(parts):
            if one.key in wholes:
                wholes[one.key].parts = one.figures


def unexplained(wholes: list[Whole]) -> list[dict[str, Any]]:
    """Wholes of which something is left over beside their parts, with what, in the order of the list of events."""
    left = {whole.key: whole for whole in wholes if whole.in_parts and whole.left is not None}
    names = Event.objects.filter(pk__in=left).values_list("pk", "uuid", "reference", "when") if left else ()
    return [told(left[key], str(uuid), reference, when) for key, uuid, reference, when in names]


def told(whole: Whole, uuid: str, reference: str | None, when: str) -> dict[str, Any]:
    """A whole, its parts and the rest as the answer tells them."""
    parts = whole.parts.bounds() | {"events": whole.parts.events, "without_number": whole.parts.without_number}
    remaining = whole.left.bounds() if whole.left else {}
    figures = {"whole": whole.figures.bounds(), "parts": parts, "rest": remaining}
    return {"uuid": uuid, "reference": reference, "when": when} | figures
