"""The order of a list as columns, and the rows that come after one of them: what a page costs then is its own rows.

Where an order is worked out (how near something comes to what was looked for), there are no such columns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

from osint.base.cursors import Place

NEVER = Q(pk__in=[])
# An alias that rows may have: what equals the column of their order, and leads to them. SQLite reads an index in its
# order only where the order is asked of that index.
LEADING = "leading"
# By whether it descends, and whether it includes the row itself.
COMPARED = {
    (False, False): ("gt", TupleGreaterThan),
    (False, True): ("gte", TupleGreaterThanOrEqual),
    (True, False): ("lt", TupleLessThan),
    (True, True): ("lte", TupleLessThanOrEqual),
}


@dataclass(frozen=True)
class Term:
    """A column of an order; rows without a value come last."""

    field: Any
    descending: bool
    alias: str = ""

    @property
    def name(self) -> str:
        """How the column is asked for: a related record by its key alone."""
        return self.alias or str(self.field.attname)

    def ordering(self, *, backwards: bool) -> OrderBy:
        """The term as a queryset takes it."""
        nulls = {"nulls_first" if backwards else "nulls_last": True} if self.field.null else {}
        return OrderBy(F(self.name), descending=self.descending ^ backwards, **nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """What comes after this value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else NEVER
        further = Q(**{f"{self.name}__{COMPARED[self.descending ^ backwards, False][0]}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.field.null and not backwards else further

    def equal(self, value: Any) -> Q:
        """What has this value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


@dataclass(frozen=True)
class Order:
    """Columns in which no two rows are equal."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return ",".join(f"{'-' * term.descending}{term.name}" for term in self.terms)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [term.name for term in self.terms]

    def of(self, row: Any) -> tuple[Any, ...]:
        """Where a row stands."""
        return tuple(getattr(row, name) for name in self.columns)

    def read(self, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Values as they have travelled; none where they are of another order."""
        if len(values) != len(self.terms):
            return None
        try:
            return tuple(term.field.to_python(value) for term, value in zip(self.terms, values, strict=True))
        except ValidationError:
            return None

    def applied(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        """The rows in this order."""
        return rows.order_by(*(term.ordering(backwards=backwards) for term in self.terms))

    def page(self, rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
        """The rows from a place on, in this order or, before it, in the opposite one."""
        orders = [self, self.along(LEADING)] if LEADING in rows.query.annotations else [self]
        if place is None:
            return orders[-1].applied(rows)
        return orders[-1].applied(rows.filter(*(one.condition(place) for one in orders)), backwards=place.before)

    def along(self, alias: str) -> "Order":
        """The same order of one column, asked of what equals it."""
        [term] = self.terms
        return Order((replace(term, alias=alias),))

    def condition(self, place: Place) -> Any:
        """What lies behind the place, or before it."""
        ways = {term.descending ^ place.before for term in self.terms}
        if len(ways) > 1 or any(term.field.null for term in self.terms):
            return self.step_by_step(place)
        word, compared = COMPARED[ways.pop(), place.including]
        if len(self.terms) == 1:
            return Q(**{f"{self.terms[0].name}__{word}": place.values[0]})
        # A row comparison: the same said with “or” reads every row before it. SQLite is told where to start besides.
        start = Q(**{f"{self.terms[0].name}__{word.removesuffix('e')}e": place.values[0]})
        return start & Q(compared(Tuple(*map(F, self.columns)), place.values))

    def step_by_step(self, place: Place) -> Q:
        """The same where columns are missing or go different ways: equal so far, and then beyond."""
        condition, so_far = NEVER, Q()
        for term, value in zip(self.terms, place.values, strict=True):
            condition |= so_far & term.beyond(value, backwards=place.before)
            so_far &= term.equal(value)
        return condition | so_far if place.including else condition


def order_of(rows: QuerySet[Any]) -> Order | None:
    """The order of a queryset, as far as it takes to tell rows apart; none where it is worked out."""
    return order_by(rows.model, rows.query.order_by or rows.model._meta.ordering or ())


def order_by(model: type[Model], items: Iterable[Any]) -> Order | None:
    """The order that is written so, as a queryset's ``order_by`` takes it; the key decides between equals."""
    terms: list[Term] = []
    for item in [*items, "pk"]:
        term = term_of(model, item)
        if term is None:
            return None
        terms.append(term)
        if term.field.primary_key or (term.field.unique and not term.field.null):
            break
    return Order(tuple(terms))


def term_of(model: type[Model], item: Any) -> Term | None:
    """One of its columns; none where it is not a column of the model."""
    descending = False
    if isinstance(item, OrderBy):
        item, descending = item.expression, item.descending
    elif isinstance(item, str):
        item, descending = item.removeprefix("-"), item.startswith("-")
    name: Any = getattr(item, "name", None) if isinstance(item, F) else item
    if not isinstance(name, str):
        return None
    try:
        field: Field[Any, Any] = model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[assignment]
    except FieldDoesNotExist:
        return None
    return Term(field, descending) if getattr(field, "attname", None) else None
