"""Records as they are written: in which order, and what of each."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Collate

from events.models import (
    ActorLink,
    ActorName,
    Citation,
    Claim,
    Correction,
    Count,
    Event,
    Involvement,
    Placement,
    SiteName,
)
from osint.base.record import Record
from osint.base.tree import Tree
from osint.bundle.contents import FIELDS, LOOSE, WORDS, key_field, references
from osint.bundle.leaving import Leaving
from osint.history import chain
from sources.models import Attachment, Relay

Row = tuple[int, tuple[str], dict[str, Any]]
PIECE = 2_000  # rows that are fetched at once
# What stands under an event or a report stands together; wholes come before their parts.
ORDER: dict[type[Record], tuple[str, ...]] = {
    SiteName: ("site__path",),
    ActorName: (),
    ActorLink: (),
    Relay: ("report__uuid",),
    Attachment: ("report__uuid",),
    Event: ("-is_aggregate",),
    Placement: ("event__uuid", "position"),
    Involvement: ("event__uuid", "position"),
    Count: ("event__uuid", "position"),
    Citation: ("event__uuid",),
    Claim: ("citation__event__uuid", "citation__uuid"),
    Correction: ("event__uuid", "made_at"),
}


def order_of(model: type[Record]) -> tuple[Any, ...]:
    """By what the records are ordered: the same on every database, whatever the order of its letters."""
    if issubclass(model, Tree):
        return ("path",)
    if key_field(model) == "slug":
        return (Collate("slug", "C" if connection.vendor == "postgresql" else "BINARY"),)
    return (*ORDER.get(model, ()), "uuid")


class Shape:
    """What is written of the records of a model, field by field, and from which columns."""

    def __init__(self, leaving: Leaving, model: type[Record]) -> None:
        withheld = frozenset() if leaving.cut.texts else WORDS.get(model, frozenset())
        self.model, self.leaving = model, leaving
        self.names = [name for name in FIELDS[model] if name not in withheld]
        self.named, self.loose = references(model), LOOSE.get(model)

    def columns(self) -> dict[str, Any]:
        """The columns; of what may stay behind, also whether there is anything."""
        found: dict[str, Any] = {f"{name}_told": self.column(name) for name in self.names}
        return found | ({"is_led_on": F(f"{self.loose}_id")} if self.loose else {})

    def column(self, name: str) -> Any:
        """A column, or the natural key of the record that it leads to."""
        if name not in self.named:
            return F(name)
        key = key_field(self.named[name])
        if name != self.loose:
            return F(f"{name}__{key}")
        # What stays behind is not even told of by its key.
        there = self.leaving.picked.rows(self.named[name]).filter(pk=OuterRef(name)).order_by()
        return Subquery(there.values(key)[:1])

    def fields(self, values: list[Any]) -> dict[str, Any]:
        """The fields of a record; without a reference to what stays behind."""
        is_led_on = values.pop() is not None if self.loose else False
        found = {
            name: [str(value)] if name in self.named and value is not None else told(value)
            for name, value in zip(self.names, values, strict=True)
        }
        if self.loose and is_led_on and found[self.loose] is None:
            del found[self.loose]
        return found


def told(data: Any) -> Any:
    """A column's value as a file has it."""
    return chain.encoded(data) if isinstance(data, date | UUID) else data


def leaving_rows(leaving: Leaving, model: type[Record]) -> Iterator[Row]:
    """The records of a model that leave: each with its key here, its natural key, and its fields."""
    shape = Shape(leaving, model)
    columns = shape.columns()
    rows = leaving.rows(model).order_by(*order_of(model)).annotate(**columns)
    for pk, key, *values in rows.values_list("pk", key_field(model), *columns).iterator(chunk_size=PIECE):
        yield pk, (str(key),), shape.fields(values)
