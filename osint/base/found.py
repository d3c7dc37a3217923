"""Pages of what was found, where finding or counting all of it is dear."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property

MOST = 10_000  # rows of a list that are counted, sorted and led through page by page
NEAREST = 200  # hits of a search that are put in another order than the list's own


class FoundInSets(Paginator[Any]):
    """Pages of the first of what is found, set after set: of these keys are asked for, and of a page its rows.

    ``rows`` are those among which was searched.
    """

    def __init__(self, sets: Iterable[QuerySet[Any]], per_page: int, rows: QuerySet[Any]) -> None:
        found = chain.from_iterable(one.values_list("pk", flat=True)[: MOST + 1] for one in sets)
        keys = list(islice(found, MOST + 1))
        self.rows, self.is_cut = rows, len(keys) > MOST
        super().__init__(keys[:MOST], per_page)

    @property
    def number(self) -> str:
        """How many were found, or so many that pages lead no further."""
        return number_format(self.count, force_grouping=True)

    def page(self, number: int | str) -> Page[Any]:
        """The page with its rows, in the order in which they were found."""
        keys = super().page(number).object_list
        rows = {row.pk: row for row in self.rows.filter(pk__in=keys)}
        # A row may go between the two questions.
        return Page([rows[key] for key in keys if key in rows], self.validate_number(number), self)


class CountedSoFar(Paginator[Any]):
    """Pages of the first rows of a list; how many there are is known exactly up to that number."""

    @cached_property
    def counted(self) -> tuple[int, bool]:
        """How many rows pages lead through, and whether there are more."""
        return number_of(self.object_list)

    @cached_property
    def count(self) -> int:
        """How many rows pages lead through."""
        return self.counted[0]

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self.counted[1]

    def page(self, number: int | str) -> Page[Any]:
        """The page; among many rows it is found by its keys, so that nothing is joined to what does not show."""
        number = self.validate_number(number)
        rows: Any = self.object_list
        start, end = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        if self.count <= NEAREST:
            return Page(rows[start:end], number, self)
        among, ordered = getattr(rows, "in_order", (rows, rows))
        return Page(among.filter(pk__in=ordered.values("pk")[start:end]), number, self)


def counted(rows: Any) -> tuple[int, bool]:
    """How many rows there are, up to the number that pages lead through; and whether there are more."""
    number = rows.order_by().values("pk")[: MOST + 1].count()
    return min(number, MOST), number > MOST


def number_of(rows: Any) -> tuple[int, bool]:
    """The same, where the rows may know it."""
    known: tuple[int, bool] | None = getattr(rows, "counted", None)
    return counted(rows) if known is None else known


def knowing(rows: Any, number: int, *, is_cut: bool) -> Any:
    """The rows, which their pages need not count any more."""
    rows.counted = number, is_cut
    return rows


def first(found: Any, order: Iterable[Any]) -> tuple[list[Any], bool]:
    """The keys of what a search finds, of very many hits those that are first in this order; whether there are more."""
    keys = list(found.order_by(*order).values_list("pk", flat=True)[: NEAREST + 1])
    return keys[:NEAREST], len(keys) > NEAREST


def by_index(model: type[Model], order: Sequence[Any]) -> bool:
    """Whether an index begins with what the order begins with, so that the first rows are found without the others."""
    leading = str(order[0]).removeprefix("-") if order else ""
    return leading in {
        "pk",
        *(field.name for field in model._meta.fields if field.unique),
        *(index.fields[0].removeprefix("-") for index in model._meta.indexes if index.condition is None),
    }
